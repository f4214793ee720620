namespace Seamless.Storage.Log;

/// <summary>Tells those who wait for a commit, while the next one is already on its way to the disk.</summary>
/// <remarks>
/// A thousand acknowledgements cost as much time as a flush does: one after the other, processor and disk would take turns at being idle.
/// The order of commits is kept. At most one commit waits here behind the one that is being told.
/// </remarks>
internal sealed class Answers(Action<Gathered, Exception?> tell)
{
    private const int FewListeners = 4;   // handing those over would cost more than telling them

    private readonly object _gate = new();
    private (Gathered Gathered, Exception? Failure)? _next;
    private Thread? _thread;
    private bool _telling;
    private bool _closed;

    /// <summary>The committer's own; waits while there is no room.</summary>
    public void Post(Gathered gathered, Exception? failure)
    {
        lock (_gate)
        {
            if (gathered.Listeners.Count > FewListeners || _telling || _next is not null)
            {
                _thread ??= Start();
                while (_next is not null) Monitor.Wait(_gate);
                _next = (gathered, failure);
                Monitor.PulseAll(_gate);
                return;
            }
        }
        tell(gathered, failure);   // nobody else posts, so the order is kept
    }

    private Thread Start()
    {
        var thread = new Thread(Run) { Name = "log answers", IsBackground = true };
        thread.Start();
        return thread;
    }

    private void Run()
    {
        while (true)
        {
            (Gathered Gathered, Exception? Failure) taken;
            lock (_gate)
            {
                _telling = false;
                while (_next is null)
                {
                    if (_closed) return;
                    Monitor.Wait(_gate);
                }
                taken = _next.Value;
                _next = null;
                _telling = true;
                Monitor.PulseAll(_gate);
            }
            tell(taken.Gathered, taken.Failure);
        }
    }

    /// <summary>Whoever waits is told, then this returns. Nothing is posted any more.</summary>
    public void Close()
    {
        lock (_gate)
        {
            _closed = true;
            Monitor.PulseAll(_gate);
        }
        if (_thread != Thread.CurrentThread) _thread?.Join();
    }
}
