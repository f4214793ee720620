using Seamless.Rules.Diagnosis;
using Seamless.Rules.Engine;
using Seamless.Rules.Packs;

namespace Seamless.Rules.Alarms;

/// <summary>Topology first: when several devices of a site begin to show what one site-wide cause explains, that is one fault, the site's, and theirs are parts of it.</summary>
/// <remarks>The children stay fully functional but are suppressed by the site's alarm, and return when they outlast it.</remarks>
/// <param name="window">How far apart their beginnings may lie, event time.</param>
/// <param name="reopenWindow">A site fault that comes back within this time is the same occurrence.</param>
internal sealed class SiteFaults(TimeSpan window, TimeSpan reopenWindow, Func<string, int?> closedAt)
{
    /// <summary>A site-wide cause must be at least this probable on a device to count there: with every absence against it, it is not.</summary>
    private const double LeastProbability = 0.05;

    /// <summary>A neighbour that shows the same within the window divides the doubt by this.</summary>
    private const double Corroboration = 20;

    private readonly Dictionary<(string Tenant, string Site), List<AlarmTrack>> _sites = [];

    /// <summary>Alarms of sites that are active or may be re-opened, for the snapshot.</summary>
    public IEnumerable<AlarmTrack> Tracks => _sites.OrderBy(s => s.Key).SelectMany(s => s.Value);

    /// <summary>The alarms of one site.</summary>
    public IReadOnlyList<AlarmTrack> TracksOf(string tenant, string site) => _sites.GetValueOrDefault((tenant, site)) ?? [];

    /// <summary>Puts a site back to how it was.</summary>
    public void Reset(string tenant, string site, IReadOnlyList<JudgedDevice> devices, List<AlarmTrack> tracks)
    {
        _ = devices;
        _sites[(tenant, site)] = tracks;
    }

    public void Restore(AlarmTrack track)
    {
        var key = (track.Alarm.Tenant, track.Alarm.Site);
        if (!_sites.TryGetValue(key, out var tracks)) _sites[key] = tracks = [];
        tracks.Add(track);
    }

    /// <summary>Looks at what just changed on <paramref name="device"/>.</summary>
    /// <param name="neighbours">All devices of its site, itself included, in the order of their keys.</param>
    public void Consider(JudgedDevice device, IReadOnlyList<JudgedDevice> neighbours, List<TelemetryChange> changes)
    {
        if (device.Site.Length == 0) return;
        foreach (var track in device.Alarms.ToArray())
        {
            if (track.Alarm.Parent is { } parent) Follow(device, neighbours, parent, changes);
            else if (track.Alarm.IsActive) Place(device, track, neighbours, changes);
        }
    }

    private void Place(JudgedDevice device, AlarmTrack track, IReadOnlyList<JudgedDevice> neighbours, List<TelemetryChange> changes)
    {
        foreach (var cause in Candidates(device, track.Alarm))
        {
            if (ActiveSite(device, cause.Code) is { } site)
            {
                Gather(site, track.Alarm, cause, changes);
                Adopt(track, site, cause, changes);
                return;
            }
            if (Companions(device, track, neighbours, cause.Code) is not { Count: > 1 } together) continue;
            var born = Raise(cause, together, changes);
            foreach (var (_, child) in together) Adopt(child, born, cause, changes);
            return;
        }
    }

    private static IEnumerable<FaultDefinition> Candidates(JudgedDevice device, Alarm alarm)
    {
        foreach (var cause in alarm.Diagnosis)
            if (cause.Probability >= LeastProbability && device.Pack.Pack.Faults.Fault(cause.Code) is { SiteWide: true } fault) yield return fault;
    }

    private AlarmTrack? ActiveSite(JudgedDevice device, string cause) =>
        _sites.GetValueOrDefault((device.Key.Tenant, device.Site))?.Find(t => t.Alarm.IsActive && t.Alarm.FaultKey == FaultKey(device.Site, cause));

    /// <summary>The alarms of the site that may share the cause, one for each device, this one among them.</summary>
    private List<(JudgedDevice Device, AlarmTrack Track)> Companions(JudgedDevice device, AlarmTrack track, IReadOnlyList<JudgedDevice> neighbours, string cause)
    {
        var together = new List<(JudgedDevice, AlarmTrack)>();
        foreach (var neighbour in neighbours)
        {
            var match = neighbour == device ? track : neighbour.Alarms.Find(other =>
                other.Alarm is { IsActive: true, Parent: null } && (Began(other.Alarm) - Began(track.Alarm)).Duration() <= window
                && Candidates(neighbour, other.Alarm).Any(c => c.Code == cause));
            if (match is not null) together.Add((neighbour, match));
        }
        return together;
    }

