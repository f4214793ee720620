using System.Text.Json.Serialization;
using Seamless.Rules.Alarms.Maintenance;
using Seamless.Rules.Diagnosis;
using Seamless.Rules.Packs;
using Seamless.Telemetry;

namespace Seamless.Rules.Alarms;

/// <summary>The ISA-18.2 state that the person sees, derived from the orthogonal dimensions.</summary>
public enum AlarmState : byte { Normal, Unacknowledged, Acknowledged, ReturnedUnacknowledged, Shelved, Suppressed, OutOfService, Closed, Latched }

/// <summary>What one rule, detector or model saw.</summary>
/// <param name="Kind"><c>rule</c>, <c>detector</c>, <c>model</c> or <c>event</c>.</param>
/// <param name="From">Begin of the anomalous span, event time.</param>
/// <param name="To">End of the span, null while it lasts.</param>
/// <param name="Value">The most extreme value in the span so far.</param>
/// <param name="Limit">Setpoint, or the edge of the expected band.</param>
/// <param name="Score">Detector score or model probability, 0–1: when it was raised, and once the span is over the highest of it; null for a plain rule.</param>
/// <param name="Contributions">Metric → share of the score with sign of direction; empty for a plain rule.</param>
public sealed record Evidence(
    string Kind, string Rule, string Symptom, string? Metric, DateTimeOffset From, DateTimeOffset? To,
    double Value, double? Limit, double? Score, LocalizedText Text, string? Version, IReadOnlyDictionary<string, double> Contributions)
{
    public bool IsActive => To is null;
}

/// <summary>One fault of one asset, with everything that speaks for it. Its id is a hash of fault key, onset and rule set: the same telemetry gives the same id.</summary>
/// <param name="Device">The device; null when the fault is the site's or the platform's.</param>
/// <param name="FaultKey">Asset + failure mode (<c>device:pump-1:VIB</c>, <c>site:s1:supply-undervoltage</c>).</param>
/// <param name="Rule">The rule that raised it first.</param>
/// <param name="Mode">ISO 14224 failure mode.</param>
/// <param name="IsActive">At least one evidence lasts; one of low severity counts only while there is nothing graver among the evidence.</param>
/// <param name="Count">Occurrences within the re-open window; 1 at first.</param>
/// <param name="RaisedAt">Event time at which the on-delay had passed.</param>
/// <param name="OnsetAt">Event time at which the condition began.</param>
/// <param name="Parent">Id of the alarm that explains this one (the site's power line), which then is suppressed by it.</param>
/// <param name="Members">Ids of the alarms that this one explains.</param>
/// <param name="Diagnosis">Most probable first.</param>
public sealed record Alarm(
    string Id, string Tenant, string? Device, string Site, string Type, string FaultKey, string Rule, string RuleVersion, string Mode,
    Severity Severity, AlarmState State, bool IsActive, bool IsAcknowledged,
    DateTimeOffset? ShelvedUntil, string? SuppressedBy, DateTimeOffset RaisedAt, DateTimeOffset OnsetAt, DateTimeOffset? ClearedAt,
    int Count, LocalizedText Message, IReadOnlyList<Evidence> Evidence, IReadOnlyList<Cause> Diagnosis,
    string? Parent, IReadOnlyList<string> Members, int Version)
{
    /// <summary>Active longer than this it is stale: nobody acts on it (ISA-18.2).</summary>
    public static readonly TimeSpan StaleAfter = TimeSpan.FromHours(24);

    /// <summary>A person says that what was to be done has been done (OPC UA Part 9: confirmed). Optional; begins anew when the alarm comes back.</summary>
    public bool IsConfirmed { get; init; }

    /// <summary>Its rule latches: it stays until a person resets it, however soon the condition ends.</summary>
    public bool IsLatching { get; init; }

    /// <summary>It latches and has not been reset since it was raised.</summary>
    public bool IsLatched { get; init; }

    /// <summary>Shelved until it returns to normal, at the latest until <see cref="ShelvedUntil"/>.</summary>
    public bool IsShelvedOnce { get; init; }

    /// <summary>What suppresses it by design (a plan, a mode of operation); null when nothing does.</summary>
    public string? SuppressedByDesign { get; init; }

    /// <summary>Its rule is judged in maintenance too: no window holds it back.</summary>
    public bool IsJudgedInMaintenance { get; init; }

    /// <summary>It came while its device was under maintenance; null when it did not.</summary>
    public MaintenanceMark? Maintenance { get; init; }

    /// <summary>A maintenance window holds it back: it reaches nobody until the window ends.</summary>
    [JsonIgnore]
    public bool IsUnderMaintenance => Maintenance is { IsOver: false };

    /// <summary>It comes and goes faster than anybody can follow; null when it does not.</summary>
    public Chatter? Chatter { get; init; }

    /// <summary>The evidence that was there first, where there is more than one: what began it.</summary>
    [JsonIgnore]
    public Evidence? FirstOut => Evidence.Count > 1 || Members.Count > 0 ? Evidence.MinBy(e => e.From) : null;

    public bool IsStale(DateTimeOffset now) => IsActive && now - RaisedAt > StaleAfter;

    /// <summary>Stands where an equipment type does when the asset is the platform itself.</summary>
    public const string PlatformType = "platform";

    /// <summary>Telemetry that came late has shown that the condition never held: no evidence is left.</summary>
    public bool IsWithdrawn => Evidence.Count == 0;

    /// <summary>The platform's own: for whoever runs it, not for a technician.</summary>
    public bool IsPlatform => Type == PlatformType;
    public Cause? TopCause => Diagnosis.Count > 0 ? Diagnosis[0] : null;
    public DeviceKey? DeviceKey => Device is null ? null : new DeviceKey(Tenant, Device);
}

