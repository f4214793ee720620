using System.Security.Claims;
using Microsoft.AspNetCore.Mvc;
using Seamless.Portal.Accounts;
using Seamless.Rules.Packs;
using Seamless.ServiceDesk.Parts.Compatibility;

namespace Seamless.Portal.Api;

/// <param name="Expected">The version you have seen: refused when another is in force. Not given: in any case.</param>
/// <param name="Parts">Beside those of the packs. Not given: those in force stay.</param>
public sealed record CompatibilityRequest(IReadOnlyList<Fit>? Fits = null, IReadOnlyList<Supersession>? Supersessions = null, int? Expected = null, IReadOnlyList<OwnPart>? Parts = null);

/// <summary>As <see cref="OwnPart"/>, whose SKU stands in the address.</summary>
public sealed record OwnPartRequest(
    LocalizedText? Title, char Criticality = 'E', char Class = 'B', int LeadTimeDays = 14, decimal UnitCost = 0, string Currency = "EUR", IReadOnlyList<string>? Types = null, FirstStock? Stock = null,
    string? AlternateTo = null, bool Approved = false, string? Quality = null)
{
    internal OwnPart For(string sku) => new(sku, Title!, Criticality, Class, LeadTimeDays, UnitCost, Currency, Types, Stock, AlternateTo, Approved, Quality);
}

/// <summary>Which parts there are, which fits which machine, and which came after which.</summary>
internal static class CompatibilityEndpoints
{
    public static void MapCompatibility(this RouteGroupBuilder api)
    {
        var parts = api.MapGroup("/parts").WithTags("Parts");
        parts.MapGet("/compatibility", CurrentAsync).WithName("getCompatibility").RequireAuthorization(Policies.Read).Produces<CatalogueVersion>().WithSummary("The compatibility catalogue in force: fits and supersessions.");
        parts.MapPut("/compatibility", PutAsync).WithName("putCompatibility").RequireAuthorization(Policies.Admin).Produces<CatalogueVersion>().WithSummary("Puts a catalogue in force, whole; what is reserved stays reserved.");
        parts.MapGet("/compatibility/versions", ListAsync).WithName("listCompatibility").RequireAuthorization(Policies.Read).WithSummary("All versions, newest first; 0 is what the packs alone say.");
        parts.MapPut("/{sku}", PutPartAsync).WithName("putPart").RequireAuthorization(Policies.Admin).Produces<CatalogueVersion>()
            .WithSummary("Adds a kind of spare that stands in no pack, or says of a pack's what it costs and takes here.");
        parts.MapDelete("/{sku}", RemovePartAsync).WithName("deletePart").RequireAuthorization(Policies.Admin).Produces<CatalogueVersion>().WithSummary("Takes an own part out of the catalogue; its units stay in the ledger.");
        parts.MapGet("/{sku}/alternatives", AlternativesAsync).WithName("listAlternatives").RequireAuthorization(Policies.Read).Produces<PartAlternatives>()
            .WithSummary("The part and what can stand in for it, the newest first, with price and approval; with device, whether each fits it.");
    }

    private static Task<CatalogueVersion> CurrentAsync(ClaimsPrincipal user, ICompatibility compatibility, CancellationToken ct) => compatibility.CurrentAsync(user.Tenant(), ct);

    private static async Task<IResult> PutAsync([FromBody] CompatibilityRequest request, ClaimsPrincipal user, ICompatibility compatibility, CancellationToken ct) =>
        (await compatibility.PutAsync(
            user.Tenant(), new PartCatalogue(request.Fits ?? [], request.Supersessions ?? []) { Parts = request.Parts ?? (await compatibility.CurrentAsync(user.Tenant(), ct)).Catalogue.Parts },
            request.Expected, user.Actor(), ct)).ToResult(version => version);

    private static async Task<IResult> PutPartAsync(string sku, [FromBody] OwnPartRequest request, ClaimsPrincipal user, ICompatibility compatibility, CancellationToken ct) =>
        (await compatibility.PutPartAsync(user.Tenant(), request.For(sku), user.Actor(), ct)).ToResult(version => version);

    private static async Task<IResult> RemovePartAsync(string sku, ClaimsPrincipal user, ICompatibility compatibility, CancellationToken ct) =>
        (await compatibility.RemovePartAsync(user.Tenant(), sku, user.Actor(), ct)).ToResult(version => version);

    private static async Task<Page<CatalogueVersion>> ListAsync([AsParameters] PageQuery page, ClaimsPrincipal user, ICompatibility compatibility, CancellationToken ct) =>
        (await compatibility.ListAsync(user.Tenant(), ct)).SliceInOrder(page, version => version.Version.ToString(System.Globalization.CultureInfo.InvariantCulture), version => version);

    private static async Task<IResult> AlternativesAsync(string sku, string? device, ClaimsPrincipal user, ICompatibility compatibility, CancellationToken ct) =>
        (await compatibility.AlternativesAsync(user.Tenant(), sku, device, ct)).ToResult(alternatives => alternatives);
}
