namespace Seamless.Telemetry.Payloads;

/// <summary>Reads the native telemetry payload (CONTRACTS §1): one sample or an array, with <c>values</c> or flat. Any number of threads.</summary>
/// <remarks>
/// Text that is not JSON is refused whole, so that its replay after mending cannot double a part of it. Otherwise the damage stays
/// where it is: a value costs itself, a sample costs itself.
/// </remarks>
public sealed class JsonSampleDecoder(DecoderOptions options) : ISampleDecoder
{
    [ThreadStatic] private static SampleBuilder? _idleBuilder;
    [ThreadStatic] private static DecoderOptions? _idleBuilderOptions;

    private readonly NameTable _names = new();

    public void Decode(in DeviceKey device, ReadOnlySpan<byte> payload, long arrivalMs, List<Sample> samples, List<Reject> rejects)
    {
        var (samplesBefore, rejectsBefore) = (samples.Count, rejects.Count);
        var builder = RentBuilder();
        var scanner = new JsonScanner(payload);
        if (!TryPayload(ref scanner, builder, device, arrivalMs, samples, rejects))
        {
            samples.RemoveRange(samplesBefore, samples.Count - samplesBefore);
            rejects.RemoveRange(rejectsBefore, rejects.Count - rejectsBefore);
            rejects.Add(new Reject(RejectReason.Malformed, scanner.Position, null, scanner.Fault!));
        }
        (_idleBuilder, _idleBuilderOptions) = (builder, options);
    }

    private SampleBuilder RentBuilder() => ReferenceEquals(_idleBuilderOptions, options) && _idleBuilder is { } idle ? idle : new SampleBuilder(options);

    private bool TryPayload(ref JsonScanner scanner, SampleBuilder builder, in DeviceKey device, long arrivalMs, List<Sample> samples, List<Reject> rejects)
    {
        if (!scanner.TryPeek(out var kind)) return false;
        if (kind != JsonKind.Array) return TrySample(ref scanner, builder, device, arrivalMs, samples, rejects) && scanner.TryEnd();
        scanner.Takes((byte)'[');
        if (scanner.Takes((byte)']')) return scanner.TryEnd();
        for (var more = true; more;)
        {
            if (!TrySample(ref scanner, builder, device, arrivalMs, samples, rejects)) return false;
            if (!scanner.TryNext((byte)']', out more)) return false;
        }
        return scanner.TryEnd();
    }

    private bool TrySample(ref JsonScanner scanner, SampleBuilder builder, in DeviceKey device, long arrivalMs, List<Sample> samples, List<Reject> rejects)
    {
        if (!scanner.TryPeek(out var kind)) return false;
        var start = scanner.Position;
        if (kind != JsonKind.Object)
        {
            SampleBuilder.List(rejects, new Reject(RejectReason.WrongShape, start, null, "a sample is a JSON object"));
            return scanner.TrySkip();
        }
        builder.Begin();
        if (!TryMembers(ref scanner, builder)) return false;
        builder.End(device, start, arrivalMs, samples, rejects);
        return true;
    }

    private bool TryMembers(ref JsonScanner scanner, SampleBuilder builder)
    {
        scanner.Takes((byte)'{');
        if (scanner.Takes((byte)'}')) return true;
        var hasValues = false;
        for (var more = true; more;)
        {
            if (!scanner.TryName(out var name)) return false;
            var read = name switch
            {
                _ when name.Is("ts"u8) => TryTimestamp(ref scanner, builder),
                _ when name.Is("seq"u8) => TrySequence(ref scanner, builder),
                _ when name.Is("values"u8) => TryValues(ref scanner, builder, ref hasValues),
                _ when hasValues => scanner.TrySkip(),   // what stands beside "values" is for later versions
                _ => TryValue(ref scanner, builder, name),
            };
            if (!read || !scanner.TryNext((byte)'}', out more)) return false;
        }
        return true;
    }

    private static bool TryTimestamp(ref JsonScanner scanner, SampleBuilder builder)
    {
        if (!JsonTime.TryRead(ref scanner, out var unixMs, out var position, out var problem)) return false;
        if (unixMs is { } known) builder.Timestamp(known);
        else builder.Refuse(RejectReason.BadTimestamp, position, problem!);
        return true;
    }

    private static bool TrySequence(ref JsonScanner scanner, SampleBuilder builder)
    {
        if (!scanner.TryPeek(out var kind)) return false;
        var position = scanner.Position;
        long? sequence = null;
        if (!(kind == JsonKind.Number ? scanner.TryInteger(out sequence) : scanner.TrySkip())) return false;
        builder.Sequence = sequence;
        builder.SequenceFault = sequence is null ? new Reject(RejectReason.WrongShape, position, "seq", "seq is not an integer") : null;
        return true;
    }

    private bool TryValues(ref JsonScanner scanner, SampleBuilder builder, ref bool hasValues)
    {
        if (!scanner.TryPeek(out var kind)) return false;
        if (!hasValues) builder.DropValues();
        hasValues = true;
        if (kind != JsonKind.Object)
        {
            builder.Refuse(RejectReason.WrongShape, scanner.Position, "values is not an object");
            return scanner.TrySkip();
        }
        scanner.Takes((byte)'{');
        if (scanner.Takes((byte)'}')) return true;
        for (var more = true; more;)
            if (!scanner.TryName(out var name) || !TryValue(ref scanner, builder, name) || !scanner.TryNext((byte)'}', out more)) return false;
        return true;
    }

    private bool TryValue(ref JsonScanner scanner, SampleBuilder builder, JsonText name)
    {
        if (!scanner.TryPeek(out var kind)) return false;
        var position = scanner.Position;
        var metric = name.Escaped ? name.ToString() : _names.Get(name.Raw);
        switch (kind)
        {
            case JsonKind.Number:
                if (!scanner.TryNumber(out var number)) return false;
                builder.Number(metric, number, position);
                return true;
            case JsonKind.True or JsonKind.False:
                builder.Number(metric, kind == JsonKind.True ? 1 : 0, position);
                return scanner.TryWord(kind);
            case JsonKind.Text:
                if (!scanner.TryText(out var text)) return false;
                builder.State(metric, text.Escaped ? text.ToString() : _names.Get(text.Raw), text.Raw.Length, position);
                return true;
            case JsonKind.Null or JsonKind.NotFinite:
                builder.RefuseValue(RejectReason.NotANumber, position, metric, kind == JsonKind.Null ? "null" : "NaN or an infinity");
                return scanner.TryWord(kind);
            default:
                builder.RefuseValue(RejectReason.UnsupportedValue, position, metric, "an object or an array");
                return scanner.TrySkip();
        }
    }
}
