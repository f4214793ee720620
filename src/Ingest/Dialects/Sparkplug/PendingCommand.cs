using Seamless.Telemetry;

namespace Seamless.Ingest.Dialects.Sparkplug;

/// <summary>A command that was sent and whose effect has not been seen yet: Sparkplug has no answer but the data that follows.</summary>
/// <param name="Metric">The metric that is to take the value; null for a rebirth.</param>
/// <param name="Expected">The value, as a reading of the metric would carry it.</param>
internal sealed record PendingCommand(string Id, DeviceKey Device, long ExpiresAtMs, string? Metric, Reading Expected)
{
    public bool IsShownBy(IReadOnlyList<Reading> readings) =>
        readings is [var reading] && (Expected.IsState ? reading.State == Expected.State : !reading.IsState && reading.Value.Equals(Expected.Value));
}
