using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Seamless.Fleet.Commands;
using Seamless.Fleet.Registry;
using Seamless.Ingest.Limits;
using Seamless.Ingest.Mqtt;
using Seamless.Ingest.Receiving;
using Seamless.Storage.Log;
using Seamless.Telemetry;
using Seamless.Telemetry.Commands;
using Seamless.Telemetry.Payloads;

namespace Seamless.Ingest.Dialects.Sparkplug;

/// <summary>Sparkplug B 3.0: the platform as the host application of edge nodes that come as they are.</summary>
/// <param name="commands">Later, since whoever makes commands is made with the ways out, and this is one of them.</param>
internal sealed partial class SparkplugDialect(
    SparkplugNodes nodes, SparkplugCommands commands, SparkplugOutlet outlet, Rebirths rebirths, IDeviceRegistry devices, ITelemetryLog log, Admission admission,
    IngestMetrics metrics, TimeProvider time, IOptions<IngestOptions> options, ILogger<SparkplugDialect> logger) : IDialect
{
    private volatile bool _stopping;

    public string Name => "sparkplug";

    public bool Owns(string topic) => SparkplugTopic.Owns(topic);

    /// <summary>A node hears its own commands and every host's state; nobody hears the data of others.</summary>
    public bool MaySubscribe(DevicePrincipal who, string filter)
    {
        // Real clients ask for NCMD/{node}/# too; '#' includes the level above it.
        var isBelow = filter.EndsWith("/#", StringComparison.Ordinal);
        if (!SparkplugTopic.TryParse(isBelow ? filter[..^2] : filter, out var topic) && !TryDeviceCommands(filter, isBelow, out topic)) return isBelow && filter is "STATE/#" or "spBv1.0/STATE/#";
        if (topic.Kind is SparkplugKind.State) return true;
        return topic.IsCommand && !IsWildcard(topic.Group) && !IsWildcard(topic.Node) && SparkplugIds.NodeOf(who, topic.Group, topic.Node) is not null;
    }

    public async ValueTask<Receipt> ReceiveAsync(InboundMessage message, DevicePrincipal sender, CancellationToken ct)
    {
        if (!SparkplugTopic.TryParse(message.Topic, out var topic)) return Receipt.Of(RejectReason.UnknownTopic, $"{message.Topic} is no Sparkplug topic");
        if (topic.Kind is SparkplugKind.State) return await StateAsync(topic, message, sender, ct);
        if (topic.IsCommand || SparkplugIds.NodeOf(sender, topic.Group, topic.Node) is not { } key) return NotAuthorized(sender, message.Topic);
        if (message.Payload.Length > options.Value.MaxPayloadBytes)
            return Receipt.Of(RejectReason.TooLarge, $"{message.Payload.Length} bytes; at most {options.Value.MaxPayloadBytes} are read");
        DeviceKey? device = topic.IsOfDevice ? key with { Device = SparkplugIds.Below(key.Device, topic.Device!) } : null;
        if (TooLong(device ?? key) is { } id) return Receipt.Of(RejectReason.UnknownTopic, $"the device id would be '{id}', longer than {DeviceKey.MaxNameLength} characters");
        if (await RefuseUnknownAsync(key, device, sender, message, ct) is { } unknown) return unknown;
        if (await RefuseAsync(topic, key, message, ct) is { } refused) return refused;

        var started = time.GetTimestamp();
        if (SparkplugBody.Unpack(message.Payload, options.Value.MaxPayloadBytes, out var fault) is not { } payload) return new Receipt(0, [fault!]);
        var node = nodes.Of(key);
        var taken = node.Take(topic, device, payload.Span, message, sender);
        await StoreAsync(taken, ct);
        if (!message.IsReplay) await FollowAsync(node, topic, device, taken, message.ReceivedAt, ct);
        metrics.Received(message.Channel, TopicKind.Telemetry, taken.Samples, time.GetElapsedTime(started));
        return new Receipt(taken.Samples + taken.States.Count, taken.Rejects);
    }

    public async ValueTask DisconnectedAsync(Peer peer, CancellationToken ct)
    {
        if (_stopping) return;   // we leave, not the nodes
        foreach (var node in nodes.All)
        {
            if (node.ConnectionEnded(peer.Principal, time.GetUtcNow()) is not { } taken) continue;
            try
            {
                await StoreAsync(taken, ct);
                SetPresence(taken, time.GetUtcNow());
            }
            catch (IOException failure)
            {
                NotStored(failure, node.Key);   // nobody sends this again: the log's own alarm tells the rest
            }
        }
    }

    public ValueTask<bool> TrySendAsync(DeviceKey device, CommandMessage command, CancellationToken ct) => commands.TrySendAsync(device, command, ct);

    public void Stopping() => _stopping = true;

    /// <summary>Data counts for the edge node, whichever device behind it they are of. Births and deaths are few by nature and never refused.</summary>
    /// <remarks>What is left out leaves a gap in <c>seq</c>, and that leads to a rebirth: so what the node has now is known again once it is slower.</remarks>
    private async ValueTask<Receipt?> RefuseAsync(SparkplugTopic topic, DeviceKey node, InboundMessage message, CancellationToken ct)
    {
        if (topic.Kind is not (SparkplugKind.NData or SparkplugKind.DData) || await admission.RefuseAsync(node, message, ct) is not { } refused) return null;
        devices.Seen(node, message.ReceivedAt);
        return refused;
    }

    private async ValueTask<Receipt> StateAsync(SparkplugTopic topic, InboundMessage message, DevicePrincipal sender, CancellationToken ct)
    {
        // The platform is the host here. Another one that goes by our name has told our nodes that we are gone, or would have.
        if (outlet.IsOurs(topic) && !message.IsReplay) await outlet.SayStateAsync(true, ct);
        return NotAuthorized(sender, message.Topic);
    }

    private async ValueTask StoreAsync(Taken taken, CancellationToken ct)
    {
        var entries = taken.Entries();
        if (entries.Count > 0) await log.AppendAsync(entries, ct);
    }

    private async ValueTask FollowAsync(EdgeNode node, SparkplugTopic topic, DeviceKey? device, Taken taken, DateTimeOffset at, CancellationToken ct)
    {
        if (topic.Kind is not (SparkplugKind.NDeath or SparkplugKind.DDeath)) devices.Seen(device ?? node.Key, at);
        if (topic.Kind is SparkplugKind.DBirth) nodes.Note(device!.Value, node, topic.Device!);
        SetPresence(taken, at);
        if (taken.IsBirthOfNode) rebirths.Born(node);
        if (taken.RebirthReason is { } reason)
        {
            RebirthWanted(node.Key, reason);
            rebirths.Want(node);
        }
        await commands.FollowAsync(taken, ct);
    }

    private void SetPresence(Taken taken, DateTimeOffset at)
    {
        foreach (var state in taken.States) devices.SetOnline(state.Device, state.Online, null, at);
    }

    private async ValueTask<Receipt?> RefuseUnknownAsync(DeviceKey node, DeviceKey? device, DevicePrincipal sender, InboundMessage message, CancellationToken ct)
    {
        if (node != sender.Key && (await FindAsync(node, sender.Key.Device, ct)).Refusal is { } noNode) return Refuse(node, noNode);
        if (device is not { } behind) return null;
        var known = await FindAsync(behind, node.Device, ct);
        if (!known.Succeeded) return Refuse(behind, known.Refusal);
        // A node that is no gateway speaks for what stands behind it, not for another that only has such an id.
        return sender.IsGateway || known.Value.Gateway is null || known.Value.Gateway == node.Device ? null : NotAuthorized(sender, message.Topic);

        Receipt Refuse(DeviceKey who, Refusal refusal) => admission.RefuseDevice(who, refusal, message) ?? NotAuthorized(sender, message.Topic);
    }

    private async ValueTask<Outcome<Device>> FindAsync(DeviceKey key, string gateway, CancellationToken ct) =>
        devices.FindCached(key) is { } known ? known : await devices.EnsureBehindGatewayAsync(key, gateway, ct);

    private static bool TryDeviceCommands(string filter, bool isBelow, out SparkplugTopic topic)
    {
        topic = default;
        // "DCMD/{node}/#": the level that names the device is the wildcard's.
        return isBelow && SparkplugTopic.TryParse($"{filter[..^2]}/+", out topic) && topic.IsCommand;
    }

    private static bool IsWildcard(string level) => level.AsSpan().ContainsAny('+', '#');
    private static string? TooLong(DeviceKey key) => key.Device.Length > DeviceKey.MaxNameLength ? key.Device : null;
    private static Receipt NotAuthorized(DevicePrincipal sender, string topic) => Receipt.Of(RejectReason.NotAuthorized, $"{sender.Key} may not publish to {topic}");

    [LoggerMessage(Level = LogLevel.Debug, Message = "{Node}: a rebirth is wanted for {Reason}")]
    private partial void RebirthWanted(DeviceKey node, string reason);

    [LoggerMessage(Level = LogLevel.Error, Message = "{Node}: its end could not be written to the log")]
    private partial void NotStored(Exception failure, DeviceKey node);
}
