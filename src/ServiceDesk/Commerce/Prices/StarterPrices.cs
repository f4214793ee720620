using Microsoft.EntityFrameworkCore;
using Seamless.Rules.Packs;
using Seamless.ServiceDesk.Commerce.Documents;
using Seamless.ServiceDesk.Database;

namespace Seamless.ServiceDesk.Commerce.Prices;

/// <summary>A price list for a first start, so that a newcomer's first quote is not refused: what parts, work and travel cost us, and a mark-up.</summary>
/// <remarks>It is a version like any other, so quotes made with it can be looked up later; its <see cref="Actor"/> says that nobody has checked it.</remarks>
public static class StarterPrices
{
    /// <summary>Who put a list in force that nobody has looked at yet; with a space, so that nobody can be called so.</summary>
    internal const string Actor = "starter list";

    private const decimal MarkUp = 1.5m;

    /// <summary>Nobody has looked at these prices yet.</summary>
    public static bool IsStarter(this Versioned<PriceList> list) => list.Actor == Actor;

    /// <summary>For a tenant without any price list; a part that is new is added for as long as no person has published a list.</summary>
    internal static async Task EnsureAsync(DeskWork work, string tenant, IReadOnlyList<PartDefinition> parts, CancellationToken ct)
    {
        if (await work.Db.Documents.AnyAsync(d => d.Tenant == tenant && d.Kind.StartsWith(CommerceDocuments.PricePrefix) && d.Actor != Actor, ct)) return;
        var policy = (await VersionedDocuments.InForceAsync(work.Db, tenant, CommerceDocuments.Policy, ct))!.Value;   // one is delivered
        var list = ListOf(parts, policy);
        if (list.First(PriceKind.Part) is null) return;   // costed in another currency than the tenant's: what that is worth we do not know
        var kind = CommerceDocuments.Prices(policy.Currency);
        var known = (await VersionedDocuments.InForceAsync(work.Db, tenant, kind, ct))?.Value.Items.Select(i => i.Code).ToHashSet(StringComparer.Ordinal) ?? [];
        if (list.Items.All(i => known.Contains(i.Code))) return;
        await VersionedDocuments.PutAsync(work, tenant, kind, list, null, Actor, ct);
    }

    internal static PriceList ListOf(IEnumerable<PartDefinition> parts, CommercePolicy policy) => new(policy.Currency,
    [
        Item("labour", PriceKind.Labour, new("Technician, hour", "技术员工时"), "hour", policy.Costs.LabourPerHour, policy.Currency),
        Item("travel", PriceKind.Travel, new("Visit", "上门"), "visit", policy.Costs.TravelPerVisit, policy.Currency),
        .. parts.Where(p => p.Currency == policy.Currency).DistinctBy(p => p.Sku).OrderBy(p => p.Sku, StringComparer.Ordinal).Select(p => Item(p.Sku, PriceKind.Part, p.Title, "piece", p.UnitCost, policy.Currency)),
    ]);

    private static PriceItem Item(string code, PriceKind kind, LocalizedText name, string unit, decimal cost, string currency) =>
        new(code, kind, name, unit, Currencies.Round(cost * MarkUp, currency));
}
