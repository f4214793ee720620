using Seamless.Telemetry;

namespace Seamless.Portal.Commands.Loads;

/// <summary>What healthy pumps send: nine readings a sample, the same for the same number.</summary>
internal static class PumpSamples
{
    /// <summary>2026-01-01T00:00:00Z.</summary>
    public static readonly long StartMs = new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero).ToUnixTimeMilliseconds();

    public static Sample At(DeviceKey device, long timestampMs, int number)
    {
        var swing = Math.Sin(number * 0.7) + Math.Sin(number * 0.013);   // -2 to 2
        return new Sample(device, timestampMs, null,
        [
            new Reading("bearingTemperature", 55 + 2 * swing), new Reading("windingTemperature", 75 + 3 * swing), new Reading("vibration", 1.9 + 0.3 * swing),
            new Reading("motorCurrent", 28 + swing), new Reading("dischargePressure", 6 + 0.1 * swing), new Reading("suctionPressure", 1 + 0.05 * swing),
            new Reading("flow", 85 + 2 * swing), new Reading("supplyVoltage", 400 + swing), new Reading("running", 1),
        ]);
    }
}
