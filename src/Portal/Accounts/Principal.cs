using System.Security.Claims;
using Seamless.Telemetry;

namespace Seamless.Portal.Accounts;

/// <summary>Who is asking: read from the claims that a cookie or an API key carries.</summary>
public static class Principal
{
    public const string TenantClaim = "tenant";

    public static ClaimsPrincipal Create(string scheme, string tenant, string name, string role) =>
        new(new ClaimsIdentity([new(ClaimTypes.Name, name), new(ClaimTypes.Role, role), new(TenantClaim, tenant)], scheme));

    /// <summary>The tenant whose things this principal may see; every query is made within it.</summary>
    public static string Tenant(this ClaimsPrincipal principal) =>
        principal.FindFirstValue(TenantClaim) ?? throw new InvalidOperationException("an authenticated principal always has a tenant");

    /// <summary>The name that audits and timelines show.</summary>
    public static string Actor(this ClaimsPrincipal principal) => principal.Identity?.Name ?? "anonymous";

    public static DeviceKey Key(this ClaimsPrincipal principal, string device) => new(principal.Tenant(), device);
}
