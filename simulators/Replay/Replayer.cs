using System.Globalization;
using MQTTnet;
using MQTTnet.Packets;
using MQTTnet.Protocol;
using Seamless.Replay.Sets;
using Seamless.Telemetry;

namespace Seamless.Replay;

/// <param name="Gateway">A gateway device and its token: it may speak for every device of the tenant.</param>
public sealed record Target(string Host, int Port, string Tenant, string Gateway, string? Token);

/// <summary>Publishes rows over MQTT with QoS 1. A row counts as sent when the platform has acknowledged it.</summary>
/// <remarks>What the platform refuses because it comes too fast is sent again when the platform says that there is room: it stores by time, so the order does not matter.</remarks>
internal sealed class Replayer(Target target, TimeProvider clock, IProgress<string> progress)
{
    private const int InFlight = 64;
    private const int ReportEvery = 5000;
    private const int LongestWaitSeconds = 60;
    private readonly Queue<Sent> _unacknowledged = new();
    private DateTimeOffset _waitedUntil = DateTimeOffset.MinValue;
    private bool _isSlowed;

    private sealed record Sent(MqttApplicationMessage Message, DateTimeOffset At, Task<MqttClientPublishResult> Answer);

    public async Task<long> RunAsync(IEnumerable<ReplayRow> rows, double speed, bool fromNow, CancellationToken ct)
    {
        using var client = new MqttClientFactory().CreateMqttClient();
        var options = new MqttClientOptionsBuilder().WithTcpServer(target.Host, target.Port).WithClientId($"seamless-replay-{Guid.CreateVersion7(clock.GetUtcNow()):N}")
            .WithCredentials(target.Gateway, target.Token).Build();
        await client.ConnectAsync(options, ct);
        Pace? pace = null;
        var sent = 0L;
        foreach (var row in rows)
        {
            pace ??= new Pace(row.At, clock.GetUtcNow(), speed, fromNow);
            if (pace.SendAt(row.At) - clock.GetUtcNow() is { } wait && wait > TimeSpan.Zero) await Task.Delay(wait, clock, ct);
            if (_unacknowledged.Count == InFlight) await SettleAsync(client, _unacknowledged.Dequeue(), ct);
            _unacknowledged.Enqueue(Send(client, MessageOf(row, pace.EventTime(row.At)), ct));
            if (++sent % ReportEvery == 0) progress.Report($"{sent} samples, now at {row.At:u}");
        }
        while (_unacknowledged.TryDequeue(out var last)) await SettleAsync(client, last, ct);
        await client.DisconnectAsync(new MqttClientDisconnectOptions(), ct);
        return sent;
    }

    private Sent Send(IMqttClient client, MqttApplicationMessage message, CancellationToken ct) => new(message, clock.GetUtcNow(), client.PublishAsync(message, ct));

    /// <summary>Returns once the message is acknowledged, however often it has to be sent.</summary>
    private async Task SettleAsync(IMqttClient client, Sent sent, CancellationToken ct)
    {
        for (var result = await sent.Answer; !result.IsSuccess; result = await sent.Answer)
        {
            if (result.ReasonCode is not MqttClientPublishReasonCode.QuotaExceeded || RetryAfter(result) is not { } wait)
                throw new InvalidOperationException($"the platform refused a sample: {result.ReasonCode} {result.ReasonString}");
            if (!_isSlowed) progress.Report($"{result.ReasonString}: going on as fast as it takes them");
            _isSlowed = true;
            // Of those that were on their way together the first waits for all.
            if (sent.At >= _waitedUntil) await WaitAsync(wait, ct);
            sent = Send(client, sent.Message, ct);
        }
    }

    private async Task WaitAsync(TimeSpan wait, CancellationToken ct)
    {
        await Task.Delay(wait, clock, ct);
        _waitedUntil = clock.GetUtcNow();
    }

    /// <summary>When there will be room again; null when time alone does not help, or not within a minute: a day that is used up is for its owner to know.</summary>
    private static TimeSpan? RetryAfter(MqttClientPublishResult result) =>
        result.UserProperties?.FirstOrDefault(property => property.Name == "retryAfter") is { } found
        && int.TryParse(found.ReadValueAsString(), NumberStyles.None, CultureInfo.InvariantCulture, out var seconds) && seconds <= LongestWaitSeconds ? TimeSpan.FromSeconds(seconds) : null;

    private MqttApplicationMessage MessageOf(ReplayRow row, DateTimeOffset at) => new MqttApplicationMessageBuilder()
        .WithTopic(Topic.Telemetry(new DeviceKey(target.Tenant, row.Device)))
        .WithPayload(SamplePayload.Of(row, at))
        .WithQualityOfServiceLevel(MqttQualityOfServiceLevel.AtLeastOnce)
        .Build();
}
