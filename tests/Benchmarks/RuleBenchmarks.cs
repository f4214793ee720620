using BenchmarkDotNet.Attributes;
using Seamless.Rules.Engine;
using Seamless.Rules.Packs;
using Seamless.Telemetry.Payloads;
using Seamless.Telemetry.Rows;

namespace Seamless.Benchmarks;

/// <summary>Ten threshold rules a sample, as the comparison with other platforms runs them (bench/packs).</summary>
[MemoryDiagnoser]
public class RuleBenchmarks
{
    private const int Rows = 1000;

    private readonly SampleRows _rows = new(Rows);
    private readonly List<Finding> _findings = [];
    private readonly DeviceJudge _judge = new(_ => null);
    private JudgedDevice[] _devices = [];

    [Params(100, 10_000)]
    public int Devices { get; set; }

    [GlobalSetup]
    public void Prepare()
    {
        var folder = AppContext.BaseDirectory;
        while (!Directory.Exists(Path.Combine(folder, "bench", "packs"))) folder = Path.GetDirectoryName(folder) ?? throw new DirectoryNotFoundException("bench/packs");
        var pack = new CompiledPack(new PackDirectory(Path.Combine(folder, "bench", "packs"), null).Find("generic")!);
        _devices = [.. Enumerable.Range(0, Devices).Select(i => new JudgedDevice(Some.Device(i), "s1", pack))];
        var reader = new JsonRowReader(new DecoderOptions());
        for (var i = 0; i < Rows; i++) reader.TryRead(Some.Payload(i), 0, Some.Arrival, _rows);
    }

    private int _next;

    [Benchmark(OperationsPerInvoke = Rows)]
    public int Judge()
    {
        for (var row = 0; row < Rows; row++)
        {
            var device = _devices[_next++ % _devices.Length];
            device.State.JudgedMs.Clear();   // as if time had gone on
            _judge.Observe(device, _rows, row, _findings);
        }
        return _findings.Count;
    }
}
