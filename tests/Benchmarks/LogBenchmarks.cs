using BenchmarkDotNet.Attributes;
using Seamless.Storage.Log;
using Seamless.Telemetry.Payloads;
using Seamless.Telemetry.Rows;

namespace Seamless.Benchmarks;

/// <summary>Rows to the bytes of the log and back.</summary>
[MemoryDiagnoser]
public class LogBenchmarks
{
    private const int Rows = 4000;

    private readonly BatchEncoder _encoder = new();
    private readonly BatchDecoder.NameScratch _names = new();
    private readonly LogBatch _into = new();
    private readonly SampleRows _rows = new(Rows);
    private byte[] _body = [];

    [GlobalSetup]
    public void Prepare()
    {
        var reader = new JsonRowReader(new DecoderOptions());
        for (var i = 0; i < Rows; i++) reader.TryRead(Some.Payload(i), Numbers.Devices.Of(Some.Device(i % 1000)), Some.Arrival, _rows);
        Encode();
        var frame = _encoder.Finish(1);
        _body = frame.AsSpan(BatchHeader.Size).ToArray();
    }

    [Benchmark(OperationsPerInvoke = Rows)]
    public int Encode()
    {
        _encoder.Clear();
        for (var row = 0; row < Rows; row++) _encoder.Add(_rows, row);
        return _encoder.ApproximateBytes;
    }

    [Benchmark(OperationsPerInvoke = Rows)]
    public int Decode()
    {
        _into.Clear();
        BatchDecoder.Decode(_body, Rows, _names, _into);
        return _into.Count;
    }
}
