namespace Seamless.Portal.Transfer;

/// <summary>One value of a row: a number, or a text.</summary>
internal readonly record struct HistoryValue(string Metric, double Number, string? Text)
{
    public static HistoryValue Of(string metric, double number) => new(metric, number, null);
    public static HistoryValue Of(string metric, bool flag) => new(metric, flag ? 1 : 0, null);
    public static HistoryValue Of(string metric, string text) => new(metric, double.NaN, text);
}

/// <summary>What one device sent at one instant, on its way in or out of a file. Used again for each row.</summary>
internal sealed class HistoryRow
{
    /// <summary>Empty where the file does not say.</summary>
    public string Device { get; set; } = "";
    public string? Tenant { get; set; }
    public long TimestampMs { get; set; }
    public List<HistoryValue> Values { get; } = [];

    public void Clear()
    {
        (Device, Tenant, TimestampMs) = ("", null, 0);
        Values.Clear();
    }
}

/// <summary>A row that could not be used.</summary>
/// <param name="Column">Of the character in the line, or the name of the table's column.</param>
internal sealed record BadRow(string File, long Line, string Column, string Reason)
{
    public override string ToString() => $"{File}:{Line}:{Column}: {Reason}";
}

/// <summary>Reads a file of history row by row; a bad row costs itself.</summary>
internal interface IHistoryReader : IDisposable
{
    /// <summary>Where the row that was read last begins, from 1.</summary>
    long Line { get; }

    /// <summary>How much of the file is read, 0 to 1.</summary>
    double Progress { get; }

    /// <returns>False at the end.</returns>
    /// <param name="bad">What is wrong with the row; null for a good one.</param>
    bool Read(HistoryRow row, out BadRow? bad);
}
