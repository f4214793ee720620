using System.Diagnostics;
using Seamless.Analytics.Detectors;

namespace Seamless.Portal.Commands.Loads;

/// <summary>Nanoseconds and allocated bytes per point of the novelty detector, and the bytes of its state, on a daily swing with noise, a point each five minutes; or many streams at once.</summary>
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

    /// <summary>As many streams live, a point a minute each, one after the other as rows come in: what share of a core that takes.</summary>
    public static FleetDetectFigures RunFleet(int streams, Load load, CancellationToken ct)
    {
        const int msPerMinute = 60_000;
        var memory = GC.GetTotalMemory(forceFullCollection: true);
        var detectors = new IStreamingDetector[streams];
        for (var i = 0; i < streams; i++) detectors[i] = StreamingDetectors.Create("novelty");
        var perStream = (double)(GC.GetTotalMemory(forceFullCollection: true) - memory) / streams;
        var noise = new double[1021];
        var random = new Random(1);
        for (var i = 0; i < noise.Length; i++) noise[i] = random.NextDouble();
        var (busy, minutes) = (TimeSpan.Zero, 0);
        for (var minute = 0; minute <= FleetLearning || busy < load.Time; minute++)
        {
            ct.ThrowIfCancellationRequested();
            var began = Stopwatch.GetTimestamp();
            for (var i = 0; i < streams; i++) detectors[i].Observe(PumpSamples.StartMs + (long)minute * msPerMinute, 50 + noise[(minute * 7 + i) % noise.Length]);
            if (minute <= FleetLearning) continue;   // silent points cost less
            busy += Stopwatch.GetElapsedTime(began);
            minutes++;
        }
        return new FleetDetectFigures(
            "detect", streams, minutes, Math.Round(busy.TotalNanoseconds / minutes / streams, 1), Math.Round(busy.TotalMilliseconds / minutes / msPerMinute, 4), Math.Round(perStream));
    }

    private const int FleetLearning = 210;

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

/// <param name="CoreShare">Of one core, for a point a minute of every stream.</param>
internal sealed record FleetDetectFigures(string Bench, int Streams, int Minutes, double NanosecondsPerPoint, double CoreShare, double BytesPerStream);
