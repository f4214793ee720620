namespace Seamless.ServiceDesk.Customers.Figures;

/// <summary>Net promoter score, −100 to 100: the percentage of 9 and 10 less that of 0 to 6.</summary>
/// <param name="Low">Of the 95 % interval: adjusted Wald, three answers added, ¾ promoter, 1½ passive, ¾ detractor. It holds its level with few answers too.</param>
public sealed record NetPromoter(double? Value, double? Low, double? High, int Count, int Promoters, int Passives, int Detractors)
{
    public static NetPromoter Of(IEnumerable<int> answers)
    {
        var all = answers.ToList();
        var (promoters, detractors) = (all.Count(a => a >= 9), all.Count(a => a <= 6));
        if (all.Count == 0) return new NetPromoter(null, null, null, 0, 0, 0, 0);
        var n = all.Count + 3.0;
        var (p, d) = ((promoters + 0.75) / n, (detractors + 0.75) / n);
        var half = Intervals.Z * Math.Sqrt((p + d - (p - d) * (p - d)) / n);
        return new NetPromoter(
            100.0 * (promoters - detractors) / all.Count, 100 * Math.Max(-1, p - d - half), 100 * Math.Min(1, p - d + half), all.Count, promoters, all.Count - promoters - detractors, detractors);
    }
}

/// <summary>A share of answers, 0 to 1.</summary>
/// <param name="Low">Of the 95 % interval by Wilson's score.</param>
/// <param name="Mean">Of the answers themselves, on their own scale.</param>
public sealed record ShareOf(double? Value, double? Low, double? High, int Count, double? Mean)
{
    public static ShareOf Of(IEnumerable<int> answers, Func<int, bool> counts)
    {
        var all = answers.ToList();
        if (all.Count == 0) return new ShareOf(null, null, null, 0, null);
        var share = (double)all.Count(counts) / all.Count;
        var (low, high) = Intervals.Wilson(share, all.Count);
        return new ShareOf(share, low, high, all.Count, all.Average());
    }

    /// <summary>Customer effort: the top box, "entirely easy".</summary>
    public static ShareOf Effort(IEnumerable<int> answers) => Of(answers, a => a == 7);

    /// <summary>Satisfaction: the top two boxes, satisfied and very satisfied.</summary>
    public static ShareOf Satisfaction(IEnumerable<int> answers) => Of(answers, a => a >= 4);
}

/// <summary>An index of a questionnaire, 0 to 100: the mean of its respondents' indices.</summary>
/// <param name="Low">Of the 95 % interval by the standard error of the mean; null with a single respondent.</param>
public sealed record IndexOf(double? Value, double? Low, double? High, int Count)
{
    public static IndexOf Of(IEnumerable<double> indices)
    {
        var all = indices.ToList();
        if (all.Count == 0) return new IndexOf(null, null, null, 0);
        var mean = all.Average();
        if (all.Count == 1) return new IndexOf(mean, null, null, 1);
        var half = Intervals.Z * Math.Sqrt(all.Sum(i => (i - mean) * (i - mean)) / (all.Count - 1) / all.Count);
        return new IndexOf(mean, Math.Max(0, mean - half), Math.Min(100, mean + half), all.Count);
    }
}

internal static class Intervals
{
    /// <summary>Of 95 %.</summary>
    public const double Z = 1.959963984540054;

    public static (double Low, double High) Wilson(double share, int count)
    {
        const double Square = Z * Z;
        var middle = (share + Square / (2 * count)) / (1 + Square / count);
        var half = Z / (1 + Square / count) * Math.Sqrt(share * (1 - share) / count + Square / (4.0 * count * count));
        return (Math.Max(0, middle - half), Math.Min(1, middle + half));
    }
}
