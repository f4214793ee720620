namespace Seamless.Telemetry.Payloads.Sparkplug;

/// <summary>A Sparkplug B payload, read in place. <see cref="TryRead"/> has looked at every byte that the metrics consist of: walking them cannot fail.</summary>
public readonly ref struct SparkplugPayload
{
    /// <summary>More in one message is an attack or a mistake; a large plant's birth has some thousands.</summary>
    public const int MaxMetrics = 65_536;

    private readonly ReadOnlySpan<byte> _bytes;

    private SparkplugPayload(ReadOnlySpan<byte> bytes, ulong? timestamp, ulong? seq, ReadOnlySpan<byte> uuid, ReadOnlySpan<byte> body, int metrics)
    {
        _bytes = bytes;
        (Timestamp, Seq, MetricCount) = (timestamp, seq, metrics);
        Uuid = uuid;
        Body = body;
    }

    /// <summary>Unix milliseconds.</summary>
    public ulong? Timestamp { get; }
    public ulong? Seq { get; }
    public ReadOnlySpan<byte> Uuid { get; }
    public ReadOnlySpan<byte> Body { get; }
    public int MetricCount { get; }

    public SparkplugMetrics GetEnumerator() => new(_bytes);

    /// <summary>False when the bytes are no Sparkplug payload; <paramref name="fault"/> says where and why.</summary>
    public static bool TryRead(ReadOnlySpan<byte> bytes, out SparkplugPayload payload, out Reject? fault)
    {
        payload = default;
        ulong? timestamp = null, seq = null;
        ReadOnlySpan<byte> uuid = default, body = default;
        var metrics = 0;
        var reader = new ProtobufReader(bytes);
        while (!reader.AtEnd)
        {
            var start = reader.Position;
            if (!reader.TryTag(out var field, out var wire)) return Broken(start, "not a protobuf field", out fault);
            switch (field, wire)
            {
                case (1, ProtobufReader.Varint) when reader.TryVarint(out var at): timestamp = at; break;
                case (2, ProtobufReader.Delimited) when reader.TryBytes(out var metric):
                    if (!SparkplugMetric.TryRead(metric, start, out _)) return Broken(start, "a metric that cannot be read", out fault);
                    if (++metrics > MaxMetrics)
                    {
                        fault = new Reject(RejectReason.TooLarge, start, null, $"more than {MaxMetrics} metrics");
                        return false;
                    }
                    break;
                case (3, ProtobufReader.Varint) when reader.TryVarint(out var number): seq = number; break;
                case (4, ProtobufReader.Delimited) when reader.TryBytes(out uuid): break;
                case (5, ProtobufReader.Delimited) when reader.TryBytes(out body): break;
                case (> 5, _) when reader.TrySkip(wire): break;
                default: return Broken(start, $"field {field} is cut short or has the wrong wire type", out fault);
            }
        }
        payload = new SparkplugPayload(bytes, timestamp, seq, uuid, body, metrics);
        fault = null;
        return true;
    }

    private static bool Broken(int position, string why, out Reject? fault)
    {
        fault = new Reject(RejectReason.Malformed, position, null, $"no Sparkplug payload: {why}");
        return false;
    }
}

/// <summary>Walks the metrics of a payload that was read.</summary>
public ref struct SparkplugMetrics
{
    private ProtobufReader _reader;
    private SparkplugMetric _current;

    internal SparkplugMetrics(ReadOnlySpan<byte> payload) => _reader = new ProtobufReader(payload);

    public readonly SparkplugMetric Current => _current;

    public bool MoveNext()
    {
        while (!_reader.AtEnd)
        {
            var start = _reader.Position;
            if (!_reader.TryTag(out var field, out var wire)) return false;
            if (field == 2 && wire == ProtobufReader.Delimited) return _reader.TryBytes(out var metric) && SparkplugMetric.TryRead(metric, start, out _current);
            if (!_reader.TrySkip(wire)) return false;
        }
        return false;
    }
}
