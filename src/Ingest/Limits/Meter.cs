using System.Text;
using Seamless.Fleet.Limits;
using Seamless.Telemetry.Rows;

namespace Seamless.Ingest.Limits;

/// <summary>What one device, or one tenant as a whole, has sent, beside what it may. Any number of threads.</summary>
/// <remarks>The fast lane asks with every message: <see cref="TryTake"/> allocates nothing and holds a spin lock for some nanoseconds. Its metrics are known by number.</remarks>
/// <param name="tenant">Of a device: what the tenant has left counts as well.</param>
internal sealed class Meter(LimitScope scope, Meter? tenant)
{
    public const long DayMs = 86_400_000;
    private const long MinuteMs = 60_000;

    private SpinLock _gate = new(enableThreadOwnerTracking: false);
    private Allowance _allowance = LimitSet.Unlimited.Over(LimitSet.Unlimited);
    private TokenBucket _bucket;
    private bool _hasRate;
    private long _maxBytes = long.MaxValue;
    private long _maxMetrics = long.MaxValue;
    private volatile bool _isOpen = true;

    private long _minuteBeganMs;
    private long _day;
    private long _inMinute;
    private long _lastMinute;
    private long _bytes;
    private readonly HashSet<int> _metrics = [];
    private int[] _usual = [];
    private long _watchedUntilMs;

    public LimitScope Scope => scope;
    public Refusals Refused { get; } = new();

    /// <summary>Nothing limits it: nothing is counted either.</summary>
    public bool IsOpen => _isOpen && tenant is not { _isOpen: false };

    /// <summary>It has sent metrics too many within the last minute: its messages are read by name, since every new name that the fast lane reads gets a number for good.</summary>
    public bool IsWatched(long nowMs) => Volatile.Read(ref _watchedUntilMs) > nowMs;

    /// <summary>Other limits from now on. The bucket begins full; what was counted stays.</summary>
    public void Allow(Allowance allowance)
    {
        var held = false;
        _gate.Enter(ref held);
        _allowance = allowance;
        _hasRate = !allowance.MessagesPerSecond.IsNone;
        if (_hasRate) _bucket = new TokenBucket(allowance.MessagesPerSecond.Max, allowance.Burst.Max);
        (_maxBytes, _maxMetrics) = (allowance.BytesPerDay.Max, allowance.Metrics.Max);
        _isOpen = allowance.IsUnlimited;
        _gate.Exit();
    }

    /// <summary>Counts a message of the fast lane when nothing forbids it; false when something does, and nothing is counted.</summary>
    /// <param name="metrics">Metric numbers of all its readings.</param>
    public bool TryTake(long nowMs, int bytes, ReadOnlySpan<int> metrics)
    {
        if (IsOpen) return true;
        var held = false;
        _gate.Enter(ref held);
        var fits = Beyond(nowMs, bytes, checkRate: true) is null && HasRoomFor(metrics) && tenant?.TryTake(nowMs, bytes, metrics) is not false;
        if (fits) Count(nowMs, bytes, metrics);
        _gate.Exit();
        return fits;
    }

    /// <summary>The same for a message whose metrics are not known yet; <see cref="Admits"/> asks about them.</summary>
    /// <param name="checkRate">False for what was acknowledged elsewhere already.</param>
    /// <returns>What forbids it; null when it is counted.</returns>
    public Excess? Take(long nowMs, int bytes, bool checkRate)
    {
        if (IsOpen) return null;
        var held = false;
        _gate.Enter(ref held);
        var excess = Beyond(nowMs, bytes, checkRate) is { } kind ? Explain(kind, nowMs) : tenant?.Take(nowMs, bytes, checkRate);
        if (excess is null) Count(nowMs, bytes, []);
        _gate.Exit();
        return excess;
    }

    /// <summary>Whether a metric of this name may be kept: it is known of this device, or there is room for another.</summary>
    public Excess? Admits(string metric)
    {
        if (IsOpen) return null;
        var known = Find(metric);
        var held = false;
        _gate.Enter(ref held);
        var excess = known >= 0 && _metrics.Contains(known) ? null : _metrics.Count >= _maxMetrics ? new Excess(LimitKind.Metrics, scope, _allowance.Metrics, null) : tenant?.Admits(metric);
        // Only a name that is kept gets a number: numbers are never given back.
        if (excess is null) _metrics.Add(known >= 0 ? known : Numbers.Metrics.Of(metric));
        else Watch();
        _gate.Exit();
        return excess;
    }

    /// <summary>Goes on with what an earlier process had counted of a day, if that day is not over.</summary>
    /// <param name="day">Since 1970, UTC.</param>
    public void Restore(long day, long bytes)
    {
        var held = false;
        _gate.Enter(ref held);
        if (day > _day) (_day, _bytes) = (day, bytes);
        else if (day == _day) _bytes += bytes;
        _gate.Exit();
    }

