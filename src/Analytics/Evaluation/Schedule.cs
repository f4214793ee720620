namespace Seamless.Analytics.Evaluation;

/// <summary>Hours of the week in which a rule judges, in a time zone of its own. A quarter that the clock skips in spring is skipped, one that it repeats in autumn counts both times.</summary>
/// <param name="Days">Bit 0 Sunday to bit 6 Saturday: the local days on which an opening begins.</param>
/// <param name="From">Local time of day at which it begins, inclusive.</param>
/// <param name="To">Local time of day at which it ends, exclusive; at or before <paramref name="From"/> it is the next day's.</param>
/// <param name="Zone">IANA name.</param>
public sealed record Schedule(byte Days, TimeSpan From, TimeSpan To, string Zone)
{
    private const long MsPerMinute = 60_000;
    private readonly TimeZoneInfo _zone = TimeZoneInfo.FindSystemTimeZoneById(Zone);
    private long _answer = long.MinValue;   // (minute << 1 | open): the last answer, one word so that threads may share it

    /// <summary>Whether the schedule is open at this instant, Unix ms. Zones and openings change on whole minutes.</summary>
    public bool IsOpen(long timestampMs)
    {
        var minute = Math.DivRem(timestampMs, MsPerMinute, out var rest);
        if (rest < 0) minute--;
        var known = Volatile.Read(ref _answer);
        if (known >> 1 == minute) return (known & 1) == 1;
        var open = Covers(minute * MsPerMinute);
        Volatile.Write(ref _answer, minute << 1 | (open ? 1L : 0));
        return open;
    }

    private bool Covers(long timestampMs)
    {
        var local = TimeZoneInfo.ConvertTime(DateTimeOffset.FromUnixTimeMilliseconds(timestampMs), _zone);
        var (day, time) = ((int)local.DayOfWeek, local.TimeOfDay);
        if (From < To) return OpensOn(day) && time >= From && time < To;
        return (OpensOn(day) && time >= From) || (OpensOn((day + 6) % 7) && time < To);
    }

    private bool OpensOn(int day) => (Days >> day & 1) == 1;

    public bool Equals(Schedule? other) => other is not null && (Days, From, To, Zone) == (other.Days, other.From, other.To, other.Zone);

    public override int GetHashCode() => HashCode.Combine(Days, From, To, Zone);
}
