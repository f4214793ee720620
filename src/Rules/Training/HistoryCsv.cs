using System.Globalization;
using Seamless.Learning.Training;

namespace Seamless.Rules.Training;

/// <summary>Rows of history as the table that the trainers read.</summary>
internal static class HistoryCsv
{
    public static async Task WriteAsync(string path, IReadOnlyList<HistoryRow> rows, IReadOnlyList<string> metrics, IReadOnlyList<string> modes, bool isRul, CancellationToken ct)
    {
        await using var output = new StreamWriter(path) { NewLine = "\n" };
        string[] header = isRul ? [HistoryColumns.Unit, HistoryColumns.Time, .. metrics] : [HistoryColumns.Row, .. metrics, HistoryColumns.Failure, .. modes, HistoryColumns.Group];
        await output.WriteLineAsync(string.Join(',', header).AsMemory(), ct);
        foreach (var row in rows) await output.WriteLineAsync(string.Join(',', isRul ? OfRun(row) : OfFailure(row, modes)).AsMemory(), ct);
    }

    private static IEnumerable<string> OfRun(HistoryRow row) => [row.Group, row.At.ToUnixTimeMilliseconds().ToString(CultureInfo.InvariantCulture), .. row.Values.Select(Number)];

    private static IEnumerable<string> OfFailure(HistoryRow row, IReadOnlyList<string> modes) =>
        [string.Create(CultureInfo.InvariantCulture, $"{row.Device}@{row.At.UtcDateTime:s}Z"), .. row.Values.Select(Number), Flag(row.Failures.Count > 0), .. modes.Select(mode => Flag(row.IsFailingIn(mode))), row.Group];

    private static string Number(double value) => value.ToString("R", CultureInfo.InvariantCulture);

    private static string Flag(bool set) => set ? "1" : "0";
}
