using Seamless.Rules.Alarms.Grouping;
using Seamless.Rules.Diagnosis;
using Seamless.Rules.Engine;
using Seamless.Rules.Packs;
using Seamless.Telemetry;

namespace Seamless.Rules.Alarms;

/// <summary>What lies above a device, who explains whom, and how it ends.</summary>
internal sealed partial class SiteFaults
{
    /// <summary>The gateway or parent assembly whose own alarm explains this one.</summary>
    private bool ByAncestor(JudgedDevice device, Neighbourhood here, AlarmTrack track, List<TelemetryChange> changes)
    {
        foreach (var (above, isGateway) in Above(device))
        {
            if (judged(above) is not { } ancestor || ancestor.Site != device.Site) continue;   // a site is judged by itself
            var alarm = ancestor.Alarms.Find(t => CanExplain(here, ancestor, t.Alarm, isGateway, device, track.Alarm));
            if (alarm is null) continue;
            Join(here, here.Register(alarm), device, track, null, changes);
            return true;
        }
        return false;
    }

    /// <summary>An alarm of a gateway or a parent assembly takes in those that came before it.</summary>
    private void Shelter(JudgedDevice device, Neighbourhood here, AlarmTrack track, List<TelemetryChange> changes)
    {
        foreach (var entry in here.Open.Around(Explainer.Above(device.Key), BeganMs(track.Alarm), options.SiteWindow))
        {
            if (Resolve(entry.Device, entry.Alarm) is not { } child || child.Track.Alarm is not { Parent: null, IsActive: true }) continue;
            var isGateway = Above(child.Device).Any(a => a.Device == device.Key && a.IsGateway);
            if (CanExplain(here, device, track.Alarm, isGateway, child.Device, child.Track.Alarm))
                Join(here, here.Register(track), child.Device, child.Track, null, changes);
        }
    }

    private IEnumerable<(DeviceKey Device, bool IsGateway)> Above(JudgedDevice device)
    {
        if (registered(device.Key) is not { } known) yield break;
        if (known.Gateway is { Length: > 0 } gateway && gateway != known.Id) yield return (new DeviceKey(device.Key.Tenant, gateway), true);
        if (known.Tags.GetValueOrDefault(ParentTag) is { Length: > 0 } parent && parent != known.Id) yield return (new DeviceKey(device.Key.Tenant, parent), false);
    }

    /// <summary>The tag that names the assembly a device is a part of.</summary>
    public const string ParentTag = "parent";

    /// <summary>A parent assembly that is silent or faulted explains what its parts show; a gateway only what it carries: silence, and readings that are none.</summary>
    private bool CanExplain(Neighbourhood here, JudgedDevice ancestor, Alarm above, bool isGateway, JudgedDevice device, Alarm alarm) =>
        above.IsActive && (above.Severity is not Severity.Low || above.Evidence.Any(e => e.IsActive && IsOfTheLine(ancestor, e)))
        && (GroupChanges.Began(above) - GroupChanges.Began(alarm)).Duration() <= options.SiteWindow
        && (!isGateway || alarm.Evidence.All(e => !e.IsActive || IsOfTheLine(device, e)))
        && !IsBelow(here, above, alarm.Id);

    private static bool IsOfTheLine(JudgedDevice device, Evidence evidence) =>
        evidence.Symptom == SensorRules.Symptom || Array.Exists(device.Pack.Missing, rule => rule.Definition.Id == evidence.Rule);

    /// <summary>Two that name each other as parent do not explain each other in a circle.</summary>
    private static bool IsBelow(Neighbourhood here, Alarm above, string alarm)
    {
        for (var parent = above.Parent; parent is not null; parent = here.Groups.GetValueOrDefault(parent)?.Track?.Alarm.Parent)
            if (parent == alarm) return true;
        return false;
    }

    private static void Join(Neighbourhood here, AlarmGroup group, JudgedDevice device, AlarmTrack track, FaultDefinition? cause, List<TelemetryChange> changes)
    {
        if (group.Learn(track.Alarm.Id))
            changes.Add(group.Track!.Change(AlarmChangeKind.EvidenceChanged, track.Alarm.RaisedAt, GroupChanges.Gathered(group, track.Alarm, cause), merges: true));
        Adopt(here, group, device, track, cause, changes);
    }

    private static void Adopt(Neighbourhood here, AlarmGroup group, JudgedDevice device, AlarmTrack track, FaultDefinition? cause, List<TelemetryChange> changes)
    {
        var alarm = track.Alarm;
        changes.Add(track.Change(AlarmChangeKind.Suppressed, alarm.RaisedAt, GroupChanges.Explained(alarm, group.Track!.Alarm, cause)));
        here.Open.Remove(alarm.Id);
        if (group.Kind is not GroupKind.Storm) here.Storms.Forget(alarm.Id);
        Take(here, group, device, track);
    }

    private static void Take(Neighbourhood here, AlarmGroup group, JudgedDevice device, AlarmTrack track)
    {
        group.Children[track.Alarm.Id] = device.Key;
        group.LastJoinedMs = Math.Max(group.LastJoinedMs, CameMs(track.Alarm));
        here.Explained[track.Alarm.Id] = group;
        Follow(group, device, track.Alarm);
    }

