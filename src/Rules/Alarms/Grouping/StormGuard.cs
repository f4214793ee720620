namespace Seamless.Rules.Alarms.Grouping;

/// <summary>Counts the alarms that come at a place, so that no more than a budget of them reaches a person within a window.</summary>
/// <remarks>EEMUA 191 calls more than ten alarms in ten minutes a flood. In event time: the same telemetry gives the same storm.</remarks>
internal sealed class StormGuard(int budget, TimeSpan window)
{
    private readonly SortedSet<(long AtMs, string Alarm)> _came = [];
    private readonly Dictionary<string, (int Occurrence, long AtMs)> _counted = new(StringComparer.Ordinal);
    private readonly Dictionary<string, AlarmTrack> _let = new(StringComparer.Ordinal);
    private long _newestMs;

    /// <summary>Counts an alarm once for each occurrence.</summary>
    /// <returns>Whether it goes beyond the budget.</returns>
    public bool Count(AlarmTrack track, long atMs)
    {
        var alarm = track.Alarm;
        if (_counted.TryGetValue(alarm.Id, out var counted) && counted.Occurrence == alarm.Count && counted.AtMs >= atMs) return false;
        _newestMs = Math.Max(_newestMs, atMs);
        Age();
        if (atMs <= _newestMs - (long)window.TotalMilliseconds) return false;   // an old one that has changed
        Forget(alarm.Id);
        _counted[alarm.Id] = (alarm.Count, atMs);
        _came.Add((atMs, alarm.Id));
        if (_came.Count > budget) return true;
        _let[alarm.Id] = track;
        return false;
    }

    /// <summary>Something else explains it.</summary>
    public void Forget(string alarm)
    {
        if (_counted.Remove(alarm, out var counted)) _came.Remove((counted.AtMs, alarm));
        _let.Remove(alarm);
    }

    /// <summary>The alarms of the window that were let through and are of the same rule as one that was not: they were the storm's beginning.</summary>
    public List<AlarmTrack> TakeLet(string rule)
    {
        var same = _let.Values.Where(l => l.Alarm.Rule == rule).OrderBy(l => l.Alarm.Id, StringComparer.Ordinal).ToList();
        foreach (var track in same) _let.Remove(track.Alarm.Id);
        return same;
    }

    public void Clear()
    {
        _came.Clear();
        _counted.Clear();
        _let.Clear();
        _newestMs = 0;
    }

    private void Age()
    {
        var from = _newestMs - (long)window.TotalMilliseconds;
        while (_came.Count > 0 && _came.Min.AtMs <= from) Forget(_came.Min.Alarm);
    }
}