    public LimitUse Use(long nowMs)
    {
        var held = false;
        _gate.Enter(ref held);
        Turn(nowMs);
        // The last sixty seconds, if the minute before was even.
        var sliding = _inMinute + _lastMinute * (1 - (nowMs - _minuteBeganMs) / (double)MinuteMs);
        var use = new LimitUse(Math.Round(sliding / 60, 2), _bytes, _metrics.Count);
        _gate.Exit();
        return use;
    }

    // Below, the gate is held

    private LimitKind? Beyond(long nowMs, int bytes, bool checkRate)
    {
        if ((ulong)(nowMs - _minuteBeganMs) >= MinuteMs) Turn(nowMs);
        if (bytes > _maxBytes - _bytes) return LimitKind.BytesPerDay;
        return checkRate && _hasRate && !_bucket.HasToken(nowMs) ? LimitKind.MessagesPerSecond : null;
    }

    private Excess Explain(LimitKind kind, long nowMs) => kind is LimitKind.BytesPerDay
        ? new Excess(kind, scope, _allowance.BytesPerDay, TimeSpan.FromMilliseconds((_day + 1) * DayMs - nowMs))
        : new Excess(kind, scope, _allowance.MessagesPerSecond, _bucket.WaitFor(nowMs));

    /// <summary>A device sends the same metrics in the same order as a rule.</summary>
    private bool HasRoomFor(ReadOnlySpan<int> metrics)
    {
        if (metrics.SequenceEqual(_usual)) return true;
        var more = 0;
        foreach (var metric in metrics)
            if (!_metrics.Contains(metric)) more++;
        if (more <= _maxMetrics - _metrics.Count) return true;
        Watch();
        return false;
    }

    private void Watch() => Volatile.Write(ref _watchedUntilMs, _minuteBeganMs + 2 * MinuteMs);

    private void Count(long nowMs, int bytes, ReadOnlySpan<int> metrics)
    {
        if (_hasRate) _bucket.Take(nowMs);
        _inMinute++;
        _bytes += bytes;
        if (metrics.IsEmpty || metrics.SequenceEqual(_usual)) return;
        var before = _metrics.Count;
        foreach (var metric in metrics) _metrics.Add(metric);
        if (_metrics.Count > before || _usual.Length == 0) _usual = metrics.ToArray();   // not with every change of order: that would allocate with every message
    }

    /// <summary>Another minute, perhaps another day, perhaps a clock that was set.</summary>
    private void Turn(long nowMs)
    {
        var began = nowMs - nowMs % MinuteMs;
        if (began == _minuteBeganMs) return;
        _lastMinute = began == _minuteBeganMs + MinuteMs ? _inMinute : 0;
        (_inMinute, _minuteBeganMs) = (0, began);
        if (_hasRate) _bucket.ClockMayHaveLeapt(nowMs);
        if (began / DayMs == _day) return;
        (_day, _bytes) = (began / DayMs, 0);
    }

    private static int Find(string metric)
    {
        var length = Encoding.UTF8.GetByteCount(metric);
        Span<byte> utf8 = length <= 512 ? stackalloc byte[length] : new byte[length];
        Encoding.UTF8.GetBytes(metric, utf8);
        return Numbers.Metrics.Find(utf8);
    }
}

/// <summary>Which limit a message met, and whose.</summary>
/// <param name="RetryAfter">When there will be room again; null when time alone does not help.</param>
internal sealed record Excess(LimitKind Limit, LimitScope Scope, Cap Allowed, TimeSpan? RetryAfter)
{
    /// <summary>Whole seconds, as MQTT's and HTTP's senders are told.</summary>
    public long? RetryAfterSeconds => RetryAfter is { } wait ? Math.Max(1, (long)Math.Ceiling(wait.TotalSeconds)) : null;

    /// <summary>The word for it in properties, problems and metrics.</summary>
    public string Name => NameOf(Limit);

    public string Reason => Limit switch
    {
        LimitKind.MessagesPerSecond => $"the {Scope} may send {Allowed} messages a second",
        LimitKind.BytesPerDay => $"the {Scope} may send {Allowed} bytes a day (UTC)",
        LimitKind.Metrics => $"the {Scope} may have {Allowed} different metrics",
        _ => $"the {Scope} may have {Allowed} devices and has them",
    };

    public static string NameOf(LimitKind limit) => limit switch
    {
        LimitKind.MessagesPerSecond => "messagesPerSecond",
        LimitKind.BytesPerDay => "bytesPerDay",
        LimitKind.Metrics => "metrics",
        _ => "devices",
    };
}
