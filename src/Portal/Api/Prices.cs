using System.Security.Claims;
using Seamless.Portal.Accounts;
using Seamless.ServiceDesk.Commerce.Documents;
using Seamless.ServiceDesk.Commerce.Prices;
using Seamless.Telemetry;

namespace Seamless.Portal.Api;

/// <summary>A price list as everybody may read it.</summary>
/// <param name="Since">When it was put in force.</param>
/// <param name="Starter">Computed from what parts and work cost, for a first start: nobody has checked it.</param>
public sealed record PriceListView(string Currency, int Version, DateTimeOffset? Since, IReadOnlyList<PriceItem> Items, bool Starter)
{
    public static PriceListView Of(Versioned<PriceList> list) => new(list.Value.Currency, list.Version, list.At, list.Value.Items, list.IsStarter());
}

/// <param name="Expected">The version you have seen: refused when another is in force. Not given: in any case.</param>
public sealed record PriceListRequest(IReadOnlyList<PriceItem> Items, int? Expected = null);

/// <summary>What service costs, readable without a login.</summary>
internal static class Prices
{
    public static void MapPrices(this RouteGroupBuilder api)
    {
        var prices = api.MapGroup("/prices").WithTags("Commerce");
        prices.MapGet("/", ListAsync).WithName("listPrices").AllowAnonymous().RequireRateLimiting(AccountsRegistration.TrackLimit).Produces<Page<PriceListView>>()
            .WithSummary("The price list in force of each currency, names in both languages. No login.");
        prices.MapGet("/{currency}", FindAsync).WithName("getPrices").AllowAnonymous().RequireRateLimiting(AccountsRegistration.TrackLimit).Produces<PriceListView>()
            .WithSummary("One currency's list, the one in force or an earlier version. No login.");
        prices.MapPut("/{currency}", PublishAsync).WithName("publishPrices").RequireAuthorization(Policies.Admin).Produces<PriceListView>()
            .WithSummary("A new version, in force for new quotes; quotes keep the version they were made with.");
    }

    private static async Task<Page<PriceListView>> ListAsync([AsParameters] PageQuery page, ClaimsPrincipal user, IPriceLists lists, CancellationToken ct, string? tenant = null) =>
        (await lists.InForceAsync(TenantOf(user, tenant), ct)).Slice(page, list => list.Value.Currency, PriceListView.Of);

    private static async Task<IResult> FindAsync(string currency, int? version, ClaimsPrincipal user, IPriceLists lists, CancellationToken ct, string? tenant = null) =>
        await lists.FindAsync(TenantOf(user, tenant), currency, version, ct) is { } list ? TypedResults.Ok(PriceListView.Of(list)) : Problems.NotFound($"there is no such price list in {currency}");

    private static async Task<IResult> PublishAsync(string currency, PriceListRequest request, ClaimsPrincipal user, IPriceLists lists, CancellationToken ct) =>
        (await lists.PublishAsync(user.Tenant(), new PriceList(currency, request.Items), request.Expected, user.Actor(), ct)).ToResult(PriceListView.Of);

    /// <summary>Whoever is logged in sees their own; others say whose, or see the default tenant's.</summary>
    private static string TenantOf(ClaimsPrincipal user, string? asked) => user.Identity?.IsAuthenticated is true ? user.Tenant() : asked ?? DeviceKey.DefaultTenant;
}
