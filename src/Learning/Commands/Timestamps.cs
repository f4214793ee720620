using System.Globalization;
using Seamless.Learning.Tables;

namespace Seamless.Learning.Commands;

internal static class Timestamps
{
    /// <summary>Unix seconds or milliseconds, or a date and time (UTC when it names no zone), as Unix milliseconds.</summary>
    public static long Read(CsvReader reader, int column)
    {
        var cell = reader.Row[column];
        if (DateTimeOffset.TryParse(cell, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var at)) return at.ToUnixTimeMilliseconds();
        if (double.TryParse(cell, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && Math.Abs(number) < 1e15)
            return (long)(Math.Abs(number) < 1e11 ? number * 1000 : number);
        throw new TableException(
            $"{reader.Path}:{reader.Line}: column '{reader.Header[column]}' holds '{cell}' where a time was expected (such as 2026-01-31T08:00:00Z or Unix milliseconds)");
    }
}
