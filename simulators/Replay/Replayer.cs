using MQTTnet;
using MQTTnet.Protocol;
using Seamless.Replay.Sets;
using Seamless.Telemetry;

namespace Seamless.Replay;

/// <param name="Gateway">A gateway device and its token: it may speak for every device of the tenant.</param>
public sealed record Target(string Host, int Port, string Tenant, string Gateway, string? Token);

/// <summary>Publishes rows over MQTT with QoS 1. A row counts as sent when the platform has acknowledged it.</summary>
internal sealed class Replayer(Target target, TimeProvider clock, IProgress<string> progress)
{
    private const int InFlight = 64;
    private const int ReportEvery = 5000;

    public async Task<long> RunAsync(IEnumerable<ReplayRow> rows, double speed, bool fromNow, CancellationToken ct)
    {
        using var client = new MqttClientFactory().CreateMqttClient();
        var options = new MqttClientOptionsBuilder().WithTcpServer(target.Host, target.Port).WithClientId($"seamless-replay-{Guid.CreateVersion7(clock.GetUtcNow()):N}")
            .WithCredentials(target.Gateway, target.Token).Build();
        await client.ConnectAsync(options, ct);
        var unacknowledged = new Queue<Task<MqttClientPublishResult>>();
        Pace? pace = null;
        var sent = 0L;
        foreach (var row in rows)
        {
            pace ??= new Pace(row.At, clock.GetUtcNow(), speed, fromNow);
            if (pace.SendAt(row.At) - clock.GetUtcNow() is { } wait && wait > TimeSpan.Zero) await Task.Delay(wait, clock, ct);
            if (unacknowledged.Count == InFlight) Check(await unacknowledged.Dequeue());
            unacknowledged.Enqueue(client.PublishAsync(MessageOf(row, pace.EventTime(row.At)), ct));
            if (++sent % ReportEvery == 0) progress.Report($"{sent} samples, now at {row.At:u}");
        }
        while (unacknowledged.TryDequeue(out var last)) Check(await last);
        await client.DisconnectAsync(new MqttClientDisconnectOptions(), ct);
        return sent;
    }

    private MqttApplicationMessage MessageOf(ReplayRow row, DateTimeOffset at) => new MqttApplicationMessageBuilder()
        .WithTopic(Topic.Telemetry(new DeviceKey(target.Tenant, row.Device)))
        .WithPayload(SamplePayload.Of(row, at))
        .WithQualityOfServiceLevel(MqttQualityOfServiceLevel.AtLeastOnce)
        .Build();

    private static void Check(MqttClientPublishResult result)
    {
        if (!result.IsSuccess) throw new InvalidOperationException($"the platform refused a sample: {result.ReasonCode} {result.ReasonString}");
    }
}
