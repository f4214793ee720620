using System.Collections.Concurrent;
using Seamless.ServiceDesk.Parts.Counting;

namespace Seamless.Portal.Pages.Parts;

/// <summary>What somebody has read and not settled yet, for as long as they look at it. Nothing is lost with it: the shelf is still there.</summary>
internal sealed class CountDrafts(TimeProvider clock)
{
    private static readonly TimeSpan Kept = TimeSpan.FromHours(2);
    private readonly ConcurrentDictionary<(string Tenant, string Who), CountDraft> _drafts = new();

    public void Keep(string tenant, string who, StockCount count, IReadOnlyList<string> tags)
    {
        var now = clock.GetUtcNow();
        foreach (var (of, old) in _drafts)
            if (old.At + Kept < now) _drafts.TryRemove(of, out _);
        _drafts[(tenant, who)] = new CountDraft(count, tags, now);
    }

    public CountDraft? Find(string tenant, string who, string depot) =>
        _drafts.TryGetValue((tenant, who), out var draft) && draft.At + Kept >= clock.GetUtcNow() && draft.Count.Depot == depot ? draft : null;
}

internal sealed record CountDraft(StockCount Count, IReadOnlyList<string> Tags, DateTimeOffset At);
