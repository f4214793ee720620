using Seamless.Telemetry;
using Seamless.Telemetry.Rows;

namespace Seamless.Portal.Commands.Loads;

/// <summary>Rows of a thousand devices, one each a tick of 30 s; the same in every run.</summary>
/// <param name="value">The value of metric m at a tick, from a number that walks at random and one that jumps.</param>
internal sealed class StoreRows(Func<int, int, int, int, double> value)
{
    public const int Devices = 1000;
    public const int TicksPerDay = 2880;
    private const int StepMs = 30_000;

    public static readonly string[] Metrics = ["temperature", "vibration", "current", "pressure", "speed"];

    private readonly Random _random = new(1);
    private readonly SampleRows _rows = new(Devices);
    private readonly int[] _walks = [.. Enumerable.Range(0, Devices * Metrics.Length).Select(i => 5000 + i % 977)];
    private readonly int[] _devices = [.. Enumerable.Range(0, Devices).Select(i => Numbers.Devices.Of(Device(i)))];
    private readonly int[] _metrics = [.. Metrics.Select(m => Numbers.Metrics.Of(m))];

    public static DeviceKey Device(int number) => new(DeviceKey.DefaultTenant, $"pump-{number % Devices}");

    /// <summary>As sensors send: two or three decimals.</summary>
    public static double Decimals(int metric, int tick, int walk, int jump) => metric switch
    {
        1 => Math.Round((1900 + jump) / 1000.0, 3),
        4 => (14_800 + jump) / 10.0,
        _ => walk / 100.0,
    };

    /// <summary>Smooth, noisy, constant, whole, on or off.</summary>
    public static double AllDigits(int metric, int tick, int walk, int jump) => metric switch
    {
        0 => 55 + 10 * Math.Sin((tick + walk % 100) / 300.0),
        1 => Math.Sqrt(2) + jump / 17.0,
        2 => Math.PI,
        3 => walk,
        _ => tick / 200 % 2,
    };

    /// <summary>Valid until the next call.</summary>
    public SampleRows Tick(int tick, int devices = Devices)
    {
        _rows.Clear();
        for (var d = 0; d < devices; d++)
        {
            var draw = _random.Next();
            var timeMs = PumpSamples.StartMs + (long)tick * StepMs + (value == AllDigits ? draw % 50 : 0);
            _rows.Begin(_devices[d], timeMs, timeMs, SampleRows.NoSequence);
            for (var m = 0; m < _metrics.Length; m++)
            {
                ref var walk = ref _walks[d * _metrics.Length + m];
                walk += ((draw >> (m * 4)) & 15) % 11 - 5;
                _rows.Add(_metrics[m], value(m, tick, walk, (draw >> (m * 4)) & 63));
            }
            _rows.End();
        }
        return _rows;
    }
}
