using System.Security.Claims;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Http;
using Seamless.Fleet.Registry;
using Seamless.Telemetry;

namespace Seamless.Ingest.Http;

/// <summary>Who may deliver telemetry over HTTP: the device itself with its token, or whoever the host's policy lets through.</summary>
internal sealed class TelemetryWriters(IDeviceRegistry devices, IAuthorizationService authorization)
{
    private const string Bearer = "Bearer ";
    private const string DeviceTokenPrefix = "sd_";
    private const string TenantClaim = "tenant";

    /// <summary>The tenant of the one who asks; null with the status when the door stays shut.</summary>
    public async Task<(string? Tenant, string Source, int Status)> AdmitAsync(HttpContext context, string device, CancellationToken ct)
    {
        var header = context.Request.Headers.Authorization.ToString();
        var token = header.StartsWith(Bearer, StringComparison.OrdinalIgnoreCase) ? header[Bearer.Length..].Trim() : "";
        if (token.StartsWith(DeviceTokenPrefix, StringComparison.Ordinal))
        {
            var principal = await devices.AuthenticateAsync(device, token, ct);
            return principal is null ? (null, "", StatusCodes.Status401Unauthorized) : (principal.Key.Tenant, principal.Key.ToString(), 0);
        }
        var allowed = await authorization.AuthorizeAsync(context.User, IngestPolicies.WriteTelemetry);
        if (!allowed.Succeeded)
            return (null, "", context.User.Identity?.IsAuthenticated is true ? StatusCodes.Status403Forbidden : StatusCodes.Status401Unauthorized);
        return (TenantOf(context.User), context.User.Identity?.Name ?? "http", 0);
    }

    public static string TenantOf(ClaimsPrincipal user) => user.FindFirstValue(TenantClaim) ?? DeviceKey.DefaultTenant;
}
