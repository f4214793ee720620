namespace Seamless.Ingest.Dialects.Sparkplug;

/// <summary>When which node is asked to say again who it is: at once, then less and less often while it does not help, and never too many together. Any number of threads.</summary>
internal sealed class Rebirths(TimeProvider time, SparkplugOptions options)
{
    private readonly Lock _lock = new();
    private readonly PriorityQueue<EdgeNode, DateTimeOffset> _due = new();
    private readonly Dictionary<EdgeNode, Asked> _asked = [];

    private sealed class Asked
    {
        public bool IsWanted { get; set; }
        public DateTimeOffset? Last { get; set; }
        public TimeSpan Pause { get; set; }
    }

    public void Want(EdgeNode node)
    {
        lock (_lock)
        {
            if (!_asked.TryGetValue(node, out var asked)) _asked[node] = asked = new Asked { Pause = options.RebirthEvery };
            if (asked.IsWanted) return;
            asked.IsWanted = true;
            var now = time.GetUtcNow();
            _due.Enqueue(node, asked.Last is { } last && last + asked.Pause > now ? last + asked.Pause : now);
        }
    }

    /// <summary>It has been born: whatever was wanted is here.</summary>
    public void Born(EdgeNode node)
    {
        lock (_lock)
            if (_asked.TryGetValue(node, out var asked)) asked.IsWanted = false;
    }

    /// <summary>The nodes to ask now.</summary>
    public IReadOnlyList<EdgeNode> TakeDue(int atMost)
    {
        var taken = new List<EdgeNode>();
        lock (_lock)
        {
            var now = time.GetUtcNow();
            while (taken.Count < atMost && _due.TryPeek(out var node, out var at) && at <= now)
            {
                _due.Dequeue();
                var asked = _asked[node];
                if (!asked.IsWanted) continue;
                asked.IsWanted = false;
                // Asked again so soon: the last time did not help.
                var isVain = asked.Last is { } last && now - last < 2 * asked.Pause;
                asked.Pause = !isVain ? options.RebirthEvery : TimeSpan.FromTicks(Math.Min((2 * asked.Pause).Ticks, options.RebirthAtMostEvery.Ticks));
                asked.Last = now;
                taken.Add(node);
            }
        }
        return taken;
    }
}
