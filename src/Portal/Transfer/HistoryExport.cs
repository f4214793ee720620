using System.Globalization;
using System.Text;

namespace Seamless.Portal.Transfer;

/// <summary>Copies an export into a file and tells how far it has come: rows are in the order of time, so the newest row's time says it.</summary>
internal static class HistoryExport
{
    /// <param name="timeOf">The time in a row, Unix milliseconds; null where there is none (a header).</param>
    /// <returns>Rows, the header not counted.</returns>
    public static async Task<long> CopyAsync(Stream source, Stream target, DateTimeOffset from, DateTimeOffset to, Func<string, long?> timeOf, IProgress<string> progress, CancellationToken ct)
    {
        var buffer = new byte[256 * 1024];
        var (rows, kept) = (0L, 0);
        for (int read; (read = await source.ReadAsync(buffer.AsMemory(kept), ct)) > 0;)
        {
            await target.WriteAsync(buffer.AsMemory(kept, read), ct);
            var filled = kept + read;
            rows += buffer.AsSpan(kept, read).Count((byte)'\n');
            var end = buffer.AsSpan(0, filled).LastIndexOf((byte)'\n');
            var begin = end <= 0 ? -1 : buffer.AsSpan(0, end).LastIndexOf((byte)'\n');
            if (begin >= 0 && timeOf(Encoding.UTF8.GetString(buffer, begin + 1, end - begin - 1)) is { } ms) progress.Report($"{rows} rows, {Share(ms, from, to):P0}");
            // The begun row stays in front, so that the next reading sees it whole; one that fills the buffer is let go.
            kept = filled - end - 1 < buffer.Length ? filled - end - 1 : 0;
            buffer.AsSpan(end + 1, kept).CopyTo(buffer);
        }
        return rows;
    }

    /// <summary>The first cell of a CSV row.</summary>
    public static long? TimeOfCsv(string row) =>
        long.TryParse(row.AsSpan(0, Math.Max(0, row.IndexOf(',', StringComparison.Ordinal))), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var ms) ? ms : null;

    /// <summary>The last word of a line.</summary>
    public static Func<string, long?> TimeOfLine(Precision precision) => row =>
        long.TryParse(row.AsSpan(row.LastIndexOf(' ') + 1), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var timestamp) ? LineProtocol.ToMs(timestamp, precision) : null;

    private static double Share(long ms, DateTimeOffset from, DateTimeOffset to) =>
        Math.Clamp((ms - from.ToUnixTimeMilliseconds()) / Math.Max(1, (to - from).TotalMilliseconds), 0, 1);
}
