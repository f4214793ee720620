using Seamless.Telemetry;

namespace Seamless.Rules.Alarms.Grouping;

/// <summary>What could explain an alarm: a cause at a place, or the device above.</summary>
internal readonly record struct Explainer(string Tenant, string Place, string Cause)
{
    public static Explainer Above(in DeviceKey device) => new(device.Tenant, device.Device, "");
}

/// <summary>Active alarms that nothing explains yet, by what could, in the order in which they began.</summary>
internal sealed class OpenAlarms
{
    internal readonly record struct Entry(long BeganMs, DeviceKey Device, string Alarm) : IComparable<Entry>
    {
        public int CompareTo(Entry other)
        {
            var order = BeganMs.CompareTo(other.BeganMs);
            if (order == 0) order = Device.CompareTo(other.Device);
            return order != 0 ? order : string.CompareOrdinal(Alarm, other.Alarm);
        }
    }

    private readonly Dictionary<Explainer, SortedSet<Entry>> _entries = [];
    private readonly Dictionary<string, (Entry Entry, List<Explainer> Explainers)> _byAlarm = new(StringComparer.Ordinal);

    public void Put(Entry entry, List<Explainer> explainers)
    {
        Remove(entry.Alarm);
        if (explainers.Count == 0) return;
        _byAlarm[entry.Alarm] = (entry, explainers);
        foreach (var explainer in explainers)
        {
            if (!_entries.TryGetValue(explainer, out var entries)) _entries[explainer] = entries = [];
            entries.Add(entry);
        }
    }

    public void Remove(string alarm)
    {
        if (!_byAlarm.Remove(alarm, out var known)) return;
        foreach (var explainer in known.Explainers)
        {
            var entries = _entries[explainer];
            entries.Remove(known.Entry);
            if (entries.Count == 0) _entries.Remove(explainer);
        }
    }

    public void Clear()
    {
        _entries.Clear();
        _byAlarm.Clear();
    }

    /// <summary>Those that began no further from <paramref name="beganMs"/> than the window.</summary>
    public List<Entry> Around(in Explainer explainer, long beganMs, TimeSpan window)
    {
        if (!_entries.TryGetValue(explainer, out var entries)) return [];
        var ms = (long)window.TotalMilliseconds;
        return [.. entries.GetViewBetween(new Entry(beganMs - ms, default, ""), new Entry(beganMs + ms + 1, default, ""))];
    }
}
