using System.Diagnostics;
using Seamless.Fleet.Gaps;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Seamless.Storage;
using Seamless.Storage.Log;
using Seamless.Telemetry;
using Seamless.Telemetry.Rows;

namespace Seamless.Ingest.Ledger;

/// <summary>The log's consumer <c>ledger</c>: which sequence numbers of which device were never seen, as a function of the log alone.</summary>
/// <remarks>State and position are written together now and then; what came since is read again from the log at the next start.</remarks>
internal sealed partial class GapLedger : LogConsumer, IGapLedger
{
    public const string ConsumerName = "ledger";

    /// <summary>How long a start waits for the ledger to catch up. Beyond that the doors open, and only re-sent samples without a time could be doubled.</summary>
    private static readonly TimeSpan CatchUp = TimeSpan.FromSeconds(1);

    /// <summary>Written down after so many records even before it is time, so that a start has little to read again.</summary>
    private const long RecordsUntilSaved = 500_000;

    /// <summary>More than that is not read within <see cref="CatchUp"/>, and a start that waited for it would have waited for nothing.</summary>
    private const long MostToCatchUp = 4 * RecordsUntilSaved;

    private readonly PerDevice<DeviceLedger> _ledgers = new();
    private readonly PerDevice<RecentNumbers> _recent = new();
    private readonly Part[] _parts;
    private readonly LedgerOptions _options;
    private readonly string _directory;
    private readonly bool _durable;
    private readonly TimeProvider _time;
    private readonly ILogger<GapLedger> _logger;
    private readonly LedgerMetrics _metrics;

    private sealed class Part
    {
        public readonly Lock Gate = new();
        public readonly Lock Saving = new();   // taken before the gate
        public readonly List<DeviceLedger> Ledgers = [];
        public long Position;
        public long SavedPosition;
        public long SavedAt;   // on the machine's clock: this paces a disk
    }

    public GapLedger(
        ITelemetryLog log, IOptions<IngestOptions> options, IOptions<StorageOptions> storage, TimeProvider time, ILogger<GapLedger> logger) : base(log, ConsumerName, time, logger)
    {
        (_options, _time, _logger) = (options.Value.Ledger, time, logger);
        (_directory, _durable) = (Path.Combine(storage.Value.DataDirectory, "ledger"), storage.Value.Log.Durable);
        _parts = [.. Enumerable.Range(0, log.PartitionCount).Select(_ => new Part { SavedAt = Stopwatch.GetTimestamp() })];
        _metrics = new LedgerMetrics(Totals);
    }

    // Following the log

