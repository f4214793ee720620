using System.Runtime.CompilerServices;
using Seamless.Telemetry;

namespace Seamless.DeviceAgent.Sensing;

/// <summary>Passes a source's measurements on and remembers one metric's last good value.</summary>
public sealed class WatchedMetric(ISource source, string metric) : ISource
{
    private double _last = double.NaN;

    /// <summary>Null until it was measured.</summary>
    public double? Last => Volatile.Read(ref _last) is var last && double.IsNaN(last) ? null : last;

    public async IAsyncEnumerable<Measurement> ReadAsync([EnumeratorCancellation] CancellationToken ct)
    {
        await foreach (var measurement in source.ReadAsync(ct))
        {
            foreach (var reading in measurement.Readings)
                if (reading.Metric == metric && reading.Quality is Quality.Good && !reading.IsState) Volatile.Write(ref _last, reading.Value);
            yield return measurement;
        }
    }
}
