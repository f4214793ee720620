using Seamless.Telemetry;

namespace Seamless.Rules.Alarms;

/// <summary>What a person can do to an alarm.</summary>
public enum AlarmAction : byte { Acknowledge, Shelve, Unshelve, Suppress, Unsuppress, TakeOutOfService, ReturnToService, Close, Confirm, Reset, SuppressByDesign, LiftDesign }

/// <summary>The orthogonal dimensions of an alarm (OPC UA Part 9 §5.8, ISA-18.2). A suppressed or shelved alarm stays fully functional.</summary>
/// <param name="Explained">Suppressed by the alarm that explains it.</param>
/// <param name="Suppressed">Suppressed by hand.</param>
public readonly record struct AlarmDimensions(bool Active, bool Acknowledged, bool Shelved, bool Explained, bool Suppressed, bool OutOfService, bool Closed)
{
    /// <summary>Optional: it stands beside the others and hides nothing.</summary>
    public bool Confirmed { get; init; }

    /// <summary>Stays until reset, whether the condition lasts or not.</summary>
    public bool Latched { get; init; }

    /// <summary>Suppressed by a plan or a mode of operation.</summary>
    public bool ByDesign { get; init; }

    /// <summary>Held back by a maintenance window.</summary>
    public bool Maintenance { get; init; }

    /// <summary>The one state that the person sees: what hides an alarm goes before what it does.</summary>
    public AlarmState State => this switch
    {
        { Closed: true } => AlarmState.Closed,
        { OutOfService: true } => AlarmState.OutOfService,
        { Suppressed: true } or { ByDesign: true } or { Maintenance: true } or { Explained: true } => AlarmState.Suppressed,
        { Shelved: true } => AlarmState.Shelved,
        { Active: true, Acknowledged: false } => AlarmState.Unacknowledged,
        { Active: true } => AlarmState.Acknowledged,
        { Acknowledged: false } => AlarmState.ReturnedUnacknowledged,
        { Latched: true } => AlarmState.Latched,
        _ => AlarmState.Normal,
    };
}

/// <summary>Which action is refused when, in words for the one who asked. What is not listed is allowed.</summary>
public static class AlarmLifeCycle
{
    private sealed record Guard(AlarmAction Action, Func<AlarmDimensions, bool> Refuses, string Why, string Because);

    private static readonly Guard[] Guards =
    [
        new(AlarmAction.Acknowledge, d => d.Closed, "alarm-closed", "it is closed; only an open alarm can be acknowledged"),
        new(AlarmAction.Acknowledge, d => d.Acknowledged, "alarm-acknowledged", "it is acknowledged already"),
        new(AlarmAction.Shelve, d => d.Closed, "alarm-closed", "it is closed; only an open alarm can be shelved"),
        new(AlarmAction.Shelve, d => d.Shelved, "alarm-shelved", "it is shelved already; unshelve it first to choose another time"),
        new(AlarmAction.Shelve, d => d.OutOfService, "alarm-out-of-service", "it is out of service"),
        new(AlarmAction.Unshelve, d => !d.Shelved, "alarm-not-shelved", "it is not shelved"),
        new(AlarmAction.Suppress, d => d.Closed, "alarm-closed", "it is closed; only an open alarm can be suppressed"),
        new(AlarmAction.Suppress, d => d.Suppressed, "alarm-suppressed", "it is suppressed already"),
        new(AlarmAction.Unsuppress, d => !d.Suppressed && d.ByDesign, "alarm-by-design", "it is suppressed by design; lift the design instead"),
        new(AlarmAction.Unsuppress, d => !d.Suppressed && d.Maintenance, "alarm-maintained", "its device is under maintenance; end the maintenance instead"),
        new(AlarmAction.Unsuppress, d => !d.Suppressed && d.Explained, "alarm-explained", "another alarm explains it; it returns by itself when that one is over"),
        new(AlarmAction.Unsuppress, d => !d.Suppressed, "alarm-not-suppressed", "it is not suppressed"),
        new(AlarmAction.TakeOutOfService, d => d.Closed, "alarm-closed", "it is closed"),
        new(AlarmAction.TakeOutOfService, d => d.OutOfService, "alarm-out-of-service", "it is out of service already"),
        new(AlarmAction.ReturnToService, d => !d.OutOfService, "alarm-in-service", "it is not out of service"),
        new(AlarmAction.Close, d => d.Closed, "alarm-closed", "it is closed already"),
        new(AlarmAction.Confirm, d => d.Closed, "alarm-closed", "it is closed; only an open alarm can be confirmed"),
        new(AlarmAction.Confirm, d => d.Confirmed, "alarm-confirmed", "it is confirmed already"),
        new(AlarmAction.Confirm, d => !d.Acknowledged, "alarm-not-acknowledged", "nobody has acknowledged it; acknowledge it first"),
        new(AlarmAction.Reset, d => d.Closed, "alarm-closed", "it is closed"),
        new(AlarmAction.Reset, d => !d.Latched, "alarm-not-latched", "it is not latched"),
        new(AlarmAction.Reset, d => d.Active, "alarm-active", "it is still active; only what has returned to normal can be reset"),
        new(AlarmAction.Reset, d => !d.Acknowledged, "alarm-not-acknowledged", "nobody has acknowledged it; acknowledge it first"),
        new(AlarmAction.SuppressByDesign, d => d.Closed, "alarm-closed", "it is closed; only an open alarm can be suppressed"),
        new(AlarmAction.SuppressByDesign, d => d.ByDesign, "alarm-by-design", "it is suppressed by design already"),
        new(AlarmAction.LiftDesign, d => !d.ByDesign, "alarm-not-by-design", "it is not suppressed by design"),
        new(AlarmAction.Close, d => d.Active, "alarm-active", "it is still active; only a cleared alarm can be closed"),
        new(AlarmAction.Close, d => d.Latched, "alarm-latched", "it is latched; reset it first"),
    ];

    /// <summary>Why <paramref name="action"/> is refused, or null when it is allowed.</summary>
    /// <param name="id">The alarm it is asked of.</param>
    public static Refusal? WhyNot(AlarmAction action, AlarmDimensions dimensions, string id) =>
        Array.Find(Guards, guard => guard.Action == action && guard.Refuses(dimensions)) is { } guard
            ? Refusal.Because($"alarm {id} cannot be changed so: {guard.Because}") with { Why = guard.Why, Values = [id] } : null;
}
