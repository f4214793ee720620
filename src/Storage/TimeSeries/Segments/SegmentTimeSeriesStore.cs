using System.Diagnostics.Metrics;
using System.Runtime.CompilerServices;
using Microsoft.Extensions.Logging;
using Seamless.Storage.TimeSeries.Segments.Files;
using Seamless.Storage.TimeSeries.Segments.Heads;
using Seamless.Storage.TimeSeries.Segments.Queries;
using Seamless.Telemetry;
using Seamless.Telemetry.Rows;

namespace Seamless.Storage.TimeSeries.Segments;

/// <summary>Rows in memory by device, sealed now and then into compressed segment files, a folder a day (ADR 0008).</summary>
/// <remarks>
/// There is no log of its own: an append is durable once it is sealed, and until then the telemetry log keeps what it came from. Appending is one thread
/// at a time and waits for no disk, unless the disk has refused for so long that memory runs short. Readers take no lock: they see a <see cref="View"/>.
/// </remarks>
public sealed class SegmentTimeSeriesStore : ITimeSeriesStore, IAsyncDisposable, IDisposable
{
    private readonly TimeSeriesOptions _options;
    private readonly TimeProvider _time;
    private readonly TimeProvider _pace;
    private readonly ILogger _logger;
    private readonly SegmentFolder _folder;
    private readonly Compaction _compaction;
    private readonly StoreMetrics _metrics;
    private readonly LatestValues _sealedLatest = new();

    private readonly Lock _appending = new();
    private readonly Lock _changing = new();                  // of the view
    private readonly SemaphoreSlim _sealing = new(1, 1);      // taken before _compacting
    private readonly SemaphoreSlim _compacting = new(1, 1);
    private readonly SemaphoreSlim _sealDue = new(0);
    private readonly SemaphoreSlim _compactDue = new(0);
    private readonly CancellationTokenSource _stopping = new();
    private readonly ITimer _timer;
    private readonly Task _loops;

    private readonly HashSet<long> _unmergeable = [];         // days left alone until the next start

    private volatile View _view;
    private volatile TaskCompletionSource _room = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private long _appended;
    private long _durable;
    private long _lastSeal;
    private int _sealAsked;
    private bool _sealFailed;
    private bool _disposed;

    /// <param name="directory">Of the segments alone.</param>
    /// <param name="time">The platform's clock, which retention of single metrics counts from.</param>
    /// <param name="pace">The machine's clock: it paces a disk, also while simulated time flies.</param>
    /// <param name="durable">Whether to wait for the disk. Off only in a simulation.</param>
    public SegmentTimeSeriesStore(
        string directory, TimeSeriesOptions options, ILogger<SegmentTimeSeriesStore> logger, TimeProvider time, TimeProvider? pace = null, bool durable = true, IMeterFactory? meters = null)
        : this(new SegmentFolder(directory, durable, logger), options, logger, time, pace ?? TimeProvider.System, meters)
    {
    }

    internal SegmentTimeSeriesStore(SegmentFolder folder, TimeSeriesOptions options, ILogger logger, TimeProvider time, TimeProvider pace, IMeterFactory? meters)
    {
        (_folder, _options, _logger, _time, _pace) = (folder, options, logger, time, pace);
        _compaction = new Compaction(folder, options, logger);
        _view = Open();
        _metrics = new StoreMetrics(meters, () => _view);
        var every = TimeSpan.FromTicks(Math.Clamp(options.SealAfter.Ticks / 10, TimeSpan.TicksPerSecond / 10, TimeSpan.TicksPerMinute));
        _timer = pace.CreateTimer(_ => AskToSeal(), null, every, every);
        _loops = Task.WhenAll(Task.Run(SealAsync), Task.Run(CompactAsync));
    }

    public StoreFeed Feed => StoreFeed.AtOnce;

    public long Durable => Volatile.Read(ref _durable);

    // Opening

