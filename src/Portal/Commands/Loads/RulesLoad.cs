using System.Diagnostics;
using Seamless.Rules.Engine;
using Seamless.Telemetry;
using Seamless.Telemetry.Rows;

namespace Seamless.Portal.Commands.Loads;

/// <summary>Samples per second through <see cref="DeviceJudge"/> on one thread: ten rules on five values, with deadbands and delays, one of them windowed, one a composite, one an expression.</summary>
internal static class RulesLoad
{
    private const int Devices = 10_000;
    private const int LateRows = 32;   // as the platform keeps them
    private const int StepMs = 1_000;
    private const int WarmUpRounds = 90;

    private static readonly string[] Names = ["bearingTemperature", "vibration", "motorCurrent", "dischargePressure", "suctionPressure"];

    public static RulesFigures Run(Load load, CancellationToken ct)
    {
        var pack = RulesPack.Read(load.Directory);
        var inOrder = Judge(pack, 0, load.Time, ct);
        var live = Judge(pack, LateRows, load.Time / 2, ct);
        var expression = ExpressionLoad.Run(pack);
        return new RulesFigures(
            "rules", inOrder.Seconds, inOrder.Samples, inOrder.PerSecond, live.PerSecond, Devices, pack.Rules.Length, inOrder.Findings, Math.Max(inOrder.BytesPerSample, live.BytesPerSample), pack.Program.StateBytes,
            expression.CompiledNs, expression.HandWrittenNs, expression.InterpretedNs, Math.Round(expression.CompiledNs / expression.HandWrittenNs, 2));
    }

    private static (double Seconds, long Samples, double PerSecond, long Findings, double BytesPerSample) Judge(CompiledPack pack, int lateRows, TimeSpan time, CancellationToken ct)
    {
        var devices = Enumerable.Range(0, Devices).Select(i => new JudgedDevice(new DeviceKey(DeviceKey.DefaultTenant, $"bench-{i}"), "bench", pack, lateRows)).ToArray();
        var (judge, findings, rows) = (new DeviceJudge(_ => null), new List<Finding>(), new SampleRows(Devices, Names.Length));
        var metrics = Names.Select(Numbers.Metrics.Of).ToArray();
        var (busy, judged, found, allocated) = (TimeSpan.Zero, 0L, 0L, 0L);
        for (var round = 0; busy < time; round++)
        {
            ct.ThrowIfCancellationRequested();
            Fill(rows, metrics, round);   // made outside the measured time
            var (bytes, began) = (GC.GetAllocatedBytesForCurrentThread(), Stopwatch.GetTimestamp());
            for (var row = 0; row < Devices; row++)
            {
                JudgedDevice.Foretell(devices[Math.Min(row + 8, Devices - 1)]);   // as the platform does
                devices[Math.Min(row + 3, Devices - 1)].Prefetch();
                judge.Observe(devices[row], rows, row, findings);
            }
            var (took, now) = (Stopwatch.GetElapsedTime(began), GC.GetAllocatedBytesForCurrentThread());
            var quiet = findings.Count == 0;
            found += findings.Count;
            findings.Clear();
            if (round < WarmUpRounds) continue;
            busy += took;
            judged += Devices;
            if (quiet) allocated += now - bytes;   // a finding is an object; a sample in which nothing is found must cost none
        }
        return (busy.TotalSeconds, judged, Math.Round(judged / busy.TotalSeconds), found, Math.Round(allocated / (double)judged, 3));
    }

    /// <summary>A second of all machines. Every hundredth runs hot for a while, so that delays and deadbands have work.</summary>
    private static void Fill(SampleRows rows, int[] metrics, int round)
    {
        rows.Clear();
        var timestampMs = PumpSamples.StartMs + (long)round * StepMs;
        var swing = Math.Sin(round * 0.7) + Math.Sin(round * 0.013);   // -2 to 2
        for (var device = 0; device < Devices; device++)
        {
            var hot = device % 100 == 0 && round % 60 is > 20 and < 45;
            rows.Begin(device, timestampMs, timestampMs, SampleRows.NoSequence);
            rows.Add(metrics[0], (hot ? 90.5 : 55) + 0.1 * swing);
            rows.Add(metrics[1], 1.9 + 0.3 * swing);
            rows.Add(metrics[2], 28 + swing);
            rows.Add(metrics[3], 6 + 0.1 * swing);
            rows.Add(metrics[4], 1 + 0.05 * swing);
            rows.End();
        }
    }
}

/// <param name="SamplesPerSecond">The rules alone, as a backtest judges: rows are known to come in order.</param>
/// <param name="LiveSamplesPerSecond">As the platform judges: with the recent rows of every device kept, so that a late one can be put in its place.</param>
/// <param name="BytesPerSample">Allocated for samples in which nothing is found.</param>
/// <param name="StateBytes">What the rules of the pack remember of a device.</param>
/// <param name="ExpressionRatio">Time of the compiled expression by time of the same written in C#.</param>
internal sealed record RulesFigures(
    string Bench, double Seconds, long Samples, double SamplesPerSecond, double LiveSamplesPerSecond, int Devices, int Rules, long Findings, double BytesPerSample, int StateBytes,
    double ExpressionNs, double HandWrittenNs, double InterpretedNs, double ExpressionRatio);
