using Seamless.Fleet.Registry;
using Seamless.Rules.Alarms.Grouping;
using Seamless.Rules.Diagnosis;
using Seamless.Rules.Engine;
using Seamless.Telemetry;

namespace Seamless.Rules.Alarms;

/// <summary>Topology first: what a gateway, a parent assembly or a cause of the whole site explains is one fault, and the devices' alarms are parts of it.</summary>
/// <remarks>
/// The children stay fully functional but are suppressed by the alarm that explains them, and return when they outlast it. What nothing explains and goes beyond
/// what a person can take in becomes one storm. A finding costs the logarithm of what is open, however many devices stand together. All of it follows from the
/// alarms themselves, so that a site can be put back to how it was.
/// </remarks>
/// <param name="judged">The device as it is judged now, or null.</param>
/// <param name="registered">The device as it is registered, for its gateway and its tag <c>parent</c>.</param>
internal sealed partial class SiteFaults(RulesOptions options, Func<string, int?> closedAt, Func<DeviceKey, JudgedDevice?> judged, Func<DeviceKey, Device?> registered)
{
    /// <summary>A site-wide cause must be at least this probable on a device to count there: with every absence against it, it is not.</summary>
    private const double LeastProbability = 0.05;

    private readonly Dictionary<(string Tenant, string Site), Neighbourhood> _places = [];

    /// <summary>Alarms of sites that are active or may be re-opened, for the snapshot. Those of devices are kept with their device.</summary>
    public IEnumerable<AlarmTrack> Tracks => _places.OrderBy(p => p.Key).SelectMany(p => TracksOf(p.Key.Tenant, p.Key.Site));

    /// <summary>The alarms of one site.</summary>
    public IReadOnlyList<AlarmTrack> TracksOf(string tenant, string site) =>
        [.. Place(tenant, site).Groups.Values.Where(g => g.Track is not null && g.Kind is not GroupKind.Ancestor).Select(g => g.Track!).OrderBy(t => t.Alarm.Id, StringComparer.Ordinal)];

    /// <summary>Puts a site back to how it was; the devices' alarms have been already.</summary>
    public void Reset(string tenant, string site, IReadOnlyList<JudgedDevice> devices, List<AlarmTrack> tracks)
    {
        Place(tenant, site).Clear();
        foreach (var track in tracks) Restore(track);
        foreach (var device in devices) Settle(device);
    }

    public void Restore(AlarmTrack track)
    {
        var group = Place(track.Alarm.Tenant, track.Alarm.Site).Register(track);
        foreach (var (alarm, key) in group.Children)
            if (Resolve(key, alarm) is { } child) Follow(group, child.Device, child.Track.Alarm);
    }

    /// <summary>A device is judged from now on, perhaps with alarms that it had before.</summary>
    public void Settle(JudgedDevice device)
    {
        if (device.Site.Length == 0) return;
        var here = PlaceOf(device);
        foreach (var track in device.Alarms)
        {
            if (here.Groups.ContainsKey(track.Alarm.Id) || track.Alarm.Members.Count > 0) here.Register(track);
            if (track.Alarm.Parent is { } parent && track.Alarm.SuppressedBy == parent) Take(here, here.GroupOf(parent), device, track);
            else Note(device, here, track);
            if (track.Alarm.Parent is not { } above || here.Groups.GetValueOrDefault(above)?.Kind is GroupKind.Storm) here.Storms.Count(track, CameMs(track.Alarm));
        }
    }

    public void Dismiss(JudgedDevice device)
    {
        if (device.Site.Length == 0) return;
        var here = PlaceOf(device);
        foreach (var track in device.Alarms)
        {
            here.Open.Remove(track.Alarm.Id);
            here.Leave(track.Alarm.Id);
            here.Storms.Forget(track.Alarm.Id);
            if (here.Groups.TryGetValue(track.Alarm.Id, out var group)) group.Track = null;
        }
    }

