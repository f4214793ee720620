using Microsoft.EntityFrameworkCore;
using Seamless.Rules.Alarms;
using Seamless.Rules.Backtests;
using Seamless.Rules.Labels;
using Seamless.Rules.Packs;
using Seamless.Telemetry;

namespace Seamless.Rules.Evaluation;

/// <summary>Looks at each rule in force with one setpoint, and at how far its labelled alarms went.</summary>
internal sealed class ThresholdProposals(IDbContextFactory<RulesContext> contexts, ILabels labels, PackDirectory packs, TimeProvider time)
{
    private static readonly TimeSpan LookedBack = TimeSpan.FromDays(365);

    /// <summary>Where a rule has no deadband a confirmed fault must lie this share of the setpoint beyond a new one.</summary>
    private const double LeastMargin = 0.01;

    public async Task<IReadOnlyList<ThresholdProposal>> FindAsync(string tenant, CancellationToken ct)
    {
        var standing = await labels.StandingAsync(tenant, time.GetUtcNow() - LookedBack, ct);
        var types = standing.Values.Where(l => l.Verdict is OutcomeVerdict.False).GroupBy(l => l.Type).Where(t => t.Count() >= ThresholdSearch.LeastFalse).Select(t => t.Key).ToHashSet(StringComparer.Ordinal);
        if (types.Count == 0) return [];
        var judged = await PeaksAsync([.. standing.Values.Where(l => types.Contains(l.Type) && l.Device is not null && l.Verdict is not OutcomeVerdict.Known)], ct);
        return [.. packs.RuleFiles.Where(file => types.Contains(file.Type)).SelectMany(file => file.Rules.Select(rule => Propose(file, rule, judged)).OfType<ThresholdProposal>())
            .OrderBy(p => p.Type, StringComparer.Ordinal).ThenBy(p => p.Rule, StringComparer.Ordinal)];
    }

    private ThresholdProposal? Propose(RuleFile file, RuleDefinition rule, IReadOnlyList<LabelledPeaks> judged)
    {
        if (ThresholdOf(rule) is not { } threshold) return null;
        var seen = judged.Where(j => j.Label.Type == file.Type && j.Peaks.ContainsKey(rule.Id)).ToList();
        var cases = seen.Select(j => new PeakCase(j.Label.Device!, j.PeakOf(rule.Id, threshold), j.Label.Verdict, j.Peaks.Count == 1)).ToList();
        if (ThresholdSearch.Find(threshold, cases) is not { } after || SetpointText.With(file, rule.Id, after) is not { } yaml) return null;
        packs.Try(file.Type, file.Name, yaml, out var problems);
        if (problems.Count > 0) return null;   // beyond the metric's range, or on the far side of an escalation
        var limit = threshold.Extremity(threshold.Setpoint);
        var shown = seen.Zip(cases).Where(pair => threshold.Extremity(pair.Second.Peak) >= limit && (pair.Second.IsAlone || pair.Second.Verdict is OutcomeVerdict.True))
            .OrderBy(pair => threshold.Extremity(pair.Second.Peak)).ThenBy(pair => pair.First.Label.Id, StringComparer.Ordinal)
            .Select(pair => new ThresholdCase(pair.First.Label, pair.Second.Peak, threshold.Extremity(pair.Second.Peak) < threshold.Extremity(after))).ToList();
        return new ThresholdProposal(IdOf(file, rule.Id, after), file.Type, file.Name, rule.Id, rule.Title, threshold.IsScore, UnitOf(file.Type, rule, threshold), rule.Setpoint, after, yaml, shown);
    }

    private static string IdOf(RuleFile file, string rule, double after) => StableHash.Id("tp", file.Type, file.Name, file.Version, rule, SetpointText.Number(after));

    private string UnitOf(string type, RuleDefinition rule, in Threshold threshold)
    {
        if (threshold.IsScore) return "";
        var unit = rule.Unit ?? (rule.Metric is { } metric ? packs.Find(type)?.Metric(metric)?.Unit : null) ?? "";
        return rule.Condition is ConditionKind.RateOfChange && rule.Unit is null ? $"{unit}/s" : unit;
    }

    /// <summary>Null for rules that have no threshold, or more than one.</summary>
    internal static Threshold? ThresholdOf(RuleDefinition rule)
    {
        if (rule.ByMode is not null || !rule.IsAlarm) return null;
        var margin = rule.Deadband > 0 ? rule.Deadband : LeastMargin * Math.Abs(rule.Setpoint);
        return rule.Condition switch
        {
            ConditionKind.High or ConditionKind.RateOfChange => new Threshold(rule.Setpoint, Falls: false, IsScore: false, margin),
            ConditionKind.Low => new Threshold(rule.Setpoint, Falls: true, IsScore: false, margin),
            ConditionKind.Detector or ConditionKind.Model or ConditionKind.State => new Threshold(rule.Setpoint, Falls: false, IsScore: true, 0),
            _ => null,
        };
    }

    /// <summary>From the journal, not from the alarm alone: what came back within the re-open window keeps only its last span there.</summary>
    private async Task<List<LabelledPeaks>> PeaksAsync(IReadOnlyList<Label> judged, CancellationToken ct)
    {
        await using var context = await contexts.CreateDbContextAsync(ct);
        var peaks = judged.ToDictionary(label => label.Alarm, label => new LabelledPeaks(label), StringComparer.Ordinal);
        foreach (var ids in peaks.Keys.Chunk(500))
        {
            var changes = context.Changes.AsNoTracking().Where(c => ids.Contains(c.AlarmId) && c.Ordinal != null).Select(c => new { c.AlarmId, c.AlarmJson }).AsAsyncEnumerable();
            await foreach (var change in changes.WithCancellation(ct)) peaks[change.AlarmId].Take(AlarmJson.Read<Alarm>(change.AlarmJson));
        }
        return [.. peaks.Values];
    }

    /// <summary>All that each rule saw in one alarm.</summary>
    private sealed class LabelledPeaks(Label label)
    {
        public Label Label => label;
        public Dictionary<string, List<double>> Peaks { get; } = new(StringComparer.Ordinal);

        public void Take(Alarm alarm)
        {
            foreach (var evidence in alarm.Evidence)
            {
                if (!Peaks.TryGetValue(evidence.Rule, out var seen)) Peaks[evidence.Rule] = seen = [];
                seen.Add(evidence.Score ?? evidence.Value);
            }
        }

        public double PeakOf(string rule, Threshold threshold) => Peaks[rule].MaxBy(threshold.Extremity);
    }
}
