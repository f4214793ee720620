using Microsoft.Extensions.Logging;
using Seamless.Storage.Log;
using Seamless.Telemetry.Rows;

namespace Seamless.Storage.TimeSeries;

/// <summary>The log's consumer <c>store</c>: feeds the time-series store as it likes to be fed, and moves the checkpoint once the store would survive a crash.</summary>
/// <remarks>A crash in between appends rows twice, which equals once.</remarks>
public sealed class StoreWriter(ITelemetryLog log, ITimeSeriesStore store, TimeProvider time, ILogger<StoreWriter> logger) : LogConsumer(log, ConsumerName, time, logger)
{
    public const string ConsumerName = "store";

    private readonly Feeding[] _feedings = [.. Enumerable.Range(0, log.PartitionCount).Select(_ => new Feeding())];

    private sealed class Feeding
    {
        public SampleRows Rows { get; } = new();
        public long LastSequence { get; set; }

        /// <summary>What was appended and may not be durable yet: the append's ordinal, and how far the log had come.</summary>
        public Queue<(long Ordinal, long Sequence)> Appended { get; } = [];
    }

    protected override bool ReportsProgressItself => true;

    protected override async ValueTask HandleAsync(int partition, LogBatch batch, CancellationToken ct)
    {
        var feeding = _feedings[partition];
        if (store.Feed.Rows <= 1)
        {
            await AppendAsync(partition, feeding, batch.Rows, batch.LastSequence, ct);
            return;
        }
        Gather(feeding, batch);
        if (feeding.Rows.Count < store.Feed.Rows)
        {
            if (feeding.LastSequence < Log.End(partition)) return;   // there is more to gather at once
            // The machine's clock, not the platform's: this paces a disk, and simulated time would make it wait for itself.
            await Task.Delay(store.Feed.Delay, TimeProvider.System, ct);
        }
        await AppendAsync(partition, feeding, feeding.Rows, feeding.LastSequence, ct);
        feeding.Rows.Clear();
    }

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        await store.FlushAsync(cancellationToken);
        for (var partition = 0; partition < _feedings.Length; partition++) SaveWhatIsDurable(partition, _feedings[partition]);
    }

    private async ValueTask AppendAsync(int partition, Feeding feeding, SampleRows rows, long lastSequence, CancellationToken ct)
    {
        feeding.Appended.Enqueue((await store.AppendAsync(rows, ct), lastSequence));
        Log.ReportProgress(Name, partition, lastSequence);
        SaveWhatIsDurable(partition, feeding);
    }

    private void SaveWhatIsDurable(int partition, Feeding feeding)
    {
        long? durable = null;
        while (feeding.Appended.TryPeek(out var oldest) && oldest.Ordinal <= store.Durable) durable = feeding.Appended.Dequeue().Sequence;
        if (durable is { } sequence) Log.SaveCheckpoint(Name, partition, sequence);
    }

    private static void Gather(Feeding feeding, LogBatch batch)
    {
        foreach (var record in batch)
        {
            if (record.Sequence <= feeding.LastSequence) continue;   // a batch that comes again after a failed append
            if (record.Row >= 0) feeding.Rows.Add(batch.Rows, record.Row);
            feeding.LastSequence = record.Sequence;
        }
    }
}
