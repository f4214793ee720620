using Seamless.Analytics.Evaluation;
using Seamless.Rules.Diagnosis;
using Seamless.Rules.Engine;
using Seamless.Rules.Packs;
using Seamless.Telemetry;

namespace Seamless.Rules.Alarms;

/// <summary>Joins the findings on a device into alarms: one for each fault, with all that speaks for it as evidence.</summary>
/// <remarks>Pure and deterministic: what it makes depends on the findings alone. What people do to alarms is added later, by <see cref="AlarmBook"/>.</remarks>
/// <param name="reopenWindow">A fault that comes back within this time, event time, is the same occurrence.</param>
/// <param name="closedAt">Alarm id → the ordinal at which a person closed it, or null: from there on it is never opened again.</param>
internal sealed class FaultTracker(TimeSpan reopenWindow, Func<string, int?> closedAt)
{
    private static readonly TimeSpan Together = TimeSpan.FromHours(2);

    /// <summary>Findings are being put in order: the alarms are as they were earlier, and what a person has closed since is not opened again.</summary>
    public bool IsMakingAgain { get; set; }

    public void Apply(JudgedDevice state, List<Finding> findings, List<TelemetryChange> changes)
    {
        foreach (var finding in findings) Apply(state, finding, changes);
    }

    public void Apply(JudgedDevice state, in Finding finding, List<TelemetryChange> changes)
    {
        state.AtRest = finding.AtRest;
        switch (finding.Kind)
        {
            case VerdictKind.Begins: Begin(state, finding, changes); break;
            case VerdictKind.Ends: End(state, finding, changes); break;
            default: Escalate(state, finding, changes); break;
        }
    }

    private void Begin(JudgedDevice state, in Finding finding, List<TelemetryChange> changes)
    {
        var at = Time(finding.AtMs);
        state.Alarms.RemoveAll(track => !IsOpen(track, at));
        var evidence = EvidenceOf(finding, state.Pack.Pack);
        if (Home(state, finding) is { } home) Join(state, home, finding, evidence, changes);
        else Raise(state, finding, evidence, changes);
    }

    private bool IsOpen(AlarmTrack track, DateTimeOffset at)
    {
        if (closedAt(track.Alarm.Id) is { } ordinal && (track.Ordinal >= ordinal || (IsMakingAgain && !track.Alarm.IsActive))) return false;
        return track.Alarm.IsActive || at - track.Alarm.ClearedAt <= reopenWindow;
    }

    /// <summary>The open alarm that this finding belongs to: the same fault, the same symptom, or a symptom that its cause explains.</summary>
    private static AlarmTrack? Home(JudgedDevice state, in Finding finding)
    {
        var key = FaultKey(state.Key, finding.Rule);
        foreach (var track in state.Alarms)
            if (track.Alarm.FaultKey == key) return track;
        if (finding.Rule.IsSensor) return null;
        var symptom = finding.Definition.Symptom;
        foreach (var track in state.Alarms)
            if (track.Alarm.Evidence.Any(e => e.Symptom == symptom)) return track;
        foreach (var track in state.Alarms)
            if (Explains(state, track, symptom, finding.OnsetMs)) return track;
        return null;
    }

    /// <summary>Whether the alarm's most probable cause shows the new symptom too, or one cause becomes the most probable that shows all of them: it may be one that nobody has modelled.</summary>
    private static bool Explains(JudgedDevice state, AlarmTrack track, string symptom, long onsetMs)
    {
        var model = state.Pack.Pack.Faults;
        if (track.Alarm.TopCause is { } top && model.Fault(top.Code)?.Symptoms.ContainsKey(symptom) == true) return true;
        var all = Present(track.Alarm);
        if (all.Count == 0) return false;
        all.Add(symptom);
        var best = Diagnoser.Diagnose(model, all, Absent(state, all), CameTogether(track.Alarm.Evidence, Time(onsetMs)));
        return best.Count > 0 && best[0].For.Count == all.Count;
    }

