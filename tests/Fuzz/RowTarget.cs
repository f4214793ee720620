using Seamless.Telemetry;
using Seamless.Telemetry.Payloads;
using Seamless.Telemetry.Rows;

namespace Seamless.Fuzz;

/// <summary>The quick reader of the fast lane: what it takes, the decoder takes alike and refuses nothing of; what it leaves, it leaves the rows as they were.</summary>
internal sealed class RowTarget : ITarget
{
    private const long ArrivalMs = 1_764_000_000_000;
    private static readonly DeviceKey Device = new(DeviceKey.DefaultTenant, "fuzzed");

    private readonly JsonRowReader _reader = new(new DecoderOptions());
    private readonly JsonSampleDecoder _decoder = new(new DecoderOptions());
    private readonly int _device = Numbers.Devices.Of(Device);
    private readonly SampleRows _rows = new(16);
    private readonly List<Sample> _samples = [];
    private readonly List<Reject> _rejects = [];
    private PayloadShape? _shape;   // of an input before: the next is often a little different

    public RowTarget()
    {
        // It knows no name that was not seen before.
        foreach (var name in new[] { "temperature", "vibration", "running", "mode", "a", "b", "c", "d", "e", "läuft", "temp", "vib", "rpm" }) Numbers.Metrics.Of(name);
    }

    public string Name => "rows";

    public IReadOnlyList<byte[]> Words { get; } = Mutator.WordsOf(
        "true", "false", "null", "-0", "0.5", "1e3", "123456789012345", "1234567890123456", "0.00000000000001", "1764000000000", "1764000600001", "\"ts\":", "\"seq\":", "\"values\":{", "\"a\":", "\"b\":1,", "\"mode\":\"auto\"", "{}", "[", "]", "}", ",", " ", "\t", "\\u0041");

    public void Run(ReadOnlySpan<byte> input, Comparison comparison)
    {
        _rows.Clear();
        _rows.Begin(_device, 1, 1, SampleRows.NoSequence);
        _rows.Add(0, 1);
        _rows.End();
        if (!_reader.TryRead(input, _device, ArrivalMs, _rows, ref _shape))
        {
            if (_rows.Count != 1 || _rows.ReadingCount != 1 || _rows.Pending != 0) throw new FindingException($"refused, and {_rows.Count} rows with {_rows.ReadingCount} readings and {_rows.Pending} more are left");
            return;
        }
        if (_rows.Count < 2) throw new FindingException("taken, and nothing was added");
        if (comparison is Comparison.Nothing) return;
        _samples.Clear();
        _rejects.Clear();
        _decoder.Decode(Device, input, ArrivalMs, _samples, _rejects);
        if (_rejects.Count > 0) throw new FindingException($"taken; the decoder refuses {_rejects[0].Reason} {_rejects[0].Metric} at {_rejects[0].Position} {_rejects[0].Detail}");
        if (_samples.Count != _rows.Count - 1) throw new FindingException($"{_rows.Count - 1} rows; the decoder reads {_samples.Count} samples");
        for (var i = 0; i < _samples.Count; i++)
        {
            var row = _rows.ToSample(i + 1);
            if (!Same(row, _samples[i])) throw new FindingException($"row {i} is {Text(row)}; the decoder reads {Text(_samples[i])}");
        }
    }

    private static bool Same(Sample a, Sample b) =>
        a.Device == b.Device && a.TimestampMs == b.TimestampMs && a.Sequence == b.Sequence && a.Readings.Count == b.Readings.Count && a.Readings.Zip(b.Readings).All(pair => Same(pair.First, pair.Second));

    // By their bits: 0 and -0 are two, NaN stands for a text.
    private static bool Same(Reading a, Reading b) =>
        a.Metric == b.Metric && a.State == b.State && a.Quality == b.Quality && (a.IsState || BitConverter.DoubleToInt64Bits(a.Value) == BitConverter.DoubleToInt64Bits(b.Value));

    private static string Text(Sample sample) => $"{sample.TimestampMs} #{sample.Sequence} {string.Join(' ', sample.Readings)}";
}
