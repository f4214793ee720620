using System.Globalization;

namespace Seamless.Rules.Alarms;

/// <summary>What a change by telemetry does to what lives beside it: acknowledged, confirmed, latched, shelved once, chatter.</summary>
/// <remarks>All of it lies in the row, in event time: a restart finds every timer where it was.</remarks>
internal static class AlarmDynamics
{
    /// <summary>ISA-18.2: three or more clears within a minute are chatter.</summary>
    public const int ChatterClears = 3;
    public static readonly TimeSpan ChatterWindow = TimeSpan.FromMinutes(1);

    /// <param name="quiet">So long after its last clear chatter is over.</param>
    /// <returns>Whether the change ends a one-shot shelving.</returns>
    public static bool Follow(AlarmRow row, TelemetryChange change, TimeSpan quiet)
    {
        if (change.Alarm is { IsActive: true, IsLatching: true }) row.IsLatched = true;
        if (change.Kind is AlarmChangeKind.Withdrawn) (row.IsAcknowledged, row.IsLatched) = (true, false);   // there is nothing to see
        if (change.Kind is AlarmChangeKind.Reraised) (row.IsAcknowledged, row.IsConfirmed) = (false, false);   // ISA-18.2: an alarm that comes back wants to be seen again
        if (change.Kind is not AlarmChangeKind.Cleared) return false;
        NoteClear(row, change.At, quiet);
        return row.IsShelvedOnce;
    }

    public static void EndChatter(AlarmRow row) => (row.RecentClears, row.ChatterSince, row.ChatterCount, row.ChatterEndsAt) = ("", null, 0, null);

    private static void NoteClear(AlarmRow row, DateTimeOffset at, TimeSpan quiet)
    {
        if (row.ChatterEndsAt <= at) EndChatter(row);
        var clears = Read(row.RecentClears);
        clears.Add(at.ToUnixTimeMilliseconds());
        if (clears.Count > ChatterClears) clears.RemoveAt(0);
        row.RecentClears = string.Join(',', clears.Select(ms => ms.ToString(CultureInfo.InvariantCulture)));
        var chatters = clears.Count == ChatterClears && clears[^1] - clears[0] <= (long)ChatterWindow.TotalMilliseconds;
        if (row.ChatterSince is not null) row.ChatterCount++;
        else if (chatters) (row.ChatterSince, row.ChatterCount) = (DateTimeOffset.FromUnixTimeMilliseconds(clears[0]), ChatterClears);
        if (row.ChatterSince is not null) row.ChatterEndsAt = at + quiet;
    }

    private static List<long> Read(string clears) =>
        [.. clears.Split(',', StringSplitOptions.RemoveEmptyEntries).Select(ms => long.Parse(ms, CultureInfo.InvariantCulture))];
}
