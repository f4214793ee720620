namespace Seamless.ServiceDesk.Reliability;

/// <summary>A failure that was confirmed when its ticket was closed (ISO 14224 mode, mechanism, cause).</summary>
/// <param name="Hours">Since the device was put into service.</param>
/// <param name="Firmware">The tag <c>firmware</c> of the device; null without one.</param>
/// <param name="Batch">The tag <c>batch</c>.</param>
public sealed record FieldFailure(
    string Ticket, DateTimeOffset At, string Device, string Type, string? Serial, string Site, string Mode, string Mechanism, string Cause, string FaultCode, double Hours, string? Firmware, string? Batch);

/// <summary>A machine that could have failed.</summary>
/// <param name="Months">Months of 30.4375 days that it was in service within the period.</param>
public sealed record Exposure(string Device, string Type, string? Firmware, string? Batch, double Months);

/// <param name="Failures">Confirmed ones.</param>
/// <param name="Share">Of all failures.</param>
/// <param name="RatePer1000">Failures per 1,000 device-months, with the exact Poisson interval of 95 %; to be read only when <see cref="Enough"/>.</param>
/// <param name="Expected">How many this group would have had at the rate of the others of its types; null where a failure, not a machine, has the property.</param>
/// <param name="PValue">How probable so many are among as many months of ordinary machines, corrected for the number of groups looked at.</param>
/// <param name="Significant">At 5 %, of a group with enough operating time: worth an engineer's time. It stands before all that is not.</param>
public sealed record ParetoLine(
    string Group, int Failures, double Share, double DeviceMonths, double RatePer1000, double Low, double High, double MedianHours, double? Expected, double? PValue, bool Significant)
{
    /// <summary>The group has run for long enough that a rate says something.</summary>
    public bool Enough => FailurePareto.IsEnough(DeviceMonths);
}

/// <summary>Which failures come most, and which machines have more of them than chance explains. Pure.</summary>
public static class FailurePareto
{
    public const string ByBatch = "batch";

    /// <summary>Least operating time for a rate, in device-months.</summary>
    /// <remarks>By the rule of three (Hanley &amp; Lippman-Hand 1983) a group without any failure in so many months may still fail 3 / 10 times a month, 300 per 1,000: below it even the best outcome tells nothing.</remarks>
    public const double EnoughMonths = 10;

    private const double Level = 0.05;
    private const string None = "-";

    /// <summary>What failures can be grouped by; of the last three the machine, not the failure, has the property.</summary>
    public static readonly IReadOnlyList<string> Ways = ["mode", "mechanism", "cause", "fault", "type", "firmware", ByBatch];

    public static bool IsEnough(double deviceMonths) => deviceMonths >= EnoughMonths;

    public static IReadOnlyList<ParetoLine> Of(IReadOnlyList<FieldFailure> failures, IReadOnlyList<Exposure> exposures, string by)
    {
        var groups = failures.GroupBy(f => GroupOf(f, by)).ToDictionary(g => g.Key, g => g.ToList(), StringComparer.Ordinal);
        var months = exposures.Sum(e => e.Months);
        var ofMachine = by is "type" or "firmware" or ByBatch;
        var inService = ofMachine ? exposures.ToLookup(e => GroupOf(e, by), StringComparer.Ordinal) : null;
        var lines = groups.Select(g => inService is null
            ? Line(g.Key, g.Value, failures.Count, months, null)
            : Line(g.Key, g.Value, failures.Count, inService[g.Key].Sum(e => e.Months), Compare(g.Key, g.Value, [.. inService[g.Key]], failures, exposures, by, groups.Count)));
        return [.. lines.OrderByDescending(l => l.Significant).ThenByDescending(l => l.Significant ? l.Failures - l.Expected : l.Failures).ThenBy(l => l.Group, StringComparer.Ordinal)];
    }

    private static ParetoLine Line(string group, List<FieldFailure> failures, int all, double months, (double Expected, double P)? compared)
    {
        var (low, high) = PoissonLimits.Of(failures.Count);
        var per = months > 0 ? 1000 / months : 0;
        var hours = failures.Select(f => f.Hours).Order().ToList();
        return new ParetoLine(
            group, failures.Count, (double)failures.Count / all, months, failures.Count * per, low * per, high * per, hours[(hours.Count - 1) / 2],
            compared?.Expected, compared?.P, IsEnough(months) && compared is { } c && c.P < Level && failures.Count > c.Expected);
    }

    /// <summary>Against the others of the same types: given all failures, each falls on this group with its share of the months (conditional test of two Poisson rates; Przyborowski &amp; Wilenski 1940).</summary>
    private static (double Expected, double P)? Compare(
        string group, List<FieldFailure> of, IReadOnlyList<Exposure> members, IReadOnlyList<FieldFailure> failures, IReadOnlyList<Exposure> exposures, string by, int groups)
    {
        if (group == None || members.Count == 0) return null;
        var types = members.Select(e => e.Type).ToHashSet(StringComparer.Ordinal);
        var peers = by == "type" ? exposures.Sum(e => e.Months) : exposures.Where(e => types.Contains(e.Type)).Sum(e => e.Months);
        var among = by == "type" ? failures.Count : failures.Count(f => types.Contains(f.Type));
        var (mine, others) = (members.Sum(e => e.Months), among - of.Count);
        if (mine <= 0 || peers <= mine) return null;
        return (others * mine / (peers - mine), Math.Min(1, groups * AtLeast(of.Count, among, mine / peers)));
    }

    /// <summary>P(Binomial(n, p) ≥ k).</summary>
    internal static double AtLeast(int k, int n, double p)
    {
        if (k <= 0) return 1;
        var (term, sum) = (n * Math.Log(1 - p), 0.0);   // logarithm of P(X = i), from 0
        for (var i = 0; i <= n; i++)
        {
            if (i >= k) sum += Math.Exp(term);
            term += Math.Log((double)(n - i) / (i + 1)) + Math.Log(p / (1 - p));
        }
        return Math.Min(1, sum);
    }

    private static string GroupOf(FieldFailure failure, string by) => by switch
    {
        "mode" => failure.Mode,
        "mechanism" => failure.Mechanism,
        "cause" => failure.Cause,
        "fault" => failure.FaultCode,
        "type" => failure.Type,
        "firmware" => failure.Firmware ?? None,
        _ => failure.Batch ?? None,
    };

    private static string GroupOf(Exposure exposure, string by) => by switch
    {
        "type" => exposure.Type,
        "firmware" => exposure.Firmware ?? None,
        _ => exposure.Batch ?? None,
    };
}
