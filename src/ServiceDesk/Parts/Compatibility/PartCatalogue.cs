using Seamless.Telemetry;

namespace Seamless.ServiceDesk.Parts.Compatibility;

public enum Interchange : byte
{
    /// <summary>The new part can stand in for the old one, not the other way.</summary>
    OneWay,

    /// <summary>Either can stand in for the other.</summary>
    TwoWay,
}

/// <summary>Where a part fits. A part without such a line fits wherever its equipment pack says; with one or more, only where one of them does.</summary>
/// <param name="Type">Equipment type; null for any.</param>
/// <param name="Model">The device's tag <c>model</c>; null for any.</param>
/// <param name="Generations">The device's tag <c>generation</c>; none for any.</param>
public sealed record Fit(string Sku, string? Type = null, string? Model = null, IReadOnlyList<string>? Generations = null);

public sealed record Supersession(string Old, string New, Interchange Interchange = Interchange.OneWay);

/// <summary>What fits where, and what has come after what.</summary>
public sealed record PartCatalogue(IReadOnlyList<Fit> Fits, IReadOnlyList<Supersession> Supersessions)
{
    private const int MostLines = 20_000;

    public static PartCatalogue Empty { get; } = new([], []);

    /// <summary>Parts beside those of the packs; one of the same SKU goes before the pack's.</summary>
    public IReadOnlyList<OwnPart> Parts { get; init; } = [];

    public Refusal? Check()
    {
        if (Fits.Count + Supersessions.Count + Parts.Count > MostLines) return Refusal.Invalid($"a catalogue has at most {MostLines} lines");
        if (Fits.Any(f => f is null) || Supersessions.Any(s => s is null) || Parts.Any(p => p is null)) return Refusal.Invalid("a line of 'fits', 'supersessions' or 'parts' is null");
        if (Parts.Select(part => part.Check()).FirstOrDefault(refusal => refusal is not null) is { } wrong) return wrong;
        if (Parts.GroupBy(part => part.Sku, StringComparer.Ordinal).FirstOrDefault(same => same.Count() > 1) is { } twice) return Refusal.Invalid($"{twice.Key} stands in 'parts' twice");
        var alternates = Parts.Where(part => part.AlternateTo is not null).Select(part => part.Sku).ToHashSet(StringComparer.Ordinal);
        if (Parts.FirstOrDefault(part => part.AlternateTo is { } original && alternates.Contains(original)) is { } second) return Refusal.Invalid("own-part-alternate-chain", $"{second.AlternateTo} is an alternate itself; name the part that both stand in for");
        foreach (var fit in Fits)
        {
            if (string.IsNullOrWhiteSpace(fit.Sku)) return Refusal.Invalid("each line of 'fits' names a 'sku'");
            if (fit is { Type: null, Model: null, Generations: null or [] }) return Refusal.Invalid($"the line of {fit.Sku} in 'fits' says nothing: give 'type', 'model' or 'generations', or leave it out");
        }
        foreach (var step in Supersessions)
        {
            if (string.IsNullOrWhiteSpace(step.Old) || string.IsNullOrWhiteSpace(step.New)) return Refusal.Invalid("each line of 'supersessions' names 'old' and 'new'");
            if (Supersessions.Count(s => s.Old == step.Old) > 1) return Refusal.Invalid($"{step.Old} is superseded twice; a part has one successor, and that one another");
        }
        return Loop() is { } sku ? Refusal.Invalid($"{sku} supersedes itself by a chain; take one of its supersessions out") : null;
    }

    private string? Loop()
    {
        var next = Supersessions.ToDictionary(s => s.Old, s => s.New, StringComparer.Ordinal);
        foreach (var start in next.Keys)
        {
            var (at, steps) = (start, 0);
            while (next.TryGetValue(at, out var after) && steps++ <= next.Count) at = after;
            if (steps > next.Count) return start;
        }
        return null;
    }
}

/// <summary>What a part must fit.</summary>
/// <param name="Model">Null when the register does not know it: then only parts fit that ask for none.</param>
public sealed record Machine(string? Type, string? Model, string? Generation)
{
    public override string ToString() => $"{Type ?? "a site"}, model {Model ?? "unknown"}, generation {Generation ?? "unknown"}";
}
