using Seamless.ServiceDesk.Parts.Resupply;

namespace Seamless.ServiceDesk.Parts.Counting;

/// <summary>What was read in a depot beside what the ledger has there. Pure.</summary>
internal static class Comparison
{
    /// <param name="units">Those that the ledger has in the depot, and those that were read.</param>
    /// <param name="moved">Serials that have moved since the reading began.</param>
    /// <param name="coming">Serials that are on their way to the depot by a stock order.</param>
    public static StockCount Of(
        string depot, DateTimeOffset readAt, IReadOnlyCollection<string> read, IReadOnlyList<string> unreadable, IEnumerable<UnitRow> units, IReadOnlySet<string> moved, IReadOnlySet<string> coming)
    {
        var known = units.ToDictionary(unit => unit.Serial, StringComparer.Ordinal);
        var here = known.Values.Where(unit => unit.Depot == depot).ToList();
        var seen = read.ToHashSet(StringComparer.Ordinal);
        List<CountLine> lines = [];
        foreach (var unit in here)
            if (!seen.Contains(unit.Serial) && !moved.Contains(unit.Serial)) lines.Add(Line(unit, unit.State is UnitState.InStock ? CountFinding.Missing : CountFinding.Disputed));
        foreach (var serial in seen)
        {
            if (moved.Contains(serial)) continue;
            if (!known.TryGetValue(serial, out var unit)) lines.Add(new CountLine(serial, null, CountFinding.Unknown, null, false));
            else if (unit.Depot != depot) lines.Add(Line(unit, FindingOf(unit, coming)));
        }
        return new StockCount(
            depot, readAt, seen.Count, here.Count(unit => seen.Contains(unit.Serial) && !moved.Contains(unit.Serial)), known.Keys.Count(moved.Contains), unreadable,
            [.. lines.OrderBy(line => line.Finding).ThenBy(line => line.Sku, StringComparer.Ordinal).ThenBy(line => line.Serial, StringComparer.Ordinal)]);
    }

    private static CountFinding FindingOf(UnitRow elsewhere, IReadOnlySet<string> coming) => elsewhere.State switch
    {
        UnitState.InStock => CountFinding.Misplaced,
        UnitState.Lost => CountFinding.Found,
        UnitState.InTransit when coming.Contains(elsewhere.Serial) => CountFinding.Arrived,
        _ => CountFinding.Disputed,
    };

    private static CountLine Line(UnitRow unit, CountFinding finding) => new(unit.Serial, unit.Sku, finding, unit.Place, false);
}
