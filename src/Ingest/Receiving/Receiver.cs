using Microsoft.Extensions.Options;
using Seamless.Fleet.Commands;
using Seamless.Fleet.Registry;
using Seamless.Fleet.Shadows;
using Seamless.Ingest.Dialects;
using Seamless.Ingest.Ledger;
using Seamless.Ingest.Limits;
using Seamless.Storage.DeadLetters;
using Seamless.Storage.Log;
using Seamless.Telemetry;
using Seamless.Telemetry.Payloads;
using Seamless.Telemetry.Rows;

namespace Seamless.Ingest.Receiving;

/// <summary>The way of a message, whatever door it came through: who may → decode → the log → the dead letters for what could not be used.</summary>
/// <remarks>When a call returns, its message is durable, the good part in the log and the bad part with its reasons: only then may the door acknowledge it.</remarks>
internal sealed class Receiver(
    ITelemetryLog log, IDeadLetters deadLetters, IDeviceRegistry devices, ICommands commands, IShadows shadows, SampleDecoders decoders,
    GapLedger ledger, IEnumerable<IDialect> dialects, Admission admission, IngestMetrics metrics, TimeProvider time, IOptions<IngestOptions> options)
{
    private readonly DeviceMessages _messages = new(options.Value.ClockTolerance);

    public async ValueTask<Receipt> ReceiveAsync(InboundMessage message, DevicePrincipal sender, CancellationToken ct)
    {
        var receipt = await UseAsync(message, sender, ct);
        if (receipt.Rejects.Count == 0) return receipt;
        if (receipt.IsKept) await deadLetters.AddAsync(ToDeadLetter(message, sender, receipt), ct);
        metrics.Rejected(receipt.Rejects);
        return receipt;
    }

    /// <summary>The same without dead letters: for one that is replayed and lies there already.</summary>
    public async ValueTask<Receipt> UseAsync(InboundMessage message, DevicePrincipal sender, CancellationToken ct)
    {
        if (dialects.FirstOrDefault(dialect => dialect.Owns(message.Topic)) is { } owner)
            return owner.CarriesTelemetry(message.Topic) && await admission.RefuseAsync(sender.Key, message, ct) is { } beyond ? beyond : await owner.ReceiveAsync(message, sender, ct);
        if (!Topic.TryParse(message.Topic, out var parsed))
            return Access.Covers(sender, message.Topic)
                ? Receipt.Of(RejectReason.UnknownTopic, $"{message.Topic} is none of our topics")
                : NotAuthorized(sender, message.Topic);
        var topic = parsed.Value;
        if (!Access.MayPublish(sender, topic)) return NotAuthorized(sender, message.Topic);
        if (message.Payload.Length > options.Value.MaxPayloadBytes)
            return Receipt.Of(RejectReason.TooLarge, $"{message.Payload.Length} bytes; at most {options.Value.MaxPayloadBytes} are read");
        if (await RefuseUnknownAsync(topic.Device, sender, message, ct) is { } unknown) return unknown;

        devices.Seen(topic.Device, message.ReceivedAt);
        // Answers to us (results, shadows) and signs of life are few by nature and never refused.
        if (topic.Kind is TopicKind.Telemetry or TopicKind.Events && await admission.RefuseAsync(topic.Device, message, ct) is { } refused) return refused;
        var started = time.GetTimestamp();
        var receipt = await HandleAsync(topic, message, ct);
        metrics.Received(message.Channel, topic.Kind, topic.Kind is TopicKind.Telemetry ? receipt.Accepted : 0, time.GetElapsedTime(started));
        return receipt;
    }

    private ValueTask<Receipt> HandleAsync(in Topic topic, InboundMessage message, CancellationToken ct) => topic.Kind switch
    {
        TopicKind.Telemetry => TelemetryAsync(topic.Device, message, ct),
        TopicKind.Events => EventsAsync(topic.Device, message, ct),
        TopicKind.State => StateAsync(topic.Device, message, ct),
        TopicKind.CommandResult => ResultAsync(topic.Device, topic.CommandId!, message, ct),
        _ => ReportedAsync(topic.Device, message, ct),
    };

    private async ValueTask<Receipt> TelemetryAsync(DeviceKey device, InboundMessage message, CancellationToken ct)
    {
        var arrivalMs = message.ReceivedAt.ToUnixTimeMilliseconds();
        var samples = new List<Sample>();
        var rejects = new List<Reject>();
        decoders.For(message.ContentType).Decode(device, message.Payload.Span, arrivalMs, samples, rejects);
        var unusable = rejects.Count;
        var excess = admission.RemoveExcessMetrics(samples, rejects);
        var accepted = samples.Count;
        samples.RemoveAll(CameBefore);
        if (samples.Count > 0) await log.AppendAsync(samples.ConvertAll(sample => LogEntry.Of(sample, arrivalMs)), ct);
        foreach (var sample in samples) NoteDurable(sample);
        return new Receipt(accepted, rejects) { Excess = excess?.Excess, IsKept = unusable > 0 || excess is not { IsKept: false } };
    }

    /// <summary>A sample without a time that is sent again would be stored a second time at its new arrival; with one it would only be written over.</summary>
    private bool CameBefore(Sample sample)
    {
        if (sample is not { IsTimedByArrival: true, Sequence: { } number } || !ledger.IsDuplicate(Numbers.Devices.Of(sample.Device), number, SampleContent.Of(sample))) return false;
        ledger.CountDuplicate();
        return true;
    }

    private void NoteDurable(Sample sample)
    {
        if (sample is { IsTimedByArrival: true, Sequence: { } number }) ledger.NoteDurable(Numbers.Devices.Of(sample.Device), number, SampleContent.Of(sample));
    }

    private async ValueTask<Receipt> EventsAsync(DeviceKey device, InboundMessage message, CancellationToken ct)
    {
        var arrivalMs = message.ReceivedAt.ToUnixTimeMilliseconds();
        var events = new List<DeviceEvent>();
        var rejects = new List<Reject>();
        _messages.ReadEvents(device, message.Payload, arrivalMs, events, rejects);
        if (events.Count > 0) await log.AppendAsync(events.ConvertAll(e => LogEntry.Of(e, arrivalMs)), ct);
        return new Receipt(events.Count, rejects);
    }

    private async ValueTask<Receipt> StateAsync(DeviceKey device, InboundMessage message, CancellationToken ct)
    {
        if (message.Payload.IsEmpty) return new Receipt(1, []);   // MQTT's way to clear the retained state
        var arrivalMs = message.ReceivedAt.ToUnixTimeMilliseconds();
        var rejects = new List<Reject>();
        if (DeviceMessages.ReadState(device, message.Payload, arrivalMs, rejects) is not { } state) return new Receipt(0, rejects);
        await log.AppendAsync([LogEntry.Of(state, arrivalMs)], ct);
        devices.SetOnline(device, state.Online, state.AgentVersion, message.ReceivedAt);
        return new Receipt(1, []);
    }

    private async ValueTask<Receipt> ResultAsync(DeviceKey device, string commandId, InboundMessage message, CancellationToken ct)
    {
        var rejects = new List<Reject>();
        if (DeviceMessages.ReadResult(commandId, message.Payload, rejects) is not { } result) return new Receipt(0, rejects);
        var reported = await commands.ReportAsync(device, result, ct);
        return reported.Succeeded ? new Receipt(1, []) : Receipt.Of(RejectReason.UnknownTopic, reported.Refusal.Reason);
    }

    private async ValueTask<Receipt> ReportedAsync(DeviceKey device, InboundMessage message, CancellationToken ct)
    {
        var rejects = new List<Reject>();
        if (DeviceMessages.ReadReported(message.Payload, rejects) is not { } reported) return new Receipt(0, rejects);
        var stored = await shadows.ReportAsync(device, reported.Version, reported.StateJson, ct);
        return stored.Succeeded ? new Receipt(1, []) : Receipt.Of(RejectReason.WrongShape, stored.Refusal.Reason);
    }

    private async ValueTask<Receipt?> RefuseUnknownAsync(DeviceKey device, DevicePrincipal sender, InboundMessage message, CancellationToken ct)
    {
        if (device == sender.Key || devices.FindCached(device) is not null) return null;
        return (await devices.EnsureBehindGatewayAsync(device, sender.Key.Device, ct)).Refusal is { } refusal ? admission.RefuseDevice(device, refusal, message) ?? NotAuthorized(sender, message.Topic) : null;
    }

    private static Receipt NotAuthorized(DevicePrincipal sender, string topic) =>
        Receipt.Of(RejectReason.NotAuthorized, $"{sender.Key} may not publish to {topic}");

    // A forged message must not show up under the device it names: it is kept under the one who sent it. A dialect's topic only looks as if it named one.
    private DeadLetter ToDeadLetter(InboundMessage message, DevicePrincipal sender, Receipt receipt)
    {
        var device = !receipt.IsNotAuthorized && !dialects.Any(dialect => dialect.Owns(message.Topic)) && Topic.TryParse(message.Topic, out var topic) ? topic.Value.Device.Device : sender.Key.Device;
        return new DeadLetter(
            0, sender.Key.Tenant, device, message.Channel, message.Topic, message.Source, message.ContentType, message.Payload.ToArray(),
            receipt.Rejects, message.ReceivedAt, null, null);
    }
}
