using System.Diagnostics;

namespace Seamless.Storage.Log;

/// <summary>Someone waiting for entries to become durable.</summary>
internal sealed class AppendRequest(IReadOnlyList<LogEntry> entries)
{
    private readonly TaskCompletionSource _done = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public IReadOnlyList<LogEntry> Entries { get; } = entries;
    public Task Done => _done.Task;

    public void Complete() => _done.TrySetResult();
    public void Fail(Exception exception) => _done.TrySetException(exception);
}

/// <summary>Those who wait for the next commit, in order of arrival.</summary>
/// <remarks>
/// Its length is bounded by its callers: each waits for its own append before it takes more from its sender. That is the back-pressure.
/// One thread takes; it blocks in a plain wait, since it will block in the disk anyway.
/// </remarks>
internal sealed class CommitQueue
{
    private readonly object _gate = new();
    private readonly Queue<AppendRequest> _waiting = [];
    private long _entries;
    private int _company = 1;   // how many requests wake the taker
    private bool _closed;

    /// <summary>Entries that wait.</summary>
    public long Depth => Interlocked.Read(ref _entries);

    /// <returns>False once closed.</returns>
    public bool TryAdd(AppendRequest request)
    {
        lock (_gate)
        {
            if (_closed) return false;
            _waiting.Enqueue(request);
            _entries += request.Entries.Count;
            if (_waiting.Count == 1 || _waiting.Count == _company) Monitor.Pulse(_gate);
        }
        return true;
    }

    /// <summary>Waits for requests and takes up to about <paramref name="maxEntries"/> entries of them.</summary>
    /// <param name="company">Requests in the last commit: as many are likely to come again. With one or none there is nobody to wait for.</param>
    /// <param name="linger">How long to wait for them at most.</param>
    /// <returns>False when closed and empty.</returns>
    public bool Take(List<AppendRequest> requests, int maxEntries, int company, TimeSpan linger)
    {
        lock (_gate)
        {
            while (_waiting.Count == 0)
            {
                if (_closed) return false;
                Monitor.Wait(_gate);
            }
            Linger(maxEntries, company, linger);
            TakeWaiting(requests, maxEntries);
        }
        return true;
    }

    /// <summary>Takes what waits now.</summary>
    /// <returns>False when nothing does.</returns>
    public bool TryTake(List<AppendRequest> requests, int maxEntries)
    {
        lock (_gate)
        {
            TakeWaiting(requests, maxEntries);
        }
        return requests.Count > 0;
    }

    private void TakeWaiting(List<AppendRequest> requests, int maxEntries)
    {
        var taken = 0;
        while (taken < maxEntries && _waiting.TryDequeue(out var request))
        {
            requests.Add(request);
            taken += request.Entries.Count;
        }
        _entries -= taken;
    }

    private void Linger(int maxEntries, int company, TimeSpan linger)
    {
        _company = company;
        var since = Stopwatch.GetTimestamp();
        while (!_closed && _waiting.Count < company && _entries < maxEntries && linger - Stopwatch.GetElapsedTime(since) is { Ticks: > 0 } left)
            Monitor.Wait(_gate, left);
    }

    /// <summary>Lets the taker pause, unless the queue is closed meanwhile.</summary>
    /// <returns>False when closed.</returns>
    public bool Pause(TimeSpan pause)
    {
        lock (_gate)
        {
            var since = Stopwatch.GetTimestamp();
            while (!_closed && pause - Stopwatch.GetElapsedTime(since) is { Ticks: > 0 } left) Monitor.Wait(_gate, left);
            return !_closed;
        }
    }

    /// <summary>What waits is still taken; nothing more comes in.</summary>
    public void Close()
    {
        lock (_gate)
        {
            _closed = true;
            Monitor.PulseAll(_gate);
        }
    }
}
