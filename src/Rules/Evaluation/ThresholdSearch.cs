using Seamless.Rules.Backtests;

namespace Seamless.Rules.Evaluation;

/// <summary>One labelled alarm as a threshold sees it.</summary>
/// <param name="Peak">The most extreme value, or the highest score, of the rule's evidence.</param>
/// <param name="IsAlone">No other rule had a part in the alarm: without this one it would not have been raised.</param>
internal readonly record struct PeakCase(string Device, double Peak, OutcomeVerdict Verdict, bool IsAlone);

/// <summary>The threshold as it is.</summary>
/// <param name="Falls">The rule raises below its setpoint.</param>
/// <param name="IsScore">A score or probability, 0 to 1; else a value in the metric's unit.</param>
/// <param name="Margin">By how much a confirmed fault must lie beyond a new setpoint.</param>
internal readonly record struct Threshold(double Setpoint, bool Falls, bool IsScore, double Margin)
{
    /// <summary>Rises with how extreme a value is.</summary>
    public double Extremity(double value) => Falls ? -value : value;
}

/// <summary>Finds the least loosening of a threshold that would have silenced at least half of the false alarms and kept every confirmed one.</summary>
/// <remarks>A pure function of the labels: the same labels give the same proposal. What the threshold as it is would not raise any more counts neither way.</remarks>
internal static class ThresholdSearch
{
    public const int LeastFalse = 5;
    public const int LeastDevices = 3;

    /// <summary>Grid of scores: a hundredth of what is left to 1. Of values: three significant digits of the setpoint.</summary>
    private const int Digits = 2;

    /// <returns>The new setpoint, or null when the labels support none.</returns>
    public static double? Find(in Threshold threshold, IReadOnlyList<PeakCase> cases)
    {
        var (limit, of) = (threshold.Extremity(threshold.Setpoint), threshold);
        var raised = cases.Where(c => of.Extremity(c.Peak) >= limit).ToList();
        var wrong = raised.Where(c => c.Verdict is OutcomeVerdict.False && c.IsAlone).ToList();
        if (wrong.Count < LeastFalse || wrong.Select(c => c.Device).Distinct(StringComparer.Ordinal).Count() < LeastDevices) return null;
        var peaks = wrong.Select(c => of.Extremity(c.Peak)).Order().ToList();
        if (Beyond(peaks[(peaks.Count + 1) / 2 - 1], threshold) is not { } after) return null;
        if (threshold.IsScore && after >= 1) return null;   // never reached
        var kept = raised.Where(c => c.Verdict is OutcomeVerdict.True).All(c => of.Extremity(c.Peak) >= after + of.Margin);
        return kept ? threshold.Extremity(after) : null;
    }

    /// <summary>The next place on the grid that is beyond.</summary>
    private static double? Beyond(double extremity, in Threshold threshold)
    {
        var scale = threshold.IsScore ? 1 - threshold.Setpoint : Math.Abs(threshold.Setpoint);
        if (!double.IsFinite(extremity) || Math.Abs(extremity) > 1e12) return null;   // no reading of a machine
        if (scale < 1e-9) return null;   // no scale to step on
        var step = Power((int)Math.Floor(Math.Log10(scale)) - Digits);
        return (double)((Math.Floor((decimal)extremity / step) + 1) * step);
    }

    private static decimal Power(int exponent)
    {
        var power = 1m;
        for (var i = 0; i < Math.Abs(exponent); i++) power = exponent > 0 ? power * 10 : power / 10;
        return power;
    }
}
