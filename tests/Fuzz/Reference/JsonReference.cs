using System.Globalization;
using System.Text;
using System.Text.Json;
using Seamless.Telemetry;
using Seamless.Telemetry.Payloads;

namespace Seamless.Fuzz.Reference;

/// <summary>The telemetry payload in JSON as the framework's own reader sees it: slow, and independent of our scanner.</summary>
internal sealed class JsonReference(DecoderOptions options) : ISampleDecoder
{
    private static readonly JsonDocumentOptions Deep = new() { MaxDepth = 1000 };

    public void Decode(in DeviceKey device, ReadOnlySpan<byte> payload, long arrivalMs, List<Sample> samples, List<Reject> rejects)
    {
        if (payload.StartsWith("\uFEFF"u8)) payload = payload[3..];
        try
        {
            var reader = new Utf8JsonReader(payload, new JsonReaderOptions { MaxDepth = Deep.MaxDepth });
            using var document = JsonDocument.ParseValue(ref reader);
            if (reader.Read()) throw new JsonException("something follows");
            if (document.RootElement.ValueKind is not JsonValueKind.Array) ReadSample(document.RootElement, device, arrivalMs, samples, rejects);
            else foreach (var element in document.RootElement.EnumerateArray()) ReadSample(element, device, arrivalMs, samples, rejects);
        }
        catch (JsonException fault)
        {
            samples.Clear();
            rejects.Clear();
            rejects.Add(new Reject(RejectReason.Malformed, -1, null, fault.Message));
        }
    }

    private void ReadSample(JsonElement element, in DeviceKey device, long arrivalMs, List<Sample> samples, List<Reject> rejects)
    {
        if (element.ValueKind is not JsonValueKind.Object)
        {
            SampleBuilder.List(rejects, new Reject(RejectReason.WrongShape, -1, null, "a sample is a JSON object"));
            return;
        }
        var builder = new SampleBuilder(options);
        builder.Begin();
        var hasValues = false;
        foreach (var member in element.EnumerateObject())
        {
            switch (member.Name)
            {
                case "ts": ReadTimestamp(member.Value, builder); break;
                case "seq": ReadSequence(member.Value, builder); break;
                case "values": ReadValues(member.Value, builder, ref hasValues); break;
                default: if (!hasValues) ReadValue(member.Name, member.Value, builder); break;
            }
        }
        builder.End(device, -1, arrivalMs, samples, rejects);
    }

    private static void ReadTimestamp(JsonElement ts, SampleBuilder builder)
    {
        if (ts.ValueKind is JsonValueKind.Number && Math.Abs(ts.GetDouble()) < 1e17) builder.Timestamp((long)Math.Floor(ts.GetDouble()));
        else if (ts.ValueKind is JsonValueKind.String && Rfc3339.TryParse(Encoding.UTF8.GetBytes(ts.GetRawText()).AsSpan()[1..^1], out var instant)) builder.Timestamp(instant);
        else builder.Refuse(RejectReason.BadTimestamp, -1, "no time");
    }

    private static void ReadSequence(JsonElement seq, SampleBuilder builder)
    {
        builder.Sequence = seq.ValueKind is JsonValueKind.Number && long.TryParse(seq.GetRawText(), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) ? number : null;
        builder.SequenceFault = builder.Sequence is null ? new Reject(RejectReason.WrongShape, -1, "seq", "seq is not an integer") : null;
    }

    private static void ReadValues(JsonElement values, SampleBuilder builder, ref bool hasValues)
    {
        if (!hasValues) builder.DropValues();
        hasValues = true;
        if (values.ValueKind is not JsonValueKind.Object) builder.Refuse(RejectReason.WrongShape, -1, "values is not an object");
        else foreach (var member in values.EnumerateObject()) ReadValue(member.Name, member.Value, builder);
    }

    private static void ReadValue(string metric, JsonElement value, SampleBuilder builder)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.Number: builder.Number(metric, value.GetDouble(), -1); break;
            case JsonValueKind.True or JsonValueKind.False: builder.Number(metric, value.GetBoolean() ? 1 : 0, -1); break;
            case JsonValueKind.String: builder.State(metric, value.GetString()!, Encoding.UTF8.GetByteCount(value.GetRawText()) - 2, -1); break;
            case JsonValueKind.Null: builder.RefuseValue(RejectReason.NotANumber, -1, metric, "null"); break;
            default: builder.RefuseValue(RejectReason.UnsupportedValue, -1, metric, "an object or an array"); break;
        }
    }
}
