using System.Buffers;
using System.Buffers.Binary;
using System.Text;

namespace Seamless.Telemetry.Payloads.Sparkplug;

/// <summary>A metric to be sent. Which of the values counts, the type says.</summary>
/// <param name="Integer">For integers, DateTime and Boolean (0 or 1).</param>
public sealed record OutgoingMetric(string? Name, SparkplugType Type, long Integer = 0, double Real = 0, string? Text = null, byte[]? Bytes = null)
{
    public ulong? Alias { get; init; }
    public long? TimestampMs { get; init; }
    public bool IsHistorical { get; init; }
    public bool IsTransient { get; init; }
    public bool IsNull { get; init; }
    /// <summary>Sparkplug's code: 0, 192, 500.</summary>
    public int? Quality { get; init; }
}

/// <summary>Writes Sparkplug B payloads.</summary>
public static class SparkplugWriter
{
    /// <param name="seq">Null for NDEATH, NCMD and DCMD, which carry none.</param>
    public static byte[] Write(long timestampMs, byte? seq, params ReadOnlySpan<OutgoingMetric> metrics)
    {
        var output = new ArrayBufferWriter<byte>(256);
        Varint(output, 1, (ulong)timestampMs);
        var nested = new ArrayBufferWriter<byte>(64);
        foreach (var metric in metrics)
        {
            nested.ResetWrittenCount();
            Write(nested, metric);
            Delimited(output, 2, nested.WrittenSpan);
        }
        if (seq is { } number) Varint(output, 3, number);
        return output.WrittenSpan.ToArray();
    }

    private static void Write(ArrayBufferWriter<byte> output, OutgoingMetric metric)
    {
        if (metric.Name is { } name) Delimited(output, 1, Encoding.UTF8.GetBytes(name));
        if (metric.Alias is { } alias) Varint(output, 2, alias);
        if (metric.TimestampMs is { } at) Varint(output, 3, (ulong)at);
        if (metric.Type is not SparkplugType.Unknown) Varint(output, 4, (ulong)metric.Type);
        if (metric.IsHistorical) Varint(output, 5, 1);
        if (metric.IsTransient) Varint(output, 6, 1);
        if (metric.IsNull) Varint(output, 7, 1);
        if (metric.Quality is { } quality) Delimited(output, 9, QualityProperty(quality));
        if (!metric.IsNull) WriteValue(output, metric);
    }

    private static void WriteValue(ArrayBufferWriter<byte> output, OutgoingMetric metric)
    {
        switch (metric.Type)
        {
            case SparkplugType.Int8 or SparkplugType.Int16 or SparkplugType.Int32 or SparkplugType.UInt8 or SparkplugType.UInt16 or SparkplugType.UInt32:
                Varint(output, 10, (uint)metric.Integer);
                break;
            case SparkplugType.Int64 or SparkplugType.UInt64 or SparkplugType.DateTime:
                Varint(output, 11, (ulong)metric.Integer);
                break;
            case SparkplugType.Float:
                Tag(output, 12, ProtobufReader.Fixed32);
                BinaryPrimitives.WriteSingleLittleEndian(output.GetSpan(4), (float)metric.Real);
                output.Advance(4);
                break;
            case SparkplugType.Double:
                Tag(output, 13, ProtobufReader.Fixed64);
                BinaryPrimitives.WriteDoubleLittleEndian(output.GetSpan(8), metric.Real);
                output.Advance(8);
                break;
            case SparkplugType.Boolean:
                Varint(output, 14, metric.Integer == 0 ? 0u : 1u);
                break;
            case SparkplugType.String or SparkplugType.Text or SparkplugType.Uuid:
                Delimited(output, 15, Encoding.UTF8.GetBytes(metric.Text ?? ""));
                break;
            default:
                Delimited(output, 16, metric.Bytes);
                break;
        }
    }

    private static byte[] QualityProperty(int code)
    {
        var value = new ArrayBufferWriter<byte>(16);
        Varint(value, 1, (ulong)SparkplugType.Int32);
        Varint(value, 3, (uint)code);
        var set = new ArrayBufferWriter<byte>(32);
        Delimited(set, 1, "Quality"u8);
        Delimited(set, 2, value.WrittenSpan);
        return set.WrittenSpan.ToArray();
    }

    private static void Tag(ArrayBufferWriter<byte> output, int field, int wire) => Varint(output, (ulong)((field << 3) | wire));

    private static void Varint(ArrayBufferWriter<byte> output, int field, ulong value)
    {
        Tag(output, field, ProtobufReader.Varint);
        Varint(output, value);
    }

    private static void Delimited(ArrayBufferWriter<byte> output, int field, ReadOnlySpan<byte> bytes)
    {
        Tag(output, field, ProtobufReader.Delimited);
        Varint(output, (ulong)bytes.Length);
        output.Write(bytes);
    }

    private static void Varint(ArrayBufferWriter<byte> output, ulong value)
    {
        var span = output.GetSpan(10);
        var length = 0;
        for (; value >= 0x80; value >>= 7) span[length++] = (byte)(value | 0x80);
        span[length++] = (byte)value;
        output.Advance(length);
    }
}