/// <summary>An alarm that has cleared three times within a minute.</summary>
/// <param name="Since">When it began to.</param>
/// <param name="Count">How often it has cleared since.</param>
public sealed record Chatter(DateTimeOffset Since, int Count);

/// <param name="OpenOnly">Only what is active, latched or not yet acknowledged.</param>
/// <param name="From">Least onset, inclusive.</param>
/// <param name="To">Greatest onset, exclusive.</param>
/// <param name="Maintenance">Only what came under maintenance.</param>
/// <param name="After">Cursor: the id after which the page begins, in the order newest first.</param>
public sealed record AlarmFilter(
    string Tenant, string? Device = null, string? Site = null, AlarmState? State = null, Severity? Severity = null, string? Rule = null,
    DateTimeOffset? From = null, DateTimeOffset? To = null, bool OpenOnly = false, string? After = null, int Limit = 100, bool Maintenance = false);

/// <summary>What happened to an alarm, in order, for those who follow (the service desk) and for the trace on the screen. Corrected, Withdrawn: telemetry that came late told otherwise.</summary>
public enum AlarmChangeKind : byte { Raised, EvidenceChanged, Cleared, Reraised, Acknowledged, Shelved, Unshelved, Suppressed, Unsuppressed, Closed, Corrected, Withdrawn, Confirmed, Reset, ChatterEnded }

/// <param name="Number">Global, increasing; a follower stores the last number it has handled.</param>
/// <param name="At">Event time for what telemetry did, our clock for what a person did.</param>
/// <param name="Alarm">The alarm as it was after the change.</param>
public sealed record AlarmChange(long Number, AlarmChangeKind Kind, DateTimeOffset At, string Actor, string? Note, Alarm Alarm);

public interface IAlarms
{
    Task<Alarm?> FindAsync(string tenant, string id, CancellationToken ct);

    /// <summary>Newest onset first, then id.</summary>
    Task<IReadOnlyList<Alarm>> ListAsync(AlarmFilter filter, CancellationToken ct);

