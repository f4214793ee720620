using Seamless.Analytics.Evaluation;
using Seamless.Rules.Alarms;

namespace Seamless.Rules.Engine;

/// <summary>The findings on the devices of one site in the order of event time, and what they made of the alarms. What comes late is put in its place, and the alarms are made again from there.</summary>
/// <remarks>
/// So the alarms that stand depend on what was found, not on the order in which it arrived. What had been told of them and no longer holds is corrected,
/// or withdrawn when no alarm should have been.
/// </remarks>
internal sealed partial class FaultTimeline(FaultTracker faults, SiteFaults siteFaults, List<JudgedDevice> devices)
{
    private const int MostCopies = 8;
    private const int EntriesBetweenCopies = 64;

    private readonly List<Entry> _entries = [];
    private readonly List<Entry> _pending = [];
    private readonly Dictionary<JudgedDevice, long> _void = [];
    private readonly List<Copy> _copies = [];
    private readonly Dictionary<string, Told> _told = new(StringComparer.Ordinal);
    private readonly List<Finding> _row = [];

    /// <summary>In the order of their keys.</summary>
    public List<JudgedDevice> Devices { get; } = devices;

    public bool HasPending => _pending.Count > 0 || _void.Count > 0;

    /// <param name="voidAfterMs">Findings on the device after this no longer hold, silence apart: the new ones stand in for them.</param>
    public void Add(JudgedDevice device, List<Finding> findings, long voidAfterMs)
    {
        if (voidAfterMs != DeviceJudge.NothingVoid)
        {
            _void[device] = Math.Min(voidAfterMs, _void.GetValueOrDefault(device, long.MaxValue));
            _pending.RemoveAll(entry => entry.Device == device && entry.IsVoidAfter(voidAfterMs));
        }
        foreach (var finding in findings) _pending.Add(new Entry(device, finding));
    }

    /// <summary>Makes what follows from what was added.</summary>
    /// <param name="keepMs">How far back findings are kept to be put in order.</param>
    public void Conclude(long keepMs, List<TelemetryChange> changes)
    {
        if (_void.Count > 0) DropUnchanged();
        if (HasPending) Place(changes);
        _pending.Clear();
        _void.Clear();
        Forget(keepMs);
    }

    /// <summary>What was judged again and came out as before is no news.</summary>
    private void DropUnchanged()
    {
        foreach (var (device, afterMs) in _void.ToArray())
        {
            var before = _entries.Where(entry => entry.Device == device && entry.IsVoidAfter(afterMs)).ToList();
            var after = _pending.Where(entry => entry.Device == device && entry.IsVoidAfter(afterMs)).ToList();
            if (before.Count != after.Count || !before.Zip(after).All(pair => pair.First.Says(pair.Second))) continue;
            _void.Remove(device);
            _pending.RemoveAll(entry => entry.Device == device && entry.IsVoidAfter(afterMs));
        }
    }

    private void Place(List<TelemetryChange> changes)
    {
        var pending = InOrder(_pending);
        var fromMs = Math.Min(pending.Count > 0 ? pending[0].AtMs : long.MaxValue, EarliestVoid());
        if (_copies.Count == 0) TakeCopy(long.MinValue);   // nothing has been found yet: whatever comes can still be put in order
        if (_void.Count == 0 && IsNewer(pending[0]))
        {
            Append(pending, changes);
            return;
        }
        if (CopyBefore(fromMs) is not { } copy)
        {
            var newestMs = Math.Max(_entries.Count > 0 ? _entries[^1].AtMs : _copies[^1].AtMs, pending.Count > 0 ? pending[^1].AtMs : long.MinValue);
            Append(pending, changes);   // too late to be put in order: it counts from now on
            _entries.Clear();
            _copies.Clear();
            TakeCopy(newestMs);
            return;
        }
        MakeAgain(copy, pending, changes);
    }

