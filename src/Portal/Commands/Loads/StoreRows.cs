using Seamless.Telemetry;
using Seamless.Telemetry.Rows;

namespace Seamless.Portal.Commands.Loads;

/// <summary>What a kind of row is made of.</summary>
/// <param name="Whole">Metrics that are whole numbers, or on and off: databases that know such types are told.</param>
/// <param name="JitterMs">How far behind its tick a row may lie.</param>
internal sealed record RowSet(string Name, int Devices, int Ticks, RowValues Values, IReadOnlySet<string> Whole, IReadOnlySet<string> OnOff, int JitterMs)
{
    public const int TicksPerDay = 2880;
    public const int LongDays = 90;
    private static readonly IReadOnlySet<string> None = new HashSet<string>();

    /// <summary>A day of a thousand devices as sensors send it: two or three decimals, walks and noise.</summary>
    public static readonly RowSet Decimals = new("decimals", StoreRows.FleetDevices, TicksPerDay, RowValues.Decimals, None, None, 0);

    /// <summary>A day of a thousand devices with all digits: smooth, noisy, constant, whole, on or off; the clocks are uneven.</summary>
    public static readonly RowSet Digits = new(
        "digits", StoreRows.FleetDevices, TicksPerDay, RowValues.Digits, new HashSet<string> { "pressure" }, new HashSet<string> { "speed" }, 50);

    /// <summary>Ninety days of one device.</summary>
    public static readonly RowSet Months = new("months", 1, LongDays * TicksPerDay, RowValues.Decimals, None, None, 0);

    public static IReadOnlyList<RowSet> All => [Decimals, Digits, Months];
}

internal enum RowValues { Decimals, Digits }

/// <summary>Rows of a set, one of each device a tick of 30 s, a tick after the other; the same in every run.</summary>
internal sealed class StoreRows
{
    public const int FleetDevices = 1000;
    public const int StepMs = 30_000;
    private const int TicksPerBatch = 5;

    public static readonly string[] Metrics = ["temperature", "vibration", "current", "pressure", "speed"];

    private readonly RowSet _set;
    private readonly Random _random = new(1);
    private readonly SampleRows _rows = new(FleetDevices * TicksPerBatch);
    private readonly (int Temperature, int Pressure)[] _walks;
    private readonly int[] _devices;
    private readonly int[] _metrics = [.. Metrics.Select(m => Numbers.Metrics.Of(m))];

    public StoreRows(RowSet set)
    {
        _set = set;
        _walks = [.. Enumerable.Range(0, set.Devices).Select(i => (4000 + i % 977, 3000 + i % 89))];
        _devices = [.. Enumerable.Range(0, set.Devices).Select(i => Numbers.Devices.Of(Device(i)))];
    }

    public static DeviceKey Device(int number) => new(DeviceKey.DefaultTenant, $"pump-{number % FleetDevices}");

    /// <summary>All rows of the set, five ticks at a time. Each is valid until the next.</summary>
    public IEnumerable<SampleRows> Batches()
    {
        for (var tick = 0; tick < _set.Ticks; tick += TicksPerBatch) yield return Batch(tick);
    }

    /// <summary>Five ticks, beginning with <paramref name="tick"/>. Valid until the next call.</summary>
    public SampleRows Batch(int tick)
    {
        _rows.Clear();
        for (var end = tick + TicksPerBatch; tick < end; tick++)
            for (var d = 0; d < _devices.Length; d++) Add(d, tick);
        return _rows;
    }

    private void Add(int device, int tick)
    {
        var timeMs = PumpSamples.StartMs + (long)tick * StepMs + (_set.JitterMs > 0 ? _random.Next(_set.JitterMs) : 0);
        _rows.Begin(_devices[device], timeMs, timeMs, SampleRows.NoSequence);
        ref var walk = ref _walks[device];
        walk = (walk.Temperature + _random.Next(11) - 5, walk.Pressure + _random.Next(11) - 5);
        if (_set.Values is RowValues.Decimals) AddDecimals(walk);
        else AddDigits(device, tick, walk);
        _rows.End();
    }

    private void AddDecimals((int Temperature, int Pressure) walk)
    {
        _rows.Add(_metrics[0], walk.Temperature / 100.0);
        _rows.Add(_metrics[1], (500 + _random.Next(400)) / 1000.0);
        _rows.Add(_metrics[2], (1000 + _random.Next(100)) / 100.0);
        _rows.Add(_metrics[3], walk.Pressure / 1000.0);
        _rows.Add(_metrics[4], 1480 + _random.Next(40));
    }

    private void AddDigits(int device, int tick, (int Temperature, int Pressure) walk)
    {
        _rows.Add(_metrics[0], 55 + 10 * Math.Sin((tick + device) / 300.0));
        _rows.Add(_metrics[1], 1.9 + 0.3 * (_random.NextDouble() + _random.NextDouble() + _random.NextDouble() - 1.5));
        _rows.Add(_metrics[2], Math.PI * (1 + device));
        _rows.Add(_metrics[3], walk.Pressure);
        _rows.Add(_metrics[4], (tick + device) / 200 % 2);
    }
}
