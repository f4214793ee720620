using System.Security.Claims;
using Microsoft.AspNetCore.Mvc;
using Seamless.Portal.Accounts;
using Seamless.ServiceDesk.Commerce;
using Seamless.ServiceDesk.Commerce.Catalogue;
using Seamless.ServiceDesk.Commerce.Coverage;
using Seamless.ServiceDesk.Commerce.Documents;

namespace Seamless.Portal.Api;

/// <param name="Expected">The version you have seen: refused when another is in force. Not given: in any case.</param>
public sealed record CoverageTableRequest(IReadOnlyList<CoverageRule> Rules, int? Expected = null);

public sealed record CatalogueRequest(IReadOnlyList<CatalogueEntry> Entries, int? Expected = null);

/// <summary>What a tenant decides once and every case follows.</summary>
internal static class CommerceSettings
{
    public static void MapCommerceSettings(this RouteGroupBuilder api)
    {
        var coverage = api.MapGroup("/coverage").WithTags("Commerce");
        coverage.MapGet("/", CoverageAsync).WithName("getCoverage").RequireAuthorization(Policies.Read).Produces<Versioned<CoverageTable>>().WithSummary("The decision table of coverage in force; the first row that fits decides.");
        coverage.MapPut("/", PutCoverageAsync).WithName("putCoverage").RequireAuthorization(Policies.Admin).Produces<Versioned<CoverageTable>>()
            .WithSummary("A new version. A table that leaves something undecided, or has a row that never decides, is refused.");
        coverage.MapGet("/versions", VersionsAsync).WithName("listCoverage").RequireAuthorization(Policies.Read).Produces<Page<Versioned<CoverageTable>>>().WithSummary("All versions, newest first; 0 is what the platform is delivered with.");
        coverage.MapGet("/decision", DecideAsync).WithName("decideCoverage").RequireAuthorization(Policies.Read).Produces<CoverageDecision>()
            .WithSummary("What would be covered for a cause (a defect when not given), a pack (none) and days in service (0), and by which row.");

        var catalogue = api.MapGroup("/catalogue").WithTags("Commerce");
        catalogue.MapGet("/", CatalogueAsync).WithName("getCatalogue").RequireAuthorization(Policies.Read).Produces<Versioned<ServiceCatalogue>>().WithSummary("The service catalogue: each option, and which contracts include it.");
        catalogue.MapPut("/", PutCatalogueAsync).WithName("putCatalogue").RequireAuthorization(Policies.Admin).Produces<Versioned<ServiceCatalogue>>().WithSummary("A new version of the service catalogue.");

        var policy = api.MapGroup("/commerce/policy").WithTags("Commerce");
        policy.MapGet("/", PolicyAsync).WithName("getCommercePolicy").RequireAuthorization(Policies.Read).Produces<CommercePolicy>().WithSummary("Currency, validity of quotes, tolerance of invoices, whether visits wait for approval, cost rates.");
        policy.MapPut("/", PutPolicyAsync).WithName("setCommercePolicy").RequireAuthorization(Policies.Admin).Produces<CommercePolicy>().WithSummary("Sets it whole; what is left out goes back to its default.");
    }

    private static Task<Versioned<CoverageTable>> CoverageAsync(ClaimsPrincipal user, ICommerceSettings settings, CancellationToken ct) => settings.CoverageAsync(user.Tenant(), ct);

    private static async Task<IResult> PutCoverageAsync([FromBody] CoverageTableRequest table, ClaimsPrincipal user, ICommerceSettings settings, CancellationToken ct) =>
        (await settings.PutCoverageAsync(user.Tenant(), new CoverageTable(table.Rules), table.Expected, user.Actor(), ct)).ToResult(put => put);

    private static async Task<Page<Versioned<CoverageTable>>> VersionsAsync([AsParameters] PageQuery page, ClaimsPrincipal user, ICommerceSettings settings, CancellationToken ct) =>
        (await settings.CoverageVersionsAsync(user.Tenant(), ct)).SliceInOrder(page, table => table.Version.ToString(System.Globalization.CultureInfo.InvariantCulture), table => table);

    private static async Task<IResult> DecideAsync(string? cause, string? pack, int? days, ClaimsPrincipal user, ICommerceSettings settings, CancellationToken ct)
    {
        if (EnumWords.Read<DamageCause>("cause", cause, out var what) is { } noCause) return noCause;
        if (EnumWords.Read<CoveragePack>("pack", pack, out var by) is { } noPack) return noPack;
        return days < 0 ? Problems.Invalid("'days' is 0 or more: whole days since the device was put into service")
            : TypedResults.Ok((await settings.CoverageAsync(user.Tenant(), ct)).Value.Decide(new CoverageFacts(what ?? DamageCause.Defect, by ?? CoveragePack.None, days ?? 0)));
    }

    private static Task<Versioned<ServiceCatalogue>> CatalogueAsync(ClaimsPrincipal user, ICommerceSettings settings, CancellationToken ct) => settings.CatalogueAsync(user.Tenant(), ct);

    private static async Task<IResult> PutCatalogueAsync([FromBody] CatalogueRequest catalogue, ClaimsPrincipal user, ICommerceSettings settings, CancellationToken ct) =>
        (await settings.PutCatalogueAsync(user.Tenant(), new ServiceCatalogue(catalogue.Entries), catalogue.Expected, user.Actor(), ct)).ToResult(put => put);

    private static async Task<CommercePolicy> PolicyAsync(ClaimsPrincipal user, ICommerceSettings settings, CancellationToken ct) => (await settings.PolicyAsync(user.Tenant(), ct)).Value;

    private static async Task<IResult> PutPolicyAsync([FromBody] CommercePolicy policy, ClaimsPrincipal user, ICommerceSettings settings, CancellationToken ct) =>
        (await settings.PutPolicyAsync(user.Tenant(), policy, null, user.Actor(), ct)).ToResult(put => put.Value);
}