    private View Open()
    {
        var segments = _folder.Open();
        var marks = StateFile.Load(_folder.Root, _sealedLatest);
        foreach (var old in segments.Where(s => marks is not null && s.MaxMs < ForgetMs(marks)).ToArray())
        {
            segments.Remove(old);   // a crash came before they were deleted
            _folder.Delete(old);
        }
        _lastSeal = segments.Select(s => s.Name.To).DefaultIfEmpty(0).Max();
        if (marks is null && segments.Count > 0) RebuildLatest(segments);
        if (marks is null) StateFile.Save(_folder, Marks.None, _sealedLatest);
        return new View(new HeadSet(), null, [.. segments], marks ?? Marks.None);
    }

    private void RebuildLatest(List<Segment> segments)
    {
        StoreMessages.StateLost(_logger, Path.Combine(_folder.Root, StateFile.Name));
        foreach (var segment in segments)
            foreach (var device in segment.Devices)
                foreach (var block in device.Blocks)
                    if (segment.Read(device.Device, block, []) is { } rows) Keep(rows);
    }

    private void Keep(DeviceRows rows)
    {
        var key = Numbers.Devices[rows.Device];
        var values = new List<LatestValue>();
        HeadLatest.AddTo(values, rows);
        foreach (var value in values) _sealedLatest.Put(key, value);
    }

    // Appending

    public ValueTask<long> AppendAsync(SampleRows rows, CancellationToken ct) => IsFull ? AppendLaterAsync(rows, ct) : ValueTask.FromResult(Append(rows));

    /// <summary>Twice what asks for a seal: the disk does not take it, or not fast enough.</summary>
    private bool IsFull
    {
        get
        {
            var view = _view;
            return view.Active.Rows + (view.Sealing?.Rows ?? 0) >= 2L * _options.SealRows || view.Active.Bytes + (view.Sealing?.Bytes ?? 0) >= 2L * MaxBytes;
        }
    }

    private long MaxBytes => (long)_options.SealMegabytes << 20;

    private async ValueTask<long> AppendLaterAsync(SampleRows rows, CancellationToken ct)
    {
        for (var room = _room.Task; IsFull; room = _room.Task) await room.WaitAsync(ct);
        return Append(rows);
    }

