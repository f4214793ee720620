using Seamless.Telemetry;

namespace Seamless.Ingest.Ledger;

/// <summary>Numbers that a device is to be asked for, as one command.</summary>
/// <param name="Key">The same for the same numbers of the same attempt, so that a crash in between sends nothing twice.</param>
internal sealed record BackfillRequest(DeviceKey Device, string ArgsJson, string Key);

/// <summary>Whether and when a device is asked: one request at a time, with pauses that grow.</summary>
internal sealed class Asking
{
    private static readonly TimeSpan LongestPause = TimeSpan.FromHours(1);

    private string? _pending;
    private DateTimeOffset _pendingUntil;
    private DateTimeOffset _notBefore;
    private int _failures;

    /// <summary>Why the device cannot be asked at all; null when it can.</summary>
    public string? Unable { get; private set; }

    public bool MayAsk(DateTimeOffset now) => now >= _notBefore && (_pending is null || now >= _pendingUntil);

    public void Asked(string key, DateTimeOffset now, LedgerOptions options)
    {
        _pending = key;
        _pendingUntil = now + options.AnswerWithin * 2;   // its answer or its expiry comes first; this is for when both are lost
        _notBefore = now + Pause(options);
        _failures++;
    }

    /// <summary>False when it is the answer to an earlier request.</summary>
    public bool Answered(string key)
    {
        if (_pending != key) return false;
        _pending = null;
        return true;
    }

    /// <summary>The device has sent all that was asked for: what is missing next is asked for without delay.</summary>
    public void Succeeded() => _failures = 0;

    public void Refused(string reason) => Unable = reason;

    public void Reset()
    {
        (_pending, Unable, _failures, _notBefore) = (null, null, 0, default);
    }

    private TimeSpan Pause(LedgerOptions options) =>
        TimeSpan.FromTicks((long)Math.Min(LongestPause.Ticks, options.FirstPause.Ticks * Math.Pow(2, Math.Min(_failures, 20))));
}
