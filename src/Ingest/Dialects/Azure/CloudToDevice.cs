using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using MQTTnet.Server;
using System.Text.Json.Nodes;
using Seamless.Ingest.Mqtt;
using Seamless.Telemetry;
using Seamless.Telemetry.Commands;

namespace Seamless.Ingest.Dialects.Azure;

/// <summary>Commands as cloud-to-device messages, for devices that know no direct methods. Such a message brings no result: that the device has acknowledged it is all there is.</summary>
internal sealed partial class CloudToDevice(MqttServer server, Peers peers, PrincipalOutlet outlet, Desks desks, ILogger<CloudToDevice> logger) : IHostedService
{
    private const string Marker = "/messages/devicebound/";
    private const string IdName = "%24.mid=";

    public Task StartAsync(CancellationToken cancellationToken)
    {
        server.ClientAcknowledgedPublishPacketAsync += OnAcknowledgedAsync;
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken)
    {
        server.ClientAcknowledgedPublishPacketAsync -= OnAcknowledgedAsync;
        return Task.CompletedTask;
    }

    public async ValueTask<bool> TrySendAsync(DeviceKey device, CommandMessage command, CancellationToken ct)
    {
        var own = device.Device.Split(':', 2) is [var parent, var module] && await outlet.TryPublishAsync(device, TopicOf($"{parent}/modules/{module}", command), PayloadOf(command), ct);
        return own || await outlet.TryPublishAsync(device, TopicOf(device.Device, command), PayloadOf(command), ct);
    }

    private static string TopicOf(string path, CommandMessage command) =>
        $"devices/{path}{Marker}{IdName}{command.Id}&%24.to={Uri.EscapeDataString($"/devices/{path}/messages/devicebound")}&%24.ct=application%2Fjson&%24.ce=utf-8&command={command.Name}";

    private static byte[] PayloadOf(CommandMessage command) => new JsonObject
    {
        ["name"] = command.Name,
        ["args"] = JsonNode.Parse(command.ArgsJson),
        ["expiresAt"] = command.ExpiresAtMs,
        ["idempotencyKey"] = command.IdempotencyKey,
    }.ToUtf8();

    private async Task OnAcknowledgedAsync(ClientAcknowledgedPublishPacketEventArgs acknowledged)
    {
        var topic = acknowledged.PublishPacket.Topic;
        if (topic is null || !topic.StartsWith("devices/", StringComparison.Ordinal) || topic.IndexOf(Marker + IdName, StringComparison.Ordinal) is not (> 0 and var at)) return;
        if (!acknowledged.IsCompleted || peers.Find(acknowledged.ClientId) is not { } peer) return;
        try
        {
            var id = topic[(at + Marker.Length + IdName.Length)..].Split('&')[0];
            await desks.Commands.ReportAsync(
                peer.Principal.Key, new CommandResult(id, CommandStatus.Succeeded, 100, "delivered; a cloud-to-device message brings no result", null), CancellationToken.None);
        }
        catch (Exception failure) when (failure is not OperationCanceledException)
        {
            NotNoted(failure, peer.Principal.Key);   // the command expires, as if it had not been acknowledged
        }
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "{Device}: the delivery of a cloud-to-device message could not be noted")]
    private partial void NotNoted(Exception failure, DeviceKey device);
}
