namespace Seamless.Machines.Fleet;

/// <summary>A clock that stands still until it is advanced, and then jumps: timers that have come due fire once each, in the order of their times.</summary>
/// <remarks>
/// It is as if the computer had been suspended in between: a timer that would have fired a thousand times fires once, and one that is set while
/// others fire waits for the next advance. So a jump costs what there are timers, however far it goes. Timers fire on the thread that advances.
/// Thread-safe: anyone may read it and create timers; one at a time advances it.
/// </remarks>
public sealed class SimulatedClock(DateTimeOffset start) : TimeProvider
{
    private readonly Lock _gate = new();
    private readonly PriorityQueue<Due, (long Ticks, long Number)> _due = new();
    private long _nowTicks = start.UtcTicks;
    private long _created;

    public override DateTimeOffset GetUtcNow() => new(Interlocked.Read(ref _nowTicks), TimeSpan.Zero);

    public override long GetTimestamp() => Interlocked.Read(ref _nowTicks);

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    /// <summary>Moves to <paramref name="to"/> and fires what has come due. Never goes back.</summary>
    public void AdvanceTo(DateTimeOffset to)
    {
        var due = new List<Due>();
        lock (_gate)
        {
            Interlocked.Exchange(ref _nowTicks, Math.Max(_nowTicks, to.UtcTicks));
            while (_due.TryPeek(out var next, out var at) && at.Ticks <= _nowTicks)
            {
                _due.Dequeue();
                due.Add(next);
            }
        }
        foreach (var one in due) one.Timer.Fire(one.Generation);
    }

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new Timer(this, callback, state);
        timer.Change(dueTime, period);
        return timer;
    }

    private void Schedule(Due due, TimeSpan after)
    {
        lock (_gate) _due.Enqueue(due, (_nowTicks + Math.Max(0, after.Ticks), _created++));
    }

    /// <param name="Generation">Of the timer when it was set; an older one has been changed since and does not fire.</param>
    private sealed record Due(Timer Timer, int Generation);

    private sealed class Timer(SimulatedClock clock, TimerCallback callback, object? state) : ITimer
    {
        private readonly Lock _gate = new();
        private int _generation;
        private TimeSpan _period;
        private bool _disposed;

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            lock (_gate)
            {
                if (_disposed) return false;
                _generation++;
                _period = period;
                if (dueTime >= TimeSpan.Zero) clock.Schedule(new Due(this, _generation), dueTime);
                return true;
            }
        }

        public void Fire(int generation)
        {
            lock (_gate)
            {
                if (_disposed || generation != _generation) return;
                if (_period > TimeSpan.Zero) clock.Schedule(new Due(this, _generation), _period);
            }
            callback(state);
        }

        public void Dispose()
        {
            lock (_gate) _disposed = true;
        }

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
