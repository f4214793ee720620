using System.Buffers.Binary;
using System.Text;
using System.Text.Unicode;

namespace Seamless.Telemetry.Payloads.Sparkplug;

/// <summary>Turns a metric's value into readings: a number, a text, or one reading per element of an array. Never throws.</summary>
public static class SparkplugValues
{
    /// <summary>A longer array is a waveform and no set of readings: refused, with that reason.</summary>
    public const int MaxArrayElements = 256;

    /// <param name="type">The metric's type as its birth said, or its own.</param>
    /// <returns>Null when readings were added; otherwise why not.</returns>
    public static Reject? Read(in SparkplugMetric metric, string name, SparkplugType type, int maxStateBytes, List<Reading> readings)
    {
        if (metric.IsNull || metric.Carrier is SparkplugCarrier.None) return Refuse(metric, name, RejectReason.NotANumber, "null");
        if (type is >= SparkplugType.Int8Array and <= SparkplugType.DateTimeArray) return ReadArray(metric, name, type, maxStateBytes, readings);
        switch (metric.Carrier)
        {
            case SparkplugCarrier.Text when metric.Bytes.Length > maxStateBytes:
                return Refuse(metric, name, RejectReason.TooLarge, $"a text of more than {maxStateBytes} bytes");
            case SparkplugCarrier.Text:
                readings.Add(new Reading(name, double.NaN, Encoding.UTF8.GetString(metric.Bytes), metric.Quality));
                return null;
            case SparkplugCarrier.Int or SparkplugCarrier.Long or SparkplugCarrier.Float or SparkplugCarrier.Double or SparkplugCarrier.Boolean:
                var number = NumberOf(metric, type);
                if (!double.IsFinite(number)) return Refuse(metric, name, RejectReason.NotANumber, "NaN or an infinity");
                readings.Add(new Reading(name, number, null, metric.Quality));
                return null;
            default:
                return Refuse(metric, name, RejectReason.UnsupportedValue, $"a {Describe(metric, type)} is no reading");
        }
    }

    /// <summary>Sparkplug sends negative integers as the two's complement of their own width in an unsigned field: it is undone here.</summary>
    private static double NumberOf(in SparkplugMetric metric, SparkplugType type) => metric.Carrier switch
    {
        SparkplugCarrier.Float => BitConverter.UInt32BitsToSingle((uint)metric.Bits),
        SparkplugCarrier.Double => BitConverter.UInt64BitsToDouble(metric.Bits),
        SparkplugCarrier.Boolean => metric.Bits != 0 ? 1 : 0,
        _ => type switch
        {
            SparkplugType.Int8 => (sbyte)metric.Bits,
            SparkplugType.Int16 => (short)metric.Bits,
            SparkplugType.Int32 => (int)metric.Bits,
            SparkplugType.Int64 => (long)metric.Bits,
            SparkplugType.UInt8 => (byte)metric.Bits,
            SparkplugType.UInt16 => (ushort)metric.Bits,
            SparkplugType.UInt32 => (uint)metric.Bits,
            SparkplugType.Boolean => metric.Bits != 0 ? 1 : 0,
            _ => metric.Bits,
        },
    };

    private static Reject? ReadArray(in SparkplugMetric metric, string name, SparkplugType type, int maxStateBytes, List<Reading> readings)
    {
        if (metric.Carrier is not SparkplugCarrier.Bytes) return Refuse(metric, name, RejectReason.UnsupportedValue, $"a {type} travels as bytes");
        var before = readings.Count;
        var wrong = type switch
        {
            SparkplugType.BooleanArray => ReadBooleans(metric, name, readings),
            SparkplugType.StringArray => ReadTexts(metric, name, maxStateBytes, readings),
            _ => ReadNumbers(metric, name, type, readings),
        };
        if (wrong is not null) readings.RemoveRange(before, readings.Count - before);
        return wrong;
    }