    Task<Outcome<Alarm>> AcknowledgeAsync(string tenant, string id, string actor, string? note, CancellationToken ct);
    Task<Outcome<Alarm>> ShelveAsync(string tenant, string id, string actor, string reason, DateTimeOffset until, CancellationToken ct);
    Task<Outcome<Alarm>> UnshelveAsync(string tenant, string id, string actor, CancellationToken ct);
    Task<Outcome<Alarm>> SuppressAsync(string tenant, string id, string actor, string reason, CancellationToken ct);

    /// <summary>Ends a suppression by hand; what another alarm explains returns by itself.</summary>
    Task<Outcome<Alarm>> UnsuppressAsync(string tenant, string id, string actor, CancellationToken ct) =>
        Task.FromResult<Outcome<Alarm>>(Refusal.Because("this alarm book cannot unsuppress"));

    /// <summary>Takes an alarm out of service under a work order, or puts it back when <paramref name="workOrder"/> is null.</summary>
    Task<Outcome<Alarm>> SetOutOfServiceAsync(string tenant, string id, string actor, string? workOrder, CancellationToken ct) =>
        Task.FromResult<Outcome<Alarm>>(Refusal.Because("this alarm book cannot take alarms out of service"));

    /// <summary>Suppresses it by design: named by the plan or mode that does, not by a person's choice of this alarm. Null lifts it.</summary>
    Task<Outcome<Alarm>> SetSuppressedByDesignAsync(string tenant, string id, string actor, string? design, CancellationToken ct) =>
        Task.FromResult<Outcome<Alarm>>(Refusal.Because("this alarm book cannot suppress by design"));

    /// <summary>Puts an alarm aside until it returns to normal, at the latest until <paramref name="atMost"/>, or for as long as alarms may be put aside at all.</summary>
    Task<Outcome<Alarm>> ShelveOnceAsync(string tenant, string id, string actor, string reason, DateTimeOffset? atMost, CancellationToken ct) =>
        Task.FromResult<Outcome<Alarm>>(Refusal.Because("this alarm book cannot shelve once"));

    /// <summary>What was to be done about an acknowledged alarm has been done.</summary>
    Task<Outcome<Alarm>> ConfirmAsync(string tenant, string id, string actor, string? note, CancellationToken ct) =>
        Task.FromResult<Outcome<Alarm>>(Refusal.Because("this alarm book cannot confirm"));

    /// <summary>Lets go of a latched alarm that has returned to normal and was acknowledged.</summary>
    Task<Outcome<Alarm>> ResetAsync(string tenant, string id, string actor, string? note, CancellationToken ct) =>
        Task.FromResult<Outcome<Alarm>>(Refusal.Because("this alarm book cannot reset"));

    /// <summary>Only a cleared alarm can be closed; <paramref name="verdict"/> is the engineer's true, false or known.</summary>
    Task<Outcome<Alarm>> CloseAsync(string tenant, string id, string actor, string? verdict, string? note, CancellationToken ct);

    /// <summary>Changes after <paramref name="number"/>, oldest first, at most <paramref name="limit"/>. All tenants.</summary>
    Task<IReadOnlyList<AlarmChange>> ChangesAsync(long number, int limit, CancellationToken ct);

    /// <summary>The trace of one alarm.</summary>
    Task<IReadOnlyList<AlarmChange>> TraceAsync(string tenant, string id, CancellationToken ct);

    /// <summary>Open alarms by device, for health and the map: what is active or unacknowledged.</summary>
    Task<IReadOnlyDictionary<DeviceKey, IReadOnlyList<Alarm>>> OpenByDeviceAsync(string tenant, CancellationToken ct);

    /// <summary>1 without active alarms; the worst active severity takes it down: low 0.9, medium 0.7, high 0.4, critical 0.1.</summary>
    double HealthOf(in DeviceKey device);

    /// <summary>Ends shelving and maintenance whose time has come, and chatter that has been quiet for long enough.</summary>
    Task AdvanceAsync(DateTimeOffset now, CancellationToken ct);

    /// <summary>A change was committed; no payload: read <see cref="ChangesAsync"/>. Never blocks the raiser.</summary>
    event Action? Changed;
}
