using Seamless.Rules.Alarms;

namespace Seamless.Rules.Engine;

internal sealed partial class FaultTimeline
{
    /// <summary>Tells what came out otherwise than was told: new alarms as they were made, others as a correction each.</summary>
    private void Correct(Copy copy, List<Told> made, long nowMs, List<TelemetryChange> changes)
    {
        var before = _told.OrderBy(t => t.Key, StringComparer.Ordinal).ToArray();
        var last = new Dictionary<string, Told>(StringComparer.Ordinal);
        foreach (var one in made)
        {
            last[one.Change.AlarmId] = one;
            if (_told.ContainsKey(one.Change.AlarmId)) continue;
            changes.Add(one.Change);
        }
        foreach (var (id, one) in last) _told.TryAdd(id, one);
        var at = DateTimeOffset.FromUnixTimeMilliseconds(nowMs);
        var tracks = Tracks();
        foreach (var (id, told) in before)
        {
            var again = last.TryGetValue(id, out var one);
            if (!again && told.PlacedMs <= copy.AtMs) continue;   // older than the copy and untouched since
            var right = again ? one.Change.Alarm : AsItWas(copy, id) ?? Withdrawn(told.Change.Alarm, at);
            var change = told.Change;
            if (Same(right, change.Alarm)) Continue(tracks, id, change.Ordinal);
            else changes.Add(change = new TelemetryChange(id, Continue(tracks, id, change.Ordinal + 1), KindOf(change.Alarm, right), at, right));
            _told[id] = new Told(change, again ? one.PlacedMs : told.PlacedMs);
        }
    }

    private static AlarmChangeKind KindOf(Alarm told, Alarm right) =>
        right.IsWithdrawn ? AlarmChangeKind.Withdrawn
        : right.IsActive && !told.IsActive ? AlarmChangeKind.Reraised
        : told.IsActive && !right.IsActive ? AlarmChangeKind.Cleared
        : AlarmChangeKind.Corrected;

    /// <summary>The alarm that should not have been: no evidence is left of it.</summary>
    private static Alarm Withdrawn(Alarm alarm, DateTimeOffset at) => alarm with
    {
        IsActive = false,
        ClearedAt = alarm.ClearedAt ?? at,
        Evidence = [],
        Diagnosis = [],
        Parent = null,
        SuppressedBy = null,
        Members = [],
    };

    private static Alarm? AsItWas(Copy copy, string id)
    {
        foreach (var (_, tracks, _) in copy.Devices)
            foreach (var (alarm, _) in tracks)
                if (alarm.Id == id) return alarm;
        return Array.Find(copy.Site, track => track.Alarm.Id == id).Alarm;
    }

    private Dictionary<string, AlarmTrack> Tracks()
    {
        var tracks = new Dictionary<string, AlarmTrack>(StringComparer.Ordinal);
        foreach (var device in Devices)
            foreach (var track in device.Alarms) tracks[track.Alarm.Id] = track;
        foreach (var track in SiteTracks()) tracks[track.Alarm.Id] = track;
        return tracks;
    }

    /// <summary>The changes of an alarm that was told of before go on from its last number.</summary>
    private static int Continue(Dictionary<string, AlarmTrack> tracks, string id, int ordinal)
    {
        if (tracks.TryGetValue(id, out var track)) track.Ordinal = ordinal;
        return ordinal;
    }

    /// <summary>An alarm that was withdrawn and is found after all goes on from its last number.</summary>
    private TelemetryChange Numbered(TelemetryChange change)
    {
        if (!_told.TryGetValue(change.AlarmId, out var told) || change.Ordinal == told.Change.Ordinal + 1) return change;
        return change with { Ordinal = Continue(Tracks(), change.AlarmId, told.Change.Ordinal + 1), Kind = change.Kind is AlarmChangeKind.Raised ? AlarmChangeKind.Reraised : change.Kind };
    }

    private static bool Same(Alarm a, Alarm b) => AlarmJson.Write(a with { Version = 0 }) == AlarmJson.Write(b with { Version = 0 });
}
