using System.Globalization;
using System.Text;
using Seamless.Telemetry;

namespace Seamless.Ingest.Ledger;

/// <summary>What to ask a device for next, and what to give up.</summary>
internal static class BackfillPlan
{
    private const int MaxRanges = 100;
    private const long MaxNumbers = 100_000;

    /// <summary>Marks what it asks for as asked. Null when there is nothing to ask for now.</summary>
    public static BackfillRequest? Next(DeviceLedger device, DateTimeOffset now, LedgerOptions options)
    {
        if (device.Missing.Ranges == 0 || !device.Asking.MayAsk(now)) return null;
        var due = (now - options.Grace).ToUnixTimeMilliseconds();
        var args = new StringBuilder("{\"ranges\":[");
        var (ranges, numbers, attempt) = (0, 0L, 0);
        foreach (ref var range in device.Missing.AsSpan())
        {
            if (range.GivenUp is not null || range.SinceMs > due) continue;
            range.GivenUp = WhyGiveUp(device, range, options);
            if (range.GivenUp is not null) continue;
            if (ranges == MaxRanges || (ranges > 0 && numbers + range.Count > MaxNumbers)) break;
            range.Asked++;
            range.Tries++;
            range.AskedAtMs = now.ToUnixTimeMilliseconds();
            args.Append(CultureInfo.InvariantCulture, $"{(ranges == 0 ? "" : ",")}[{range.From},{range.To}]");
            (ranges, numbers, attempt) = (ranges + 1, numbers + range.Count, Math.Max(attempt, range.Asked));
        }
        if (ranges == 0) return null;
        var json = args.Append("]}").ToString();
        var key = StableHash.Id("backfill", json, attempt.ToString(CultureInfo.InvariantCulture), device.Restarts.ToString(CultureInfo.InvariantCulture));
        device.Asking.Asked(key, now, options);
        return new BackfillRequest(device.Device, json, key);
    }

    private static string? WhyGiveUp(DeviceLedger device, in MissingRange range, LedgerOptions options) => range switch
    {
        _ when device.Asking.Unable is { } unable => unable,
        { Tries: var tries } when tries >= options.Tries => $"asked {tries} times in vain",
        _ => null,
    };
}
