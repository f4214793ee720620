using Seamless.Rules.Packs;
using Seamless.Telemetry;

namespace Seamless.ServiceDesk.Commerce.Repairs;

/// <param name="Part">SKU, or a number of its own for what is not kept as a spare.</param>
/// <param name="Cost">What one costs us, in the currency of the policy.</param>
/// <param name="Minutes">Work to exchange it in what it is part of.</param>
/// <param name="Within">The assembly that contains it; null for a whole unit.</param>
/// <param name="BenchHours">How long its assembly is away in the workshop for it; 0 when it is exchanged on site.</param>
/// <param name="LeadHours">How long it takes to get one when no depot has it.</param>
public sealed record BomItem(string Part, LocalizedText Name, decimal Cost, int Minutes, string? Within = null, double BenchHours = 0, double LeadHours = 24);

/// <summary>An indentured bill of materials: what is part of what, each with the cost and time of exchanging it.</summary>
public sealed record BillOfMaterials(IReadOnlyList<BomItem> Items)
{
    public static BillOfMaterials Empty { get; } = new([]);

    public BomItem? Find(string part) => Items.FirstOrDefault(i => i.Part == part);

    public bool HasParts(string part) => Items.Any(i => i.Within == part);

    /// <summary>The part and all that it is part of, the whole unit last.</summary>
    public IReadOnlyList<BomItem> Upwards(string part)
    {
        var chain = new List<BomItem>();
        for (var item = Find(part); item is not null && !chain.Contains(item); item = item.Within is null ? null : Find(item.Within)) chain.Add(item);
        return chain;
    }

    public Refusal? Fault()
    {
        if (Items is not { Count: <= 20_000 } || Items.Any(i => i is null)) return Refusal.Invalid("bill-length", "'items' has 20000 parts at most, none of them null");
        if (Items.FirstOrDefault(i => string.IsNullOrWhiteSpace(i.Part) || string.IsNullOrWhiteSpace(i.Name?.En)) is not null) return Refusal.Invalid("bill-name", "every item has a 'part' and a 'name'");
        if (Items.GroupBy(i => i.Part).FirstOrDefault(g => g.Count() > 1) is { Key: { } twice }) return Refusal.Invalid("bill-twice", $"'{twice}' stands twice in the bill of materials");
        if (Items.FirstOrDefault(i => i.Cost < 0 || i.Minutes < 0 || i.BenchHours is not (>= 0 and <= 10_000) || i.LeadHours is not (>= 0 and <= 10_000)) is { } wrong) return Refusal.Invalid("bill-negative", $"'{wrong.Part}': cost, minutes and hours are not negative");
        if (Items.FirstOrDefault(i => i.Within is not null && Find(i.Within) is null) is { } lost) return Refusal.Invalid("bill-within", $"'{lost.Part}' is within '{lost.Within}', which is not in the bill of materials");
        return Items.FirstOrDefault(i => Upwards(i.Part)[^1].Within is not null) is { } loop ? Refusal.Invalid("bill-loop", $"'{loop.Part}' is, by way of its assemblies, within itself") : null;
    }
}
