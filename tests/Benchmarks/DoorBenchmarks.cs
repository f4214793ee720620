using BenchmarkDotNet.Attributes;
using Seamless.Ingest.Mqtt.Front;
using Seamless.Telemetry;
using Seamless.Telemetry.Payloads;
using Seamless.Telemetry.Rows;

namespace Seamless.Benchmarks;

/// <summary>From bytes to rows: what the fast lane does for each message, beside the decoder that knows the reasons.</summary>
[MemoryDiagnoser]
public class DoorBenchmarks
{
    private const int Messages = 1000;

    private readonly JsonRowReader _reader = new(new DecoderOptions());
    private readonly JsonSampleDecoder _decoder = new(new DecoderOptions());
    private readonly SampleRows _rows = new(Messages);
    private readonly List<Sample> _samples = [];
    private readonly List<Reject> _rejects = [];
    private PayloadShape? _shape;
    private byte[][] _payloads = [];
    private byte[] _packets = [];

    [GlobalSetup]
    public void Prepare()
    {
        _payloads = [.. Enumerable.Range(0, Messages).Select(Some.Payload)];
        var packets = new List<byte>();
        for (var i = 0; i < Messages; i++) packets.AddRange(Packet($"v1/default/dev{i:D5}/telemetry", (ushort)(i + 1), _payloads[i]));
        _packets = [.. packets];
    }

    [Benchmark(OperationsPerInvoke = Messages)]
    public int Rows()
    {
        _rows.Clear();
        foreach (var payload in _payloads) _reader.TryRead(payload, 0, Some.Arrival, _rows);
        return _rows.Count;
    }

    [Benchmark(OperationsPerInvoke = Messages)]
    public int ShapedRows()
    {
        _rows.Clear();
        foreach (var payload in _payloads) _reader.TryRead(payload, 0, Some.Arrival, _rows, ref _shape);
        return _rows.Count;
    }

    [Benchmark(OperationsPerInvoke = Messages)]
    public int Objects()
    {
        _samples.Clear();
        foreach (var payload in _payloads) _decoder.Decode(new DeviceKey("default", "dev"), payload, Some.Arrival, _samples, _rejects);
        return _samples.Count;
    }

    [Benchmark(OperationsPerInvoke = Messages)]
    public int Frames()
    {
        var bytes = _packets.AsSpan();
        var payloads = 0;
        while (FrameCutter.TryTake(bytes, 1 << 20, out var body, out var length) is FrameStatus.Taken)
        {
            if (PublishFrame.TryRead(bytes[0], body, mqtt5: false, out var frame)) payloads += frame.Payload.Length;
            bytes = bytes[length..];
        }
        return payloads;
    }

    private static byte[] Packet(string topic, ushort id, byte[] payload)
    {
        var length = 2 + topic.Length + 2 + payload.Length;
        var packet = new List<byte> { 0x32, (byte)(length & 0x7F | 0x80), (byte)(length >> 7), (byte)(topic.Length >> 8), (byte)topic.Length };
        packet.AddRange(System.Text.Encoding.ASCII.GetBytes(topic));
        packet.AddRange([(byte)(id >> 8), (byte)id]);
        packet.AddRange(payload);
        return [.. packet];
    }
}
