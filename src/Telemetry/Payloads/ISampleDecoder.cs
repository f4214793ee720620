namespace Seamless.Telemetry.Payloads;

/// <summary>Turns a telemetry payload into samples. Never throws: what it cannot use it lists, with the reason.</summary>
public interface ISampleDecoder
{
    /// <param name="arrivalMs">Our clock when the message came, Unix ms: the timestamp of samples that carry none, and the measure of "future".</param>
    void Decode(in DeviceKey device, ReadOnlySpan<byte> payload, long arrivalMs, List<Sample> samples, List<Reject> rejects);
}