    /// <summary>When the occurrence at hand began: a re-opened alarm keeps the onset of its first.</summary>
    private static DateTimeOffset Began(Alarm alarm) => alarm.Evidence.Where(e => e.IsActive).Min(e => e.From);

    private AlarmTrack Raise(FaultDefinition fault, List<(JudgedDevice Device, AlarmTrack Track)> together, List<TelemetryChange> changes)
    {
        var (leader, track) = together.MinBy(m => (Began(m.Track.Alarm), m.Device.Key));
        var (site, first, key) = (leader.Site, track.Alarm, FaultKey(leader.Site, fault.Code));
        var (onset, raised) = (Began(first), together.Max(m => m.Track.Alarm.Evidence.Where(e => e.IsActive).Max(e => e.From)));
        raised = raised > first.RaisedAt ? raised : first.RaisedAt;
        var symptoms = together.SelectMany(m => m.Track.Alarm.Evidence).Select(e => e.Symptom).Where(fault.Symptoms.ContainsKey).Distinct().Order(StringComparer.Ordinal).ToArray();
        var alarm = new Alarm(
            FaultTracker.AlarmId(leader.Key.Tenant, key, onset.ToUnixTimeMilliseconds(), first.RuleVersion),
            leader.Key.Tenant, Device: null, site, leader.Pack.Pack.Type, key, first.Rule, first.RuleVersion, first.Mode,
            (Severity)together.Min(m => (byte)m.Track.Alarm.Severity), AlarmState.Unacknowledged, IsActive: true, IsAcknowledged: false,
            ShelvedUntil: null, SuppressedBy: null, raised, onset, ClearedAt: null, Count: 1, Message(fault, site), Evidence(together, fault),
            [new Cause(fault.Code, fault.Title, fault.Class, Joint(together.Select(m => Probability(m.Track.Alarm, fault.Code))), symptoms, [])],
            Parent: null, Members(together.Select(m => m.Track.Alarm.Id)), Version: 0);
        return Reopen(alarm, changes) ?? Open(alarm, changes);
    }

    private AlarmTrack Open(Alarm alarm, List<TelemetryChange> changes)
    {
        var track = new AlarmTrack(alarm, 0);
        Restore(track);
        changes.Add(track.Change(AlarmChangeKind.Raised, alarm.RaisedAt, alarm));
        return track;
    }

    private AlarmTrack? Reopen(Alarm alarm, List<TelemetryChange> changes)
    {
        var tracks = _sites.GetValueOrDefault((alarm.Tenant, alarm.Site));
        tracks?.RemoveAll(t => t.Alarm is { IsActive: false } && (alarm.OnsetAt - t.Alarm.ClearedAt > reopenWindow || closedAt(t.Alarm.Id) <= t.Ordinal));
        if (tracks?.Find(t => t.Alarm.FaultKey == alarm.FaultKey) is not { } track) return null;
        var members = Members(track.Alarm.Members.Union(alarm.Members));
        var again = track.Alarm with { IsActive = true, ClearedAt = null, Count = track.Alarm.Count + 1, Evidence = alarm.Evidence, Diagnosis = alarm.Diagnosis, Members = members };
        changes.Add(track.Change(AlarmChangeKind.Reraised, alarm.RaisedAt, again));
        return track;
    }

    /// <summary>The cause as sure as it is at the members together. The order in which they came does not matter.</summary>
    private static double Joint(IEnumerable<double> members) => Math.Round(1 - members.Aggregate(1 / Corroboration, (doubt, p) => doubt * (1 - p)), 4);

    private static double Surer(double joint, double member) => Math.Round(1 - (1 - joint) * (1 - member), 4);

    private static double Probability(Alarm alarm, string cause) => alarm.Diagnosis.FirstOrDefault(c => c.Code == cause)?.Probability ?? 0;

    private static Evidence[] Evidence(List<(JudgedDevice Device, AlarmTrack Track)> together, FaultDefinition fault) =>
        Sorted(together.SelectMany(m => m.Track.Alarm.Evidence.Where(e => fault.Symptoms.ContainsKey(e.Symptom)).Select(e => Of(m.Track.Alarm, e))));

    private static Evidence[] Sorted(IEnumerable<Evidence> evidence) => [.. evidence.OrderBy(e => e.From).ThenBy(e => e.Rule, StringComparer.Ordinal).ThenBy(e => e.Text.En, StringComparer.Ordinal)];

