namespace Seamless.Rules.Alarms.Maintenance;

/// <summary>An alarm came while its device was under maintenance.</summary>
/// <param name="Window">The window's id.</param>
/// <param name="From">When that time of the window began.</param>
/// <param name="Until">When it ends, or has ended.</param>
/// <param name="IsOver">It holds the alarm back no more: the alarm has been presented, or was over before.</param>
public sealed record MaintenanceMark(string Window, string Reason, DateTimeOffset From, DateTimeOffset Until, bool IsOver);

/// <summary>What windows do to the alarms that come within them; the mark lies in the alarm's row, in event time.</summary>
/// <remarks>It depends on the windows, on when the alarm came, and on the time: asked again, after a restart or a change of a window, it comes to the same.</remarks>
internal sealed class MaintenanceWard(MaintenanceCalendar calendar)
{
    public bool Watches(string tenant) => calendar.Of(tenant).Count > 0;

    /// <summary>Whether the other alarms that this one explains must be known to judge it.</summary>
    public bool NeedsMembers(AlarmRow? row, TelemetryChange change) =>
        change.Alarm is { Device: null, Members.Count: > 0 } && Watches(change.Alarm.Tenant) && (row is null or { InMaintenance: true } || IsComing(change.Kind));

    /// <summary>A change by telemetry: what comes within a window is held back; what the window does not hold any more is let go.</summary>
    /// <param name="members">The alarms that this one explains.</param>
    /// <returns>Whether the change has freed the alarm from its window.</returns>
    public bool Follow(AlarmRow row, TelemetryChange change, bool wasActive, Func<IEnumerable<AlarmRow>> members)
    {
        if (row.Type == Alarm.PlatformType) return false;
        if (IsComing(change.Kind) || (row.IsActive && !wasActive))
        {
            row.CameAt = change.At;
            row.Mark(Watches(row.Tenant) ? CoverOf(row, change.At, members, activeAlone: true) : null);
            return false;
        }
        if (!row.InMaintenance || (row.Device is not null && !row.IsJudgedInMaintenance)) return false;
        if (CoverOf(row, row.Came, members, activeAlone: true) is not null) return false;
        row.Mark(null);
        row.IsAcknowledged = false;
        return true;
    }

    /// <summary>How an alarm stands with its windows at <paramref name="now"/>: the mark that it should have, or null when it came in none.</summary>
    public MaintenanceMark? Standing(AlarmRow row, DateTimeOffset now, Func<IEnumerable<AlarmRow>> members)
    {
        var mark = CoverOf(row, row.Came, members, activeAlone: row.InMaintenance);
        if (row.Device is null) return mark;   // as its members stand
        while (mark is not null && mark.Until <= now)
        {
            if (CoverOf(row, mark.Until, members, activeAlone: true) is not { } next) return mark with { IsOver = true };
            mark = next with { From = mark.From };   // one follows on the other: it is held back until the last is over
        }
        return mark;
    }

    private static bool IsComing(AlarmChangeKind kind) => kind is AlarmChangeKind.Raised or AlarmChangeKind.Reraised;

    /// <param name="activeAlone">Of the members only those count that are active: what has been presented is not taken back because one of them is over.</param>
    private MaintenanceMark? CoverOf(AlarmRow row, DateTimeOffset at, Func<IEnumerable<AlarmRow>> members, bool activeAlone)
    {
        if (row.IsJudgedInMaintenance || row.Type == Alarm.PlatformType) return null;
        if (row.Device is null) return CoverOf([.. members()], activeAlone);
        return calendar.At(row.Tenant, row.Device, row.Site, row.Type, at) is { } cover
            ? new MaintenanceMark(cover.Window.Id, cover.Window.Reason, cover.Time.From, cover.Time.To, IsOver: false)
            : null;
    }

    /// <summary>A site's alarm is held back while every device that it speaks of is: until the first of them is not.</summary>
    private static MaintenanceMark? CoverOf(AlarmRow[] members, bool activeAlone)
    {
        var active = Array.FindAll(members, member => member.IsActive);
        if (activeAlone && active.Length > 0) members = active;
        if (members.Length == 0 || !Array.TrueForAll(members, member => member.InMaintenance)) return null;
        var first = members.Select(member => member.Maintenance!).MinBy(mark => (mark.Until, mark.Window))!;
        return first with { From = members.Min(member => member.Maintenance!.From) };
    }
}