    /// <summary>Looks at what just changed on <paramref name="device"/>.</summary>
    /// <param name="atMs">Event time of what was found.</param>
    public void Consider(JudgedDevice device, long atMs, List<TelemetryChange> changes)
    {
        if (device.Site.Length == 0) return;
        var here = PlaceOf(device);
        here.NowMs = Math.Max(here.NowMs, atMs);
        foreach (var track in device.Alarms.ToArray())
        {
            if (track.Alarm is { Parent: null, IsActive: true }) Explain(device, here, track, changes);
            Note(device, here, track);
        }
        EndWhatIsOver(here, changes);
    }

    /// <summary>Finds what explains an alarm that nothing explains so far; the nearest first.</summary>
    private void Explain(JudgedDevice device, Neighbourhood here, AlarmTrack track, List<TelemetryChange> changes)
    {
        here.Leave(track.Alarm.Id);   // it came back, and may have another reason now
        if (!ByAncestor(device, here, track, changes) && !ByCause(device, here, track, changes) && !ByCompany(device, here, track, changes))
            Guard(device, here, track, CameMs(track.Alarm), changes);
        Shelter(device, here, track, changes);
    }

    private bool ByCause(JudgedDevice device, Neighbourhood here, AlarmTrack track, List<TelemetryChange> changes)
    {
        foreach (var cause in Candidates(device, track.Alarm))
        {
            if (here.Find(cause.Code) is { Track.Alarm.IsActive: true } group)
            {
                Join(here, group, device, track, cause, changes);
                Accompany(here, device, group, changes);
                return true;
            }
            if (Companions(device, here, track, cause.Code) is not { Count: > 1 } together) continue;
            var born = Raise(here, cause, together, changes);
            foreach (var (companion, _) in together) Accompany(here, companion, born, changes);
            return true;
        }
        return false;
    }

    /// <summary>Site-wide causes that the alarm shows now; what it has shown and is over says nothing about the neighbours.</summary>
    private static IEnumerable<FaultDefinition> Candidates(JudgedDevice device, Alarm alarm)
    {
        foreach (var cause in alarm.Diagnosis)
            if (cause.Probability >= LeastProbability && device.Pack.Pack.Faults.Fault(cause.Code) is { SiteWide: true } fault && GroupChanges.Shows(device, alarm, cause.Code)) yield return fault;
    }

    /// <summary>The alarms of the place that may share the cause, one for each device, this one among them.</summary>
    private List<(JudgedDevice Device, AlarmTrack Track)> Companions(JudgedDevice device, Neighbourhood here, AlarmTrack track, string cause)
    {
        var together = new SortedDictionary<DeviceKey, (JudgedDevice, AlarmTrack)> { [device.Key] = (device, track) };
        foreach (var entry in here.Open.Around(here.Of(cause), BeganMs(track.Alarm), options.SiteWindow))
            if (!together.ContainsKey(entry.Device) && Resolve(entry.Device, entry.Alarm) is { } found) together[entry.Device] = found;
        return [.. together.Values];
    }

    /// <summary>A site without power shows what no model lists: what began on one of its devices at the same time belongs to it.</summary>
    private bool ByCompany(JudgedDevice device, Neighbourhood here, AlarmTrack track, List<TelemetryChange> changes)
    {
        foreach (var other in device.Alarms)
        {
            if (!here.Explained.TryGetValue(other.Alarm.Id, out var group) || !TakesCompany(group, track.Alarm)) continue;
            Join(here, group, device, track, null, changes);
            return true;
        }
        return false;
    }

    private void Accompany(Neighbourhood here, JudgedDevice device, AlarmGroup group, List<TelemetryChange> changes)
    {
        foreach (var other in device.Alarms.ToArray())
            if (other.Alarm is { Parent: null, IsActive: true } && TakesCompany(group, other.Alarm)) Join(here, group, device, other, null, changes);
    }