    private static Reject? ReadNumbers(in SparkplugMetric metric, string name, SparkplugType type, List<Reading> readings)
    {
        var width = WidthOf(type);
        var (count, rest) = Math.DivRem(metric.Bytes.Length, width);
        if (rest != 0) return Refuse(metric, name, RejectReason.Malformed, $"{metric.Bytes.Length} bytes are no {type}");
        if (count > MaxArrayElements) return TooLong(metric, name);
        for (var i = 0; i < count; i++)
        {
            var number = ElementOf(metric.Bytes.Slice(i * width, width), type);
            if (!double.IsFinite(number)) return Refuse(metric, name, RejectReason.NotANumber, $"element {i} is NaN or an infinity");
            readings.Add(new Reading($"{name}[{i}]", number, null, metric.Quality));
        }
        return null;
    }

    /// <summary>A count in four bytes, then a bit each, the highest of a byte first.</summary>
    private static Reject? ReadBooleans(in SparkplugMetric metric, string name, List<Reading> readings)
    {
        if (!BinaryPrimitives.TryReadUInt32LittleEndian(metric.Bytes, out var count) || (count + 7L) / 8 > metric.Bytes.Length - 4)
            return Refuse(metric, name, RejectReason.Malformed, "a BooleanArray that is cut short");
        if (count > MaxArrayElements) return TooLong(metric, name);
        for (var i = 0; i < (int)count; i++)
            readings.Add(new Reading($"{name}[{i}]", (metric.Bytes[4 + i / 8] >> (7 - i % 8)) & 1, null, metric.Quality));
        return null;
    }

    /// <summary>Each ends with a zero byte.</summary>
    private static Reject? ReadTexts(in SparkplugMetric metric, string name, int maxStateBytes, List<Reading> readings)
    {
        if (!Utf8.IsValid(metric.Bytes)) return Refuse(metric, name, RejectReason.Malformed, "a StringArray that is not UTF-8");
        var rest = metric.Bytes;
        for (var i = 0; !rest.IsEmpty; i++)
        {
            var length = rest.IndexOf((byte)0);
            if (length < 0) length = rest.Length;
            if (i == MaxArrayElements) return TooLong(metric, name);
            if (length > maxStateBytes) return Refuse(metric, name, RejectReason.TooLarge, $"element {i} has more than {maxStateBytes} bytes");
            readings.Add(new Reading($"{name}[{i}]", double.NaN, Encoding.UTF8.GetString(rest[..length]), metric.Quality));
            rest = rest[Math.Min(length + 1, rest.Length)..];
        }
        return null;
    }

    private static int WidthOf(SparkplugType type) => type switch
    {
        SparkplugType.Int8Array or SparkplugType.UInt8Array => 1,
        SparkplugType.Int16Array or SparkplugType.UInt16Array => 2,
        SparkplugType.Int32Array or SparkplugType.UInt32Array or SparkplugType.FloatArray => 4,
        _ => 8,
    };

    private static double ElementOf(ReadOnlySpan<byte> bytes, SparkplugType type) => type switch
    {
        SparkplugType.Int8Array => (sbyte)bytes[0],
        SparkplugType.UInt8Array => bytes[0],
        SparkplugType.Int16Array => BinaryPrimitives.ReadInt16LittleEndian(bytes),
        SparkplugType.UInt16Array => BinaryPrimitives.ReadUInt16LittleEndian(bytes),
        SparkplugType.Int32Array => BinaryPrimitives.ReadInt32LittleEndian(bytes),
        SparkplugType.UInt32Array => BinaryPrimitives.ReadUInt32LittleEndian(bytes),
        SparkplugType.FloatArray => BinaryPrimitives.ReadSingleLittleEndian(bytes),
        SparkplugType.DoubleArray => BinaryPrimitives.ReadDoubleLittleEndian(bytes),
        SparkplugType.Int64Array => BinaryPrimitives.ReadInt64LittleEndian(bytes),
        _ => BinaryPrimitives.ReadUInt64LittleEndian(bytes),
    };

    private static string Describe(in SparkplugMetric metric, SparkplugType type) => type is SparkplugType.Unknown ? metric.Carrier.ToString() : type.ToString();

    private static Reject TooLong(in SparkplugMetric metric, string name) =>
        Refuse(metric, name, RejectReason.TooLarge, $"an array of more than {MaxArrayElements} elements");

    private static Reject Refuse(in SparkplugMetric metric, string name, RejectReason reason, string detail) => new(reason, metric.Position, name, detail);
}
