using Seamless.Rules.Diagnosis;
using Seamless.Rules.Engine;
using Seamless.Rules.Packs;

namespace Seamless.Rules.Alarms.Grouping;

/// <summary>How alarms change when one comes to explain another. Pure.</summary>
internal static class GroupChanges
{
    public const string StormRule = "alarm-storm";
    private const string BuiltIn = "built-in";

    /// <summary>A neighbour that shows the same within the window divides the doubt by this.</summary>
    private const double Corroboration = 20;

    private static readonly LocalizedText Storm = new("More alarms than can be looked at one by one", "告警过多，无法逐一查看");

    /// <summary>When the occurrence at hand began: a re-opened alarm keeps the onset of its first.</summary>
    public static DateTimeOffset Began(Alarm alarm)
    {
        var began = DateTimeOffset.MaxValue;
        foreach (var evidence in alarm.Evidence)
            if (evidence.IsActive && evidence.From < began) began = evidence.From;
        return began == DateTimeOffset.MaxValue ? alarm.OnsetAt : began;
    }

    /// <param name="cause">What they have in common; null for a storm, which has nothing but its number.</param>
    public static Alarm Born(Neighbourhood here, FaultDefinition? cause, IReadOnlyList<(JudgedDevice Device, AlarmTrack Track)> together, TimeSpan reopenWindow, Func<string, bool> isClosed)
    {
        var (leader, track) = together.MinBy(m => (Began(m.Track.Alarm), m.Device.Key));
        var (first, key) = (track.Alarm, here.FaultKey(cause?.Code ?? Neighbourhood.StormName));
        var onset = Began(first);
        var raised = together.Max(m => m.Track.Alarm.Evidence.Where(e => e.IsActive).Max(e => e.From));
        raised = raised > first.RaisedAt ? raised : first.RaisedAt;
        var version = cause is null ? BuiltIn : first.RuleVersion;
        return new Alarm(
            IdOf(here.Tenant, key, onset, reopenWindow, isClosed),
            here.Tenant, Device: null, here.Site, leader.Pack.Pack.Type, key, cause is null ? StormRule : first.Rule, version, first.Mode,
            (Severity)together.Min(m => (byte)m.Track.Alarm.Severity), AlarmState.Unacknowledged, IsActive: true, IsAcknowledged: false,
            ShelvedUntil: null, SuppressedBy: null, raised, onset, ClearedAt: null, Count: 1, here.Message(cause?.Title ?? Storm),
            GroupEvidence.Of(together.Select(m => m.Track.Alarm), cause), cause is null ? [] : [Common(cause, [.. together.Select(m => m.Track.Alarm)])],
            Parent: null, Members: [], Version: 0)
        {
            IsJudgedInMaintenance = together.Any(m => m.Track.Alarm.IsJudgedInMaintenance),
        };
    }

    /// <summary>
    /// The id of an occurrence: two of one cause lie further apart than the re-open window, so the window in which it began tells them apart. A member that is heard of a
    /// moment later but began a moment earlier, perhaps of another pack, does not make it another alarm. What a person has closed is told apart by its very onset.
    /// </summary>
    private static string IdOf(string tenant, string key, DateTimeOffset onset, TimeSpan reopenWindow, Func<string, bool> isClosed)
    {
        var (onsetMs, windowMs) = (onset.ToUnixTimeMilliseconds(), Math.Max(1, (long)reopenWindow.TotalMilliseconds));
        var id = FaultTracker.AlarmId(tenant, key, onsetMs / windowMs * windowMs, BuiltIn);
        return isClosed(id) ? FaultTracker.AlarmId(tenant, key, onsetMs, BuiltIn) : id;
    }

    private static Cause Common(FaultDefinition fault, IReadOnlyList<Alarm> children) => new(
        fault.Code, fault.Title, fault.Class, Joint(children.Select(a => Probability(a, fault.Code))), Symptoms(fault, children.SelectMany(a => a.Evidence)), []);

    /// <summary>The group's alarm with one more that it explains.</summary>
    public static Alarm Gathered(AlarmGroup group, Alarm child, FaultDefinition? cause)
    {
        var alarm = group.Track!.Alarm;
        var gathered = alarm with { Members = group.Members, Severity = (Severity)Math.Min((byte)alarm.Severity, (byte)child.Severity) };
        return group.Kind switch
        {
            GroupKind.Ancestor => gathered,   // it has evidence of its own
            GroupKind.Storm => gathered with { Evidence = GroupEvidence.With(alarm.Evidence, child, null) },
            _ => gathered with
            {
                Evidence = cause is null ? alarm.Evidence : GroupEvidence.With(alarm.Evidence, child, cause),
                Diagnosis = [alarm.Diagnosis[0] with { Probability = Surer(alarm.Diagnosis[0].Probability, cause is null ? 0 : Probability(child, cause.Code)) }],
            },
        };
    }

    /// <summary>The child explained. A cause that is the group's becomes its own; of a storm or an ancestor it keeps its own.</summary>
    public static Alarm Explained(Alarm child, Alarm by, FaultDefinition? cause)
    {
        var explained = child with { Parent = by.Id, SuppressedBy = by.Id };
        if (cause is null) return explained;
        var probability = Joint([Probability(child, cause.Code)]);
        var common = by.Diagnosis[0] with { Probability = probability, For = Symptoms(cause, child.Evidence) };
        return explained with
        {
            Diagnosis = [common, .. child.Diagnosis.Where(c => c.Code != cause.Code).Select(c => c with { Probability = Math.Round(c.Probability * (1 - probability), 4) })],
        };
    }

    public static Alarm Ended(Alarm group, DateTimeOffset at) =>
        group with { IsActive = false, ClearedAt = at, Evidence = [.. group.Evidence.Select(e => e with { To = e.To ?? at })] };

    /// <summary>The child on its own again; one that is over keeps the memory of what explained it.</summary>
    public static Alarm Released(JudgedDevice device, Alarm child)
    {
        var alarm = child with { SuppressedBy = null, Parent = child.IsActive ? null : child.Parent };
        return alarm.IsActive ? FaultTracker.Diagnosed(device, alarm) : alarm;
    }

    public static bool Shows(JudgedDevice device, Alarm alarm, string cause) =>
        device.Pack.Pack.Faults.Fault(cause) is { } fault && alarm.Evidence.Any(e => e.IsActive && fault.Symptoms.ContainsKey(e.Symptom));

    private static string[] Symptoms(FaultDefinition cause, IEnumerable<Evidence> evidence) =>
        [.. evidence.Select(e => e.Symptom).Where(cause.Symptoms.ContainsKey).Distinct().Order(StringComparer.Ordinal)];

    /// <summary>The cause as sure as it is at the members together. The order in which they came does not matter.</summary>
    private static double Joint(IEnumerable<double> members) => Math.Round(1 - members.Aggregate(1 / Corroboration, (doubt, p) => doubt * (1 - p)), 4);

    private static double Surer(double joint, double member) => Math.Round(1 - (1 - joint) * (1 - member), 4);

    private static double Probability(Alarm alarm, string cause) => alarm.Diagnosis.FirstOrDefault(c => c.Code == cause)?.Probability ?? 0;
}
