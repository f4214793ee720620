namespace Seamless.Ingest.Limits;

/// <summary>Lets messages through at a rate, and after a pause as many at once as its burst. Whoever owns it sees to one caller at a time.</summary>
/// <remarks>
/// Kept as the one instant at which the bucket will be full again (the generic cell rate algorithm of ITU-T I.371): no timer, and no fraction of a token that
/// rounding could lose. In nanoseconds, so that a thousand a second and one a second are both exact.
/// </remarks>
internal struct TokenBucket
{
    private const long SecondNs = 1_000_000_000;
    private const long MillisecondNs = 1_000_000;

    private readonly long _tokenNs;
    private readonly long _depthNs;
    private long _fullAtNs;

    /// <param name="perSecond">At least 1.</param>
    /// <param name="burst">At least 1.</param>
    public TokenBucket(long perSecond, long burst)
    {
        _tokenNs = Math.Max(1, (SecondNs + Math.Min(perSecond, SecondNs) - 1) / Math.Min(perSecond, SecondNs));   // rounded up: never more than the rate
        _depthNs = (long)Int128.Min((Int128)burst * _tokenNs, long.MaxValue / 4);
    }

    public readonly bool HasToken(long nowMs) => Math.Max(_fullAtNs, nowMs * MillisecondNs) + _tokenNs - nowMs * MillisecondNs <= _depthNs;

    /// <summary>Takes a token. What is taken although none is there makes no debt.</summary>
    public void Take(long nowMs)
    {
        var nowNs = nowMs * MillisecondNs;
        _fullAtNs = Math.Min(Math.Max(_fullAtNs, nowNs) + _tokenNs, Math.Max(_fullAtNs, nowNs + _depthNs));
    }

    /// <summary>How long until there is a token; rounded up to the millisecond, at least one.</summary>
    public readonly TimeSpan WaitFor(long nowMs)
    {
        var waitNs = Math.Max(_fullAtNs, nowMs * MillisecondNs) + _tokenNs - nowMs * MillisecondNs - _depthNs;
        return TimeSpan.FromMilliseconds(Math.Max(1, (waitNs + MillisecondNs - 1) / MillisecondNs));
    }

    /// <summary>A clock that was set back must not leave the bucket empty for as long as it was set back: empty it is, but it fills from now on.</summary>
    public void ClockMayHaveLeapt(long nowMs)
    {
        var latest = nowMs * MillisecondNs + _depthNs;
        if (_fullAtNs > latest + SecondNs) _fullAtNs = latest;
    }
}
