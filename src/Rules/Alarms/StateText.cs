using Seamless.Analytics.MachineState;
using Seamless.Rules.Engine;
using Seamless.Rules.Packs;

namespace Seamless.Rules.Alarms;

/// <summary>What a finding on the state of a machine says: which metrics are otherwise than expected, and by what share.</summary>
internal static class StateText
{
    /// <summary>More than these nobody reads; the shares of all stand beside the text.</summary>
    private const int Most = 4;

    /// <summary>What has a smaller share explains nothing.</summary>
    private const double Least = 0.05;

    public static LocalizedText Of(in Finding finding, StateFinding state, EquipmentPack pack)
    {
        var title = finding.Definition.Title;
        if (finding.IsLearnedAnew)
            return new LocalizedText($"{title.En}: learning {state.Learned} of {MachineStateDetector.LearningRows}", $"{title.ZhCn}：正在学习 {state.Learned}/{MachineStateDetector.LearningRows}");
        var score = EvidenceText.Number(finding.Score ?? 0);
        var told = state.Departures.Where(departure => Math.Abs(departure.Share) >= Least).Take(Most).Select(departure => Of(departure, pack)).ToList();
        return new LocalizedText(
            $"{title.En} (score {score}){string.Concat(told.Select((part, i) => (i == 0 ? ": " : "; ") + part.En))}",
            $"{title.ZhCn}（评分 {score}）{string.Concat(told.Select((part, i) => (i == 0 ? "：" : "；") + part.ZhCn))}");
    }

    private static LocalizedText Of(Departure departure, EquipmentPack pack)
    {
        var metric = pack.Metric(departure.Metric);
        var (title, unit) = (metric?.Title ?? new LocalizedText(departure.Metric, departure.Metric), metric is { Unit.Length: > 0 } ? $" {metric.Unit}" : "");
        var (expected, share) = (EvidenceText.Number(departure.Expected) + unit, Math.Round(100 * Math.Abs(departure.Share)));
        var isLow = departure.Share < 0;
        if (double.IsNaN(departure.Value)) return new LocalizedText($"{title.En} {(isLow ? "lower" : "higher")} than {expected} ({share} %)", $"{title.ZhCn} {(isLow ? "低于" : "高于")} {expected}（{share} %）");
        var value = EvidenceText.Number(departure.Value) + unit;
        return new LocalizedText($"{title.En} {value}, {(isLow ? "lower" : "higher")} than {expected} ({share} %)", $"{title.ZhCn} {value}，{(isLow ? "低于" : "高于")} {expected}（{share} %）");
    }
}
