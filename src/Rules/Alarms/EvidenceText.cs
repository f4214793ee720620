using System.Globalization;
using Seamless.Rules.Engine;
using Seamless.Rules.Packs;
using Seamless.Rules.Packs.Expressions;

namespace Seamless.Rules.Alarms;

/// <summary>What a finding says, for the person: the quantity, its value and the limit, in both languages.</summary>
internal static class EvidenceText
{
    public static LocalizedText Of(in Finding finding, EquipmentPack pack)
    {
        var rule = finding.Definition;
        var value = Number(finding.Value);
        if (rule.Condition is ConditionKind.Missing)
            return new LocalizedText($"No data for {value} s", $"已 {value} 秒无数据");
        if (rule.Condition is ConditionKind.Model)
            return new LocalizedText($"{rule.Title.En}: probability {Number(finding.Score ?? 0)}", $"{rule.Title.ZhCn}：概率 {Number(finding.Score ?? 0)}");
        if (finding.State is { } state) return StateText.Of(finding, state, pack);
        if (rule.Value is not null && rule.Condition is not ConditionKind.Holds) return Of(rule, rule.Title, rule.Unit ?? Meaning(rule, pack), value, finding);
        if (rule.Metric is null || pack.Metric(rule.Metric) is not { } metric || rule.Condition is ConditionKind.Event || metric.Type is MetricType.Boolean) return rule.Message;
        return rule.Condition is ConditionKind.Stuck
            ? new LocalizedText($"{metric.Title.En} has not moved for {value} s", $"{metric.Title.ZhCn} 已 {value} 秒没有变化")
            : Of(rule, metric.Title, rule.Unit ?? metric.Unit + (rule.Condition is ConditionKind.RateOfChange ? "/s" : ""), value, finding);
    }

    /// <summary>The unit that an expression comes out in.</summary>
    private static string Meaning(RuleDefinition rule, EquipmentPack pack) => ExpressionReader.Read(rule.Value!, pack.Metrics).Unit?.Text ?? "";

    private static LocalizedText Of(RuleDefinition rule, LocalizedText title, string unitText, string value, in Finding finding)
    {
        var unit = unitText.Length == 0 ? "" : $" {unitText}";
        var limit = finding.Limit is { } at ? Number(at) + unit : null;
        if (rule.Detector is "above-usual" or "below-usual" && limit is not null)
        {
            return rule.Detector is "above-usual"
                ? new LocalizedText($"{title.En} {value}{unit}, at this time of the day usually up to {limit}", $"{title.ZhCn} {value}{unit}，此时段平常不高于 {limit}")
                : new LocalizedText($"{title.En} {value}{unit}, at this time of the day usually from {limit}", $"{title.ZhCn} {value}{unit}，此时段平常不低于 {limit}");
        }
        return rule.Condition is ConditionKind.Detector
            ? new LocalizedText(
                $"{title.En} {value}{unit} is unlike before (score {Number(finding.Score ?? 0)})",
                $"{title.ZhCn} {value}{unit}，与以往不同（评分 {Number(finding.Score ?? 0)}）")
            : new LocalizedText($"{title.En} {value}{unit}, limit {limit}", $"{title.ZhCn} {value}{unit}，限值 {limit}");
    }

    internal static string Number(double value) => value.ToString("0.###", CultureInfo.InvariantCulture);
}
