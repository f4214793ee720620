using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using Seamless.Telemetry.Commands;

namespace Seamless.DeviceAgent.Commands;

/// <summary>Commands and their results on the wire (CONTRACTS §1).</summary>
internal static class CommandJson
{
    public static bool TryDecode(string id, ReadOnlyMemory<byte> payload, [NotNullWhen(true)] out CommandMessage? command, [NotNullWhen(false)] out string? problem)
    {
        (command, problem) = (null, null);
        try
        {
            using var document = JsonDocument.Parse(payload);
            var root = document.RootElement;
            if (root.ValueKind is not JsonValueKind.Object) problem = "the payload is not a JSON object";
            else if (!TryText(root, "name", out var name)) problem = "'name' is missing";
            else if (!root.TryGetProperty("expiresAt", out var expiry) || !expiry.TryGetInt64(out var expiresAt)) problem = "'expiresAt' (Unix ms) is missing";
            else command = new CommandMessage(id, name, Args(root), expiresAt, TryText(root, "idempotencyKey", out var key) ? key : id);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            problem = e.Message;
        }
        return command is not null;
    }

    public static byte[] Encode(CommandResult result)
    {
        var buffer = new ArrayBufferWriter<byte>(256);
        using var writer = new Utf8JsonWriter(buffer);
        writer.WriteStartObject();
        writer.WriteString("status"u8, Word(result.Status));
        writer.WriteNumber("progress"u8, result.Progress);
        if (result.Detail is not null) writer.WriteString("detail"u8, result.Detail);
        if (result.DataJson is not null)
        {
            writer.WritePropertyName("data"u8);
            writer.WriteRawValue(result.DataJson);
        }
        writer.WriteEndObject();
        writer.Flush();
        return buffer.WrittenSpan.ToArray();
    }

    public static string Word(CommandStatus status) => status switch
    {
        CommandStatus.Accepted => "accepted",
        CommandStatus.Running => "running",
        CommandStatus.Succeeded => "succeeded",
        CommandStatus.Failed => "failed",
        CommandStatus.Rejected => "rejected",
        _ => "expired",
    };

    private static string Args(JsonElement root) =>
        root.TryGetProperty("args", out var args) && args.ValueKind is JsonValueKind.Object ? args.GetRawText() : "{}";

    private static bool TryText(JsonElement root, string name, [NotNullWhen(true)] out string? text)
    {
        text = root.TryGetProperty(name, out var value) && value.ValueKind is JsonValueKind.String ? value.GetString() : null;
        return !string.IsNullOrEmpty(text);
    }
}
