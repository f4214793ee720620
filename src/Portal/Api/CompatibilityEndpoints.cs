using System.Security.Claims;
using Microsoft.AspNetCore.Mvc;
using Seamless.Portal.Accounts;
using Seamless.ServiceDesk.Parts.Compatibility;

namespace Seamless.Portal.Api;

/// <param name="Expected">The version you have seen: refused when another is in force. Not given: in any case.</param>
public sealed record CompatibilityRequest(IReadOnlyList<Fit>? Fits = null, IReadOnlyList<Supersession>? Supersessions = null, int? Expected = null);

/// <summary>Which part fits which machine, and which came after which.</summary>
internal static class CompatibilityEndpoints
{
    public static void MapCompatibility(this RouteGroupBuilder api)
    {
        var parts = api.MapGroup("/parts").WithTags("Parts");
        parts.MapGet("/compatibility", CurrentAsync).WithName("getCompatibility").RequireAuthorization(Policies.Read).Produces<CatalogueVersion>().WithSummary("The compatibility catalogue in force: fits and supersessions.");
        parts.MapPut("/compatibility", PutAsync).WithName("putCompatibility").RequireAuthorization(Policies.Admin).Produces<CatalogueVersion>().WithSummary("Puts a catalogue in force, whole; what is reserved stays reserved.");
        parts.MapGet("/compatibility/versions", ListAsync).WithName("listCompatibility").RequireAuthorization(Policies.Read).WithSummary("All versions, newest first; 0 is what the packs alone say.");
        parts.MapGet("/{sku}/alternatives", AlternativesAsync).WithName("listAlternatives").RequireAuthorization(Policies.Read).Produces<PartAlternatives>()
            .WithSummary("The part and what can stand in for it, the newest first; with device, whether each fits it.");
    }

    private static Task<CatalogueVersion> CurrentAsync(ClaimsPrincipal user, ICompatibility compatibility, CancellationToken ct) => compatibility.CurrentAsync(user.Tenant(), ct);

    private static async Task<IResult> PutAsync([FromBody] CompatibilityRequest request, ClaimsPrincipal user, ICompatibility compatibility, CancellationToken ct) =>
        (await compatibility.PutAsync(user.Tenant(), new PartCatalogue(request.Fits ?? [], request.Supersessions ?? []), request.Expected, user.Actor(), ct)).ToResult(version => version);

    private static async Task<Page<CatalogueVersion>> ListAsync([AsParameters] PageQuery page, ClaimsPrincipal user, ICompatibility compatibility, CancellationToken ct) =>
        (await compatibility.ListAsync(user.Tenant(), ct)).SliceInOrder(page, version => version.Version.ToString(System.Globalization.CultureInfo.InvariantCulture), version => version);

    private static async Task<IResult> AlternativesAsync(string sku, string? device, ClaimsPrincipal user, ICompatibility compatibility, CancellationToken ct) =>
        (await compatibility.AlternativesAsync(user.Tenant(), sku, device, ct)).ToResult(alternatives => alternatives);
}
