using System.Diagnostics;
using Seamless.Telemetry.Rows;

namespace Seamless.Storage.Log;

/// <summary>Whoever wrote into the batch that is being gathered and wants to hear when it is durable.</summary>
public interface ICommitListener
{
    /// <summary>Called once a commit, in their order, on a thread of the log: return soon, never block.</summary>
    /// <remarks>At most four commits can be waited for at a time: gathered, written, written and not answered, being answered.</remarks>
    /// <param name="failure">Null when everything written before the promise is durable; otherwise none of it may be acknowledged.</param>
    void Settled(Exception? failure);
}

/// <summary>Someone waiting for entries to become durable.</summary>
internal sealed class AppendRequest : ICommitListener
{
    private readonly TaskCompletionSource _done = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Task Done => _done.Task;

    public void Settled(Exception? failure)
    {
        if (failure is null) _done.TrySetResult();
        else _done.TrySetException(failure);
    }
}

/// <summary>What one commit will write: a batch for each partition, and those who wait for it.</summary>
internal sealed class Gathered(int partitions)
{
    public LogBatch?[] Batches { get; } = new LogBatch?[partitions];
    public List<ICommitListener> Listeners { get; } = [];

    /// <summary>Those of the listeners who wait for the answer.</summary>
    public int Urgent { get; set; }
    public int Records { get; set; }
}

/// <summary>The batch that is being gathered: many write into it, one commits it while the next is being gathered.</summary>
/// <remarks>
/// They take turns: one is filled while another is on its way to the disk and a third is being answered. Its size is bounded by its callers: who finds it full waits before it
/// takes more from its sender. That is the back-pressure. The committer blocks in a plain wait, since it will block in the disk anyway.
/// </remarks>
internal sealed class Gathering(int partitions, int fullRecords, Func<LogBatch> rent)
{
    private readonly object _gate = new();
    private Gathered _open = new(partitions);
    private readonly Stack<Gathered> _idle = [];
    private TaskCompletionSource? _room;
    private int _company = 1;   // how many urgent listeners wake the committer
    private int _enough;        // how many records do
    private bool _closed;

    /// <summary>Records that wait.</summary>
    public long Depth => Volatile.Read(ref _open).Records;

    public bool IsFull => Volatile.Read(ref _open).Records >= fullRecords;

    /// <summary>Completes when there is room again.</summary>
    public Task WaitForRoomAsync()
    {
        lock (_gate)
        {
            if (!IsFull || _closed) return Task.CompletedTask;
            _room ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            return _room.Task;
        }
    }

    /// <summary>Holds the batch for the caller alone, until <see cref="Leave"/>.</summary>
    /// <returns>False once closed; then it is not held.</returns>
    public bool TryEnter()
    {
        Monitor.Enter(_gate);
        if (!_closed) return true;
        Monitor.Exit(_gate);
        return false;
    }

    public void Leave() => Monitor.Exit(_gate);

    // Between TryEnter and Leave

    public long Generation { get; private set; }

    public SampleRows RowsOf(int partition) => BatchOf(partition).Rows;

    public void Add(int partition, in LogEntry entry)
    {
        BatchOf(partition).Add(entry);
        _open.Records++;
    }

    public void Added(int rows) => _open.Records += rows;

    /// <param name="urgent">Somebody waits for the answer. What nobody waits for may be gathered for as long as a commit lingers.</param>
    public void Promise(ICommitListener listener, bool urgent)
    {
        _open.Listeners.Add(listener);
        if (urgent) _open.Urgent++;
        if (_open.Listeners.Count == 1 || (urgent && _open.Urgent >= _company) || (_enough > 0 && _open.Records >= _enough)) Monitor.Pulse(_gate);
    }

    private LogBatch BatchOf(int partition) => _open.Batches[partition] ??= rent();

    // The committer

    /// <summary>Waits for listeners and takes what was gathered.</summary>
    /// <param name="company">Urgent listeners of the last commit: as many are likely to come again. With one or none there is nobody to wait for.</param>
    /// <param name="linger">How long to wait for them at most.</param>
    /// <returns>Null when closed and empty.</returns>
    public Gathered? Take(int enoughRecords, int company, TimeSpan linger)
    {
        lock (_gate)
        {
            while (_open.Listeners.Count == 0)
            {
                if (_closed) return null;
                Monitor.Wait(_gate);
            }
            Linger(enoughRecords, company, linger);
            return Swap();
        }
    }

    /// <summary>Takes what was gathered; null when there is nothing.</summary>
    public Gathered? TryTake()
    {
        lock (_gate) return _open.Listeners.Count == 0 ? null : Swap();
    }

    /// <summary>Hands back what <see cref="Take"/> gave, emptied.</summary>
    public void Return(Gathered gathered)
    {
        gathered.Listeners.Clear();
        (gathered.Records, gathered.Urgent) = (0, 0);
        Array.Clear(gathered.Batches);
        lock (_gate) _idle.Push(gathered);
    }

    private Gathered Swap()
    {
        var taken = _open;
        Volatile.Write(ref _open, _idle.TryPop(out var idle) ? idle : new Gathered(partitions));
        Generation++;
        _room?.TrySetResult();
        _room = null;
        return taken;
    }

    private void Linger(int enoughRecords, int company, TimeSpan linger)
    {
        (_company, _enough) = (company, enoughRecords);
        var since = Stopwatch.GetTimestamp();
        while (!_closed && (_open.Urgent == 0 || _open.Urgent < company) && _open.Records < enoughRecords && linger - Stopwatch.GetElapsedTime(since) is { Ticks: > 0 } left)
            Monitor.Wait(_gate, left);
        _enough = 0;
    }

    /// <summary>Lets the committer pause, unless this is closed meanwhile.</summary>
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

    /// <summary>What was gathered is still taken; nothing more comes in.</summary>
    public void Close()
    {
        lock (_gate)
        {
            _closed = true;
            _room?.TrySetResult();
            Monitor.PulseAll(_gate);
        }
    }
}
