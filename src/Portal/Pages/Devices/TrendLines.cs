using Seamless.Portal.Components;
using Seamless.Portal.Pages.Viewing;
using Seamless.Rules.Alarms;
using Seamless.Rules.Packs;

namespace Seamless.Portal.Pages.Devices;

/// <summary>What a chart should know of a metric: its title and unit from the pack, its setpoints from the rules, its abnormal stretches from the evidence.</summary>
internal static class TrendLines
{
    /// <summary>In the pack's order, metrics the pack does not know last.</summary>
    public static IReadOnlyList<TrendLine> Of(IEnumerable<string> metrics, EquipmentPack? pack, IEnumerable<Evidence> evidence, Viewer viewer)
    {
        var order = (pack?.Metrics ?? []).Select((m, i) => (m.Name, i)).ToDictionary(m => m.Name, m => m.i);
        var found = evidence.ToLookup(e => e.Metric);
        return [.. metrics.Distinct()
            .OrderBy(m => order.GetValueOrDefault(m, int.MaxValue)).ThenBy(m => m, StringComparer.Ordinal)
            .Select(m => Of(m, pack, found[m], viewer))];
    }

    private static TrendLine Of(string metric, EquipmentPack? pack, IEnumerable<Evidence> evidence, Viewer viewer)
    {
        var known = pack?.Metric(metric);
        var rules = (pack?.Rules ?? []).Where(r => r.Metric == metric).ToList();
        return new TrendLine(
            metric, known is null ? metric : viewer.In(known.Title), known?.Unit ?? "", known?.Type is MetricType.Boolean,
            [.. rules.Where(r => r.Condition is ConditionKind.High or ConditionKind.Low).Select(r => Limit(r, viewer)).DistinctBy(l => l.Value).OrderByDescending(l => l.Value)],
            [.. evidence.Select(e => new TrendSpan(
                e.From.ToUnixTimeMilliseconds(), e.To?.ToUnixTimeMilliseconds(), (int)(rules.FirstOrDefault(r => r.Id == e.Rule)?.Severity ?? Severity.Medium), viewer.In(e.Text)))]);
    }

    private static TrendLimit Limit(RuleDefinition rule, Viewer viewer) =>
        new(rule.Setpoint, (int)rule.Severity, $"{(rule.Condition is ConditionKind.High ? "≥" : "≤")} {viewer.Number(rule.Setpoint)}");
}
