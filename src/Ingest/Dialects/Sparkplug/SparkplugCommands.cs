using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Seamless.Fleet.Commands;
using Seamless.Telemetry;
using Seamless.Telemetry.Commands;
using Seamless.Telemetry.Payloads.Sparkplug;

namespace Seamless.Ingest.Dialects.Sparkplug;

/// <summary>The platform's commands as NCMD and DCMD: <c>write-metric</c> with <c>{"metric":…,"value":…}</c>, and <c>rebirth</c>.</summary>
/// <remarks>
/// Sparkplug's commands travel at QoS 0 and have no answer. So a command counts as sent, and as succeeded when the data or birth that follows shows its
/// effect; without that it expires, which is the truth: nobody knows.
/// </remarks>
internal sealed class SparkplugCommands(SparkplugNodes nodes, SparkplugOutlet outlet, TimeProvider time, IServiceProvider services)
{
    public const string WriteMetric = "write-metric";
    public const string Rebirth = "rebirth";

    // Not in the constructor: commands are made with the ways out, and this is one of them.
    private ICommands Commands => services.GetRequiredService<ICommands>();

    public async ValueTask<bool> TrySendAsync(DeviceKey device, CommandMessage command, CancellationToken ct)
    {
        if (nodes.Find(device, out var name) is not { } node) return false;
        switch (command.Name)
        {
            case Rebirth:
                return await SendAsync(node, null, new PendingCommand(command.Id, device, command.ExpiresAtMs, null, default), RebirthMetric, ct);
            case WriteMetric when ArgumentsOf(command.ArgsJson) is var (metric, value):
                var write = node.WriteOf(name, metric, value);
                if (!write.Succeeded) return await RejectAsync(device, command, write.Refusal.Reason, ct);
                return await SendAsync(node, name, new PendingCommand(command.Id, device, command.ExpiresAtMs, metric, MetricWrite.Expected(metric, write.Value)), write.Value, ct);
            case WriteMetric:
                return await RejectAsync(device, command, """write-metric takes {"metric": "name", "value": …}""", ct);
            default:
                return await RejectAsync(device, command, $"a Sparkplug device knows {WriteMetric} and {Rebirth}, not '{command.Name}'", ct);
        }
    }

    /// <summary>Tells of the commands whose effect a message has shown, and sends again what was not answered before its device died.</summary>
    public async ValueTask FollowAsync(Taken taken, CancellationToken ct)
    {
        foreach (var command in taken.Fulfilled) await ReportDoneAsync(command, command.Metric is null ? "born again" : $"{command.Metric} shows the value", ct);
        foreach (var device in taken.Resend) await Commands.ResendAsync(device, ct);
    }

    private static OutgoingMetric RebirthMetric => new("Node Control/Rebirth", SparkplugType.Boolean, Integer: 1);

    private async ValueTask<bool> SendAsync(EdgeNode node, string? device, PendingCommand pending, OutgoingMetric metric, CancellationToken ct)
    {
        // Before it is sent: the data that shows it may be faster than our return.
        var isThereAlready = node.Await(pending, time.GetUtcNow().ToUnixTimeMilliseconds());
        if (!await outlet.TryCommandAsync(node, device, metric, ct))
        {
            node.Forget(pending);
            return false;
        }
        if (!isThereAlready) return true;
        node.Forget(pending);
        await ReportDoneAsync(pending, $"{pending.Metric} had the value already", ct);
        return true;
    }

    private async ValueTask ReportDoneAsync(PendingCommand command, string how, CancellationToken ct) =>
        await Commands.ReportAsync(command.Device, new CommandResult(command.Id, CommandStatus.Succeeded, 100, how, null), ct);

    private async ValueTask<bool> RejectAsync(DeviceKey device, CommandMessage command, string why, CancellationToken ct)
    {
        await Commands.ReportAsync(device, new CommandResult(command.Id, CommandStatus.Rejected, 0, why, null), ct);
        return true;
    }

    private static (string Metric, JsonElement Value)? ArgumentsOf(string json)
    {
        using var document = JsonDocument.Parse(json);   // an object: it was checked when the command was accepted
        var root = document.RootElement;
        return root.TryGetProperty("metric", out var metric) && metric.ValueKind is JsonValueKind.String && root.TryGetProperty("value", out var value)
            ? (metric.GetString()!, value.Clone())
            : null;
    }
}