    private bool TakesCompany(AlarmGroup group, Alarm alarm) =>
        group is { Kind: GroupKind.Cause, Track.Alarm: { IsActive: true, TopCause.Class: FaultClass.ENV } shared }
        && (GroupChanges.Began(shared) - GroupChanges.Began(alarm)).Duration() <= options.SiteWindow;

    /// <summary>Lets an alarm through to a person while the place keeps its budget; beyond it, the storm explains it.</summary>
    private void Guard(JudgedDevice device, Neighbourhood here, AlarmTrack track, long atMs, List<TelemetryChange> changes)
    {
        if (!here.Storms.Count(track, atMs)) return;
        var together = new List<(JudgedDevice Device, AlarmTrack Track)> { (device, track) };
        foreach (var let in here.Storms.TakeLet(track.Alarm.Rule))
            if (let.Alarm.DeviceKey is { } key && Resolve(key, let.Alarm.Id) is { Track.Alarm: { Parent: null, IsActive: true } } standing) together.Add(standing);
        if (here.Find(Neighbourhood.StormName) is { Track.Alarm.IsActive: true } storm)
            foreach (var (each, alarm) in together) Join(here, storm, each, alarm, null, changes);
        else Raise(here, null, together, changes);
    }

    private AlarmGroup Raise(Neighbourhood here, FaultDefinition? cause, List<(JudgedDevice Device, AlarmTrack Track)> together, List<TelemetryChange> changes)
    {
        var alarm = GroupChanges.Born(here, cause, together, options.ReopenWindow, id => closedAt(id) is not null);
        var group = Reopen(here, alarm, together, changes) ?? Open(here, alarm, together, changes);
        foreach (var (device, track) in together) Adopt(here, group, device, track, cause, changes);
        return group;
    }

    private static AlarmGroup Open(Neighbourhood here, Alarm alarm, List<(JudgedDevice Device, AlarmTrack Track)> together, List<TelemetryChange> changes)
    {
        var track = new AlarmTrack(alarm, 0);
        var group = here.Register(track);
        foreach (var (_, child) in together) group.Learn(child.Alarm.Id);
        changes.Add(track.Change(AlarmChangeKind.Raised, alarm.RaisedAt, alarm with { Members = group.Members }));
        return group;
    }

    private AlarmGroup? Reopen(Neighbourhood here, Alarm alarm, List<(JudgedDevice Device, AlarmTrack Track)> together, List<TelemetryChange> changes)
    {
        foreach (var (id, past) in here.Groups)
            if (IsPast(past, alarm)) here.Groups.Remove(id);
        if (here.Groups.Values.FirstOrDefault(g => g.Track?.Alarm.FaultKey == alarm.FaultKey) is not { Track: { } track } group) return null;
        foreach (var (_, child) in together) group.Learn(child.Alarm.Id);
        var again = track.Alarm with
        {
            IsActive = true, ClearedAt = null, Count = track.Alarm.Count + 1, Severity = alarm.Severity,
            Evidence = alarm.Evidence, Diagnosis = alarm.Diagnosis, Members = group.Members,
        };
        changes.Add(track.Change(AlarmChangeKind.Reraised, alarm.RaisedAt, again));
        return group;
    }

    private bool IsPast(AlarmGroup group, Alarm alarm) => group.Children.Count == 0 && (group.Track is null || group.Kind is GroupKind.Ancestor
        || (group.Track is { Alarm.IsActive: false } track && (alarm.OnsetAt - track.Alarm.ClearedAt > options.ReopenWindow || closedAt(track.Alarm.Id) <= track.Ordinal)));

    private static long BeganMs(Alarm alarm) => GroupChanges.Began(alarm).ToUnixTimeMilliseconds();

    /// <summary>When this occurrence came to be an alarm, as near as is known.</summary>
    private static long CameMs(Alarm alarm) => Math.Max(alarm.RaisedAt.ToUnixTimeMilliseconds(), BeganMs(alarm));
}
