namespace Seamless.DeviceAgent.Link;

/// <summary>How long to wait before the next attempt: doubling, capped, and spread by chance so that a whole fleet does not return in the same second.</summary>
/// <param name="first">The longest wait after the first failure.</param>
/// <param name="longest">No wait is longer.</param>
/// <param name="random">0 ≤ x &lt; 1.</param>
public sealed class Backoff(TimeSpan first, TimeSpan longest, Func<double> random)
{
    private const int MaxDoublings = 30;
    private int _failures;

    /// <summary>Between half and all of min(<c>longest</c>, <c>first</c>·2ⁿ) after the n-th failure in a row.</summary>
    public TimeSpan Next()
    {
        var doublings = Math.Min(_failures++, MaxDoublings);
        var ceiling = Math.Min(longest.TotalMilliseconds, first.TotalMilliseconds * Math.Pow(2, doublings));
        return TimeSpan.FromMilliseconds(ceiling * (0.5 + random() / 2));
    }

    public void Reset() => _failures = 0;
}
