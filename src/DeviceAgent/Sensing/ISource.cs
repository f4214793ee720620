using Seamless.Telemetry;

namespace Seamless.DeviceAgent.Sensing;

/// <summary>What was measured at one instant, before the outbox gives it a number.</summary>
/// <param name="TimestampMs">Event time, Unix milliseconds.</param>
public readonly record struct Measurement(long TimestampMs, IReadOnlyList<Reading> Readings);

/// <summary>Where the agent's measurements come from. The stream ends when there is nothing more to read; a live source never ends.</summary>
public interface ISource
{
    IAsyncEnumerable<Measurement> ReadAsync(CancellationToken ct);
}
