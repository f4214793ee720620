using System.Diagnostics.Metrics;

namespace Seamless.Storage.TimeSeries.Influx;

/// <summary>What the adapter tells of itself on the meter <c>Seamless.Storage</c>.</summary>
internal sealed class InfluxMetrics : IDisposable
{
    private readonly Meter _meter = new("Seamless.Storage");
    private readonly Counter<long> _written;
    private readonly Counter<long> _rejected;
    private readonly Counter<long> _retries;

    public InfluxMetrics()
    {
        _written = _meter.CreateCounter<long>("seamless.store.influx.rows", "{row}", "Rows handed to InfluxDB and answered");
        _rejected = _meter.CreateCounter<long>("seamless.store.influx.rejected", "{line}", "Lines or values that InfluxDB cannot take; they lie in rejected.lp with their reason");
        _retries = _meter.CreateCounter<long>("seamless.store.influx.retries", "{request}", "Requests made again because InfluxDB was away or busy");
    }

    public void Written(int rows) => _written.Add(rows);
    public void Rejected(int lines) => _rejected.Add(lines);
    public void Retried() => _retries.Add(1);
    public void Dispose() => _meter.Dispose();
}
