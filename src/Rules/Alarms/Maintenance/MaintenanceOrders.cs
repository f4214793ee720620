using Seamless.Fleet.Registry;
using Seamless.Telemetry;

namespace Seamless.Rules.Alarms.Maintenance;

/// <summary>Makes windows of orders and changes; what does not fit is refused in words.</summary>
internal sealed class MaintenanceOrders(IDeviceRegistry registry, TimeProvider time)
{
    public const int LongestReason = 200;

    public async Task<Outcome<MaintenanceWindow>> ReadAsync(string tenant, MaintenanceOrder order, string actor, CancellationToken ct)
    {
        if (RefuseReason(order.Reason) is { } wordless) return wordless;
        var zone = await ZoneAsync(tenant, order, ct);
        if (!zone.Succeeded) return zone.Refusal;
        var now = time.GetUtcNow();
        var begin = order.Begin is null ? now : LocalTime.Read(order.Begin, zone.Value);
        if (!begin.Succeeded) return begin.Refusal;
        var end = EndOf(order, begin.Value, zone.Value);
        if (!end.Succeeded) return end.Refusal;
        if ((order.Weekly is { } weekly ? RefusePlan(weekly) : null) is { } impossible) return impossible;
        var window = new MaintenanceWindow(
            StableHash.Id("mw", tenant, Guid.CreateVersion7(now).ToString()), tenant, order.Scope, Round(begin.Value), end.Value.At is { } at ? Round(at) : null, zone.Value, order.Weekly,
            order.Reason.Trim(), actor, now, [], null, 1);
        return RefuseLength(window) is { } refusal ? refusal : window;
    }

    public Outcome<MaintenanceWindow> Changed(MaintenanceWindow window, MaintenanceChange change)
    {
        if (window.CancelledAt is not null) return Refusal.Because("maintenance-cancelled", $"maintenance {window.Id} is cancelled; enter a new one");
        if (change.Reason is { } reason)
        {
            if (RefuseReason(reason) is { } wordless) return wordless;
            window = window with { Reason = reason.Trim() };
        }
        if (change.Until is { } until)
        {
            var told = LocalTime.Read(until, window.Zone);
            if (!told.Succeeded) return told.Refusal;
            var moved = Until(window, Round(told.Value));
            if (!moved.Succeeded) return moved.Refusal;
            window = moved.Value;
        }
        if (change.End is { } end)
        {
            var told = LocalTime.Read(end, window.Zone);
            if (!told.Succeeded) return told.Refusal;
            window = window with { End = Round(told.Value) };
        }
        return RefuseLength(window) is { } refusal ? refusal : window;
    }

    public Outcome<MaintenanceWindow> Ended(MaintenanceWindow window)
    {
        var now = time.GetUtcNow();
        return window.StatusAt(now) switch
        {
            MaintenanceStatus.Coming => Refusal.Because("maintenance-not-running", $"maintenance {window.Id} does not run now; cancel it if it is not to take place"),
            MaintenanceStatus.Over => Refusal.Because("maintenance-over", $"maintenance {window.Id} is over already"),
            MaintenanceStatus.Cancelled => Refusal.Because("maintenance-cancelled", $"maintenance {window.Id} is cancelled already"),
            _ => Until(window, Round(now)),
        };
    }

    public Outcome<MaintenanceWindow> Cancelled(MaintenanceWindow window) => window.StatusAt(time.GetUtcNow()) switch
    {
        MaintenanceStatus.Over => Refusal.Because("maintenance-over", $"maintenance {window.Id} is over already"),
        MaintenanceStatus.Cancelled => Refusal.Because("maintenance-cancelled", $"maintenance {window.Id} is cancelled already"),
        _ => window with { CancelledAt = Round(time.GetUtcNow()) },
    };

    private Outcome<MaintenanceWindow> Until(MaintenanceWindow window, DateTimeOffset until)
    {
        if (window.Weekly is null) return window with { End = until };
        if (window.At(time.GetUtcNow()) is not { } running) return Refusal.Because("maintenance-time", $"maintenance {window.Id} does not run now; only the time that runs can be ended early or prolonged");
        if (until < running.From) return Refusal.Invalid("maintenance-end", "it would end before it began");
        if (until - running.From > MaintenanceWindow.Longest) return TooLong();
        return window with { Changed = [.. window.Changed.Where(time => time.From != running.From), new Occurrence(running.From, until)] };
    }

