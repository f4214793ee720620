namespace Seamless.Learning.Reports;

/// <summary>One point of a reliability diagram: what was said of some rows, and what came.</summary>
/// <param name="Said">Mean probability of the rows, or the share of lives that an interval's bound promises to end before it.</param>
/// <param name="Seen">Share of the rows in which it came so.</param>
public sealed record ReliabilityPoint(double Said, double Seen, int Rows);

/// <summary>How far the probabilities of one label can be believed, on rows that were held out.</summary>
/// <param name="FalseAlarmRate">Share of the rows without the label that were called at a probability of 0.5.</param>
/// <param name="RecallAtOnePercent">Share of the label found when one in a hundred of the other rows may be called.</param>
/// <param name="Points">Ten bins of equal width; empty ones left out.</param>
public sealed record Reliability(double FalseAlarmRate, double RecallAtOnePercent, IReadOnlyList<ReliabilityPoint> Points)
{
    private const int Bins = 10;
    private const double Threshold = 0.5;
    private const double MostFalseAlarms = 0.01;

    public static Reliability Of(IReadOnlyList<double> probabilities, IReadOnlyList<bool> labels)
    {
        var negatives = labels.Count(set => !set);
        var called = Enumerable.Range(0, labels.Count).Count(i => !labels[i] && probabilities[i] >= Threshold);
        return new Reliability(negatives == 0 ? 0 : called / (double)negatives, RecallAt(MostFalseAlarms, probabilities, labels), PointsOf(probabilities, labels));
    }

    private static ReliabilityPoint[] PointsOf(IReadOnlyList<double> probabilities, IReadOnlyList<bool> labels) =>
        [.. Enumerable.Range(0, labels.Count).GroupBy(i => Math.Min(Bins - 1, (int)(probabilities[i] * Bins))).OrderBy(bin => bin.Key)
            .Select(bin => new ReliabilityPoint(bin.Average(i => probabilities[i]), bin.Average(i => labels[i] ? 1.0 : 0), bin.Count()))];

    /// <summary>Rows of one probability are called together or not at all.</summary>
    private static double RecallAt(double falseAlarmRate, IReadOnlyList<double> probabilities, IReadOnlyList<bool> labels)
    {
        var positives = labels.Count(set => set);
        var allowed = (labels.Count - positives) * falseAlarmRate;
        var (hits, alarms) = (0, 0);
        foreach (var tie in Enumerable.Range(0, labels.Count).GroupBy(i => probabilities[i]).OrderByDescending(tie => tie.Key))
        {
            alarms += tie.Count(i => !labels[i]);
            if (alarms > allowed) break;
            hits += tie.Count(i => labels[i]);
        }
        return positives == 0 ? 0 : hits / (double)positives;
    }
}
