namespace Seamless.Telemetry.Payloads;

/// <summary>Why a payload, or one metric of it, could not be used. Each value has its test and its line in docs/reference/dead-letters.md.</summary>
public enum RejectReason : byte
{
    /// <summary>Not JSON (or CBOR) at all, or cut short.</summary>
    Malformed,
    /// <summary>Readable, but not one sample or an array of samples.</summary>
    WrongShape,
    /// <summary>Neither Unix milliseconds nor RFC 3339.</summary>
    BadTimestamp,
    /// <summary>Before the earliest instant a device can mean (2000-01-01): a clock that was never set.</summary>
    TimestampTooOld,
    /// <summary>Further ahead of our clock than the tolerance.</summary>
    TimestampInFuture,
    /// <summary>null, NaN or an infinity: refused for that metric alone.</summary>
    NotANumber,
    /// <summary>A value that is neither number, boolean nor string.</summary>
    UnsupportedValue,
    /// <summary>A metric name that is empty or longer than 128 characters.</summary>
    BadMetricName,
    /// <summary>More than the platform takes in one message.</summary>
    TooLarge,
    /// <summary>A topic that is none of ours.</summary>
    UnknownTopic,
    /// <summary>Someone else's topic.</summary>
    NotAuthorized,
    /// <summary>Sparkplug: a node, device or metric that no birth has introduced yet. Usable once the birth is here.</summary>
    NoBirth,
    /// <summary>More than the device, or its tenant, may send: messages, bytes or different metrics.</summary>
    QuotaExceeded,
}

/// <param name="Position">Byte offset in the payload, or −1 when it concerns the whole.</param>
/// <param name="Metric">The metric it concerns, or null for the whole sample or message.</param>
public sealed record Reject(RejectReason Reason, long Position, string? Metric, string Detail);