    private long Append(SampleRows rows)
    {
        long ordinal;
        HeadSet heads;
        lock (_appending)
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            heads = _view.Active;
            if (heads.Rows == 0) heads.SinceTimestamp = _pace.GetTimestamp();
            heads.Append(rows);
            heads.Ordinal = ordinal = ++_appended;
            // Without rows there is nothing to lose; a log of ticks alone would otherwise be kept for ever.
            if (heads.Rows == 0 && _durable == ordinal - 1) Volatile.Write(ref _durable, ordinal);
        }
        if (heads.Rows >= _options.SealRows || heads.Bytes >= MaxBytes) AskToSeal();
        return ordinal;
    }

    // Sealing

    private void AskToSeal()
    {
        if (Interlocked.Exchange(ref _sealAsked, 1) == 0) _sealDue.Release();
    }

    private bool IsSealDue
    {
        get
        {
            var view = _view;
            return view.Sealing is not null || view.Active is { Rows: > 0 } active
                && (active.Rows >= _options.SealRows || active.Bytes >= MaxBytes || _pace.GetElapsedTime(active.SinceTimestamp) >= _options.SealAfter);
        }
    }

    private async Task SealAsync()
    {
        try
        {
            while (true)
            {
                await _sealDue.WaitAsync(_stopping.Token);
                Volatile.Write(ref _sealAsked, 0);
                if (!IsSealDue) continue;
                await _sealing.WaitAsync(_stopping.Token);
                try
                {
                    Seal();
                }
                catch (Exception e)   // the edge of this loop: the rows are where they were, and the next tick tries again
                {
                    if (!_sealFailed) StoreMessages.SealFailed(_logger, e, _view.Heads.Sum(h => h.Rows), _folder.Root);
                    _sealFailed = true;
                }
                finally
                {
                    _sealing.Release();
                }
            }
        }
        catch (OperationCanceledException)
        {
        }
    }

    public async Task FlushAsync(CancellationToken ct)
    {
        var appended = Volatile.Read(ref _appended);
        if (Durable >= appended) return;
        await _sealing.WaitAsync(ct);
        try
        {
            while (Durable < appended) await Task.Run(Seal, ct);   // twice when a seal that failed is taken up again
        }
        finally
        {
            _sealing.Release();
        }
    }

    /// <summary>One at a time, under <see cref="_sealing"/>. Rows stay visible throughout, and stay in memory when it fails.</summary>
    private void Seal()
    {
        var began = _pace.GetTimestamp();
        var heads = _view.Sealing ?? Swap();
        List<Segment> segments;
        try
        {
            segments = Sealing.Write(heads, _lastSeal + 1, _folder);
            foreach (var head in heads.All()) Keep(head);
            StateFile.Save(_folder, _view.Marks, _sealedLatest);
        }
        catch
        {
            _metrics.Failed();
            throw;
        }
        _lastSeal++;
        Show(view => view.With(segments, []) with { Sealing = null });
        Volatile.Write(ref _durable, heads.Ordinal);
        Interlocked.Exchange(ref _room, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).TrySetResult();
        if (_sealFailed) StoreMessages.SealsAgain(_logger, _folder.Root);
        _sealFailed = false;
        _compactDue.Release();
        var elapsed = _pace.GetElapsedTime(began);
        _metrics.Sealed(elapsed);
        StoreMessages.Sealed(_logger, heads.Rows, segments.Count, elapsed);
    }

    private HeadSet Swap()
    {
        lock (_appending)
        {
            var full = _view.Active;
            full.Ordinal = _appended;   // also of appends without rows
            Show(view => view with { Sealing = full, Active = new HeadSet(full) });
            return full;
        }
    }

    private void Show(Func<View, View> change)
    {
        lock (_changing) _view = change(_view);
    }

    // Compaction

    private async Task CompactAsync()
    {
        try
        {
            while (true)
            {
                await _compactDue.WaitAsync(_stopping.Token);
                await _compacting.WaitAsync(_stopping.Token);
                try
                {
                    while (Compaction.Choose(_view, _lastSeal, _unmergeable) is { Count: > 0 } segments) Compact(segments, hoursOnly: false);
                }
                finally
                {
                    _compacting.Release();
                }
            }
        }
        catch (OperationCanceledException)
        {
        }
    }

    /// <summary>Merges each day into one segment now.</summary>
    public async Task CompactAllAsync(CancellationToken ct)
    {
        await _compacting.WaitAsync(ct);
        try
        {
            foreach (var day in _view.Segments.GroupBy(s => s.Day).Where(d => d.All(s => s.Rows > 0)).Select(d => d.ToArray()).ToArray())
                await Task.Run(() => Compact(day, hoursOnly: false), ct);
        }
        finally
        {
            _compacting.Release();
        }
    }

    /// <summary>Under <see cref="_compacting"/>.</summary>
    private void Compact(IReadOnlyList<Segment> segments, bool hoursOnly)
    {
        try
        {
            // The new one in, then the old ones out: a crash in between leaves both, and opening knows which to keep.
            var merged = _compaction.Merge(segments, _view.Marks, hoursOnly, _stopping.Token) is { } prepared ? _folder.Publish(prepared) : null;
            Show(view => view.With(merged is null ? [] : [merged], segments));
            foreach (var old in segments) Drop(old, merged);
            _metrics.Compacted();
        }
        catch (Exception e) when (e is not OperationCanceledException)   // the segments stay as they are, and other days are merged
        {
            _unmergeable.Add(segments[0].Day);
            StoreMessages.CompactionFailed(_logger, e, Day.FolderOf(segments[0].Day));
        }
    }

    private void Drop(Segment old, Segment? merged)
    {
        if (old.Path == merged?.Path) old.Release();   // its name lives on
        else _folder.Delete(old);
    }

    // Reading

    public Task<IReadOnlyList<Series>> QueryAsync(SeriesQuery query, CancellationToken ct)
    {
        ct.ThrowIfCancellationRequested();
        using var open = OpenView.Of(() => _view, query.From.ToUnixTimeMilliseconds(), query.To.ToUnixTimeMilliseconds());
        return Task.FromResult<IReadOnlyList<Series>>(new SeriesReader(open, Numbers.Devices.Of(query.Device), query, KeepRollupsMs, _logger).Read());
    }

    public Task<IReadOnlyList<LatestValue>> LatestAsync(DeviceKey device, CancellationToken ct) => Task.FromResult(Latest(_view, device));

    public Task<IReadOnlyList<DeviceLatest>> LatestOfAllAsync(string tenant, CancellationToken ct)
    {
        var view = _view;
        var devices = new HashSet<DeviceKey>(_sealedLatest.Devices.Where(d => d.Tenant == tenant));
        foreach (var heads in view.Heads)
            foreach (var head in heads.All())
                if (Numbers.Devices[head.Device] is var key && key.Tenant == tenant) devices.Add(key);
        return Task.FromResult<IReadOnlyList<DeviceLatest>>([.. devices.Order().Select(d => new DeviceLatest(d, Latest(view, d))).Where(d => d.Values.Count > 0)]);
    }

    private IReadOnlyList<LatestValue> Latest(View view, in DeviceKey device)
    {
        var number = Numbers.Devices.Of(device);
        var values = _sealedLatest.Of(device).ToDictionary(v => v.Metric, StringComparer.Ordinal);
        var fresh = new List<LatestValue>();
        foreach (var heads in view.Heads)
        {
            if (heads.Find(number) is not { } head) continue;
            fresh.Clear();
            HeadLatest.AddTo(fresh, head);
            foreach (var value in fresh)
                if (!values.TryGetValue(value.Metric, out var known) || known.TimestampMs <= value.TimestampMs) values[value.Metric] = value;
        }
        return [.. values.Values.Where(v => v.TimestampMs >= view.Marks.Of(v.Metric)).OrderBy(v => v.Metric, StringComparer.Ordinal)];
    }

    public async IAsyncEnumerable<Sample> ReadAsync(
        IReadOnlyCollection<DeviceKey> devices, DateTimeOffset from, DateTimeOffset to, [EnumeratorCancellation] CancellationToken ct)
    {
        var walk = new HistoryWalk(() => _view, devices, _logger);
        foreach (var slice in walk.Read(from.ToUnixTimeMilliseconds(), to.ToUnixTimeMilliseconds()))
        {
            await Task.Yield();
            foreach (var sample in slice)
            {
                ct.ThrowIfCancellationRequested();
                yield return sample;
            }
        }
    }

    public Task<long> CountAsync(CancellationToken ct)
    {
        using var open = OpenView.Of(() => _view, long.MinValue, long.MaxValue);
        var rows = open.Segments.Sum(s => s.Rows) + open.View.Heads.Sum(h => h.Rows);
        return Task.FromResult(rows - Before(open, open.View.Marks.AllMs));
    }

    private static long Before(OpenView open, long beforeMs) =>
        open.Segments.Sum(s => s.RowsBefore(beforeMs)) + open.View.Heads.Sum(h => h.RowsBefore(beforeMs));

    // Retention

    private long KeepRollupsMs => (long)_options.KeepRollups.TotalMilliseconds;

    /// <summary>Up to when nothing is kept, not even hours.</summary>
    private long ForgetMs(Marks marks) => marks.AllMs < long.MinValue + KeepRollupsMs ? long.MinValue : marks.AllMs - KeepRollupsMs;

    public async Task<long> DeleteBeforeAsync(DateTimeOffset before, CancellationToken ct)
    {
        await _sealing.WaitAsync(ct);
        await _compacting.WaitAsync(ct);
        try
        {
            return await Task.Run(() => DeleteBefore(before.ToUnixTimeMilliseconds()), ct);
        }
        finally
        {
            _compacting.Release();
            _sealing.Release();
        }
    }

    private long DeleteBefore(long beforeMs)
    {
        long removed;
        Marks marks;
        using (var open = OpenView.Of(() => _view, long.MinValue, long.MaxValue))
        {
            marks = open.View.Marks.Raise(beforeMs, MetricMarks());
            removed = Before(open, marks.AllMs) - Before(open, open.View.Marks.AllMs);
        }
        _sealedLatest.DeleteBefore(marks.AllMs);
        // Hidden first and for good, then deleted: a crash in between shows nothing again.
        StateFile.Save(_folder, marks, _sealedLatest);
        Show(view => view with { Marks = marks });
        foreach (var day in _view.Segments.GroupBy(s => s.Day).Select(d => d.ToArray()).ToArray()) Thin(day, marks);
        return removed;
    }

    private Dictionary<string, long> MetricMarks() =>
        _options.Retention.ToDictionary(r => r.Key, r => (_time.GetUtcNow() - r.Value).ToUnixTimeMilliseconds(), StringComparer.Ordinal);

    /// <summary>Deletes a day that nothing is kept of; rewrites one of which less is kept than before.</summary>
    private void Thin(Segment[] day, Marks marks)
    {
        var last = day.Max(s => s.MaxMs);
        var old = day.Where(s => s.MaxMs < marks.AllMs && (s.MaxMs < ForgetMs(marks) || s.Rows > 0)).ToArray();
        if (last < marks.AllMs && last >= ForgetMs(marks) && day.All(s => s.Rows > 0)) Compact(day, hoursOnly: true);
        else if (old.Length > 0)
        {
            Show(view => view.With([], old));
            foreach (var segment in old) _folder.Delete(segment);
        }
        else if (!marks.AreSimple && day.All(s => s.Rows > 0) && day.Any(s => HoldsOld(s, marks))) Compact(day, hoursOnly: false);
    }

    /// <summary>Whether a metric in it is wholly older than its mark.</summary>
    private static bool HoldsOld(Segment segment, Marks marks) =>
        segment.Devices.SelectMany(d => d.Blocks).SelectMany(b => b.Columns).Select(c => c.Metric).Distinct().Any(m => marks.OfAlone(Numbers.Metrics[m]) > segment.MaxMs);

    // Copying

    public async ValueTask<IAsyncDisposable> HoldFilesAsync(CancellationToken ct)
    {
        await FlushAsync(ct);
        await _sealing.WaitAsync(ct);
        await _compacting.WaitAsync(ct);
        return new Hold(this);
    }

    private sealed class Hold(SegmentTimeSeriesStore store) : IAsyncDisposable
    {
        private int _ended;

        public ValueTask DisposeAsync()
        {
            if (Interlocked.Exchange(ref _ended, 1) == 1) return ValueTask.CompletedTask;
            store._compacting.Release();
            store._sealing.Release();
            store.AskToSeal();
            return ValueTask.CompletedTask;
        }
    }

    // Closing

    /// <summary>Rows in memory are not sealed: who wants that flushes before.</summary>
    public async ValueTask DisposeAsync()
    {
        if (!TryEnd()) return;
        await _timer.DisposeAsync();
        await _stopping.CancelAsync();
        await _loops;
        Close();
    }

    /// <summary>The same for a container that is disposed of synchronously: waits for a seal that is under way.</summary>
    public void Dispose()
    {
        if (!TryEnd()) return;
        _timer.Dispose();
        _stopping.Cancel();
#pragma warning disable RS0030 // whoever disposes synchronously cannot await; the loops run on the pool and end by themselves
        _loops.Wait();
#pragma warning restore RS0030
        Close();
    }

    private bool TryEnd()
    {
        lock (_appending)
        {
            if (_disposed) return false;
            return _disposed = true;
        }
    }

    private void Close()
    {
        foreach (var segment in _view.Segments) segment.Release();
        Show(view => view with { Segments = [] });
        _metrics.Dispose();
        _stopping.Dispose();
        _sealing.Dispose();
        _compacting.Dispose();
        _sealDue.Dispose();
        _compactDue.Dispose();
    }
}
