using System.Diagnostics;
using System.Net;
using System.Text.Json;
using MQTTnet;
using MQTTnet.Protocol;
using Seamless.Fleet.Registry;
using Seamless.Portal.Api;
using Seamless.Telemetry;

namespace Seamless.Portal.Commands.Loads;

/// <summary>Pumps publish as fast as they are acknowledged, into a whole platform with its rules, store and desk at work.</summary>
internal static class IngestLoad
{
    private static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(1);

    public static async Task<object> RunAsync(Load load, int clients, CancellationToken ct)
    {
        await using var platform = await Platform.StartAsync(load.Platform(), ct);
        var pumps = new Pump[clients];
        for (var i = 0; i < clients; i++) pumps[i] = await Pump.ConnectAsync(platform, $"pump-{i}", ct);
        await Task.WhenAll(pumps.Select(pump => pump.PublishAsync(WarmUp, ct)));

        var (began, processor) = (Stopwatch.GetTimestamp(), Environment.CpuUsage.TotalTime);
        var acknowledged = (await Task.WhenAll(pumps.Select(pump => pump.PublishAsync(load.Time, ct)))).SelectMany(times => times).ToArray();
        var (elapsed, used) = (Stopwatch.GetElapsedTime(began), Environment.CpuUsage.TotalTime - processor);
        foreach (var pump in pumps) pump.Dispose();
        return new IngestFigures(
            "ingest", elapsed.TotalSeconds, clients, acknowledged.Length, Math.Round(acknowledged.Length / elapsed.TotalSeconds),
            Percentiles.Of(acknowledged, 0.5), Percentiles.Of(acknowledged, 0.99), Math.Round(used.TotalSeconds * 1e6 / acknowledged.Length, 1));
    }

    /// <summary>A connection with one message in flight.</summary>
    private sealed class Pump : IDisposable
    {
        private readonly IMqttClient _client = new MqttClientFactory().CreateMqttClient();
        private readonly DeviceKey _key;
        private int _number;

        private Pump(DeviceKey key) => _key = key;

        public static async Task<Pump> ConnectAsync(Platform platform, string id, CancellationToken ct)
        {
            var pump = new Pump(new DeviceKey(DeviceKey.DefaultTenant, id));
            var registry = platform.Services.GetRequiredService<IDeviceRegistry>();
            await registry.AddAsync(
                new Device(pump._key, "pump", id, "", null, null, new Dictionary<string, string>(), Devices.DefaultTier, null, null, TimeProvider.System.GetUtcNow(), Version: 0), "bench", ct);
            var token = (await registry.IssueTokenAsync(pump._key, "bench", ct)).Value;
            var options = new MqttClientOptionsBuilder().WithTcpServer(IPAddress.Loopback.ToString(), platform.MqttEndpoint.Port).WithClientId(id).WithCredentials(id, token).Build();
            await pump._client.ConnectAsync(options, ct);
            return pump;
        }

        /// <summary>Milliseconds from PUBLISH to PUBACK, for each message of the time given.</summary>
        public async Task<List<double>> PublishAsync(TimeSpan time, CancellationToken ct)
        {
            var (acknowledged, began) = (new List<double>(), Stopwatch.GetTimestamp());
            while (Stopwatch.GetElapsedTime(began) < time)
            {
                var message = Next();
                var sent = Stopwatch.GetTimestamp();
                var result = await _client.PublishAsync(message, ct);
                if (!result.IsSuccess) throw new InvalidOperationException($"a sample was refused: {result.ReasonCode}");
                acknowledged.Add(Stopwatch.GetElapsedTime(sent).TotalMilliseconds);
            }
            return acknowledged;
        }

        public void Dispose() => _client.Dispose();

        private MqttApplicationMessage Next()
        {
            var sample = PumpSamples.At(_key, TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds(), _number);
            var payload = JsonSerializer.SerializeToUtf8Bytes(new { ts = sample.TimestampMs, seq = _number++, values = sample.Readings.ToDictionary(r => r.Metric, r => r.Value) });
            return new MqttApplicationMessageBuilder().WithTopic(Topic.Telemetry(_key)).WithPayload(payload).WithQualityOfServiceLevel(MqttQualityOfServiceLevel.AtLeastOnce).Build();
        }
    }
}

/// <param name="CpuSecondsPerMillion">Processor time of platform and clients together, per million messages of nine readings.</param>
internal sealed record IngestFigures(
    string Bench, double Seconds, int Clients, long Messages, double MessagesPerSecond, double AckP50Ms, double AckP99Ms, double CpuSecondsPerMillion);
