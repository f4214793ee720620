using Microsoft.Extensions.Logging;
using Seamless.Storage.TimeSeries.Segments.Files;

namespace Seamless.Storage.TimeSeries.Segments.Upkeep;

/// <summary>Merges the segments of a day where it pays, after a seal or when asked: one merge at a time, while rows come in and are read.</summary>
internal sealed class Merger(StoreState state, SegmentFolder folder, TimeSeriesOptions options, StoreMetrics metrics, ILogger logger, CancellationToken stopping) : IDisposable
{
    private readonly Compaction _compaction = new(folder, options, logger);
    private readonly SemaphoreSlim _turn = new(1, 1);
    private readonly SemaphoreSlim _due = new(0);
    private readonly HashSet<long> _unmergeable = [];   // days left alone until the next start

    /// <summary>Looks soon whether a merge pays.</summary>
    public void Ask() => _due.Release();

    /// <summary>Keeps merges off until <see cref="Leave"/>. Taken after <see cref="Sealer.EnterAsync"/>.</summary>
    public Task EnterAsync(CancellationToken ct) => _turn.WaitAsync(ct);

    public void Leave() => _turn.Release();

    /// <summary>Until the store stops.</summary>
    public async Task RunAsync()
    {
        try
        {
            while (true)
            {
                await _due.WaitAsync(stopping);
                await _turn.WaitAsync(stopping);
                try
                {
                    while (Compaction.Choose(state.View, state.LastSeal, _unmergeable) is { Count: > 0 } segments) Merge(segments, hoursOnly: false);
                }
                finally
                {
                    _turn.Release();
                }
            }
        }
        catch (OperationCanceledException)
        {
        }
    }

    /// <summary>Merges each day into one segment now.</summary>
    public async Task MergeAllAsync(CancellationToken ct)
    {
        await _turn.WaitAsync(ct);
        try
        {
            foreach (var day in state.View.Segments.GroupBy(s => s.Day).Where(d => d.All(s => s.Rows > 0)).Select(d => d.ToArray()).ToArray())
                await Task.Run(() => Merge(day, hoursOnly: false), ct);
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <summary>For who has entered.</summary>
    /// <param name="hoursOnly">Keeps the hours without the rows.</param>
    public void Merge(IReadOnlyList<Segment> segments, bool hoursOnly)
    {
        try
        {
            // The new one in, then the old ones out: a crash in between leaves both, and opening knows which to keep.
            var merged = _compaction.Merge(segments, state.View.Marks, hoursOnly, stopping) is { } prepared ? folder.Publish(prepared) : null;
            state.Show(view => view.With(merged is null ? [] : [merged], segments));
            foreach (var old in segments) Drop(old, merged);
            metrics.Compacted();
        }
        catch (Exception e) when (e is not OperationCanceledException)   // the segments stay as they are, and other days are merged
        {
            _unmergeable.Add(segments[0].Day);
            StoreMessages.CompactionFailed(logger, e, Day.FolderOf(segments[0].Day));
        }
    }

    private void Drop(Segment old, Segment? merged)
    {
        if (old.Path == merged?.Path) old.Release();   // its name lives on
        else folder.Delete(old);
    }

    public void Dispose()
    {
        _turn.Dispose();
        _due.Dispose();
    }
}
