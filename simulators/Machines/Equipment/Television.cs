using Seamless.Machines.Chance;
using Seamless.Telemetry;

namespace Seamless.Machines.Equipment;

/// <summary>A 55″ screen in a lobby or a shop, on around the clock, watched when people are about.</summary>
internal sealed class Television(string id, Site site, Seed seed, TimeProvider time) : Machine(id, site, seed, time, Instruments)
{
    private const double NominalVoltage = 230;
    private const double PanelSeconds = 420;
    private const long SignalPeriodMs = 5 * 60 * 1000;

    private static readonly Instrument[] Instruments =
    [
        new("panelTemperature", 0.3, 2), new("backlightCurrent", 2.5, 1, 0), new("wifiRssi", 0.9, 1), new("bufferUnderruns", 0.05, 2, 0),
        new("appCrashes", 0.02, 2, 0), new("memoryUsed", 0.5, 2, 0), new("frameDropRate", 0.06, 3, 0), new("supplyVoltage", 0.5, 1, 0),
        new("on", 0, 0, Ideal: true),
    ];

    private readonly Seed _signal = seed.Split("signal");
    private readonly double _character = Noise.White(seed.Split("character"), 0);
    private double _panel;
    private int _release;

    public override string Type => "tv";

    private protected override IReadOnlyList<string> Commands { get; } = ["clear-app-cache", "update-firmware", "switch-wifi-channel"];

    private protected override void Work(DateTimeOffset now, TimeSpan elapsed, Span<double> truth, bool isFirst)
    {
        var watched = Site.Activity(now);
        var backlight = Severity("backlight-degradation", now);
        var board = Severity("mainboard-overheating", now);
        var firmware = Severity("firmware-bug", now);
        var interference = Severity("wifi-interference", now);
        var crashes = Severity("app-crash-loop", now);
        var driver = Severity("panel-driver-fault", now);
        var panelTarget = 22 + 0.15 * (Site.Ambient(now) - 17) + 17 + 5 * watched + 17 * backlight + 40 * board;
        _panel = isFirst ? panelTarget : Approach(_panel, panelTarget, elapsed, PanelSeconds);

        truth[0] = _panel;
        truth[1] = 480 + 25 * watched + 4 * _character - 300 * backlight + 35 * driver;
        truth[2] = -52 + 2 * _character + 1.5 * Noise.Wander(_signal, now.ToUnixTimeMilliseconds(), SignalPeriodMs) - 32 * interference;
        truth[3] = 0.15 + 0.2 * watched + 13 * interference;
        truth[4] = 0.03 + 16 * crashes;
        truth[5] = Math.Min(99, 46 + 8 * watched + 42 * firmware);
        truth[6] = 0.3 + 0.3 * watched + 15 * firmware + 11 * board + 0.8 * interference + 9 * driver;
        truth[7] = NominalVoltage * Site.MainsFactor(now);
        truth[8] = 1;
    }

    private protected override void States(List<Reading> readings) => readings.Add(new Reading("firmware", double.NaN, $"4.2.{_release + 1}"));

    private protected override void Commanded(string name)
    {
        if (name == "update-firmware") _release++;
    }
}
