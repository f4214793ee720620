using System.Diagnostics.Metrics;

namespace Seamless.Storage.Log;

/// <summary>What the log tells of itself on the meter <c>Seamless.Storage</c>.</summary>
internal sealed class LogMetrics : IDisposable
{
    private readonly Meter _meter;
    private readonly Counter<long> _records;
    private readonly Counter<long> _bytes;
    private readonly Counter<long> _commits;
    private readonly Histogram<int> _requestsPerCommit;

    public LogMetrics(IMeterFactory? meters, FileTelemetryLog log)
    {
        _meter = meters?.Create("Seamless.Storage") ?? new Meter("Seamless.Storage");
        _records = _meter.CreateCounter<long>("seamless.log.records", description: "Records made durable");
        _bytes = _meter.CreateCounter<long>("seamless.log.written", "By", "Bytes written to segments");
        _commits = _meter.CreateCounter<long>("seamless.log.commits", description: "Flushes to the disk");
        _requestsPerCommit = _meter.CreateHistogram<int>("seamless.log.commit.requests", description: "Appends that shared one flush");
        _meter.CreateObservableGauge("seamless.log.queue", () => log.Queued, description: "Entries waiting for a commit");
        _meter.CreateObservableGauge("seamless.log.size", () => log.Bytes, "By", "Disk space of the segments");
        _meter.CreateObservableGauge("seamless.log.waits_for_disk", () => log.WaitsForDisk ? 1 : 0, description: "1 while senders wait because the disk is nearly full");
        _meter.CreateObservableGauge("seamless.log.lag", () => log.Lag().Select(l => new Measurement<long>(l.Value, new KeyValuePair<string, object?>("consumer", l.Key))),
            description: "Records a consumer is behind");
    }

    public void Committed(int requests, int records, long bytes)
    {
        _commits.Add(1);
        _records.Add(records);
        _bytes.Add(bytes);
        _requestsPerCommit.Record(requests);
    }

    public void Dispose() => _meter.Dispose();
}
