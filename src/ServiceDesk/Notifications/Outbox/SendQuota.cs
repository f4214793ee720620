using System.Collections.Concurrent;

namespace Seamless.ServiceDesk.Notifications.Outbox;

/// <summary>How many messages a robot takes in a span of time.</summary>
internal readonly record struct Rate(int Most, TimeSpan Per);

/// <summary>Keeps every robot's rate, strictly: no span of that length sees more.</summary>
/// <remarks>The instants of the last messages are remembered instead of tokens: a bucket of 20 that refills with 20 a minute lets 40 through within one. After a restart it begins anew.</remarks>
internal sealed class SendQuota
{
    private readonly ConcurrentDictionary<string, Queue<DateTimeOffset>> _sent = new();

    /// <summary>How many may go now, and when the next may when none may.</summary>
    public (int Free, DateTimeOffset NextAt) Ask(string robot, IReadOnlyList<Rate> rates, DateTimeOffset now)
    {
        if (rates.Count == 0) return (int.MaxValue, now);
        var sent = _sent.GetOrAdd(robot, _ => []);
        lock (sent)
        {
            var longest = rates.Max(r => r.Per);
            while (sent.TryPeek(out var oldest) && oldest + longest <= now) sent.Dequeue();
            var free = int.MaxValue;
            var next = now;
            foreach (var rate in rates)
            {
                var recent = sent.Where(at => at + rate.Per > now).ToList();
                free = Math.Min(free, rate.Most - recent.Count);
                if (recent.Count >= rate.Most && recent[^rate.Most] + rate.Per is var freeAt && freeAt > next) next = freeAt;
            }
            return (Math.Max(free, 0), next);
        }
    }

    public void Count(string robot, DateTimeOffset now)
    {
        var sent = _sent.GetOrAdd(robot, _ => []);
        lock (sent) sent.Enqueue(now);
    }
}
