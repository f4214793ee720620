using Seamless.Rules.Packs;
using Seamless.ServiceDesk.Commerce.Contracts;
using Seamless.ServiceDesk.Commerce.Coverage;
using static Seamless.ServiceDesk.Commerce.Coverage.CoveragePack;

namespace Seamless.ServiceDesk.Commerce.Catalogue;

/// <summary>What a customer can be offered for a fault.</summary>
public enum ServiceOption : byte { RemoteFix, OnSite, AdvanceReplacement, Inspection, LoanUnit }

/// <param name="Packs">Contracts with one of these include it.</param>
/// <param name="Tiers">… and with one of these tiers; any tier when not given.</param>
/// <param name="OthersMayBuy">Whoever does not have it may still have it at the list price.</param>
public sealed record CatalogueEntry(
    ServiceOption Option, LocalizedText Name, LocalizedText Description, IReadOnlyList<CoveragePack> Packs, IReadOnlyList<string>? Tiers = null, bool OthersMayBuy = false)
{
    public bool IsIncluded(CoveragePack pack, string tier) => Packs.Contains(pack) && (Tiers is null || Tiers.Contains(tier, StringComparer.OrdinalIgnoreCase));
}

/// <summary>What a device's contract and tier make of an option.</summary>
/// <param name="Offered">Whether it can be asked for.</param>
/// <param name="Included">Without a charge.</param>
/// <param name="Reason">Why it is offered, or why not, in words for the customer.</param>
public sealed record Entitlement(ServiceOption Option, LocalizedText Name, LocalizedText Description, bool Offered, bool Included, LocalizedText Reason);

/// <summary>The service catalogue of a tenant: each option once.</summary>
public sealed record ServiceCatalogue(IReadOnlyList<CatalogueEntry> Entries)
{
    public static ServiceCatalogue Delivered { get; } = new(
    [
        new(ServiceOption.RemoteFix, new("Remote repair", "远程修复"), new("We repair over the network while you work on.", "我们通过网络修复，您可继续工作。"), [None, Warranty, CoveragePack.Care, Full]),
        new(ServiceOption.OnSite, new("Repair on site", "上门维修"), new("A technician comes to the machine.", "技术员到现场维修。"), [CoveragePack.Care, Full], OthersMayBuy: true),
        new(ServiceOption.AdvanceReplacement, new("Replacement in advance", "先行更换"), new("The replacement comes first, the faulty part goes back afterwards.", "先寄送替换件，故障件随后寄回。"), [Full]),
        new(ServiceOption.Inspection, new("Inspection", "巡检"), new("We look the machine over before anything fails.", "在故障发生前全面检查设备。"), [CoveragePack.Care, Full], OthersMayBuy: true),
        new(ServiceOption.LoanUnit, new("Loan unit", "备用机"), new("You work with a unit of ours until yours is repaired.", "维修期间提供备用设备。"), [Full], ["premium", "gold", "platinum"]),
    ]);

    public IReadOnlyList<Entitlement> For(Contract? contract, string deviceTier)
    {
        var (pack, tier) = (contract?.Pack ?? None, contract?.Tier ?? deviceTier);
        return [.. Entries.Select(entry => Of(entry, contract, pack, tier))];
    }

    public string? Fault()
    {
        if (Entries is not { Count: > 0 } || Entries.Any(e => e?.Packs is null)) return "'entries' has at least one option, each with its 'packs'";
        if (Entries.GroupBy(e => e.Option).FirstOrDefault(g => g.Count() > 1) is { Key: var twice }) return $"{twice} stands twice in the catalogue";
        return Entries.FirstOrDefault(e => string.IsNullOrWhiteSpace(e.Name?.En) || string.IsNullOrWhiteSpace(e.Description?.En)) is { } mute ? $"{mute.Option} needs a 'name' and a 'description'" : null;
    }

    private static Entitlement Of(CatalogueEntry entry, Contract? contract, CoveragePack pack, string tier)
    {
        var included = entry.IsIncluded(pack, tier);
        return new Entitlement(entry.Option, entry.Name, entry.Description, included || entry.OthersMayBuy, included, ReasonOf(entry, contract, pack, tier, included));
    }

    private static LocalizedText ReasonOf(CatalogueEntry entry, Contract? contract, CoveragePack pack, string tier, bool included)
    {
        if (included && contract is null) return new("Included for everybody.", "对所有客户免费提供。");
        if (included) return new($"Included in {contract!.Number} ({pack}, {tier}).", $"包含在合同 {contract.Number} 中（{pack}，{tier}）。");
        if (entry.OthersMayBuy) return new("Not included; offered at the list price.", "合同未包含；按价目表收费提供。");
        var needed = string.Join(", ", entry.Packs) + (entry.Tiers is null ? "" : $" ({string.Join(", ", entry.Tiers)})");
        var has = contract is null ? "no contract" : $"{pack}, {tier}";
        return new($"Offered with {needed} only; this device has {has}.", $"仅限 {needed} 合同；该设备当前为 {(contract is null ? "无合同" : $"{pack}，{tier}")}。");
    }
}