    /// <summary>Keeps what is known of an alarm by heart: what could explain it, or how it stands with what does.</summary>
    private void Note(JudgedDevice device, Neighbourhood here, AlarmTrack track)
    {
        if (here.Explained.TryGetValue(track.Alarm.Id, out var group)) Follow(group, device, track.Alarm);
        if (track.Alarm is { Parent: null, IsActive: true })
            here.Open.Put(new OpenAlarms.Entry(BeganMs(track.Alarm), device.Key, track.Alarm.Id), Explainers(device, here, track.Alarm));
        else here.Open.Remove(track.Alarm.Id);
    }

    private List<Explainer> Explainers(JudgedDevice device, Neighbourhood here, Alarm alarm) =>
        [.. Candidates(device, alarm).Select(cause => here.Of(cause.Code)), .. Above(device).Select(above => Explainer.Above(above.Device)).Distinct()];

    private static void Follow(AlarmGroup group, JudgedDevice device, Alarm child)
    {
        Set(group.Active, child.Id, child.IsActive);
        var cause = group.Kind is GroupKind.Cause ? group.Track!.Alarm.TopCause?.Code : null;
        Set(group.Showing, child.Id, cause is not null && GroupChanges.Shows(device, child, cause));
    }

    private static void Set(HashSet<string> set, string id, bool isIn)
    {
        if (isIn) set.Add(id);
        else set.Remove(id);
    }

    private void EndWhatIsOver(Neighbourhood here, List<TelemetryChange> changes)
    {
        foreach (var (_, group) in here.Groups.Where(g => IsOver(g.Value, here)).ToArray()) End(group, here, changes);
    }

    /// <summary>A site's fault lasts as long as one of its members shows the cause; a storm as long as more than a person can take in.</summary>
    private bool IsOver(AlarmGroup group, Neighbourhood here) => group.Kind switch
    {
        GroupKind.Ancestor => group is { Children.Count: > 0, Track: null or { Alarm.IsActive: false } },
        GroupKind.Storm => group.Track!.Alarm.IsActive && (group.Active.Count == 0 || IsQuiet(group, here)),
        _ => group.Track!.Alarm.IsActive && group.Showing.Count == 0,
    };

    private bool IsQuiet(AlarmGroup storm, Neighbourhood here) =>
        storm.Active.Count <= options.StormBudget && here.NowMs - storm.LastJoinedMs >= (long)options.StormWindow.TotalMilliseconds;

    private void End(AlarmGroup group, Neighbourhood here, List<TelemetryChange> changes)
    {
        var children = group.Children.OrderBy(c => c.Value).ThenBy(c => c.Key, StringComparer.Ordinal)
            .Select(c => Resolve(c.Value, c.Key)).OfType<(JudgedDevice Device, AlarmTrack Track)>().ToList();
        var at = EndOf(group, children, here);
        if (group is { Kind: not GroupKind.Ancestor, Track: { } track }) changes.Add(track.Change(AlarmChangeKind.Cleared, at, GroupChanges.Ended(track.Alarm, at)));
        var (isFew, isOfDevice) = (group.Kind is GroupKind.Storm, group.Kind is GroupKind.Ancestor);
        foreach (var child in group.Children.Keys.ToArray()) here.Leave(child);
        if (isOfDevice) here.Groups.Remove(group.Id);   // it stands with its device
        foreach (var (device, child) in children) changes.Add(child.Change(AlarmChangeKind.Unsuppressed, at, GroupChanges.Released(device, child.Alarm)));
        foreach (var (device, child) in children) Release(device, here, child, isFew, changes);
    }

    private DateTimeOffset EndOf(AlarmGroup group, List<(JudgedDevice Device, AlarmTrack Track)> children, Neighbourhood here)
    {
        if (group.Kind is GroupKind.Ancestor) return group.Track?.Alarm.ClearedAt ?? DateTimeOffset.FromUnixTimeMilliseconds(here.NowMs);
        if (group.Active.Count > 0 && group.Kind is GroupKind.Storm) return DateTimeOffset.FromUnixTimeMilliseconds(group.LastJoinedMs) + options.StormWindow;
        return children.SelectMany(c => c.Track.Alarm.Evidence).Select(e => e.To ?? e.From).DefaultIfEmpty(group.Track!.Alarm.RaisedAt).Max();
    }

    /// <summary>Many that return at once are as much of a storm as many that come: the site's cause or the storm takes them in turn.</summary>
    private void Release(JudgedDevice device, Neighbourhood here, AlarmTrack track, bool isFew, List<TelemetryChange> changes)
    {
        if (track.Alarm is { IsActive: true, Parent: null } && !isFew && !ByCause(device, here, track, changes)) Guard(device, here, track, here.NowMs, changes);
        Note(device, here, track);
    }

    private (JudgedDevice Device, AlarmTrack Track)? Resolve(in DeviceKey key, string alarm) =>
        judged(key) is { } device && device.Alarms.Find(t => t.Alarm.Id == alarm) is { } track ? (device, track) : null;

    private Neighbourhood PlaceOf(JudgedDevice device) => Place(device.Key.Tenant, device.Site);

    private Neighbourhood Place(string tenant, string site)
    {
        if (!_places.TryGetValue((tenant, site), out var place)) _places[(tenant, site)] = place = new Neighbourhood(tenant, site, new StormGuard(options.StormBudget, options.StormWindow));
        return place;
    }
}
