using System.Buffers;
using System.Text.Json;
using Seamless.Telemetry.Commands;

namespace Seamless.Telemetry.Payloads;

/// <summary>Writes the small payloads of CONTRACTS §1: events, states, commands and their results. Samples: <see cref="SampleWriter"/>.</summary>
public static class PayloadWriter
{
    /// <exception cref="JsonException">Its data is not JSON.</exception>
    public static byte[] Write(DeviceEvent deviceEvent) => Write(deviceEvent, static (json, e) =>
    {
        json.WriteNumber("ts"u8, e.TimestampMs);
        json.WriteString("code"u8, e.Code);
        json.WriteString("severity"u8, NameOf(e.Severity));
        json.WriteString("text"u8, e.Text);
        WriteRaw(json, "data"u8, e.DataJson);
    });

    /// <summary>A state, or a Will.</summary>
    /// <param name="agentVersion">Null for a device without our agent.</param>
    public static byte[] WriteState(bool online, string? agentVersion) => Write((online, agentVersion), static (json, s) =>
    {
        json.WriteString("status"u8, s.online ? "online"u8 : "offline"u8);
        if (s.agentVersion is not null) json.WriteString("agent"u8, s.agentVersion);
    });

    /// <exception cref="JsonException">Its arguments are not JSON.</exception>
    public static byte[] Write(CommandMessage command) => Write(command, static (json, c) =>
    {
        json.WriteString("name"u8, c.Name);
        WriteRaw(json, "args"u8, c.ArgsJson);
        json.WriteNumber("expiresAt"u8, c.ExpiresAtMs);
        json.WriteString("idempotencyKey"u8, c.IdempotencyKey);
    });

    /// <exception cref="JsonException">Its data is not JSON.</exception>
    public static byte[] Write(CommandResult result) => Write(result, static (json, r) =>
    {
        json.WriteString("status"u8, NameOf(r.Status));
        json.WriteNumber("progress"u8, r.Progress);
        if (r.Detail is not null) json.WriteString("detail"u8, r.Detail);
        WriteRaw(json, "data"u8, r.DataJson);
    });

    private static byte[] Write<T>(T value, Action<Utf8JsonWriter, T> members)
    {
        var buffer = new ArrayBufferWriter<byte>(256);
        using var json = new Utf8JsonWriter(buffer);
        json.WriteStartObject();
        members(json, value);
        json.WriteEndObject();
        json.Flush();
        return buffer.WrittenSpan.ToArray();
    }

    private static void WriteRaw(Utf8JsonWriter json, ReadOnlySpan<byte> name, string? value)
    {
        if (value is null) return;
        json.WritePropertyName(name);
        json.WriteRawValue(value);
    }

    private static ReadOnlySpan<byte> NameOf(EventSeverity severity) => severity switch
    {
        EventSeverity.Info => "info"u8,
        EventSeverity.Warning => "warning"u8,
        EventSeverity.Error => "error"u8,
        _ => "critical"u8,
    };

    private static ReadOnlySpan<byte> NameOf(CommandStatus status) => status switch
    {
        CommandStatus.Accepted => "accepted"u8,
        CommandStatus.Running => "running"u8,
        CommandStatus.Succeeded => "succeeded"u8,
        CommandStatus.Failed => "failed"u8,
        CommandStatus.Rejected => "rejected"u8,
        _ => "expired"u8,
    };
}
