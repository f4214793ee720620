using System.Collections.Concurrent;
using System.Diagnostics;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using MQTTnet.Adapter;
using MQTTnet.Diagnostics.Logger;
using MQTTnet.Server;
using Seamless.Fleet.Registry;
using Seamless.Storage.Log;
using Seamless.Telemetry.Payloads;

namespace Seamless.Ingest.Mqtt.Front;

/// <summary>Every MQTT connection's way in, whatever carries it: telemetry to the log, the rest to MQTTnet, which knows it as its adapter.</summary>
internal sealed partial class FrontDoor : IMqttServerAdapter
{
    private const int MqttLimit = 268_435_455;   // MQTT 5.0 §1.5.5
    private static readonly TimeSpan LookAround = TimeSpan.FromSeconds(1);

    /// <summary>By the machine's clock: what ends waits for the disk at most.</summary>
    public static readonly TimeSpan MostForAnEnd = TimeSpan.FromSeconds(10);

    private readonly ConcurrentDictionary<FrontConnection, byte> _connections = new();
    private readonly Timer _watch;
    private readonly ILogger<FrontDoor> _logger;

    public FrontDoor(
        IRowLog log, TopicTable topics, IDeviceRegistry devices, IngestMetrics metrics, IOptions<IngestOptions> options, TimeProvider time, ILogger<FrontDoor> logger)
    {
        (Log, Topics, Devices, Metrics, Options, Time, _logger) = (log, topics, devices, metrics, options.Value, time, logger);
        Reader = new JsonRowReader(new DecoderOptions { ClockTolerance = options.Value.ClockTolerance });
        // By the machine's clock: whether a peer is still there is no matter of platform time.
        _watch = new Timer(_ => Watch(), null, LookAround, LookAround);
    }

    public IRowLog Log { get; }
    public TopicTable Topics { get; }
    public IDeviceRegistry Devices { get; }
    public IngestMetrics Metrics { get; }
    public IngestOptions Options { get; }
    public TimeProvider Time { get; }
    public JsonRowReader Reader { get; }

    /// <summary>A longer packet ends its connection: what the dead letters would keep, and what MQTT needs around it.</summary>
    public int MaxPacketBytes => (int)Math.Min(2L * Options.MaxPayloadBytes, MqttLimit);

    public int Count => _connections.Count;

    public Func<IMqttChannelAdapter, Task>? ClientHandler { get; set; }

    public Task StartAsync(MqttServerOptions options, IMqttNetLogger logger) => Task.CompletedTask;

    public Task StopAsync()
    {
        foreach (var connection in _connections.Keys) connection.End();
        return Task.CompletedTask;
    }

    /// <summary>Serves a connection; completes when it has ended.</summary>
    public async Task ServeAsync(Wire wire)
    {
        if (ClientHandler is not { } handle)
        {
            wire.Close();   // not yet, or no longer
            return;
        }
        var connection = new FrontConnection(this, wire);
        _connections.TryAdd(connection, 0);
        try
        {
            connection.Begin();
            await handle(connection);
        }
        catch (Exception e)   // the edge of a connection: whatever it was, it ends this one only
        {
            Failed(e, wire.RemoteEndPoint?.ToString() ?? "unknown");
        }
        finally
        {
            connection.End();
            connection.Departure.Complete();
            _connections.TryRemove(connection, out _);
        }
    }

    private void Watch()
    {
        var now = Stopwatch.GetTimestamp();
        foreach (var connection in _connections.Keys) connection.CheckAlive(now);
    }

    public void Dispose() => _watch.Dispose();

    [LoggerMessage(Level = LogLevel.Warning, Message = "The connection from {From} ended in a fault")]
    private partial void Failed(Exception e, string from);

    [LoggerMessage(Level = LogLevel.Information, Message = "The connection from {From} is ended: {Why}")]
    public partial void Refused(string from, string why);
}
