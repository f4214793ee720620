namespace Seamless.ServiceDesk.Commerce.Contracts;

/// <summary>When customers and staff hear that a contract ends: pure arithmetic.</summary>
public static class ExpiryNotices
{
    /// <summary>Before the end, the earliest first.</summary>
    public static IReadOnlyList<int> Days { get; } = [90, 30, 7];

    /// <summary>What is over already when a contract is entered, and is therefore never told.</summary>
    public static int? OverAt(DateTimeOffset end, DateTimeOffset now) => Reached(end, now, null);

    /// <summary>The notice to tell now: the latest that has been reached and not been told. Null when there is none.</summary>
    /// <remarks>After a long standstill only the latest counts: nobody is told of 90 days when there are 20 left.</remarks>
    public static int? Reached(DateTimeOffset end, DateTimeOffset now, int? told) =>
        now < end && Days.Where(d => (told is null || d < told) && end.AddDays(-d) <= now).ToList() is { Count: > 0 } reached ? reached[^1] : null;

    /// <summary>When the next one is due; null after the last.</summary>
    public static DateTimeOffset? NextAt(DateTimeOffset end, int? told) => Days.Where(d => told is null || d < told).Select(d => (DateTimeOffset?)end.AddDays(-d)).FirstOrDefault();
}
