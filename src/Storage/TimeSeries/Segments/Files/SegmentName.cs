using System.Globalization;

namespace Seamless.Storage.TimeSeries.Segments.Files;

/// <summary>Which seals a segment holds: <c>12.seg</c> one, <c>3-12.seg</c> all of its day from the third to the twelfth. Numbers rise with the order of writing.</summary>
internal readonly record struct SegmentName(long From, long To) : IComparable<SegmentName>
{
    public const string Extension = ".seg";

    public string File => From == To
        ? string.Create(CultureInfo.InvariantCulture, $"{From}{Extension}")
        : string.Create(CultureInfo.InvariantCulture, $"{From}-{To}{Extension}");

    public bool Contains(SegmentName other) => From <= other.From && other.To <= To;

    public int CompareTo(SegmentName other) => From.CompareTo(other.From);

    public static bool TryParse(string file, out SegmentName name)
    {
        name = default;
        if (!file.EndsWith(Extension, StringComparison.Ordinal)) return false;
        var numbers = file[..^Extension.Length].Split('-');
        if (numbers.Length is < 1 or > 2 || !long.TryParse(numbers[0], NumberStyles.None, CultureInfo.InvariantCulture, out var from)) return false;
        var to = from;
        if (numbers.Length == 2 && !long.TryParse(numbers[1], NumberStyles.None, CultureInfo.InvariantCulture, out to)) return false;
        name = new SegmentName(from, to);
        return from <= to;
    }
}

/// <summary>The UTC day that a partition holds.</summary>
internal static class Day
{
    public const long LengthMs = 24L * 60 * 60 * 1000;
    private static readonly long First = DateTimeOffset.MinValue.ToUnixTimeMilliseconds() / LengthMs;
    private static readonly long Last = DateTimeOffset.MaxValue.ToUnixTimeMilliseconds() / LengthMs;

    /// <summary>Days since 1970. What no calendar knows belongs to the first or the last of its days.</summary>
    public static long Of(long timeMs) => Math.Clamp(timeMs >= 0 ? timeMs / LengthMs : (timeMs + 1) / LengthMs - 1, First, Last);

    /// <summary>When the day ends; the last never does.</summary>
    public static long EndMs(long day) => day >= Last ? long.MaxValue : (day + 1) * LengthMs;

    public static string FolderOf(long day) => DateTime.UnixEpoch.AddDays(day).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    public static bool TryParse(string folder, out long day)
    {
        var known = DateOnly.TryParseExact(folder, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var date);
        day = known ? date.DayNumber - DateOnly.FromDateTime(DateTime.UnixEpoch).DayNumber : 0;
        return known;
    }
}
