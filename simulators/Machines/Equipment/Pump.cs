using Seamless.Machines.Chance;
using Seamless.Telemetry;

namespace Seamless.Machines.Equipment;

/// <summary>A centrifugal pump with a 15 kW motor, always running, its load by the time of day.</summary>
internal sealed class Pump(string id, Site site, Seed seed, TimeProvider time) : Machine(id, site, seed, time, Instruments)
{
    private const double NominalVoltage = 400;
    private const double BearingSeconds = 600;
    private const double WindingSeconds = 480;
    private const long LoadPeriodMs = 20 * 60 * 1000;

    private static readonly Instrument[] Instruments =
    [
        new("bearingTemperature", 0.25, 2), new("windingTemperature", 0.35, 2), new("vibration", 0.05, 3, 0), new("motorCurrent", 0.12, 2, 0),
        new("dischargePressure", 0.02, 3), new("suctionPressure", 0.008, 3), new("flow", 0.35, 2, 0), new("supplyVoltage", 0.8, 1, 0),
        new("running", 0, 0, Ideal: true),
    ];

    private readonly Seed _load = seed.Split("load");
    private readonly double _character = 0.1 * Noise.White(seed.Split("character"), 0);
    private double _bearing;
    private double _winding;

    public override string Type => "pump";

    private protected override IReadOnlyList<string> Commands { get; } = ["backflush-strainer"];

    private protected override void Work(DateTimeOffset now, TimeSpan elapsed, Span<double> truth, bool isFirst)
    {
        var load = 0.78 + 0.14 * Site.Activity(now) + 0.05 * Noise.Wander(_load, now.ToUnixTimeMilliseconds(), LoadPeriodMs);
        var wear = Severity("bearing-wear", now);
        var leak = Severity("seal-leak", now);
        var winding = Severity("winding-degradation", now);
        var clog = Severity("strainer-clogged", now);
        var misaligned = Severity("coupling-misalignment", now);
        var eroded = Severity("impeller-erosion", now);
        var mains = Site.MainsFactor(now);
        // A motor at constant power draws what the voltage lacks.
        var current = (19 + 9 * load + 3 * wear + 17 * winding - 1.5 * leak - 2 * clog + 1.2 * misaligned - 1.8 * eroded + 0.4 * _character) / Math.Pow(mains, 1.6);
        var bearingTarget = 0.5 * Site.Ambient(now) + 28 + 16 * load + 58 * Math.Max(0, wear - 0.15) + 5 * winding + 9 * misaligned + 2 * _character;
        var windingTarget = 0.5 * Site.Ambient(now) + 34 + 1.3 * Math.Min(current, 34) * load + 88 * winding;
        _bearing = isFirst ? bearingTarget : Approach(_bearing, bearingTarget, elapsed, BearingSeconds);
        _winding = isFirst ? windingTarget : Approach(_winding, windingTarget, elapsed, WindingSeconds);

        truth[0] = _bearing;
        truth[1] = _winding;
        truth[2] = 1.0 + 1.0 * load + _character + 11 * wear + 1.6 * clog + 0.8 * leak + 6 * misaligned + 0.6 * eroded;
        truth[3] = current;
        truth[4] = 5.1 + 1.0 * load - 3.6 * leak - 0.7 * clog - 2.2 * eroded;
        truth[5] = 1.2 - 0.15 * load - 0.95 * clog;
        truth[6] = 58 + 28 * load - 42 * leak - 44 * clog - 26 * eroded - 30 * (1 - mains);
        truth[7] = NominalVoltage * mains;
        truth[8] = 1;
    }

    private protected override void States(List<Reading> readings) => readings.Add(new Reading("mode", double.NaN, "auto"));
}
