using Seamless.Rules.Packs;

namespace Seamless.ServiceDesk.Parts.Compatibility;

/// <summary>Answers from one catalogue and the packs: what can stand in for a part, and what fits a machine.</summary>
public sealed class Interchanges
{
    private readonly Dictionary<string, (string Sku, Interchange Interchange)> _next = new(StringComparer.Ordinal);
    private readonly ILookup<string, (string Sku, Interchange Interchange)> _before;
    private readonly ILookup<string, Fit> _fits;
    private readonly Dictionary<string, PartDefinition> _parts;
    private readonly Dictionary<string, string> _original;
    private readonly ILookup<string, string> _alternates;

    /// <param name="catalogue">Goes before what a pack says of the same part.</param>
    /// <param name="parts">Of the packs.</param>
    public Interchanges(PartCatalogue catalogue, IEnumerable<PartDefinition> parts)
    {
        Parts = [.. catalogue.Parts.Select(own => own.ToDefinition()).Concat(parts).DistinctBy(p => p.Sku).OrderBy(p => p.Sku, StringComparer.Ordinal)];
        _parts = Parts.ToDictionary(p => p.Sku, StringComparer.Ordinal);
        foreach (var step in catalogue.Supersessions) _next.TryAdd(step.Old, (step.New, step.Interchange));
        foreach (var part in _parts.Values.Where(p => p.Supersedes is { Length: > 0 }))
            if (!LeadsTo(part.Sku, part.Supersedes!)) _next.TryAdd(part.Supersedes!, (part.Sku, Interchange.OneWay));
        _before = _next.ToLookup(n => n.Value.Sku, n => (n.Key, n.Value.Interchange), StringComparer.Ordinal);
        _original = catalogue.Parts.Where(own => own.AlternateTo is not null).ToDictionary(own => own.Sku, own => own.AlternateTo!, StringComparer.Ordinal);
        _alternates = catalogue.Parts.Where(own => own is { AlternateTo: not null, Approved: true }).ToLookup(own => own.AlternateTo!, own => own.Sku, StringComparer.Ordinal);
        _fits = catalogue.Fits.ToLookup(f => f.Sku, StringComparer.Ordinal);
    }

    /// <summary>All kinds of spare, by SKU.</summary>
    public IReadOnlyList<PartDefinition> Parts { get; }

    /// <summary>A pack, the owner or a line of the catalogue has named it.</summary>
    public bool Knows(string sku) => _parts.ContainsKey(sku) || _next.ContainsKey(sku) || _before.Contains(sku) || _fits.Contains(sku);

    public PartDefinition? PartOf(string sku) => _parts.GetValueOrDefault(sku);

    public string? SuccessorOf(string sku) => _next.TryGetValue(sku, out var next) ? next.Sku : null;

    /// <summary>What an alternate stands in for; of any other part itself. Parts of one standing are equally good, and the cheapest goes.</summary>
    public string StandingOf(string sku) => _original.GetValueOrDefault(sku, sku);

    /// <summary>The part and all that can stand in for it, the newest first, a part before its approved alternates.</summary>
    public IReadOnlyList<string> StandInsFor(string sku)
    {
        var found = new HashSet<string>(StringComparer.Ordinal) { sku };
        var open = new Queue<string>(found);
        while (open.TryDequeue(out var at))
        {
            var reached = _before[at].Where(b => b.Interchange is Interchange.TwoWay).Select(b => b.Sku);
            if (SuccessorOf(at) is { } next) reached = reached.Append(next);
            foreach (var other in reached.Where(found.Add)) open.Enqueue(other);
        }
        foreach (var alternate in found.SelectMany(at => _alternates[at]).ToList()) found.Add(alternate);
        return [.. found.OrderBy(s => StepsToNewest(StandingOf(s))).ThenBy(s => s == sku ? 0 : 1).ThenBy(StandingOf, StringComparer.Ordinal).ThenBy(s => _original.ContainsKey(s) ? 1 : 0).ThenBy(s => s, StringComparer.Ordinal)];
    }

    /// <summary>Those of them that fit, the newest first.</summary>
    public IReadOnlyList<string> CandidatesFor(string sku, Machine machine) => [.. StandInsFor(sku).Where(candidate => Fits(candidate, machine))];

    /// <summary>The parts that this one can stand in for, itself among them.</summary>
    public IReadOnlyList<string> ServedBy(string sku) =>
        [.. _parts.Keys.Concat(_next.Keys).Append(sku).Distinct(StringComparer.Ordinal).Where(other => StandInsFor(other).Contains(sku)).Order(StringComparer.Ordinal)];

    public bool Fits(string sku, Machine machine)
    {
        if (machine.Type is { } type && _parts.TryGetValue(sku, out var part) && part.Types.Count > 0 && !part.Types.Contains(type, StringComparer.Ordinal)) return false;
        return !_fits.Contains(sku) || _fits[sku].Any(fit => Fits(fit, machine));
    }

    /// <summary>Of the part, or of the nearest in its chain that a pack prices; 0 when none is.</summary>
    public (decimal Amount, string Currency) PriceOf(string sku) =>
        Chain(sku).Select(s => _parts.GetValueOrDefault(s)).OfType<PartDefinition>().FirstOrDefault() is { } priced ? (priced.UnitCost, priced.Currency) : (0, "");

    private static bool Fits(Fit fit, Machine machine) =>
        (fit.Type is null || fit.Type == machine.Type) && (fit.Model is null || fit.Model == machine.Model)
        && (fit.Generations is null or [] || (machine.Generation is { } generation && fit.Generations.Contains(generation)));

    /// <summary>The part, those before it, those after it.</summary>
    private IEnumerable<string> Chain(string sku)
    {
        yield return sku;
        for (var at = sku; _before[at].Select(b => b.Sku).FirstOrDefault() is { } before; at = before) yield return before;
        for (var at = sku; SuccessorOf(at) is { } after; at = after) yield return after;
    }

    private int StepsToNewest(string sku)
    {
        var steps = 0;
        for (var at = sku; SuccessorOf(at) is { } next; at = next) steps++;
        return steps;
    }

    private bool LeadsTo(string from, string to)
    {
        for (var at = from; at is not null; at = SuccessorOf(at)) if (at == to) return true;
        return false;
    }
}
