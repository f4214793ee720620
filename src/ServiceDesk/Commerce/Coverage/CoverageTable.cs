using Seamless.Rules.Packs;

namespace Seamless.ServiceDesk.Commerce.Coverage;

/// <summary>What the contract of a device covers, from nothing to everything.</summary>
public enum CoveragePack : byte { None, Warranty, Care, Full }

/// <summary>How the damage came about, as far as money is concerned.</summary>
public enum DamageCause : byte { Defect, DeadOnArrival, Wear, Consumable, Accident, Misuse, Environment }

/// <param name="DaysInService">Whole days since the device was put into service.</param>
public sealed record CoverageFacts(DamageCause Cause, CoveragePack Pack, int DaysInService);

/// <summary>What we pay, in per cent of parts (and fees), labour and travel; the customer pays the rest.</summary>
public sealed record CoveredShare(int Parts, int Labour, int Travel)
{
    public static readonly CoveredShare Nothing = new(0, 0, 0);
    public static readonly CoveredShare Everything = new(100, 100, 100);

    internal bool IsShare => Parts is >= 0 and <= 100 && Labour is >= 0 and <= 100 && Travel is >= 0 and <= 100;
}

/// <summary>One row of the table: conditions, what is covered, and why, in words for the customer.</summary>
/// <param name="Causes">Any when not given.</param>
/// <param name="Packs">Any when not given.</param>
/// <param name="WithinDays">Only so many days in service or fewer; at any age when not given.</param>
public sealed record CoverageRule(
    string Id, CoveredShare Covered, LocalizedText Reason, IReadOnlyList<DamageCause>? Causes = null, IReadOnlyList<CoveragePack>? Packs = null, int? WithinDays = null)
{
    public bool Fits(CoverageFacts facts) =>
        (Causes is null || Causes.Contains(facts.Cause)) && (Packs is null || Packs.Contains(facts.Pack)) && (WithinDays is not { } days || facts.DaysInService <= days);

    internal bool IsUnconditional => Causes is null && Packs is null && WithinDays is null;
}

/// <param name="Rule">The row that decided.</param>
public sealed record CoverageDecision(string Rule, CoveredShare Covered, LocalizedText Reason);

/// <summary>A decision table with hit policy First (DMN 1.3 §8.2.8): the first row that fits decides, and the last fits always.</summary>
public sealed partial record CoverageTable(IReadOnlyList<CoverageRule> Rules)
{
    public CoverageDecision Decide(CoverageFacts facts)
    {
        var rule = Rules.First(r => r.Fits(facts));   // the last fits always: Fault refuses a table where it does not
        return new CoverageDecision(rule.Id, rule.Covered, rule.Reason);
    }

    /// <returns>What is wrong with it; null when nothing is.</returns>
    public string? Fault()
    {
        if (Rules is not { Count: > 0 and <= 200 } || Rules.Any(r => r is null)) return "'rules' has 1 to 200 rows, none of them null";
        if (Rules.FirstOrDefault(r => string.IsNullOrWhiteSpace(r.Id)) is not null) return "every row has an 'id'";
        if (Rules.GroupBy(r => r.Id).FirstOrDefault(g => g.Count() > 1) is { Key: { } twice }) return $"two rows are called '{twice}'; each has an id of its own";
        if (Rules.FirstOrDefault(r => r.Covered is not { IsShare: true }) is { } share) return $"row '{share.Id}': 'covered' has parts, labour and travel, each 0 to 100 per cent";
        if (Rules.FirstOrDefault(r => string.IsNullOrWhiteSpace(r.Reason?.En) || string.IsNullOrWhiteSpace(r.Reason.ZhCn)) is { } mute) return $"row '{mute.Id}' needs a 'reason' in both languages: the customer reads it";
        if (Rules.FirstOrDefault(r => r.Causes is { Count: 0 } || r.Packs is { Count: 0 }) is { } empty) return $"row '{empty.Id}' has an empty condition; leave it out when anything fits";
        if (!Rules[^1].IsUnconditional) return $"the last row, '{Rules[^1].Id}', has conditions; add a row without any, for whatever no other row decides";
        return FirstUnreachable() is { } dead ? $"row '{dead.Id}' never decides: rows above it take all that fits it; move it up or take it away" : null;
    }

    /// <summary>Every combination that the conditions can tell apart.</summary>
    internal IEnumerable<CoverageFacts> Cases()
    {
        var ages = Rules.Select(r => r.WithinDays).OfType<int>().SelectMany(d => (int[])[d, d + 1]).Append(0).Distinct().Order().ToList();
        return from cause in Enum.GetValues<DamageCause>() from pack in Enum.GetValues<CoveragePack>() from age in ages select new CoverageFacts(cause, pack, age);
    }

    private CoverageRule? FirstUnreachable()
    {
        var deciding = Cases().Select(c => Decide(c).Rule).ToHashSet(StringComparer.Ordinal);
        return Rules.FirstOrDefault(r => !deciding.Contains(r.Id));
    }
}
