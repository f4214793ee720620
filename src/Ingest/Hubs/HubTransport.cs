using System.Text.Json;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Seamless.Fleet.Commands;
using Seamless.Fleet.Registry;
using Seamless.Fleet.Shadows;
using Seamless.Telemetry;
using Seamless.Telemetry.Commands;

namespace Seamless.Ingest.Hubs;

/// <summary>The way out to the hub's devices: a command is a direct method, a desired state the twin's. Everyone else is reached at our own door.</summary>
internal sealed partial class HubTransport(
    IDeviceHub hub, IDeviceRegistry devices, Func<ICommands> commands, ICommandTransport ownCommands, IShadowTransport ownShadows,
    IOptions<AzureHubOptions> options, ILogger<HubTransport> logger) : ICommandTransport, IShadowTransport
{
    public async Task<bool> TrySendAsync(DeviceKey device, CommandMessage message, CancellationToken ct)
    {
        if (!IsOfTheHub(device)) return await ownCommands.TrySendAsync(device, message, ct);
        try
        {
            var answer = await hub.InvokeAsync(device.Device, message.Name, message.ArgsJson, options.Value.MethodTimeout, ct);
            if (answer.Refusal is { Code: "not-found" }) return false;   // not connected: it stays with us and is tried again
            await commands().ReportAsync(device, ResultOf(message.Id, answer), ct);
            return true;
        }
        catch (HubException e)
        {
            LogAway(e, device);
            return false;
        }
    }

    public async Task PublishDesiredAsync(Shadow shadow, CancellationToken ct)
    {
        if (!IsOfTheHub(shadow.Device))
        {
            await ownShadows.PublishDesiredAsync(shadow, ct);
            return;
        }
        try
        {
            var twin = await hub.GetTwinAsync(shadow.Device.Device, ct);
            var patched = twin.Succeeded ? await hub.PatchTwinAsync(shadow.Device.Device, Patch(shadow.DesiredJson, twin.Value.DesiredJson), twin.Value.ETag, ct) : twin;
            if (!patched.Succeeded) LogRefused(shadow.Device, patched.Refusal.Reason);
        }
        catch (HubException e)
        {
            LogAway(e, shadow.Device);
        }
    }

    private bool IsOfTheHub(in DeviceKey device) => devices.FindCached(device)?.Gateway == HubFeed.Name;

    /// <summary>A device answers a method as it answers a web request.</summary>
    private static CommandResult ResultOf(string id, in Outcome<MethodAnswer> answer) => answer switch
    {
        { Succeeded: false } => new CommandResult(id, CommandStatus.Rejected, 0, answer.Refusal.Reason, null),
        { Value.Status: >= 200 and < 300 } => new CommandResult(id, CommandStatus.Succeeded, 100, null, answer.Value.PayloadJson),
        _ => new CommandResult(id, CommandStatus.Failed, 0, $"the device answered {answer.Value!.Status}", answer.Value.PayloadJson),
    };

    /// <summary>Ours replaces the whole, the twin merges: what is no longer wanted must be named, as null.</summary>
    internal static string Patch(string wanted, string present)
    {
        using var want = JsonDocument.Parse(wanted);
        using var have = JsonDocument.Parse(present);
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteStartObject("properties");
            json.WritePropertyName("desired");
            WriteMerge(json, want.RootElement, have.RootElement);
            json.WriteEndObject();
            json.WriteEndObject();
        }
        return System.Text.Encoding.UTF8.GetString(buffer.ToArray());
    }

    private static void WriteMerge(Utf8JsonWriter json, JsonElement want, JsonElement have)
    {
        json.WriteStartObject();
        foreach (var member in want.EnumerateObject())
        {
            json.WritePropertyName(member.Name);
            if (member.Value.ValueKind is JsonValueKind.Object && have.TryGetProperty(member.Name, out var inner) && inner.ValueKind is JsonValueKind.Object) WriteMerge(json, member.Value, inner);
            else member.Value.WriteTo(json);
        }
        foreach (var member in have.EnumerateObject())
            if (member.Name[0] != '$' && !want.TryGetProperty(member.Name, out _)) json.WriteNull(member.Name);
        json.WriteEndObject();
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Device} could not be reached through the hub")]
    private partial void LogAway(Exception e, DeviceKey device);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The hub did not take the desired state of {Device}: {Reason}")]
    private partial void LogRefused(DeviceKey device, string reason);
}
