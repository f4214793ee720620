namespace Seamless.Telemetry.Payloads;

/// <summary>Reads the telemetry payload in CBOR (RFC 8949): the same shapes as JSON, maps with text keys. Any number of threads.</summary>
/// <remarks>A <c>ts</c> may also carry tag 0 (RFC 3339 text) or tag 1 (seconds since 1970, also fractional). Bytes that are not CBOR are refused whole, as with JSON.</remarks>
public sealed class CborSampleDecoder(DecoderOptions options) : ISampleDecoder
{
    private const ulong UnixSeconds = 1;

    [ThreadStatic] private static SampleBuilder? _idleBuilder;
    [ThreadStatic] private static DecoderOptions? _idleBuilderOptions;

    private readonly NameTable _names = new();

    public void Decode(in DeviceKey device, ReadOnlySpan<byte> payload, long arrivalMs, List<Sample> samples, List<Reject> rejects)
    {
        var (samplesBefore, rejectsBefore) = (samples.Count, rejects.Count);
        var builder = ReferenceEquals(_idleBuilderOptions, options) && _idleBuilder is { } idle ? idle : new SampleBuilder(options);
        var scanner = new CborScanner(payload);
        if (!TryPayload(ref scanner, builder, device, arrivalMs, samples, rejects) || !scanner.TryEnd())
        {
            samples.RemoveRange(samplesBefore, samples.Count - samplesBefore);
            rejects.RemoveRange(rejectsBefore, rejects.Count - rejectsBefore);
            rejects.Add(new Reject(RejectReason.Malformed, scanner.Position, null, scanner.Fault!));
        }
        (_idleBuilder, _idleBuilderOptions) = (builder, options);
    }

    private bool TryPayload(ref CborScanner scanner, SampleBuilder builder, in DeviceKey device, long arrivalMs, List<Sample> samples, List<Reject> rejects)
    {
        if (!scanner.TrySkipTags() || !scanner.TryPeek(out var kind)) return false;
        if (kind is not CborKind.Array) return TrySample(ref scanner, builder, device, arrivalMs, samples, rejects);
        if (!scanner.TryBegin(out var left)) return false;
        while (true)
        {
            if (!scanner.TryNext(ref left, out var more)) return false;
            if (!more) return true;
            if (!TrySample(ref scanner, builder, device, arrivalMs, samples, rejects)) return false;
        }
    }

    private bool TrySample(ref CborScanner scanner, SampleBuilder builder, in DeviceKey device, long arrivalMs, List<Sample> samples, List<Reject> rejects)
    {
        var start = scanner.Position;
        if (!scanner.TrySkipTags() || !scanner.TryPeek(out var kind)) return false;
        if (kind is not CborKind.Map)
        {
            SampleBuilder.List(rejects, new Reject(RejectReason.WrongShape, start, null, "a sample is a CBOR map"));
            return scanner.TrySkip();
        }
        builder.Begin();
        if (!TryMembers(ref scanner, builder)) return false;
        builder.End(device, start, arrivalMs, samples, rejects);
        return true;
    }

    private bool TryMembers(ref CborScanner scanner, SampleBuilder builder)
    {
        var hasValues = false;
        if (!scanner.TryBegin(out var left)) return false;
        while (true)
        {
            if (!scanner.TryNext(ref left, out var more)) return false;
            if (!more) return true;
            if (!scanner.TryText(out var name)) return false;
            var read = name switch
            {
                _ when name.SequenceEqual("ts"u8) => TryTimestamp(ref scanner, builder),
                _ when name.SequenceEqual("seq"u8) => TrySequence(ref scanner, builder),
                _ when name.SequenceEqual("values"u8) => TryValues(ref scanner, builder, ref hasValues),
                _ when hasValues => scanner.TrySkip(),   // what stands beside "values" is for later versions
                _ => TryValue(ref scanner, builder, name),
            };
            if (!read) return false;
        }
    }

    private static bool TryTimestamp(ref CborScanner scanner, SampleBuilder builder)
    {
        var position = scanner.Position;
        if (!scanner.TrySkipTags(out var tag) || !scanner.TryPeek(out var kind)) return false;
        var unit = tag == UnixSeconds ? 1000 : 1;
        if (kind is CborKind.Text)
        {
            if (!scanner.TryText(out var text)) return false;
            if (Rfc3339.TryParse(text, out var instant)) builder.Timestamp(instant);
            else builder.Refuse(RejectReason.BadTimestamp, position, "ts is not an RFC 3339 time with an offset");
            return true;
        }
        if (kind is CborKind.Unsigned or CborKind.Negative or CborKind.Float)
        {
            if (!scanner.TryNumber(out var number)) return false;
            if (Math.Abs(number) < 1e17 / unit)
            {
                builder.Timestamp((long)Math.Floor(number * unit));
                return true;
            }
        }
        else if (!scanner.TrySkip()) return false;
        builder.Refuse(RejectReason.BadTimestamp, position, "ts is neither Unix milliseconds nor RFC 3339");
        return true;
    }

    private static bool TrySequence(ref CborScanner scanner, SampleBuilder builder)
    {
        var position = scanner.Position;
        if (!scanner.TryPeek(out var kind)) return false;
        long? sequence = null;
        if (!(kind is CborKind.Unsigned or CborKind.Negative ? scanner.TryInteger(out sequence) : scanner.TrySkip())) return false;
        builder.Sequence = sequence;
        builder.SequenceFault = sequence is null ? new Reject(RejectReason.WrongShape, position, "seq", "seq is not an integer") : null;
        return true;
    }

    private bool TryValues(ref CborScanner scanner, SampleBuilder builder, ref bool hasValues)
    {
        if (!hasValues) builder.DropValues();
        hasValues = true;
        if (!scanner.TrySkipTags() || !scanner.TryPeek(out var kind)) return false;
        if (kind is not CborKind.Map)
        {
            builder.Refuse(RejectReason.WrongShape, scanner.Position, "values is not a map");
            return scanner.TrySkip();
        }
        if (!scanner.TryBegin(out var left)) return false;
        while (true)
        {
            if (!scanner.TryNext(ref left, out var more)) return false;
            if (!more) return true;
            if (!scanner.TryText(out var name) || !TryValue(ref scanner, builder, name)) return false;
        }
    }

    private bool TryValue(ref CborScanner scanner, SampleBuilder builder, ReadOnlySpan<byte> name)
    {
        var position = scanner.Position;
        if (!scanner.TrySkipTags() || !scanner.TryPeek(out var kind)) return false;
        var metric = _names.Get(name);
        switch (kind)
        {
            case CborKind.Unsigned or CborKind.Negative or CborKind.Float:
                if (!scanner.TryNumber(out var number)) return false;
                builder.Number(metric, number, position);
                return true;
            case CborKind.Boolean:
                scanner.TryBoolean(out var flag);
                builder.Number(metric, flag ? 1 : 0, position);
                return true;
            case CborKind.Text:
                if (!scanner.TryText(out var text)) return false;
                builder.State(metric, _names.Get(text), text.Length, position);
                return true;
            case CborKind.Null:
                builder.RefuseValue(RejectReason.NotANumber, position, metric, "null");
                return scanner.TrySkip();
            default:
                builder.RefuseValue(RejectReason.UnsupportedValue, position, metric, "neither number, boolean nor text");
                return scanner.TrySkip();
        }
    }
}
