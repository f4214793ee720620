using System.Text.Unicode;

namespace Seamless.Telemetry.Payloads.Sparkplug;

/// <summary>One metric as it stands in a payload; its spans point into the payload.</summary>
public ref struct SparkplugMetric
{
    private const int MaxProperties = 4096;

    /// <summary>Valid UTF-8; empty when <see cref="HasName"/> is false, and then the alias says which it is.</summary>
    public ReadOnlySpan<byte> Name { get; private set; }
    public bool HasName { get; private set; }
    public ulong? Alias { get; private set; }
    /// <summary>Unix milliseconds.</summary>
    public ulong? Timestamp { get; private set; }
    public SparkplugType Type { get; private set; }
    public bool IsHistorical { get; private set; }
    public bool IsTransient { get; private set; }
    public bool IsNull { get; private set; }
    public SparkplugCarrier Carrier { get; private set; }

    /// <summary>An integer or a boolean as it travelled, or the bits of a float or double.</summary>
    public ulong Bits { get; private set; }

    /// <summary>Valid UTF-8 for a text; otherwise the bytes, the data set or the template.</summary>
    public ReadOnlySpan<byte> Bytes { get; private set; }

    /// <summary>From the property <c>Quality</c>; Good when there is none.</summary>
    public Quality Quality { get; private set; }

    /// <summary>Where the metric begins in the payload.</summary>
    public int Position { get; private set; }

    internal static bool TryRead(ReadOnlySpan<byte> message, int position, out SparkplugMetric metric)
    {
        var read = new SparkplugMetric { Position = position };
        metric = default;
        var reader = new ProtobufReader(message);
        while (!reader.AtEnd)
        {
            if (!reader.TryTag(out var field, out var wire)) return false;
            var known = wire is ProtobufReader.Varint ? read.TryVarintField(ref reader, field) : read.TryOtherField(ref reader, field, wire);
            if (!known) return false;
        }
        metric = read;
        return true;
    }

    private bool TryVarintField(ref ProtobufReader reader, int field)
    {
        if (!reader.TryVarint(out var value)) return false;
        switch (field)
        {
            case 2: Alias = value; break;
            case 3: Timestamp = value; break;
            case 4: Type = value <= (ulong)SparkplugType.DateTimeArray ? (SparkplugType)value : SparkplugType.Unknown; break;
            case 5: IsHistorical = value != 0; break;
            case 6: IsTransient = value != 0; break;
            case 7: IsNull = value != 0; break;
            case 10: Put(SparkplugCarrier.Int, value); break;
            case 11: Put(SparkplugCarrier.Long, value); break;
            case 14: Put(SparkplugCarrier.Boolean, value); break;
        }
        return true;
    }

    private bool TryOtherField(ref ProtobufReader reader, int field, int wire)
    {
        switch (field, wire)
        {
            case (1, ProtobufReader.Delimited): return TryName(ref reader);
            case (9, ProtobufReader.Delimited): return TryProperties(ref reader);
            case (12, ProtobufReader.Fixed32):
                if (!reader.TryFixed32(out var single)) return false;
                Put(SparkplugCarrier.Float, single);
                return true;
            case (13, ProtobufReader.Fixed64):
                if (!reader.TryFixed64(out var real)) return false;
                Put(SparkplugCarrier.Double, real);
                return true;
            case (15, ProtobufReader.Delimited): return TryBytes(ref reader, SparkplugCarrier.Text) && Utf8.IsValid(Bytes);
            case (16, ProtobufReader.Delimited): return TryBytes(ref reader, SparkplugCarrier.Bytes);
            case (17, ProtobufReader.Delimited): return TryBytes(ref reader, SparkplugCarrier.DataSet);
            case (18, ProtobufReader.Delimited): return TryBytes(ref reader, SparkplugCarrier.Template);
            case (19, ProtobufReader.Delimited): return TryBytes(ref reader, SparkplugCarrier.Extension);
            default: return reader.TrySkip(wire);
        }
    }

    private bool TryName(ref ProtobufReader reader)
    {
        HasName = reader.TryBytes(out var name);
        Name = name;
        return HasName && Utf8.IsValid(name);
    }

    private bool TryBytes(ref ProtobufReader reader, SparkplugCarrier carrier)
    {
        var read = reader.TryBytes(out var bytes);
        Put(carrier, 0);
        Bytes = bytes;
        return read;
    }

    private void Put(SparkplugCarrier carrier, ulong bits)
    {
        (Carrier, Bits) = (carrier, bits);
        Bytes = default;
    }

    /// <summary>Keys and values are two lists side by side: the place of the key "Quality" says which value is meant.</summary>
    private bool TryProperties(ref ProtobufReader reader)
    {
        if (!reader.TryBytes(out var set)) return false;
        if (!TryFindQuality(set, out var wanted)) return false;
        var properties = new ProtobufReader(set);
        for (var value = 0; !properties.AtEnd;)
        {
            if (!properties.TryTag(out var field, out var wire)) return false;
            if (field != 2 || wire != ProtobufReader.Delimited)
            {
                if (!properties.TrySkip(wire)) return false;
                continue;
            }
            if (!properties.TryBytes(out var property)) return false;
            if (value++ == wanted && !TryQuality(property)) return false;
        }
        return true;
    }

    private static bool TryFindQuality(ReadOnlySpan<byte> set, out int place)
    {
        place = -1;
        var reader = new ProtobufReader(set);
        for (var key = 0; !reader.AtEnd && key < MaxProperties;)
        {
            if (!reader.TryTag(out var field, out var wire)) return false;
            if (field != 1 || wire != ProtobufReader.Delimited)
            {
                if (!reader.TrySkip(wire)) return false;
                continue;
            }
            if (!reader.TryBytes(out var name)) return false;
            if (name.SequenceEqual("Quality"u8)) place = key;
            key++;
        }
        return true;
    }

    private bool TryQuality(ReadOnlySpan<byte> property)
    {
        var reader = new ProtobufReader(property);
        while (!reader.AtEnd)
        {
            if (!reader.TryTag(out var field, out var wire)) return false;
            if (field is not (3 or 4) || wire != ProtobufReader.Varint)
            {
                if (!reader.TrySkip(wire)) return false;
                continue;
            }
            if (!reader.TryVarint(out var code)) return false;
            Quality = QualityOf(code);
        }
        return true;
    }

    /// <summary>Sparkplug names three codes: 0 bad, 192 good, 500 stale. Between them the classes of classic OPC, which they were taken from.</summary>
    private static Quality QualityOf(ulong code) => code switch
    {
        < 64 => Quality.Bad,
        >= 192 and < 256 => Quality.Good,
        _ => Quality.Uncertain,
    };
}
