using System.Diagnostics.Metrics;

namespace Seamless.Ingest.Hubs;

/// <summary>What the link to the hub tells of itself, meter <c>Seamless.Ingest</c>.</summary>
internal sealed class HubMetrics : IDisposable
{
    private readonly Meter _meter = new("Seamless.Ingest");
    private readonly Counter<long> _received;
    private readonly Counter<long> _failures;

    public HubMetrics()
    {
        _received = _meter.CreateCounter<long>("seamless.ingest.hub.messages", "{message}", "Messages read from the hub");
        _failures = _meter.CreateCounter<long>("seamless.ingest.hub.failures", "{failure}", "Times that a partition of the hub could not be read");
    }

    public void Received() => _received.Add(1);
    public void Failed() => _failures.Add(1);
    public void Dispose() => _meter.Dispose();
}
