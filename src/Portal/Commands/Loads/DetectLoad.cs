using System.Diagnostics;
using Seamless.Analytics.Detectors;

namespace Seamless.Portal.Commands.Loads;

/// <summary>Nanoseconds and allocated bytes per point of the novelty detector, and the bytes of its state, on a daily swing with noise, a point each five minutes.</summary>
internal static class DetectLoad
{
    private const int Round = 10_000;
    private const int StepMs = 300_000;
    private const int PointsPerDay = 288;

    public static DetectFigures Run(Load load, CancellationToken ct)
    {
        var (detector, random) = (StreamingDetectors.Create("novelty"), new Random(1));
        var values = new double[Round];
        var (busy, points, highest, allocated) = (TimeSpan.Zero, 0L, 0.0, 0L);
        for (var round = 0L; busy < load.Time; round++)
        {
            ct.ThrowIfCancellationRequested();
            for (var i = 0; i < Round; i++) values[i] = 50 + 10 * Math.Sin(2 * Math.PI * (round * Round + i) / PointsPerDay) + random.NextDouble();
            var before = GC.GetAllocatedBytesForCurrentThread();
            var began = Stopwatch.GetTimestamp();
            for (var i = 0; i < Round; i++) highest = Math.Max(highest, detector.Observe(PumpSamples.StartMs + (round * Round + i) * StepMs, values[i]));
            if (round == 0) continue;   // learning, and the compiler's turn
            busy += Stopwatch.GetElapsedTime(began);
            allocated += GC.GetAllocatedBytesForCurrentThread() - before;
            points += Round;
        }
        return new DetectFigures("detect", busy.TotalSeconds, points, Math.Round(busy.TotalNanoseconds / points, 1), highest, (double)allocated / points, StateBytes(detector));
    }

    private static long StateBytes(IStreamingDetector detector)
    {
        using var state = new MemoryStream();
        using var writer = new BinaryWriter(state);
        detector.Snapshot(writer);
        writer.Flush();
        return state.Length;
    }
}

internal sealed record DetectFigures(string Bench, double Seconds, long Points, double NanosecondsPerPoint, double HighestScore, double BytesPerPoint, long StateBytes);
