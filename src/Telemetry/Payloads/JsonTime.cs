namespace Seamless.Telemetry.Payloads;

/// <summary>A <c>ts</c> in a payload: Unix milliseconds or an RFC 3339 string.</summary>
internal static class JsonTime
{
    private const double LargestMs = 1e17;   // beyond any instant, well within a long

    /// <returns>False when the text is not JSON.</returns>
    /// <param name="unixMs">Null when the value is not a time: <paramref name="problem"/> says why.</param>
    /// <param name="position">Where the value begins.</param>
    public static bool TryRead(ref JsonScanner scanner, out long? unixMs, out int position, out string? problem)
    {
        (unixMs, position, problem) = (null, 0, null);
        if (!scanner.TryPeek(out var kind)) return false;
        position = scanner.Position;
        switch (kind)
        {
            case JsonKind.Number:
                if (!scanner.TryNumber(out var ms)) return false;
                if (Math.Abs(ms) < LargestMs) unixMs = (long)Math.Floor(ms);
                else problem = "ts is out of range";
                return true;
            case JsonKind.Text:
                if (!scanner.TryText(out var text)) return false;
                if (Rfc3339.TryParse(text.Raw, out var instant)) unixMs = instant;
                else problem = "ts is not an RFC 3339 time with an offset";
                return true;
            default:
                problem = "ts is neither Unix milliseconds nor RFC 3339";
                return scanner.TrySkip();
        }
    }

    /// <summary>Whether a device can mean this instant; the reason when it cannot.</summary>
    public static Reject? Fault(long unixMs, int position, long arrivalMs, DecoderOptions options)
    {
        if (unixMs < DecoderOptions.EarliestMs)
            return new Reject(RejectReason.TimestampTooOld, position, null, $"ts {unixMs} is before 2000-01-01; is it in milliseconds, is the clock set?");
        if (unixMs - arrivalMs > options.ClockTolerance.TotalMilliseconds)
            return new Reject(RejectReason.TimestampInFuture, position, null, $"ts {unixMs} is {(unixMs - arrivalMs) / 1000} s ahead of the platform's clock");
        return null;
    }
}
