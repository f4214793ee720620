namespace Seamless.Fleet.Updates;

public enum NextMove : byte { Wait, Promote, Pause, Abort }

/// <param name="Why">For whoever looks at the campaign; empty when it goes on.</param>
public readonly record struct WaveVerdict(NextMove Move, string Why)
{
    /// <summary>While a wave runs: stop at once when too many fail.</summary>
    public static WaveVerdict WhileRunning(Wave wave, CampaignRules rules) =>
        wave.Finished >= rules.AbortAfter && wave.Failed >= rules.AbortRate * wave.Finished
            ? new(NextMove.Abort, $"{wave.Failed} of {wave.Finished} devices of wave '{wave.Name}' failed; {rules.AbortRate:0.##%} end the campaign")
            : new(NextMove.Wait, "");

    /// <summary>After the soak: go on only if it did well, and no worse than those that were left alone.</summary>
    public static WaveVerdict AfterSoak(Wave wave, IReadOnlyList<FieldComparison> comparisons, CampaignRules rules)
    {
        if (WhileRunning(wave, rules) is { Move: NextMove.Abort } abort) return abort;
        if (comparisons.FirstOrDefault(c => IsRegression(c, comparisons.Count, rules)) is { } worse)
            return new(NextMove.Abort, $"{worse.Kind}: {worse.Rate * 1000:0.##} per 1000 device-hours after the update, {worse.ControlRate * 1000:0.##} where it was not installed (p = {worse.P:0.0000})");
        if (wave.Missed > rules.MaxMissed * wave.Devices) return new(NextMove.Pause, $"{wave.Missed} of {wave.Devices} devices of wave '{wave.Name}' did not come for it");
        if (wave.Failed == 0) return new(NextMove.Promote, "");
        var upper = Evidence.WilsonUpper(wave.Failed, wave.Finished);
        if (wave.Finished < 100 || wave.Succeeded < rules.MinSuccess * wave.Finished) return new(NextMove.Pause, $"{wave.Failed} of {wave.Finished} devices of wave '{wave.Name}' failed");
        return upper < rules.FailureLimit ? new(NextMove.Promote, "") : new(NextMove.Pause, $"up to {upper:0.##%} may fail (95 %); the limit is {rules.FailureLimit:0.##%}");
    }

    /// <summary>Several kinds are compared: each alone must be the less likely by chance (Bonferroni).</summary>
    public static bool IsRegression(FieldComparison comparison, int kinds, CampaignRules rules) =>
        comparison.P < rules.RegressionP / kinds && comparison.Rate >= rules.RegressionRatio * comparison.ControlRate;
}
