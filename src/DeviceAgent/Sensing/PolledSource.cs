using System.Runtime.CompilerServices;
using Seamless.Telemetry;

namespace Seamless.DeviceAgent.Sensing;

/// <summary>Something that can be asked for its values at any time: the host, a simulated machine.</summary>
public interface IProbe
{
    /// <summary>Adds the values at <paramref name="now"/>; what cannot be read now is left out, never invented.</summary>
    void Read(DateTimeOffset now, List<Reading> readings);
}

/// <summary>Asks a probe once per sampling interval, on the agent's clock.</summary>
public sealed class PolledSource(IProbe probe, SamplingInterval interval, TimeProvider time) : ISource
{
    public async IAsyncEnumerable<Measurement> ReadAsync([EnumeratorCancellation] CancellationToken ct)
    {
        while (!ct.IsCancellationRequested)
        {
            var now = time.GetUtcNow();
            var readings = new List<Reading>(16);
            probe.Read(now, readings);
            if (readings.Count > 0) yield return new Measurement(now.ToUnixTimeMilliseconds(), readings);
            try
            {
                await Task.Delay(Until(interval.Current, now), time, ct);
            }
            catch (OperationCanceledException)
            {
                yield break;
            }
        }
    }

    // Measured from the start of the last reading, so that the time a reading takes does not add up to drift.
    private TimeSpan Until(TimeSpan pause, DateTimeOffset last)
    {
        var left = last + pause - time.GetUtcNow();
        return left > TimeSpan.Zero ? left : TimeSpan.Zero;
    }
}
