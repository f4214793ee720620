using Microsoft.Extensions.Options;
using Seamless.Ingest.Limits;
using Seamless.Ingest.Receiving;
using Seamless.Storage.Log;
using Seamless.Telemetry;
using Seamless.Telemetry.Payloads;

namespace Seamless.Ingest.Dialects;

/// <summary>The end that the telemetry of every dialect has in common: the native decoders, then the log.</summary>
internal sealed class TelemetryIntake(ITelemetryLog log, SampleDecoders decoders, Admission admission, IngestMetrics metrics, TimeProvider time, IOptions<IngestOptions> options)
{
    public long ToleranceMs => (long)options.Value.ClockTolerance.TotalMilliseconds;

    /// <summary>Null when it may be read; otherwise what is said of a message that is too long.</summary>
    public Receipt? TooLarge(InboundMessage message) => message.Payload.Length <= options.Value.MaxPayloadBytes
        ? null
        : Receipt.Of(RejectReason.TooLarge, $"{message.Payload.Length} bytes; at most {options.Value.MaxPayloadBytes} are read");

    /// <param name="clockMs">The time of samples that carry none.</param>
    public void Decode(DeviceKey device, string? contentType, ReadOnlyMemory<byte> payload, long clockMs, List<Sample> samples, List<Reject> rejects) =>
        decoders.For(contentType).Decode(device, payload.Span, clockMs, samples, rejects);

    /// <summary>Durable when it completes.</summary>
    /// <param name="rejects">What could not be used so far; metrics beyond their device's limit are added.</param>
    public async ValueTask<Receipt> AppendAsync(InboundMessage message, List<Sample> samples, List<Reject> rejects, CancellationToken ct)
    {
        var unusable = rejects.Count;
        var excess = admission.RemoveExcessMetrics(samples, rejects);
        var started = time.GetTimestamp();
        var arrivalMs = message.ReceivedAt.ToUnixTimeMilliseconds();
        if (samples.Count > 0) await log.AppendAsync(samples.ConvertAll(sample => LogEntry.Of(sample, arrivalMs)), ct);
        metrics.Received(message.Channel, TopicKind.Telemetry, samples.Count, time.GetElapsedTime(started));
        return new Receipt(samples.Count, rejects) { Excess = excess?.Excess, IsKept = unusable > 0 || excess is not { IsKept: false } };
    }
}
