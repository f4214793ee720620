using System.Globalization;
using System.Text.Json;
using Seamless.Telemetry;
using Seamless.Telemetry.Commands;
using Seamless.Telemetry.Payloads;

namespace Seamless.Ingest.Receiving;

/// <summary>Reads what devices send beside telemetry: events, state, command results, reported shadows. Never throws: what it cannot use it lists, with the reason.</summary>
internal sealed class DeviceMessages(TimeSpan clockTolerance)
{
    private const int MaxCodeLength = 128;

    public void ReadEvents(DeviceKey device, ReadOnlyMemory<byte> payload, long arrivalMs, List<DeviceEvent> events, List<Reject> rejects)
    {
        using var document = TryParse(payload, rejects);
        if (document is null) return;
        if (document.RootElement.ValueKind is not JsonValueKind.Array)
        {
            ReadEvent(device, document.RootElement, arrivalMs, events, rejects);
            return;
        }
        foreach (var element in document.RootElement.EnumerateArray()) ReadEvent(device, element, arrivalMs, events, rejects);
    }

    /// <summary>The time is that of arrival: a Will was written when the connection began, not when it broke.</summary>
    public static DeviceState? ReadState(DeviceKey device, ReadOnlyMemory<byte> payload, long arrivalMs, List<Reject> rejects)
    {
        using var document = TryParse(payload, rejects);
        if (document is null) return null;
        switch (Text(document.RootElement, "status"))
        {
            case "online": return new DeviceState(device, arrivalMs, true, Text(document.RootElement, "agent"), document.RootElement.GetRawText());
            case "offline": return new DeviceState(device, arrivalMs, false, Text(document.RootElement, "agent"), document.RootElement.GetRawText());
            default:
                rejects.Add(WrongShape("a state has a status, 'online' or 'offline'"));
                return null;
        }
    }

    public static CommandResult? ReadResult(string commandId, ReadOnlyMemory<byte> payload, List<Reject> rejects)
    {
        using var document = TryParse(payload, rejects);
        if (document is null) return null;
        var root = document.RootElement;
        var status = Text(root, "status");
        if (!Enum.TryParse<CommandStatus>(status, ignoreCase: true, out var parsed) || !string.Equals(parsed.ToString(), status, StringComparison.OrdinalIgnoreCase))
        {
            rejects.Add(WrongShape($"status is one of {string.Join(", ", Enum.GetNames<CommandStatus>()).ToLowerInvariant()}"));
            return null;
        }
        var progress = root.TryGetProperty("progress", out var p) && p.ValueKind is JsonValueKind.Number && p.TryGetDouble(out var percent) ? (int)Math.Clamp(percent, 0, 100) : 0;
        return new CommandResult(commandId, parsed, progress, Text(root, "detail"), Raw(root, "data"));
    }

    public static (long Version, string StateJson)? ReadReported(ReadOnlyMemory<byte> payload, List<Reject> rejects)
    {
        using var document = TryParse(payload, rejects);
        if (document is null) return null;
        var root = document.RootElement;
        if (root.ValueKind is JsonValueKind.Object
            && root.TryGetProperty("version", out var v) && v.ValueKind is JsonValueKind.Number && v.TryGetInt64(out var version)
            && root.TryGetProperty("state", out var state) && state.ValueKind is JsonValueKind.Object) return (version, state.GetRawText());
        rejects.Add(WrongShape("""a reported shadow is {"version": n, "state": {…}}"""));
        return null;
    }

    private void ReadEvent(DeviceKey device, JsonElement element, long arrivalMs, List<DeviceEvent> events, List<Reject> rejects)
    {
        if (Text(element, "code") is not { Length: > 0 and <= MaxCodeLength } code)
        {
            rejects.Add(WrongShape($"an event is an object with a code of 1–{MaxCodeLength} characters"));
            return;
        }
        var severity = EventSeverity.Info;
        if (Text(element, "severity") is { } named && !Enum.TryParse(named, ignoreCase: true, out severity))
        {
            rejects.Add(WrongShape($"event {code}: severity '{named}' is none of info, warning, error, critical"));
            return;
        }
        if (TimeOf(element, arrivalMs, rejects) is not { } at) return;
        events.Add(new DeviceEvent(device, at, code, severity, Text(element, "text") ?? "", Raw(element, "data")));
    }

    private long? TimeOf(JsonElement element, long arrivalMs, List<Reject> rejects)
    {
        if (!element.TryGetProperty("ts", out var ts)) return arrivalMs;
        long? at = ts.ValueKind switch
        {
            JsonValueKind.Number when ts.TryGetInt64(out var ms) => ms,
            JsonValueKind.String when DateTimeOffset.TryParse(ts.GetString(), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time) => time.ToUnixTimeMilliseconds(),
            _ => null,
        };
        Reject? wrong = at switch
        {
            null => new Reject(RejectReason.BadTimestamp, -1, null, $"ts {ts.GetRawText()} is neither Unix milliseconds nor RFC 3339"),
            < DecoderOptions.EarliestMs => new Reject(RejectReason.TimestampTooOld, -1, null, $"ts {at} lies before 2000-01-01: a clock that was never set"),
            _ when at > arrivalMs + (long)clockTolerance.TotalMilliseconds => new Reject(RejectReason.TimestampInFuture, -1, null, $"ts {at} lies more than {clockTolerance} ahead of our clock"),
            _ => null,
        };
        if (wrong is null) return at;
        rejects.Add(wrong);
        return null;
    }

    private static JsonDocument? TryParse(ReadOnlyMemory<byte> payload, List<Reject> rejects)
    {
        try
        {
            return JsonDocument.Parse(payload);
        }
        catch (JsonException fault)
        {
            rejects.Add(new Reject(RejectReason.Malformed, PositionOf(fault, payload.Span), null, fault.Message));
            return null;
        }
    }

    private static long PositionOf(JsonException fault, ReadOnlySpan<byte> payload)
    {
        var lineStart = 0;
        for (var line = fault.LineNumber ?? 0; line > 0; line--) lineStart += payload[lineStart..].IndexOf((byte)'\n') + 1;
        return lineStart + (fault.BytePositionInLine ?? 0);
    }

    private static string? Text(JsonElement element, string name) =>
        element.ValueKind is JsonValueKind.Object && element.TryGetProperty(name, out var value) && value.ValueKind is JsonValueKind.String ? value.GetString() : null;

    private static string? Raw(JsonElement element, string name) =>
        element.TryGetProperty(name, out var value) && value.ValueKind is not JsonValueKind.Null ? value.GetRawText() : null;

    private static Reject WrongShape(string detail) => new(RejectReason.WrongShape, -1, null, detail);
}
