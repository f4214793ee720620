using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Seamless.Storage.Log;
using Seamless.Telemetry;

namespace Seamless.Storage.TimeSeries;

/// <summary>The log's consumer <c>store</c>: gathers samples, appends them, then moves the checkpoint.</summary>
/// <remarks>A crash in between appends them twice, which equals once.</remarks>
public sealed class StoreWriter(
    ITelemetryLog log, ITimeSeriesStore store, IOptions<StorageOptions> options, TimeProvider time, ILogger<StoreWriter> logger)
    : LogConsumer(log, ConsumerName, time, logger)
{
    public const string ConsumerName = "store";

    private readonly TimeSeriesOptions _options = options.Value.TimeSeries;
    private readonly Gathered[] _gathered = [.. Enumerable.Range(0, log.PartitionCount).Select(_ => new Gathered())];

    private sealed class Gathered
    {
        public List<Sample> Samples { get; } = [];
        public long LastSequence { get; set; }
    }

    protected override bool ReportsProgressItself => true;

    protected override async Task HandleAsync(int partition, IReadOnlyList<LogRecord> records, CancellationToken ct)
    {
        var gathered = _gathered[partition];
        Gather(gathered, records);
        if (gathered.Samples.Count < _options.WriteBatch)
        {
            if (gathered.LastSequence < Log.End(partition)) return;   // there is more to gather at once
            // The machine's clock, not the platform's: this paces a disk, and simulated time would make it wait for itself.
            await Task.Delay(_options.WriteDelay, TimeProvider.System, ct);
        }
        await store.AppendAsync(gathered.Samples, ct);
        gathered.Samples.Clear();
        Log.SaveCheckpoint(Name, partition, gathered.LastSequence);
    }

    private static void Gather(Gathered gathered, IReadOnlyList<LogRecord> records)
    {
        foreach (var record in records)
        {
            if (record.Sequence <= gathered.LastSequence) continue;   // a batch that comes again after a failed append
            if (record.Entry.Sample is { } sample) gathered.Samples.Add(sample);
            gathered.LastSequence = record.Sequence;
        }
    }
}
