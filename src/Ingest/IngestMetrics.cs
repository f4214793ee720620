using System.Diagnostics.Metrics;
using Seamless.Telemetry;
using Seamless.Telemetry.Payloads;

namespace Seamless.Ingest;

/// <summary>The door's counters, meter <c>Seamless.Ingest</c>.</summary>
internal sealed class IngestMetrics : IDisposable
{
    private static readonly KeyValuePair<string, object?>[] FastLane = [new("channel", "mqtt"), new("kind", nameof(TopicKind.Telemetry))];

    private readonly Meter _meter = new("Seamless.Ingest");
    private readonly Counter<long> _messages;
    private readonly Counter<long> _samples;
    private readonly Counter<long> _rejects;
    private readonly Counter<long> _limited;
    private readonly Counter<long> _failures;
    private readonly Counter<long> _refusedConnections;
    private readonly UpDownCounter<long> _connections;
    private readonly Histogram<double> _commitWait;

    public IngestMetrics()
    {
        _messages = _meter.CreateCounter<long>("seamless.ingest.messages", "{message}", "Messages taken in");
        _samples = _meter.CreateCounter<long>("seamless.ingest.samples", "{sample}", "Samples made durable");
        _rejects = _meter.CreateCounter<long>("seamless.ingest.rejects", "{reject}", "Parts of messages that could not be used");
        _limited = _meter.CreateCounter<long>("seamless.ingest.limited", "{message}", "Messages that met a limit of their device or tenant");
        _failures = _meter.CreateCounter<long>("seamless.ingest.failures", "{message}", "Messages not acknowledged because we failed");
        _refusedConnections = _meter.CreateCounter<long>("seamless.ingest.connections.refused", "{connection}", "Connections refused for their credentials");
        _connections = _meter.CreateUpDownCounter<long>("seamless.ingest.connections", "{connection}", "Open MQTT connections");
        _commitWait = _meter.CreateHistogram<double>("seamless.ingest.commit.wait", "s", "From the decoded message to the durable log");
    }

    public void Received(string channel, TopicKind kind, int samples, TimeSpan wait)
    {
        _messages.Add(1, new("channel", channel), new("kind", kind.ToString()));
        if (samples > 0) _samples.Add(samples);
        _commitWait.Record(wait.TotalSeconds);
    }

    /// <summary>Messages of the fast lane: a read's worth at a time.</summary>
    public void Received(int messages, int samples)
    {
        _messages.Add(messages, FastLane);
        _samples.Add(samples);
    }

    public void Rejected(IReadOnlyList<Reject> rejects)
    {
        foreach (var reject in rejects) _rejects.Add(1, new KeyValuePair<string, object?>("reason", reject.Reason.ToString()));
    }

    /// <param name="answer"><c>refused</c>, or <c>slowed</c> for a sender that had to wait.</param>
    public void Limited(string limit, string answer) => _limited.Add(1, new("limit", limit), new("answer", answer));

    public void Failed() => _failures.Add(1);
    public void ConnectionRefused() => _refusedConnections.Add(1);
    public void ConnectionOpened() => _connections.Add(1);
    public void ConnectionClosed() => _connections.Add(-1);
    public void Dispose() => _meter.Dispose();
}
