namespace Seamless.Telemetry.Payloads;

/// <summary>Reads an events payload (CONTRACTS §1): one event or an array. Any number of threads.</summary>
/// <remarks>Text that is not JSON is refused whole; within an array a bad event costs only itself.</remarks>
public sealed class EventDecoder(DecoderOptions options)
{
    private struct Fields
    {
        public long? TimestampMs;
        public string? Code;
        public string? Severity;
        public string? Text;
        public string? Data;
        public Reject? Fault;
    }

    public void Decode(in DeviceKey device, ReadOnlySpan<byte> payload, long arrivalMs, List<DeviceEvent> events, List<Reject> rejects)
    {
        var (eventsBefore, rejectsBefore) = (events.Count, rejects.Count);
        var scanner = new JsonScanner(payload, strict: true);
        if (TryPayload(ref scanner, device, arrivalMs, events, rejects)) return;
        events.RemoveRange(eventsBefore, events.Count - eventsBefore);
        rejects.RemoveRange(rejectsBefore, rejects.Count - rejectsBefore);
        rejects.Add(JsonMembers.Malformed(scanner));
    }

    private bool TryPayload(ref JsonScanner scanner, in DeviceKey device, long arrivalMs, List<DeviceEvent> events, List<Reject> rejects)
    {
        if (!scanner.TryPeek(out var kind)) return false;
        if (kind != JsonKind.Array) return TryEvent(ref scanner, device, arrivalMs, events, rejects) && scanner.TryEnd();
        scanner.Takes((byte)'[');
        if (scanner.Takes((byte)']')) return scanner.TryEnd();
        for (var more = true; more;)
            if (!TryEvent(ref scanner, device, arrivalMs, events, rejects) || !scanner.TryNext((byte)']', out more)) return false;
        return scanner.TryEnd();
    }

    private bool TryEvent(ref JsonScanner scanner, in DeviceKey device, long arrivalMs, List<DeviceEvent> events, List<Reject> rejects)
    {
        if (!scanner.TryPeek(out var kind)) return false;
        var start = scanner.Position;
        if (kind != JsonKind.Object)
        {
            rejects.Add(new Reject(RejectReason.WrongShape, start, null, "an event is a JSON object"));
            return scanner.TrySkip();
        }
        var fields = new Fields();
        if (!JsonMembers.TryRead(ref scanner, ReadMember, ref fields)) return false;
        if (Fault(fields, start, arrivalMs) is { } fault) rejects.Add(fault);
        else events.Add(new DeviceEvent(device, fields.TimestampMs ?? arrivalMs, fields.Code!, Severity(fields.Severity)!.Value, fields.Text ?? "", fields.Data));
        return true;
    }

    private static bool ReadMember(ref JsonScanner scanner, JsonText name, ref Fields fields) => name switch
    {
        _ when name.Is("ts"u8) => ReadTime(ref scanner, ref fields),
        _ when name.Is("code"u8) => JsonMembers.TryText(ref scanner, out fields.Code),
        _ when name.Is("severity"u8) => ReadSeverity(ref scanner, ref fields),
        _ when name.Is("text"u8) => JsonMembers.TryText(ref scanner, out fields.Text),
        _ when name.Is("data"u8) => JsonMembers.TryRaw(ref scanner, out fields.Data),
        _ => scanner.TrySkip(),
    };

    private static bool ReadTime(ref JsonScanner scanner, ref Fields fields)
    {
        if (!JsonTime.TryRead(ref scanner, out fields.TimestampMs, out var position, out var problem)) return false;
        if (problem is not null) fields.Fault ??= new Reject(RejectReason.BadTimestamp, position, null, problem);
        return true;
    }

    private static bool ReadSeverity(ref JsonScanner scanner, ref Fields fields)
    {
        if (!scanner.TryPeek(out _)) return false;
        var position = scanner.Position;
        if (!JsonMembers.TryText(ref scanner, out fields.Severity)) return false;
        if (fields.Severity is null || Severity(fields.Severity) is null)
            fields.Fault ??= new Reject(RejectReason.WrongShape, position, null, "severity is one of info, warning, error, critical");
        return true;
    }

    private Reject? Fault(in Fields fields, int start, long arrivalMs)
    {
        if (fields.Fault is not null) return fields.Fault;
        if (fields.Code is not { Length: > 0 and <= DeviceKey.MaxNameLength })
            return new Reject(RejectReason.WrongShape, start, null, $"an event has a code of 1 to {DeviceKey.MaxNameLength} characters");
        return fields.TimestampMs is { } unixMs ? JsonTime.Fault(unixMs, start, arrivalMs, options) : null;
    }

    private static EventSeverity? Severity(string? name) => name switch
    {
        null or "info" => EventSeverity.Info,
        "warning" => EventSeverity.Warning,
        "error" => EventSeverity.Error,
        "critical" => EventSeverity.Critical,
        _ => null,
    };
}
