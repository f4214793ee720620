using System.Formats.Cbor;
using System.Text;

using Seamless.Telemetry;
using Seamless.Telemetry.Payloads;

namespace Seamless.Fuzz.Reference;

/// <summary>The telemetry payload in CBOR as the framework's own reader sees it: slow, and independent of ours.</summary>
internal sealed class CborReference(DecoderOptions options) : ISampleDecoder
{
    public void Decode(in DeviceKey device, ReadOnlySpan<byte> payload, long arrivalMs, List<Sample> samples, List<Reject> rejects)
    {
        var (samplesBefore, rejectsBefore) = (samples.Count, rejects.Count);
        var reader = new CborReader(payload.ToArray(), CborConformanceMode.Lax);
        var total = payload.Length;
        try
        {
            ReadPayload(reader, total, device, arrivalMs, samples, rejects);
            if (reader.BytesRemaining == 0) return;
            throw new CborContentException("something follows the end of the CBOR item");
        }
        // The reader reports faults by throwing; here they become a value.
        catch (Exception e) when (e is CborContentException or InvalidOperationException or OverflowException or ArgumentException)
        {
            samples.RemoveRange(samplesBefore, samples.Count - samplesBefore);
            rejects.RemoveRange(rejectsBefore, rejects.Count - rejectsBefore);
            rejects.Add(new Reject(RejectReason.Malformed, total - reader.BytesRemaining, null, e.Message));
        }
    }

    private void ReadPayload(CborReader reader, int total, in DeviceKey device, long arrivalMs, List<Sample> samples, List<Reject> rejects)
    {
        SkipTags(reader);
        if (reader.PeekState() != CborReaderState.StartArray)
        {
            ReadSample(reader, total, device, arrivalMs, samples, rejects);
            return;
        }
        reader.ReadStartArray();
        while (reader.PeekState() != CborReaderState.EndArray) ReadSample(reader, total, device, arrivalMs, samples, rejects);
        reader.ReadEndArray();
    }

    private void ReadSample(CborReader reader, int total, in DeviceKey device, long arrivalMs, List<Sample> samples, List<Reject> rejects)
    {
        var start = total - reader.BytesRemaining;
        SkipTags(reader);
        if (reader.PeekState() != CborReaderState.StartMap)
        {
            rejects.Add(new Reject(RejectReason.WrongShape, start, null, "a sample is a CBOR map"));
            reader.SkipValue();
            return;
        }
        var builder = new SampleBuilder(options);
        builder.Begin();
        ReadMembers(reader, total, builder);
        builder.End(device, start, arrivalMs, samples, rejects);
    }

    private static void ReadMembers(CborReader reader, int total, SampleBuilder builder)
    {
        var hasValues = false;
        reader.ReadStartMap();
        while (reader.PeekState() != CborReaderState.EndMap)
        {
            var name = reader.ReadTextString();
            if (name == "ts") ReadTimestamp(reader, total, builder);
            else if (name == "seq") ReadSequence(reader, total, builder);
            else if (name == "values") ReadValues(reader, total, builder, ref hasValues);
            else if (hasValues) reader.SkipValue();   // what stands beside "values" is for later versions
            else ReadValue(reader, total, builder, name);
        }
        reader.ReadEndMap();
    }

    private static void ReadTimestamp(CborReader reader, int total, SampleBuilder builder)
    {
        var position = total - reader.BytesRemaining;
        var unit = 1;
        while (reader.PeekState() == CborReaderState.Tag) unit = reader.ReadTag() == CborTag.UnixTimeSeconds ? 1000 : 1;
        if (reader.PeekState() is CborReaderState.TextString or CborReaderState.StartIndefiniteLengthTextString)
        {
            if (Rfc3339.TryParse(Encoding.UTF8.GetBytes(reader.ReadTextString()), out var instant)) builder.Timestamp(instant);
            else builder.Refuse(RejectReason.BadTimestamp, position, "ts is not an RFC 3339 time with an offset");
            return;
        }
        if (TryNumber(reader) is { } number && Math.Abs(number) < 1e17 / unit) builder.Timestamp((long)Math.Floor(number * unit));
        else builder.Refuse(RejectReason.BadTimestamp, position, "ts is neither Unix milliseconds nor RFC 3339");
    }

    private static void ReadSequence(CborReader reader, int total, SampleBuilder builder)
    {
        var position = total - reader.BytesRemaining;
        builder.SequenceFault = null;
        builder.Sequence = reader.PeekState() switch
        {
            CborReaderState.UnsignedInteger => reader.ReadUInt64() is <= long.MaxValue and var positive ? (long)positive : null,
            CborReaderState.NegativeInteger => reader.ReadCborNegativeIntegerRepresentation() is <= long.MaxValue and var negative ? -1 - (long)negative : null,
            _ => null,
        };
        if (builder.Sequence is null)
        {
            if (total - reader.BytesRemaining == position) reader.SkipValue();
            builder.SequenceFault = new Reject(RejectReason.WrongShape, position, "seq", "seq is not an integer");
        }
    }

    private static void ReadValues(CborReader reader, int total, SampleBuilder builder, ref bool hasValues)
    {
        if (!hasValues) builder.DropValues();
        hasValues = true;
        SkipTags(reader);
        if (reader.PeekState() != CborReaderState.StartMap)
        {
            builder.Refuse(RejectReason.WrongShape, total - reader.BytesRemaining, "values is not a map");
            reader.SkipValue();
            return;
        }
        reader.ReadStartMap();
        while (reader.PeekState() != CborReaderState.EndMap) ReadValue(reader, total, builder, reader.ReadTextString());
        reader.ReadEndMap();
    }

    private static void ReadValue(CborReader reader, int total, SampleBuilder builder, string metric)
    {
        var position = total - reader.BytesRemaining;
        SkipTags(reader);
        switch (reader.PeekState())
        {
            case CborReaderState.Boolean:
                builder.Number(metric, reader.ReadBoolean() ? 1 : 0, position);
                break;
            case CborReaderState.TextString or CborReaderState.StartIndefiniteLengthTextString:
                var text = reader.ReadTextString();
                builder.State(metric, text, Encoding.UTF8.GetByteCount(text), position);
                break;
            case CborReaderState.Null:
                reader.ReadNull();
                builder.RefuseValue(RejectReason.NotANumber, position, metric, "null");
                break;
            default:
                if (TryNumber(reader) is { } number) builder.Number(metric, number, position);
                else builder.RefuseValue(RejectReason.UnsupportedValue, position, metric, "neither number, boolean nor text");
                break;
        }
    }

    /// <summary>A number of any width; otherwise passes over the value and gives null.</summary>
    private static double? TryNumber(CborReader reader)
    {
        switch (reader.PeekState())
        {
            case CborReaderState.UnsignedInteger: return reader.ReadUInt64();
            case CborReaderState.NegativeInteger: return -1.0 - reader.ReadCborNegativeIntegerRepresentation();
            case CborReaderState.HalfPrecisionFloat: return (double)reader.ReadHalf();
            case CborReaderState.SinglePrecisionFloat: return reader.ReadSingle();
            case CborReaderState.DoublePrecisionFloat: return reader.ReadDouble();
            default:
                reader.SkipValue();
                return null;
        }
    }

    private static void SkipTags(CborReader reader)
    {
        while (reader.PeekState() == CborReaderState.Tag) reader.ReadTag();
    }
}
