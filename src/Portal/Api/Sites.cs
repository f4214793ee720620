using System.Security.Claims;
using Seamless.Fleet.Registry;
using Seamless.Portal.Accounts;

namespace Seamless.Portal.Api;

public sealed record SiteView(string Id, string Name, GeoPoint? Location, string TimeZone, string Customer);

/// <param name="Id">May be repeated here; it is the one in the address.</param>
/// <param name="TimeZone">IANA id, <c>UTC</c> when not given.</param>
public sealed record SiteDefinition(string Name, string? Id = null, GeoPoint? Location = null, string? TimeZone = null, string? Customer = null);

internal static class Sites
{
    public static void MapSites(this RouteGroupBuilder api)
    {
        var sites = api.MapGroup("/sites").WithTags("Sites");
        sites.MapGet("/", ListAsync).WithName("listSites").RequireAuthorization(Policies.Read).WithSummary("Where machines stand together.");
        sites.MapGet("/{site}", FindAsync).WithName("getSite").RequireAuthorization(Policies.Read).WithSummary("One site.");
        sites.MapPut("/{site}", PutAsync).WithName("putSite").RequireAuthorization(Policies.Operate).WithSummary("Create or replace a site.");
    }

    private static async Task<Page<SiteView>> ListAsync([AsParameters] PageQuery page, ClaimsPrincipal user, IDeviceRegistry registry, CancellationToken ct) =>
        (await registry.ListSitesAsync(user.Tenant(), ct)).Slice(page, site => site.Id, View);

    private static async Task<IResult> FindAsync(string site, ClaimsPrincipal user, IDeviceRegistry registry, CancellationToken ct) =>
        await registry.FindSiteAsync(user.Tenant(), site, ct) is { } found ? TypedResults.Ok(View(found)) : Problems.NotFound($"there is no site '{site}'");

    private static async Task<IResult> PutAsync(string site, SiteDefinition definition, ClaimsPrincipal user, IDeviceRegistry registry, CancellationToken ct)
    {
        if (definition.Id is { } id && id != site) return Problems.Invalid($"the address names site '{site}', the body '{id}'");
        var timeZone = definition.TimeZone ?? "UTC";
        if (!TimeZoneInfo.TryFindSystemTimeZoneById(timeZone, out _)) return Problems.Invalid($"'{timeZone}' is not an IANA time zone such as Europe/Berlin");
        var put = await registry.PutSiteAsync(
            new Site(user.Tenant(), site, definition.Name, definition.Location, timeZone, definition.Customer ?? ""), user.Actor(), ct);
        return put.ToResult(View);
    }

    private static SiteView View(Site site) => new(site.Id, site.Name, site.Location, site.TimeZone, site.Customer);
}
