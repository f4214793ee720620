using Seamless.Machines.Chance;

namespace Seamless.Machines.Equipment;

/// <summary>A rack server with one service that matters, busy when people are.</summary>
internal sealed class Server(string id, Site site, Seed seed, TimeProvider time) : Machine(id, site, seed, time, Instruments)
{
    private const double NominalVoltage = 230;
    private const double ProcessorSeconds = 90;
    private const long LoadPeriodMs = 10 * 60 * 1000;

    private static readonly Instrument[] Instruments =
    [
        new("cpuLoad", 1.5, 1, 0), new("memoryUsed", 0.4, 2, 0), new("cpuTemperature", 0.5, 1), new("inletTemperature", 0.15, 2),
        new("fanSpeed", 40, 0, 0), new("diskReallocatedSectors", 0, 0, Ideal: true), new("diskLatency", 0.15, 2, 0.1), new("networkLoss", 0.02, 3, 0),
        new("supplyVoltage", 0.5, 1, 0), new("psuRipple", 1.2, 1, 0), new("serviceUp", 0, 0, Ideal: true), new("running", 0, 0, Ideal: true),
    ];

    private readonly Seed _load = seed.Split("load");
    private readonly double _character = Noise.White(seed.Split("character"), 0);
    private double _processor;
    private double _reallocated;

    public override string Type => "server";

    private protected override IReadOnlyList<string> Commands { get; } = ["restart-service"];

    private protected override void Work(DateTimeOffset now, TimeSpan elapsed, Span<double> truth, bool isFirst)
    {
        var hung = Severity("service-hang", now) > 0;
        var leak = Severity("memory-leak", now);
        var fan = Severity("fan-failure", now);
        var disk = Severity("disk-wear", now);
        var runaway = Severity("runaway-process", now);
        var dust = Severity("heatsink-dust", now);
        var mains = Site.MainsFactor(now);
        var inlet = Site.Inlet(now);
        var load = hung ? 0.03 : Math.Clamp(0.22 + 0.42 * Site.Activity(now) + 0.08 * Noise.Wander(_load, now.ToUnixTimeMilliseconds(), LoadPeriodMs) + 0.6 * runaway, 0.02, 1);
        var memory = 42 + 16 * load + 2 * _character;
        var fanShare = Math.Max(0.03, 1 - 0.97 * fan);
        var processorTarget = inlet + 18 + 30 * load + 46 * Math.Pow(1 - fanShare, 1.3) + 30 * dust;
        _processor = isFirst ? processorTarget : Approach(_processor, processorTarget, elapsed, ProcessorSeconds);
        _reallocated = Math.Max(_reallocated, Math.Floor(360 * disk * disk));

        truth[0] = 100 * load;
        truth[1] = Math.Min(99.5, memory + (97 - memory) * leak);
        truth[2] = _processor;
        truth[3] = inlet;
        truth[4] = Math.Min(9500, 4200 + 2400 * load + 110 * Math.Max(0, inlet - 22) + 1800 * dust) * fanShare;
        truth[5] = _reallocated;
        truth[6] = 1.4 + 2.6 * load + 62 * disk;
        truth[7] = Site.NetworkLoss(now);
        truth[8] = NominalVoltage * mains;
        truth[9] = 34 + 16 * load + 2 * _character + 170 * Severity("psu-degradation", now);
        truth[10] = hung ? 0 : 1;
        truth[11] = 1;
    }

    // A new disk has no worn sectors.
    private protected override void Replaced(string sku)
    {
        if (sku == "SRV-SSD-1T92") _reallocated = 0;
    }
}
