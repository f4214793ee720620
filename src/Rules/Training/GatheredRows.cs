using Seamless.Learning.Training;

namespace Seamless.Rules.Training;

/// <summary>What is kept of all devices, and how many rows were not and why.</summary>
internal sealed class GatheredRows(int most)
{
    private readonly EvenRows<HistoryRow> _rows = new(most);
    private readonly Dictionary<string, int> _removed = new(StringComparer.Ordinal);
    private int _read;

    public IReadOnlyList<HistoryRow> Kept => _rows.Kept;

    public int Seen => _rows.Seen;

    public int Stride => _rows.Stride;

    public void Add((HistoryRow? Row, string? Removal) next)
    {
        _read++;
        if (next.Row is { } row) _rows.Add(row);
        else Removed(next.Removal!, 1);
    }

    public void Removed(string why, int count)
    {
        if (count > 0) _removed[why] = _removed.GetValueOrDefault(why) + count;
    }

    /// <summary>Mode → failures that kept rows tell of.</summary>
    public SortedDictionary<string, int> FailuresByMode() => new(
        Kept.SelectMany(row => row.Failures.Select(failure => (failure.Mode, row.Device, failure.Id))).Distinct().GroupBy(failure => failure.Mode).ToDictionary(mode => mode.Key, mode => mode.Count()), StringComparer.Ordinal);

    public string RemovedWords => _removed.Count == 0 ? "none was removed" : "removed " + string.Join(", ", HistoryRemoval.All.Where(_removed.ContainsKey).Select(why => $"{_removed[why]} {why}"));

    public int Runs() => Kept.Select(row => row.Group).Distinct().Count();

    public int Devices() => Kept.Select(row => row.Device).Distinct().Count();

    /// <summary>Without what fails only in modes that are too rare to be learned.</summary>
    public (HistoryTable Table, IReadOnlyList<HistoryRow> Rows) Table(IReadOnlyList<string> metrics, IReadOnlyList<string> modes, bool isRul)
    {
        HistoryRow[] rows = [.. Kept.Where(row => row.Failures.Count == 0 || modes.Any(row.IsFailingIn))];
        Removed(HistoryRemoval.RareMode, Kept.Count - rows.Length);
        Removed(HistoryRemoval.Thinned, Seen - Kept.Count);
        var byMode = FailuresByMode();
        var failures = isRul ? new SortedDictionary<string, int>(StringComparer.Ordinal) { ["run"] = Runs() } : new(modes.ToDictionary(mode => mode, mode => byMode[mode]), StringComparer.Ordinal);
        var inOrder = HistoryRemoval.All.Where(_removed.ContainsKey).ToDictionary(why => why, why => _removed[why]);
        return (new HistoryTable(metrics, Devices(), _read, rows.Length, Seen, Stride, failures, inOrder), rows);
    }
}