    /// <summary>A child's evidence as the site's, told apart by the device's name.</summary>
    private static Evidence Of(Alarm child, Evidence evidence) =>
        evidence with { Text = new LocalizedText($"{child.Device}: {evidence.Text.En}", $"{child.Device}：{evidence.Text.ZhCn}") };

    private static void Gather(AlarmTrack site, Alarm child, FaultDefinition fault, List<TelemetryChange> changes)
    {
        if (site.Alarm.Members.Contains(child.Id)) return;
        var alarm = site.Alarm with
        {
            Members = Members(site.Alarm.Members.Append(child.Id)),
            Evidence = Sorted(site.Alarm.Evidence.Concat(child.Evidence.Where(e => e.IsActive && fault.Symptoms.ContainsKey(e.Symptom)).Select(e => Of(child, e)))),
            Severity = (Severity)Math.Min((byte)site.Alarm.Severity, (byte)child.Severity),
            Diagnosis = [site.Alarm.Diagnosis[0] with { Probability = Surer(site.Alarm.Diagnosis[0].Probability, Probability(child, fault.Code)) }],
        };
        changes.Add(site.Change(AlarmChangeKind.EvidenceChanged, child.RaisedAt, alarm));
    }

    private static void Adopt(AlarmTrack child, AlarmTrack site, FaultDefinition fault, List<TelemetryChange> changes)
    {
        var (alarm, probability) = (child.Alarm, Joint([Probability(child.Alarm, fault.Code)]));
        var symptoms = alarm.Evidence.Select(e => e.Symptom).Where(fault.Symptoms.ContainsKey).Distinct().Order(StringComparer.Ordinal);
        var explained = site.Alarm.Diagnosis[0] with { Probability = probability, For = [.. symptoms] };
        changes.Add(child.Change(AlarmChangeKind.Suppressed, alarm.RaisedAt, alarm with
        {
            Parent = site.Alarm.Id,
            SuppressedBy = site.Alarm.Id,
            Diagnosis = [explained, .. alarm.Diagnosis.Where(c => c.Code != fault.Code).Select(c => c with { Probability = Math.Round(c.Probability * (1 - probability), 4) })],
        }));
    }

    /// <summary>A child changed: the site's fault lasts as long as what it explains lasts on any of them.</summary>
    private void Follow(JudgedDevice device, IReadOnlyList<JudgedDevice> neighbours, string parent, List<TelemetryChange> changes)
    {
        var site = _sites.GetValueOrDefault((device.Key.Tenant, device.Site))?.Find(t => t.Alarm.Id == parent);
        if (site is null || !site.Alarm.IsActive) return;
        var code = site.Alarm.Diagnosis[0].Code;
        var children = neighbours.SelectMany(n => n.Alarms.Where(t => t.Alarm.Parent == parent).Select(t => (Device: n, Track: t))).ToList();
        if (children.Any(c => Shows(c.Device, c.Track.Alarm, code))) return;
        Clear(site, children, changes);
    }

    private static bool Shows(JudgedDevice device, Alarm alarm, string cause) =>
        device.Pack.Pack.Faults.Fault(cause) is { } fault && alarm.Evidence.Any(e => e.IsActive && fault.Symptoms.ContainsKey(e.Symptom));

    private static void Clear(AlarmTrack site, List<(JudgedDevice Device, AlarmTrack Track)> children, List<TelemetryChange> changes)
    {
        var at = children.SelectMany(c => c.Track.Alarm.Evidence).Select(e => e.To ?? e.From).DefaultIfEmpty(site.Alarm.RaisedAt).Max();
        var evidence = site.Alarm.Evidence.Select(e => e with { To = e.To ?? at }).ToArray();
        changes.Add(site.Change(AlarmChangeKind.Cleared, at, site.Alarm with { IsActive = false, ClearedAt = at, Evidence = evidence }));
        foreach (var (device, child) in children)
        {
            var alarm = child.Alarm with { SuppressedBy = null, Parent = child.Alarm.IsActive ? null : child.Alarm.Parent };
            changes.Add(child.Change(AlarmChangeKind.Unsuppressed, at, alarm.IsActive ? FaultTracker.Diagnosed(device, alarm) : alarm));
        }
    }

    private static LocalizedText Message(FaultDefinition fault, string site) => new($"{fault.Title.En} at site {site}", $"站点 {site}：{fault.Title.ZhCn}");

    private static string FaultKey(string site, string cause) => $"site:{site}:{cause}";

    private static string[] Members(IEnumerable<string> ids) => [.. ids.Order(StringComparer.Ordinal)];
}