    /// <remarks>What comes of the instant of a copy is missing from it: that copy must go, and the alarms be made again from the one before.</remarks>
    private bool IsNewer(in Entry entry) => entry.AtMs > _copies[^1].AtMs && (_entries.Count == 0 || Entry.Order.Compare(_entries[^1], entry) <= 0);

    private long EarliestVoid()
    {
        var earliest = long.MaxValue;
        foreach (var entry in _entries)
            if (_void.TryGetValue(entry.Device, out var afterMs) && entry.IsVoidAfter(afterMs)) earliest = Math.Min(earliest, entry.AtMs);
        return earliest;
    }

    private void DropVoid() => _entries.RemoveAll(entry => _void.TryGetValue(entry.Device, out var afterMs) && entry.IsVoidAfter(afterMs));

    private void Append(List<Entry> pending, List<TelemetryChange> changes)
    {
        for (var at = 0; at < pending.Count;)
        {
            var first = changes.Count;
            at = Apply(pending, at, changes);
            for (var i = first; i < changes.Count; i++) _told[changes[i].AlarmId] = new Told(changes[i] = Numbered(changes[i]), pending[at - 1].AtMs);
            if (_entries.Count - _copies[^1].Entries >= EntriesBetweenCopies && at < pending.Count && pending[at].AtMs > pending[at - 1].AtMs) TakeCopy(pending[at - 1].AtMs);
        }
    }

    /// <summary>Applies what was found on one device at one instant.</summary>
    /// <returns>Where the next begins.</returns>
    private int Apply(List<Entry> entries, int at, List<TelemetryChange> changes)
    {
        var (device, atMs) = (entries[at].Device, entries[at].AtMs);
        _row.Clear();
        for (; at < entries.Count && entries[at].Device == device && entries[at].AtMs == atMs; at++)
        {
            _row.Add(entries[at].Finding);
            _entries.Add(entries[at]);
        }
        faults.Apply(device, _row, changes);
        siteFaults.Consider(device, atMs, changes);
        return at;
    }

    private void MakeAgain(Copy copy, List<Entry> pending, List<TelemetryChange> changes)
    {
        var nowMs = Math.Max(_entries.Count > 0 ? _entries[^1].AtMs : copy.AtMs, pending.Count > 0 ? pending[^1].AtMs : copy.AtMs);
        DropVoid();
        var after = _entries.FindIndex(entry => entry.AtMs > copy.AtMs) is >= 0 and var first ? first : _entries.Count;
        var again = InOrder([.. _entries.Skip(after), .. pending]);
        _entries.RemoveRange(after, _entries.Count - after);
        _copies.RemoveAll(c => c.AtMs > copy.AtMs);
        Restore(copy);
        var (made, step) = (new List<Told>(), new List<TelemetryChange>());
        faults.IsMakingAgain = true;
        for (var at = 0; at < again.Count; step.Clear())
        {
            at = Apply(again, at, step);
            foreach (var change in step) made.Add(new Told(change, again[at - 1].AtMs));
        }
        faults.IsMakingAgain = false;
        Correct(copy, made, nowMs, changes);
    }

    private static List<Entry> InOrder(List<Entry> entries) => [.. entries.OrderBy(entry => entry, Entry.Order)];   // stable: what one instant found stays in its order

    // Copies of the alarms

    private void TakeCopy(long atMs)
    {
        var tracks = Devices.Where(d => d.Alarms.Count > 0 || d.AtRest.Count > 0).Select(d => (d, d.Alarms.Select(Saved).ToArray(), d.AtRest)).ToArray();
        _copies.Add(new Copy(atMs, _entries.Count, tracks, [.. SiteTracks().Select(Saved)]));
        if (_copies.Count > MostCopies) _copies.RemoveAt(1);   // the oldest keeps the horizon, the newest are the likeliest
    }

    private static (Alarm Alarm, int Ordinal) Saved(AlarmTrack track) => (track.Alarm, track.Ordinal);

