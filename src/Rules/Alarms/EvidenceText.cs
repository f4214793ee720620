using System.Globalization;
using Seamless.Rules.Engine;
using Seamless.Rules.Packs;

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
        if (rule.Condition is ConditionKind.Event || rule.Metric is null || pack.Metric(rule.Metric) is not { } metric) return rule.Message;
        return Of(rule.Condition, metric, value, finding);
    }

    private static LocalizedText Of(ConditionKind condition, MetricDefinition metric, string value, in Finding finding)
    {
        if (metric.Type is MetricType.Boolean) return finding.Definition.Message;
        var unit = metric.Unit.Length == 0 ? "" : $" {metric.Unit}";
        if (condition is ConditionKind.RateOfChange) unit += "/s";
        var limit = finding.Limit is { } at ? Number(at) + unit : null;
        return condition is ConditionKind.Detector
            ? new LocalizedText(
                $"{metric.Title.En} {value}{unit} is unlike before (score {Number(finding.Score ?? 0)})",
                $"{metric.Title.ZhCn} {value}{unit}，与以往不同（评分 {Number(finding.Score ?? 0)}）")
            : new LocalizedText($"{metric.Title.En} {value}{unit}, limit {limit}", $"{metric.Title.ZhCn} {value}{unit}，限值 {limit}");
    }

    private static string Number(double value) => value.ToString("0.###", CultureInfo.InvariantCulture);
}