    private static void Join(JudgedDevice state, AlarmTrack home, in Finding finding, Evidence evidence, List<TelemetryChange> changes)
    {
        var (rule, alarm) = (finding.Definition, home.Alarm);
        var returns = !alarm.IsActive;
        alarm = alarm with
        {
            Evidence = [.. alarm.Evidence.Where(e => e.Rule != rule.Id), evidence],
            IsActive = true,
            IsLatching = alarm.IsLatching || rule.Latch,
            IsJudgedInMaintenance = rule.IsJudgedInMaintenance || (!returns && alarm.IsJudgedInMaintenance),
            ClearedAt = null,
            Parent = returns ? null : alarm.Parent,
            SuppressedBy = returns ? null : alarm.SuppressedBy,
            Count = alarm.Count + (returns ? 1 : 0),
            Severity = returns ? rule.Severity : (Severity)Math.Min((byte)alarm.Severity, (byte)rule.Severity),
        };
        changes.Add(home.Change(returns ? AlarmChangeKind.Reraised : AlarmChangeKind.EvidenceChanged, Time(finding.AtMs), Diagnosed(state, alarm)));
    }

    private static void Raise(JudgedDevice state, in Finding finding, Evidence evidence, List<TelemetryChange> changes)
    {
        var (rule, key, version) = (finding.Definition, FaultKey(state.Key, finding.Rule), state.Pack.Pack.RulesVersion);
        var id = AlarmId(state.Key.Tenant, key, finding.OnsetMs, version);
        var alarm = new Alarm(
            id, state.Key.Tenant, state.Key.Device, state.Site, state.Pack.Pack.Type, key, rule.Id, version, rule.Mode, rule.Severity,
            AlarmState.Unacknowledged, IsActive: true, IsAcknowledged: false, ShelvedUntil: null, SuppressedBy: null,
            Time(finding.AtMs), Time(finding.OnsetMs), ClearedAt: null, Count: 1, rule.Message, [evidence], [], Parent: null, Members: [], Version: 0)
        {
            IsLatching = rule.Latch,
            IsJudgedInMaintenance = rule.IsJudgedInMaintenance,
        };
        var track = new AlarmTrack(alarm, 0);
        state.Alarms.Add(track);
        changes.Add(track.Change(AlarmChangeKind.Raised, Time(finding.AtMs), Diagnosed(state, alarm)));
    }

    /// <summary>What is seen has lasted, or gone, far enough to be graver.</summary>
    private static void Escalate(JudgedDevice state, in Finding finding, List<TelemetryChange> changes)
    {
        var rule = finding.Definition.Id;
        var track = state.Alarms.Find(t => t.Alarm.Evidence.Any(e => e.Rule == rule && e.IsActive));
        if (track is null) return;
        var graver = EvidenceOf(finding, state.Pack.Pack);
        var alarm = track.Alarm with
        {
            Evidence = [.. track.Alarm.Evidence.Select(e => e.Rule == rule && e.IsActive ? graver with { From = e.From } : e)],
            Severity = (Severity)Math.Min((byte)track.Alarm.Severity, (byte)finding.Severity),
        };
        changes.Add(track.Change(AlarmChangeKind.EvidenceChanged, Time(finding.AtMs), alarm));
    }

    private static void End(JudgedDevice state, in Finding finding, List<TelemetryChange> changes)
    {
        var rule = finding.Definition;
        var track = state.Alarms.Find(t => t.Alarm.Evidence.Any(e => e.Rule == rule.Id && e.IsActive));
        if (track is null) return;
        var at = Time(finding.AtMs);
        var ended = EvidenceOf(finding, state.Pack.Pack) with { To = at };
        var (isState, isLearnedAnew) = (finding.State is not null, finding.IsLearnedAnew);
        var evidence = track.Alarm.Evidence.Select(e => e.Rule != rule.Id || !e.IsActive ? e : isState ? Returned(e, ended, isLearnedAnew) : Ended(e, ended)).ToArray();
        var (kind, alarm) = WithEnded(track.Alarm, state.Pack, evidence, at);
        changes.Add(track.Change(kind, at, Diagnosed(state, alarm)));
    }

    /// <summary>What a span says when it is over.</summary>
    private static Evidence Ended(Evidence began, Evidence ended) =>
        ended with { From = began.From, Value = began.Kind == "rule" ? ended.Value : began.Value, Score = Highest(began.Score, ended.Score), Limit = began.Limit };

    /// <summary>A machine that has returned to its state is no longer unlike itself in anything: what it was when it left is kept.</summary>
    private static Evidence Returned(Evidence began, Evidence ended, bool isLearnedAnew) =>
        Ended(began, ended) with { Contributions = began.Contributions, Text = isLearnedAnew ? ended.Text : began.Text };