    private async Task<Outcome<string>> ZoneAsync(string tenant, MaintenanceOrder order, CancellationToken ct)
    {
        var scope = order.Scope;
        if (scope.Device is not null && (scope.Site ?? scope.Type) is not null) return Refusal.Invalid("maintenance-scope", "name one device, or a site, or an equipment type at a site; not a device and a site");
        if (scope is { Type: not null, Site: null }) return Refusal.Invalid("maintenance-type", "an equipment type is maintained at a site; name the site");
        var device = scope.Device is null ? null : await registry.FindAsync(new DeviceKey(tenant, scope.Device), ct);
        if (scope.Device is not null && device is null) return Refusal.NotFound("device-unknown", $"there is no device '{scope.Device}'");
        var site = (device?.Site ?? scope.Site) is { } id ? await registry.FindSiteAsync(tenant, id, ct) : null;
        if (scope.Site is not null && site is null) return Refusal.NotFound("site-unknown", $"there is no site '{scope.Site}'");
        var zone = order.Zone ?? site?.TimeZone ?? "UTC";
        return TimeZoneInfo.TryFindSystemTimeZoneById(zone, out _) ? zone : Refusal.Invalid("zone-unknown", $"there is no time zone '{zone}'; an IANA name such as Europe/Berlin or UTC");
    }

    /// <param name="At">Null for a weekly window that nobody has given an end.</param>
    private readonly record struct EndTime(DateTimeOffset? At);

    private static Outcome<EndTime> EndOf(MaintenanceOrder order, DateTimeOffset begin, string zone)
    {
        if (order is { End: not null, For: not null }) return Refusal.Invalid("maintenance-length", "give an end or a length, not both");
        if (order.For is { } length) return new EndTime(begin + length);
        if (order.End is null) return order.Weekly is null ? Refusal.Invalid("maintenance-no-end", "when does it end? give an end, or how long it lasts") : new EndTime(null);
        var end = LocalTime.Read(order.End, zone);
        return end.Succeeded ? new EndTime(end.Value) : end.Refusal;
    }

    private static Refusal? RefuseReason(string reason)
    {
        if (string.IsNullOrWhiteSpace(reason)) return Refusal.Invalid("maintenance-reason", "say what is being done: whoever sees the alarm will ask");
        return reason.Trim().Length > LongestReason ? Refusal.Invalid("reason-too-long", $"the reason is longer than {LongestReason} characters") : null;
    }

    private static Refusal? RefusePlan(WeeklyPlan plan)
    {
        if ((plan.Days & WeeklyPlan.EveryDay) == 0 || plan.Days > WeeklyPlan.EveryDay) return Refusal.Invalid("maintenance-days", "on which days does it come back? mon, tue, wed, thu, fri, sat, sun");
        return plan.Duration < WeeklyPlan.Shortest || plan.Duration > WeeklyPlan.Longest
            ? Refusal.Invalid("maintenance-weekly", $"each time of a weekly window lasts from {WeeklyPlan.Shortest.TotalMinutes:0} minute to {WeeklyPlan.Longest.TotalDays:0} days")
            : null;
    }

    private static Refusal? RefuseLength(MaintenanceWindow window)
    {
        if (window.End is not { } end) return null;
        if (end <= window.Begin) return Refusal.Invalid("maintenance-end", "it ends before it begins");
        return window.Weekly is null && end - window.Begin > MaintenanceWindow.Longest ? TooLong() : null;
    }

    private static Refusal TooLong() => Refusal.Invalid("maintenance-long", $"a window lasts at most {MaintenanceWindow.Longest.Days} days; what takes longer is prolonged when the time comes");

    /// <summary>As it is kept.</summary>
    private static DateTimeOffset Round(DateTimeOffset at) => DateTimeOffset.FromUnixTimeMilliseconds(at.ToUnixTimeMilliseconds());
}
