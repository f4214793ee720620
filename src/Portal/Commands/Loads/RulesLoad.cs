using System.Diagnostics;
using Seamless.Rules.Engine;
using Seamless.Telemetry;

namespace Seamless.Portal.Commands.Loads;

/// <summary>Samples per second through <see cref="DeviceJudge"/>: thresholds, rates and detectors of the pump pack.</summary>
internal static class RulesLoad
{
    private const int Devices = 100;
    private const int WarmUp = 20_000;
    private const int Round = 1_000;
    private const int StepMs = 1_000;

    public static RulesFigures Run(Load load, CancellationToken ct)
    {
        var pack = new CompiledPack(load.Pump());
        var devices = Enumerable.Range(0, Devices).Select(i => new JudgedDevice(new DeviceKey(DeviceKey.DefaultTenant, $"pump-{i}"), "bench", pack)).ToArray();
        var (judge, findings) = (new DeviceJudge(_ => null), new List<Finding>());
        var number = 0;
        void Judge(IEnumerable<Sample> samples)
        {
            foreach (var sample in samples) judge.Observe(devices[number++ % Devices], sample, findings);
        }

        Judge(Samples(0, WarmUp));
        var (busy, judged) = (TimeSpan.Zero, 0L);
        while (busy < load.Time)
        {
            ct.ThrowIfCancellationRequested();
            var samples = Samples(number, Round).ToArray();   // made outside the measured time
            var began = Stopwatch.GetTimestamp();
            Judge(samples);
            busy += Stopwatch.GetElapsedTime(began);
            judged += Round;
        }
        return new RulesFigures("rules", busy.TotalSeconds, judged, Math.Round(judged / busy.TotalSeconds), pack.Rules.Length, findings.Count);

        IEnumerable<Sample> Samples(int first, int count) => Enumerable.Range(first, count)
            .Select(i => PumpSamples.At(devices[i % Devices].Key, PumpSamples.StartMs + (long)(i / Devices) * StepMs, i));
    }
}

/// <param name="Rules">Rules of the pack, its sensors' included; a sample meets those of its nine metrics.</param>
internal sealed record RulesFigures(string Bench, double Seconds, long Samples, double SamplesPerSecond, int Rules, int Findings);