    private static double? Highest(double? score, double? later) => score is { } one && later is { } other ? Math.Max(one, other) : score;

    /// <summary>The alarm after some of its evidence has ended: it goes on, it clears, or it had cleared before.</summary>
    /// <param name="pack">Null when the device is gone.</param>
    internal static (AlarmChangeKind Kind, Alarm Alarm) WithEnded(Alarm alarm, CompiledPack? pack, Evidence[] evidence, DateTimeOffset at)
    {
        if (!alarm.IsActive) return (AlarmChangeKind.EvidenceChanged, alarm with { Evidence = evidence });
        return Lasts(pack, evidence)
            ? (AlarmChangeKind.EvidenceChanged, alarm with { Evidence = evidence })
            : (AlarmChangeKind.Cleared, alarm with { Evidence = evidence, IsActive = false, ClearedAt = at });
    }

    /// <summary>Whether the fault goes on. Mere information does not keep alive what something graver has raised.</summary>
    /// <remarks>A detector compares with the days before and calls a machine unlike itself for a while after it has been mended; the limits say when it is well.</remarks>
    private static bool Lasts(CompiledPack? pack, Evidence[] evidence)
    {
        var graver = Array.FindAll(evidence, e => pack?.Rules.FirstOrDefault(rule => rule.Definition.Id == e.Rule)?.Definition.Severity is not Severity.Low);
        return Array.Exists(graver.Length > 0 ? graver : evidence, e => e.IsActive);
    }

    /// <summary>The alarm with the causes that fit all it has seen in this occurrence.</summary>
    /// <remarks>While another alarm explains it, that alarm's cause stands.</remarks>
    internal static Alarm Diagnosed(JudgedDevice state, Alarm alarm)
    {
        if (alarm.Parent is not null) return alarm;
        var present = Present(alarm);
        return alarm with { Diagnosis = Diagnoser.Diagnose(state.Pack.Pack.Faults, present, Absent(state, present), CameTogether(alarm.Evidence, alarm.Evidence[0].From)) };
    }

    /// <summary>Whether everything has begun within so short a time of <paramref name="at"/> that it will hardly have several causes.</summary>
    private static bool CameTogether(IReadOnlyList<Evidence> evidence, DateTimeOffset at) =>
        evidence.Max(e => e.From > at ? e.From : at) - evidence.Min(e => e.From < at ? e.From : at) <= Together;

    private static HashSet<string> Present(Alarm alarm) => [.. alarm.Evidence.Select(e => e.Symptom).Where(s => s != SensorRules.Symptom)];

    /// <summary>Symptoms that were looked for and are not there. What is pending, belongs to another fault, or was never reported is unobserved.</summary>
    private static HashSet<string> Absent(JudgedDevice state, HashSet<string> present) => [.. state.AtRest.Where(symptom => !present.Contains(symptom))];

    private static Evidence EvidenceOf(in Finding finding, EquipmentPack pack) => new(
        finding.Definition.Condition switch
        {
            ConditionKind.Detector or ConditionKind.State => "detector",
            ConditionKind.Model => "model",
            ConditionKind.Event => "event",
            _ => "rule",
        },
        finding.Definition.Id, finding.Definition.Symptom, finding.Definition.Metric, Time(finding.OnsetMs), To: null, finding.Value, finding.Limit, finding.Score,
        EvidenceText.Of(finding, pack), finding.Version ?? pack.RulesVersion, finding.Contributions);

    /// <summary>Asset and failure mode; a sensor is an asset of its own.</summary>
    private static string FaultKey(DeviceKey device, CompiledRule rule) => rule.IsSensor
        ? $"device:{device.Device}:{rule.Definition.Mode}:{rule.Definition.Metric}"
        : $"device:{device.Device}:{rule.Definition.Mode}";

    internal static string AlarmId(string tenant, string faultKey, long onsetMs, string rulesVersion) =>
        StableHash.Id("al", tenant, faultKey, onsetMs.ToString(System.Globalization.CultureInfo.InvariantCulture), rulesVersion);

    private static DateTimeOffset Time(long unixMs) => DateTimeOffset.FromUnixTimeMilliseconds(unixMs);
}
