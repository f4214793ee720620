using System.Diagnostics.Metrics;
using Seamless.Ingest.Receiving;

namespace Seamless.Ingest.Brokers;

/// <summary>What the link to an external broker tells of itself, meter <c>Seamless.Ingest</c>.</summary>
internal sealed class BrokerMetrics : IDisposable
{
    private readonly Meter _meter = new("Seamless.Ingest");
    private readonly Counter<long> _connections;
    private readonly Counter<long> _acknowledged;
    private volatile InFlight? _inFlight;

    public BrokerMetrics()
    {
        _connections = _meter.CreateCounter<long>("seamless.ingest.broker.connections", "{connection}", "Connections made to the external broker");
        _acknowledged = _meter.CreateCounter<long>("seamless.ingest.broker.acknowledged", "{message}", "Messages of the external broker acknowledged");
        _meter.CreateObservableGauge("seamless.ingest.broker.connected", () => _inFlight is null ? 0 : 1, description: "1 while the external broker is connected");
        _meter.CreateObservableGauge("seamless.ingest.broker.inflight", () => _inFlight?.Count ?? 0, "{message}", "Messages of the external broker that wait for their commit");
    }

    public bool IsConnected => _inFlight is not null;

    public void Connected(InFlight inFlight)
    {
        _inFlight = inFlight;
        _connections.Add(1);
    }

    public void Disconnected() => _inFlight = null;
    public void Acknowledged() => _acknowledged.Add(1);
    public void Dispose() => _meter.Dispose();
}