    private IReadOnlyList<AlarmTrack> SiteTracks() => Devices.Count == 0 || Devices[0].Site.Length == 0 ? [] : siteFaults.TracksOf(Devices[0].Key.Tenant, Devices[0].Site);

    private Copy? CopyBefore(long atMs) => _copies.FindLast(copy => copy.AtMs < atMs);

    private void Restore(Copy copy)
    {
        foreach (var device in Devices) device.Alarms.Clear();
        foreach (var (device, tracks, atRest) in copy.Devices)
        {
            device.Alarms.AddRange(tracks.Select(t => new AlarmTrack(t.Alarm, t.Ordinal)));
            device.AtRest = atRest;
        }
        if (Devices.Count > 0 && Devices[0].Site.Length > 0)
            siteFaults.Reset(Devices[0].Key.Tenant, Devices[0].Site, Devices, [.. copy.Site.Select(t => new AlarmTrack(t.Alarm, t.Ordinal))]);
    }

    /// <summary>Old findings go, and with them the possibility to put anything before them.</summary>
    private void Forget(long keepMs)
    {
        if (_entries.Count == 0 || _copies.Count == 0) return;
        var untilMs = _entries[^1].AtMs - keepMs;
        while (_copies.Count > 1 && _copies[1].AtMs <= untilMs) _copies.RemoveAt(0);
        if (_copies.Count == 1 && _entries.Count > 0 && _copies[0].AtMs < untilMs - keepMs) TakeCopy(_entries[^1].AtMs);
        var gone = _copies.Count == 0 ? 0 : _entries.FindIndex(entry => entry.AtMs > _copies[0].AtMs) is >= 0 and var first ? first : _entries.Count;
        if (gone == 0) return;
        _entries.RemoveRange(0, gone);
        for (var i = 0; i < _copies.Count; i++) _copies[i] = _copies[i] with { Entries = Math.Max(0, _copies[i].Entries - gone) };
        foreach (var (id, told) in _told.ToArray())
            if (!told.Change.Alarm.IsActive && told.PlacedMs <= _copies[0].AtMs) _told.Remove(id);
    }

    /// <summary>Begins anew from how things stand: the packs or the devices have changed.</summary>
    public void Rebase()
    {
        _entries.Clear();
        _copies.Clear();
        _told.Clear();
    }

    /// <summary>The last that was told of an alarm.</summary>
    /// <param name="PlacedMs">Event time of the finding that made it so.</param>
    private readonly record struct Told(TelemetryChange Change, long PlacedMs);

    /// <param name="Entries">How many findings had been placed.</param>
    private sealed record Copy(long AtMs, int Entries, (JudgedDevice Device, (Alarm Alarm, int Ordinal)[] Tracks, IReadOnlySet<string> AtRest)[] Devices, (Alarm Alarm, int Ordinal)[] Site);

    private readonly record struct Entry(JudgedDevice Device, Finding Finding)
    {
        public static readonly IComparer<Entry> Order = Comparer<Entry>.Create((a, b) => a.AtMs != b.AtMs ? a.AtMs.CompareTo(b.AtMs) : a.Device.Key.CompareTo(b.Device.Key));

        public long AtMs => Finding.AtMs;

        /// <summary>Silence is found on the platform's clock and not judged again.</summary>
        public bool IsVoidAfter(long atMs) => AtMs > atMs && Finding.Rule.Spec.Kind is not RuleKind.Missing;

        public bool Says(in Entry other) =>
            (Finding.Rule.Index, Finding.Kind, Finding.OnsetMs, Finding.AtMs, Finding.Severity) == (other.Finding.Rule.Index, other.Finding.Kind, other.Finding.OnsetMs, other.Finding.AtMs, other.Finding.Severity)
            && (Finding.Value, Finding.Limit, Finding.Score) == (other.Finding.Value, other.Finding.Limit, other.Finding.Score) && Finding.AtRest.SetEquals(other.Finding.AtRest);
    }
}
