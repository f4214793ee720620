namespace Seamless.DeviceAgent.Sensing;

/// <summary>How often the agent measures; the command <c>set-interval</c> changes it and the file, when there is one, remembers it.</summary>
public sealed class SamplingInterval
{
    public static readonly TimeSpan Shortest = TimeSpan.FromMilliseconds(100);
    public static readonly TimeSpan Longest = TimeSpan.FromDays(1);

    private readonly string? _path;
    private long _milliseconds;

    /// <param name="path">Where a commanded interval survives a restart; null keeps it in memory.</param>
    public SamplingInterval(TimeSpan configured, string? path = null)
    {
        _path = path;
        _milliseconds = (long)(Remembered(path) ?? configured).TotalMilliseconds;
    }

    public TimeSpan Current => TimeSpan.FromMilliseconds(Interlocked.Read(ref _milliseconds));

    /// <summary>False when the interval is outside <see cref="Shortest"/>..<see cref="Longest"/>.</summary>
    public bool TrySet(TimeSpan interval)
    {
        if (interval < Shortest || interval > Longest) return false;
        var milliseconds = (long)interval.TotalMilliseconds;
        // Written beside and moved over: a power cut leaves the old file or the new one, never half of one.
        if (_path is not null)
        {
            File.WriteAllText(_path + ".new", milliseconds.ToString(System.Globalization.CultureInfo.InvariantCulture));
            File.Move(_path + ".new", _path, overwrite: true);
        }
        Interlocked.Exchange(ref _milliseconds, milliseconds);
        return true;
    }

    private static TimeSpan? Remembered(string? path)
    {
        if (path is null || !File.Exists(path) || !long.TryParse(File.ReadAllText(path), out var milliseconds)) return null;
        var interval = TimeSpan.FromMilliseconds(milliseconds);
        return interval >= Shortest && interval <= Longest ? interval : null;
    }
}
