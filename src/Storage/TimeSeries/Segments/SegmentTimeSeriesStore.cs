using System.Diagnostics.Metrics;
using System.Runtime.CompilerServices;
using Microsoft.Extensions.Logging;
using Seamless.Storage.TimeSeries.Segments.Files;
using Seamless.Storage.TimeSeries.Segments.Heads;
using Seamless.Storage.TimeSeries.Segments.Queries;
using Seamless.Storage.TimeSeries.Segments.Upkeep;
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
    private readonly ILogger _logger;
    private readonly StoreState _state;
    private readonly Intake _intake;
    private readonly Sealer _sealer;
    private readonly Merger _merger;
    private readonly Retention _retention;
    private readonly StoreMetrics _metrics;
    private readonly CancellationTokenSource _stopping = new();
    private readonly ITimer _timer;
    private readonly Task _loops;

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
        (_options, _logger) = (options, logger);
        var pool = new RowPool();
        _state = new StoreState(folder, pool, options, logger);
        _metrics = new StoreMetrics(meters, () => _state.View);
        _merger = new Merger(_state, folder, options, _metrics, logger, _stopping.Token);
        _intake = new Intake(_state, pool, options, pace, () => _sealer!.Ask());
        _sealer = new Sealer(_state, _intake, folder, options, pace, _metrics, logger, _merger.Ask);
        _retention = new Retention(_state, _merger, folder, options, time);
        var every = TimeSpan.FromTicks(Math.Clamp(options.SealAfter.Ticks / 10, TimeSpan.TicksPerSecond / 10, TimeSpan.TicksPerMinute));
        _timer = pace.CreateTimer(_ => _sealer.Ask(), null, every, every);
        _loops = Task.WhenAll(Task.Run(() => _sealer.RunAsync(_stopping.Token)), Task.Run(_merger.RunAsync));
    }

    public StoreFeed Feed => StoreFeed.AtOnce;

    // Writing

    public long Durable => _intake.Durable;

    public ValueTask<long> AppendAsync(SampleRows rows, CancellationToken ct) => _intake.AppendAsync(rows, ct);

    public Task FlushAsync(CancellationToken ct) => _sealer.FlushAsync(ct);

    /// <summary>Merges each day into one segment now.</summary>
    public Task CompactAllAsync(CancellationToken ct) => _merger.MergeAllAsync(ct);

    public async Task<long> DeleteBeforeAsync(DateTimeOffset before, CancellationToken ct)
    {
        await _sealer.EnterAsync(ct);
        await _merger.EnterAsync(ct);
        try
        {
            return await Task.Run(() => _retention.DeleteBefore(before.ToUnixTimeMilliseconds()), ct);
        }
        finally
        {
            _merger.Leave();
            _sealer.Leave();
        }
    }

    // Reading

    public Task<IReadOnlyList<Series>> QueryAsync(SeriesQuery query, CancellationToken ct)
    {
        ct.ThrowIfCancellationRequested();
        using var open = OpenView.Of(() => _state.View, query.From.ToUnixTimeMilliseconds(), query.To.ToUnixTimeMilliseconds());
        return Task.FromResult<IReadOnlyList<Series>>(new SeriesReader(open, Numbers.Devices.Of(query.Device), query, (long)_options.KeepRollups.TotalMilliseconds, _logger).Read());
    }

    public Task<IReadOnlyList<LatestValue>> LatestAsync(DeviceKey device, CancellationToken ct)
    {
        using var open = OpenView.OfHeads(() => _state.View);
        return Task.FromResult(Latest(open.View, device));
    }

    public Task<IReadOnlyList<DeviceLatest>> LatestOfAllAsync(string tenant, CancellationToken ct)
    {
        using var open = OpenView.OfHeads(() => _state.View);
        var view = open.View;
        var devices = new HashSet<DeviceKey>(_state.SealedLatest.Devices.Where(d => d.Tenant == tenant));
        foreach (var heads in view.Heads)
            foreach (var number in heads.Devices())
                if (Numbers.Devices[number] is var key && key.Tenant == tenant) devices.Add(key);
        return Task.FromResult<IReadOnlyList<DeviceLatest>>([.. devices.Order().Select(d => new DeviceLatest(d, Latest(view, d))).Where(d => d.Values.Count > 0)]);
    }

    private IReadOnlyList<LatestValue> Latest(View view, in DeviceKey device)
    {
        var number = Numbers.Devices.Of(device);
        var values = _state.SealedLatest.Of(device).ToDictionary(v => v.Metric, StringComparer.Ordinal);
        foreach (var heads in view.Heads)
        {
            foreach (var value in heads.LatestOf(number))
                if (!values.TryGetValue(value.Metric, out var known) || known.TimestampMs <= value.TimestampMs) values[value.Metric] = value;
        }
        return [.. values.Values.Where(v => v.TimestampMs >= view.Marks.Of(v.Metric)).OrderBy(v => v.Metric, StringComparer.Ordinal)];
    }

    public async IAsyncEnumerable<Sample> ReadAsync(
        IReadOnlyCollection<DeviceKey> devices, DateTimeOffset from, DateTimeOffset to, [EnumeratorCancellation] CancellationToken ct)
    {
        var walk = new HistoryWalk(() => _state.View, devices, _logger);
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

    public async IAsyncEnumerable<SampleRows> ReadRowsAsync(
        DeviceKey device, IReadOnlyCollection<string> metrics, DateTimeOffset from, DateTimeOffset to, [EnumeratorCancellation] CancellationToken ct)
    {
        var walk = new RowWalk(() => _state.View, device, metrics, _logger);
        foreach (var stretch in walk.Read(from.ToUnixTimeMilliseconds(), to.ToUnixTimeMilliseconds()))
        {
            await Task.Yield();
            foreach (var block in stretch)
            {
                ct.ThrowIfCancellationRequested();
                yield return block;
            }
        }
    }

    public Task<long> CountAsync(CancellationToken ct)
    {
        using var open = OpenView.Of(() => _state.View, long.MinValue, long.MaxValue);
        var rows = open.Segments.Sum(s => s.Rows) + open.View.Heads.Sum(h => h.Rows);
        return Task.FromResult(rows - open.RowsBefore(open.View.Marks.AllMs));
    }

    // Copying

    public async ValueTask<IAsyncDisposable> HoldFilesAsync(CancellationToken ct)
    {
        await FlushAsync(ct);
        await _sealer.EnterAsync(ct);
        await _merger.EnterAsync(ct);
        return new Hold(this);
    }

    private sealed class Hold(SegmentTimeSeriesStore store) : IAsyncDisposable
    {
        private int _ended;

        public ValueTask DisposeAsync()
        {
            if (Interlocked.Exchange(ref _ended, 1) == 1) return ValueTask.CompletedTask;
            store._merger.Leave();
            store._sealer.Leave();
            store._sealer.Ask();
            return ValueTask.CompletedTask;
        }
    }

    // Closing

    /// <summary>Rows in memory are not sealed: who wants that flushes before.</summary>
    public async ValueTask DisposeAsync()
    {
        if (!_intake.TryEnd()) return;
        await _timer.DisposeAsync();
        await _stopping.CancelAsync();
        await _loops;
        Close();
    }

    /// <summary>The same for a container that is disposed of synchronously: waits for a seal that is under way.</summary>
    public void Dispose()
    {
        if (!_intake.TryEnd()) return;
        _timer.Dispose();
        _stopping.Cancel();
#pragma warning disable RS0030 // whoever disposes synchronously cannot await; the loops run on the pool and end by themselves
        _loops.Wait();
#pragma warning restore RS0030
        Close();
    }

    private void Close()
    {
        foreach (var segment in _state.View.Segments) segment.Release();
        _state.Show(view => view with { Segments = [] });
        _metrics.Dispose();
        _stopping.Dispose();
        _sealer.Dispose();
        _merger.Dispose();
    }
}
