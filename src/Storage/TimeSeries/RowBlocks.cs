using System.Runtime.CompilerServices;
using Seamless.Telemetry;
using Seamless.Telemetry.Rows;

namespace Seamless.Storage.TimeSeries;

/// <summary>Samples as blocks of rows, for stores that have no columns of their own.</summary>
internal static class RowBlocks
{
    /// <summary>Rows of a block: few enough to stay in the processor's cache.</summary>
    public const int Rows = 4096;

    /// <param name="samples">Of one device, in order of time.</param>
    /// <param name="metrics">Empty for all.</param>
    public static async IAsyncEnumerable<SampleRows> OfSamplesAsync(
        IAsyncEnumerable<Sample> samples, IReadOnlyCollection<string> metrics, [EnumeratorCancellation] CancellationToken ct)
    {
        var (wanted, block) = (metrics.ToHashSet(StringComparer.Ordinal), new SampleRows());
        await foreach (var sample in samples.WithCancellation(ct))
        {
            Add(block, sample, wanted);
            if (block.Count < Rows) continue;
            yield return block;
            block.Clear();
        }
        if (block.Count > 0) yield return block;
    }

    private static void Add(SampleRows block, Sample sample, HashSet<string> wanted)
    {
        block.Begin(Numbers.Devices.Of(sample.Device), sample.TimestampMs, sample.TimestampMs, SampleRows.NoSequence);
        foreach (var reading in sample.Readings)
        {
            if (wanted.Count > 0 && !wanted.Contains(reading.Metric)) continue;
            var metric = Numbers.Metrics.Of(reading.Metric);
            if (reading.State is { } state) block.AddState(metric, state, reading.Quality);
            else block.Add(metric, reading.Value, reading.Quality);
        }
        if (block.Pending > 0) block.End();
        else block.Cancel();
    }
}
