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

        /// <summary>How far the log is in the store for good, and how much of that the checkpoint says.</summary>
        public long Durable { get; set; }
        public long Saved { get; set; }
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

    /// <summary>What the store has made durable by itself counts also while nothing arrives.</summary>
    protected override ValueTask SaveAsync(bool now, CancellationToken ct)
    {
        for (var partition = 0; partition < _feedings.Length; partition++) SaveWhatIsDurable(partition, _feedings[partition]);
        return ValueTask.CompletedTask;
    }

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        try
        {
            await store.FlushAsync(cancellationToken);
        }
        catch (IOException e)   // the log keeps what the store could not write
        {
            LogMessages.CheckpointNotSaved(logger, e, Name);
        }
        await TrySaveAsync(cancellationToken);
    }

    private async ValueTask AppendAsync(int partition, Feeding feeding, SampleRows rows, long lastSequence, CancellationToken ct)
    {
        var ordinal = await store.AppendAsync(rows, ct);
        lock (feeding.Appended) feeding.Appended.Enqueue((ordinal, lastSequence));
        Log.ReportProgress(Name, partition, lastSequence);
        SaveWhatIsDurable(partition, feeding);
    }

    private void SaveWhatIsDurable(int partition, Feeding feeding)
    {
        lock (feeding.Appended)
        {
            while (feeding.Appended.TryPeek(out var oldest) && oldest.Ordinal <= store.Durable) feeding.Durable = feeding.Appended.Dequeue().Sequence;
            if (feeding.Durable == feeding.Saved) return;
            Log.SaveCheckpoint(Name, partition, feeding.Durable);
            feeding.Saved = feeding.Durable;   // only now: where the disk refused, the next second tries again
        }
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
