using Seamless.Fleet.Limits;
using Seamless.Ingest.Receiving;
using Seamless.Telemetry;
using Seamless.Telemetry.Payloads;

namespace Seamless.Ingest.Limits;

/// <summary>Asks the meters on the long way, and says what becomes of what they forbid: it waits, it is refused, or an example of it is kept.</summary>
internal sealed class Admission(Meters meters, ILimits limits, IngestMetrics metrics, TimeProvider time)
{
    /// <summary>At a high rate more than one token is waited for: a timer is no finer than a few milliseconds.</summary>
    private static readonly TimeSpan ShortestWait = TimeSpan.FromMilliseconds(10);

    /// <summary>Null once the device may send this message, counted; otherwise what its sender is told.</summary>
    public async ValueTask<Receipt?> RefuseAsync(DeviceKey device, InboundMessage message, CancellationToken ct)
    {
        if (message.IsReplay) return null;   // an operator's own doing
        var meter = meters.Of(device);
        for (var hasWaited = false; ; hasWaited = true)
        {
            var nowMs = NowMs();
            if (meter.Take(nowMs, message.Payload.Length, message.WhenTooFast is not WhenTooFast.Pass) is not { } excess) return null;
            if (excess.Limit is not LimitKind.MessagesPerSecond || message.WhenTooFast is not WhenTooFast.Wait) return Refuse(meter, excess, message, nowMs);
            if (!hasWaited) Slowed(meter, excess, nowMs);
            await Task.Delay(TimeSpan.FromTicks(Math.Max(excess.RetryAfter!.Value.Ticks, ShortestWait.Ticks)), time, ct);   // a rate always says when
        }
    }

    /// <summary>What the sender of a device that is not there and cannot be added is told; null when it is for another reason than the tenant's limit.</summary>
    public Receipt? RefuseDevice(DeviceKey device, Refusal refusal, InboundMessage message)
    {
        if (refusal.Code != Refusal.DeviceLimitCode) return null;
        var (meter, nowMs) = (meters.OfTenant(device.Tenant), NowMs());
        var excess = new Excess(LimitKind.Devices, meter.Scope, limits.InForce(meter.Scope).Devices, null);
        meter.Refused.Count(LimitKind.Devices, nowMs);
        metrics.Limited(excess.Name, "refused");
        var isKept = meter.Refused.IsLetterDue(LimitKind.Devices, nowMs, out var refused) && message.WhenTooFast is not WhenTooFast.Tell && !message.IsReplay;
        var detail = isKept && refused > 1 ? $"{refusal.Reason}; {refused} messages were refused since the last one that was kept here" : $"{device} is not registered: {refusal.Reason}";
        return Receipt.Of(RejectReason.QuotaExceeded, detail) with { Excess = excess, IsKept = isKept };
    }

    /// <summary>Takes out the readings whose metrics are one too many; the rest of each sample stays.</summary>
    /// <returns>The first that was, and whether an example of it is to be kept; null when there was none.</returns>
    public (Excess Excess, bool IsKept)? RemoveExcessMetrics(List<Sample> samples, List<Reject> rejects)
    {
        (Excess, bool)? found = null;
        for (var i = 0; i < samples.Count; i++)
        {
            var meter = meters.Of(samples[i].Device);
            if (meter.IsOpen) continue;
            List<Reading>? kept = null;
            Excess? excess = null;
            for (var r = 0; r < samples[i].Readings.Count; r++)
            {
                var reading = samples[i].Readings[r];
                if (meter.Admits(reading.Metric) is not { } beyond)
                {
                    kept?.Add(reading);
                    continue;
                }
                kept ??= [.. samples[i].Readings.Take(r)];
                excess ??= beyond;
                rejects.Add(new Reject(RejectReason.QuotaExceeded, -1, reading.Metric, beyond.Reason));
            }
            if (kept is null || excess is null) continue;
            samples[i] = samples[i] with { Readings = kept };
            var isKept = NoteRefused(meter, excess, NowMs(), out _);
            found = (found?.Item1 ?? excess, isKept || found is (_, true));
        }
        samples.RemoveAll(sample => sample.Readings.Count == 0);
        return found;
    }

    private void Slowed(Meter meter, Excess excess, long nowMs)
    {
        meter.Refused.CountSlowed(nowMs);
        metrics.Limited(excess.Name, "slowed");
    }

    private Receipt Refuse(Meter meter, Excess excess, InboundMessage message, long nowMs)
    {
        // Who is told has the message still, and may send it again; of the others an example is kept.
        var isTold = message.WhenTooFast is WhenTooFast.Tell;
        var isKept = NoteRefused(meter, excess, nowMs, out var refused) && !isTold;
        var detail = isKept && refused > 1 ? $"{excess.Reason}; {refused} messages were refused since the last one that was kept here" : excess.Reason;
        return Receipt.Of(RejectReason.QuotaExceeded, detail) with { Excess = excess, IsKept = isKept };
    }

    private bool NoteRefused(Meter meter, Excess excess, long nowMs, out long refused)
    {
        meters.Refused(meter, excess.Limit, excess.Scope, nowMs);
        metrics.Limited(excess.Name, "refused");
        return meter.Refused.IsLetterDue(excess.Limit, nowMs, out refused);
    }

    private long NowMs() => time.GetUtcNow().ToUnixTimeMilliseconds();
}
