using Microsoft.Extensions.Logging;
using Seamless.Storage.TimeSeries.Segments.Files;
using Seamless.Storage.TimeSeries.Segments.Heads;

namespace Seamless.Storage.TimeSeries.Segments.Upkeep;

/// <summary>Seals the rows in memory when they are many or old: one seal at a time, tried again while the disk refuses.</summary>
/// <param name="pace">The machine's clock: it paces a disk, also while simulated time flies.</param>
/// <param name="onSealed">Called after each seal.</param>
internal sealed class Sealer(
    StoreState state, Intake intake, SegmentFolder folder, TimeSeriesOptions options, TimeProvider pace, StoreMetrics metrics, ILogger logger, Action onSealed) : IDisposable
{
    private readonly SemaphoreSlim _turn = new(1, 1);
    private readonly SemaphoreSlim _due = new(0);
    private int _asked;
    private bool _failed;

    /// <summary>Looks soon whether a seal is due.</summary>
    public void Ask()
    {
        if (Interlocked.Exchange(ref _asked, 1) == 0) _due.Release();
    }

    /// <summary>Keeps seals off until <see cref="Leave"/>. Taken before <see cref="Merger.EnterAsync"/>.</summary>
    public Task EnterAsync(CancellationToken ct) => _turn.WaitAsync(ct);

    public void Leave() => _turn.Release();

    /// <summary>Until <paramref name="stopping"/>.</summary>
    public async Task RunAsync(CancellationToken stopping)
    {
        try
        {
            while (true)
            {
                await _due.WaitAsync(stopping);
                Volatile.Write(ref _asked, 0);
                if (!IsDue) continue;
                await _turn.WaitAsync(stopping);
                try
                {
                    Seal();
                }
                catch (Exception e)   // the edge of this loop: the rows are where they were, and the next tick tries again
                {
                    if (!_failed) StoreMessages.SealFailed(logger, e, state.View.Heads.Sum(h => h.Rows), folder.Root);
                    _failed = true;
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

    private bool IsDue
    {
        get
        {
            var view = state.View;
            return view.Sealing is not null
                || view.Active is { Rows: > 0 } active && (intake.HasEnough(active) || pace.GetElapsedTime(active.SinceTimestamp) >= options.SealAfter);
        }
    }

    /// <summary>Seals what has been appended until now.</summary>
    public async Task FlushAsync(CancellationToken ct)
    {
        var appended = intake.Appended;
        if (intake.Durable >= appended) return;
        await _turn.WaitAsync(ct);
        try
        {
            while (intake.Durable < appended) await Task.Run(Seal, ct);   // twice when a seal that failed is taken up again
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <summary>One at a time, in <see cref="_turn"/>. Rows stay visible throughout, and stay in memory when it fails.</summary>
    private void Seal()
    {
        var began = pace.GetTimestamp();
        var heads = state.View.Sealing ?? intake.Swap();
        List<Segment> segments;
        try
        {
            segments = Sealing.Write(heads, state.LastSeal + 1, folder);
            state.Keep(heads);
            state.Save(state.View.Marks);
        }
        catch
        {
            metrics.Failed();
            throw;
        }
        state.LastSeal++;
        state.Show(view => view.With(segments, []) with { Sealing = null });
        heads.Release();
        intake.Sealed(heads.Ordinal);
        if (_failed) StoreMessages.SealsAgain(logger, folder.Root);
        _failed = false;
        onSealed();
        var elapsed = pace.GetElapsedTime(began);
        metrics.Sealed(elapsed);
        StoreMessages.Sealed(logger, heads.Rows, segments.Count, elapsed);
    }

    public void Dispose()
    {
        _turn.Dispose();
        _due.Dispose();
    }
}