    /// <summary>Returns once everything is known that was durable before: no door may open earlier. Unless that is too much to wait for.</summary>
    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        Directory.CreateDirectory(_directory);
        for (var partition = 0; partition < _parts.Length; partition++) Load(partition);
        await base.StartAsync(cancellationToken);
        if (Behind() > MostToCatchUp) CatchingUp();   // it begins with the others, once the doors are open
        else await CatchUpAsync(cancellationToken);
    }

    /// <summary>Records of the log that are not known here.</summary>
    private long Behind() => _parts.Index().Sum(part => Log.End(part.Index) - part.Item.Position);

    private async Task CatchUpAsync(CancellationToken cancellationToken)
    {
        BeginNow();
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(CatchUp);
        try
        {
            await Log.WaitForAsync(ConsumerName, patience.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            CatchingUp();
        }
    }

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        for (var partition = 0; partition < _parts.Length; partition++) Save(partition);
    }

    public override void Dispose()
    {
        _metrics.Dispose();
        base.Dispose();
    }

    protected override ValueTask<long> StartAfterAsync(int partition, CancellationToken ct) => ValueTask.FromResult(_parts[partition].Position);

    protected override ValueTask HandleAsync(int partition, LogBatch batch, CancellationToken ct)
    {
        var part = _parts[partition];
        lock (part.Gate)
        {
            if (batch.FirstSequence > part.Position)
            {
                for (var row = 0; row < batch.Rows.Count; row++) Observe(part, batch.Rows, row);
            }
            else
            {
                foreach (var record in batch)   // a batch that begins with what is known
                    if (record.Sequence > part.Position && record.Row >= 0) Observe(part, batch.Rows, record.Row);
            }
            part.Position = Math.Max(part.Position, batch.LastSequence);
        }
        if (part.Position - part.SavedPosition >= RecordsUntilSaved) Save(partition);
        return ValueTask.CompletedTask;
    }

    protected override ValueTask SaveAsync(bool now, CancellationToken ct)
    {
        for (var partition = 0; partition < _parts.Length; partition++)
            if (_parts[partition] is var part && part.Position != part.SavedPosition && (now || Stopwatch.GetElapsedTime(part.SavedAt) >= _options.SaveEvery)) Save(partition);
        return ValueTask.CompletedTask;
    }

    private void Observe(Part part, SampleRows rows, int row)
    {
        var number = rows.Sequences[row];
        if (number == SampleRows.NoSequence) return;
        var device = rows.Devices[row];
        var ledger = _ledgers.Find(device) ?? Add(part, device);
        ledger.Observe(number, rows.TimestampsMs[row], rows.ArrivalsMs[row]);
        // Without a time of its own, or by chance at the very millisecond: then it is remembered for nothing.
        if (rows.TimestampsMs[row] == rows.ArrivalsMs[row]) RecentOf(device).Add(number, SampleContent.Of(rows, row));
    }

    private DeviceLedger Add(Part part, int device) => _ledgers.GetOrAdd(device, number =>
    {
        var ledger = new DeviceLedger(Numbers.Devices[number]);
        part.Ledgers.Add(ledger);
        return ledger;
    });

    // Samples that are sent again and carry no time

    /// <summary>Whether a sample without a time of its own was made durable before. Any thread.</summary>
    /// <param name="device">The device's number.</param>
    /// <param name="content"><see cref="SampleContent"/> of it.</param>
    public bool IsDuplicate(int device, long number, ulong content) => _recent.Find(device)?.Contains(number, content) is true;

    /// <summary>Notes that it is durable now. The log would tell as well, a little later.</summary>
    public void NoteDurable(int device, long number, ulong content) => RecentOf(device).Add(number, content);

    /// <summary>Counts a sample that was dropped because it had come before.</summary>
    public void CountDuplicate() => _metrics.Duplicate();

    private RecentNumbers RecentOf(int device) => _recent.Find(device) ?? _recent.GetOrAdd(device, static _ => new RecentNumbers());

    // Questions

    public SequenceState? Find(in DeviceKey device)
    {
        if (_ledgers.Find(Numbers.Devices.Of(device)) is not { } ledger) return null;
        lock (PartOf(device).Gate)
        {
            return new SequenceState(
                ledger.Device, ledger.First, ledger.Highest, ledger.Missing.Count, ledger.Repeated, ledger.Restarts, ledger.Forgotten, ledger.CountsUp, [.. GapsOf(ledger)]);
        }
    }

    public IReadOnlyList<Gap> List(string tenant)
    {
        var gaps = new List<Gap>();
        foreach (var part in _parts)
        {
            lock (part.Gate)
            {
                foreach (var ledger in part.Ledgers)
                    if (ledger.Missing.Ranges > 0 && ledger.Device.Tenant == tenant) gaps.AddRange(GapsOf(ledger));
            }
        }
        return gaps;
    }

    public Outcome<long> AskAgain(in DeviceKey device)
    {
        if (_ledgers.Find(Numbers.Devices.Of(device)) is not { } ledger || ledger.Missing.Ranges == 0) return Refusal.Because($"nothing of {device} is missing");
        if (!_options.Backfill) return Refusal.Because("devices are not asked here: ingest.backfill is off");
        lock (PartOf(device).Gate)
        {
            ledger.Asking.Reset();
            foreach (ref var range in ledger.Missing.AsSpan()) (range.GivenUp, range.Tries) = (null, 0);
            return ledger.Missing.Count;
        }
    }

    private static IEnumerable<Gap> GapsOf(DeviceLedger ledger)
    {
        var gaps = new List<Gap>(ledger.Missing.Ranges);
        foreach (var range in ledger.Missing.AsSpan())
        {
            gaps.Add(new Gap(
                ledger.Device, range.From, range.To, DateTimeOffset.FromUnixTimeMilliseconds(range.SinceMs), range.Asked,
                range.AskedAtMs == 0 ? null : DateTimeOffset.FromUnixTimeMilliseconds(range.AskedAtMs), range.GivenUp));
        }
        return gaps;
    }

    private (long Gaps, long Numbers) Totals()
    {
        var (gaps, numbers) = (0L, 0L);
        foreach (var part in _parts)
        {
            lock (part.Gate)
            {
                foreach (var ledger in part.Ledgers) (gaps, numbers) = (gaps + ledger.Missing.Ranges, numbers + ledger.Missing.Count);
            }
        }
        return (gaps, numbers);
    }

    private Part PartOf(in DeviceKey device) => _parts[Log.PartitionOf(device)];

    // Asking devices

    /// <summary>What to ask now, marked as asked; at most so many devices as the options say.</summary>
    /// <param name="reachable">Whether a device could hear it.</param>
    public IReadOnlyList<BackfillRequest> TakeDue(DateTimeOffset now, Func<DeviceKey, bool> reachable)
    {
        var requests = new List<BackfillRequest>();
        foreach (var part in _parts)
        {
            lock (part.Gate)
            {
                foreach (var ledger in part.Ledgers)
                {
                    if (requests.Count == _options.DevicesAtOnce) return requests;
                    if (ledger.Missing.Ranges > 0 && reachable(ledger.Device) && BackfillPlan.Next(ledger, now, _options) is { } request) requests.Add(request);
                }
            }
        }
        return requests;
    }

    /// <summary>Applies what became of a request.</summary>
    /// <param name="change">Called alone with the ledger, and only for the answer to the request that is pending.</param>
    public void Answer(in DeviceKey device, string key, Action<DeviceLedger> change)
    {
        if (_ledgers.Find(Numbers.Devices.Of(device)) is not { } ledger) return;
        lock (PartOf(device).Gate)
        {
            if (ledger.Asking.Answered(key)) change(ledger);
        }
    }

    // On disk

    private string PathOf(int partition) => Path.Combine(_directory, $"p{partition}.state");

    private void Load(int partition)
    {
        if (LedgerFile.Load(PathOf(partition)) is not { } state || state.Position > Log.End(partition)) return;   // of another log
        var part = _parts[partition];
        (part.Position, part.SavedPosition) = (state.Position, state.Position);
        foreach (var (ledger, recent) in state.Devices)
        {
            var number = Numbers.Devices.Of(ledger.Device);
            part.Ledgers.Add(_ledgers.GetOrAdd(number, _ => ledger));
            if (recent is not null) _recent.GetOrAdd(number, _ => recent);
        }
    }

    private void Save(int partition)
    {
        var part = _parts[partition];
        lock (part.Saving) Save(partition, part);
    }

    private void Save(int partition, Part part)
    {
        try
        {
            byte[] bytes;
            long position;
            lock (part.Gate)
            {
                position = part.Position;
                bytes = LedgerFile.Write(new LedgerState(position, [.. part.Ledgers.Select(ledger => (ledger, _recent.Find(Numbers.Devices.Of(ledger.Device))))]));
            }
            LedgerFile.Save(PathOf(partition), bytes, _durable);
            Log.SaveCheckpoint(ConsumerName, partition, position);
            part.SavedPosition = position;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            NotSaved(e, PathOf(partition));   // the log keeps what this does not know yet
        }
        part.SavedAt = Stopwatch.GetTimestamp();
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The gap ledger is still reading the log; samples without a time that are sent again now may be stored twice")]
    private partial void CatchingUp();

    [LoggerMessage(Level = LogLevel.Warning, Message = "The gap ledger could not be written to {Path}; trying again later")]
    private partial void NotSaved(Exception failure, string path);
}
