using System.Globalization;
using Seamless.Fleet.Registry;
using Seamless.Rules.Packs;

namespace Seamless.ServiceDesk.Care.Tips;

/// <summary>What is known of a machine when a campaign asks.</summary>
/// <param name="Values">By metric, measure and days; a metric without a value in that time is not there.</param>
/// <param name="Faults">Of its open tickets, and with the instant of those that have ended.</param>
internal sealed record MachineFacts(
    Device Device, DateTimeOffset Now, IReadOnlyDictionary<MetricAsked, double> Values, IReadOnlyList<FaultSeen> Faults, bool IsCovered);

internal readonly record struct MetricAsked(string Metric, TipMeasure Measure, int Days)
{
    public static MetricAsked? Of(TipCondition condition) => condition is { Test: TipTest.Metric, Metric: { } metric } ? new(metric, condition.Measure, condition.Days) : null;
}

/// <param name="EndedAt">Null while its ticket is open.</param>
internal readonly record struct FaultSeen(string Code, DateTimeOffset? EndedAt);

/// <param name="Why">What holds, one condition after the other, or the first that does not; for whoever has the tip, and whoever asks why not.</param>
internal sealed record Relevance(bool Holds, LocalizedText Why);

/// <summary>Whether a campaign is about a machine. Pure.</summary>
internal static class TipRelevance
{
    private static readonly LocalizedText InScope = new("it is one of the machines that this tip is about", "属于本提示所涉及的设备");

    public static Relevance Of(IReadOnlyList<TipCondition> conditions, MachineFacts facts)
    {
        var held = new List<LocalizedText>();
        foreach (var condition in conditions)
        {
            var judged = Of(condition, facts);
            if (!judged.Holds) return judged;
            held.Add(judged.Why);
        }
        return new Relevance(true, held.Count == 0 ? InScope : new(string.Join("; ", held.Select(w => w.En)), string.Join("；", held.Select(w => w.ZhCn))));
    }

    private static Relevance Of(TipCondition condition, MachineFacts facts) => condition.Test switch
    {
        TipTest.Age => OfValue(condition, (facts.Now - facts.Device.RegisteredAt).TotalDays, new("age in days", "使用天数")),
        TipTest.Metric => OfMetric(condition, facts),
        TipTest.Fault => OfFault(condition, facts),
        _ => new Relevance(condition.Covered == facts.IsCovered, facts.IsCovered ? new("a contract or a warranty covers it", "有合同或质保保障") : new("no contract or warranty covers it", "没有合同或质保保障")),
    };

    private static Relevance OfMetric(TipCondition condition, MachineFacts facts)
    {
        var asked = MetricAsked.Of(condition)!.Value;   // was checked when the campaign was put
        var what = asked.Measure is TipMeasure.Mean
            ? new LocalizedText($"{asked.Metric}, mean of {asked.Days} days", $"{asked.Metric} {asked.Days} 天平均值")
            : new LocalizedText($"{asked.Metric}, newest value", $"{asked.Metric} 最新值");
        return facts.Values.TryGetValue(asked, out var value)
            ? OfValue(condition, value, what)
            : new Relevance(false, new($"{asked.Metric} has no value of the last {asked.Days} days", $"最近 {asked.Days} 天没有 {asked.Metric} 的数据"));
    }

    private static Relevance OfValue(TipCondition condition, double value, LocalizedText what)
    {
        var limit = condition.Limit ?? double.NaN;
        var holds = condition.Side is TipSide.Above ? value > limit : value < limit;
        var (shown, asked) = (Shown(value), Shown(limit));
        return new Relevance(holds, (condition.Side is TipSide.Above) == holds
            ? new($"{what.En}: {shown}, {(holds ? "above" : "not below")} {asked}", $"{what.ZhCn}：{shown}，{(holds ? "高于" : "不低于")} {asked}")
            : new($"{what.En}: {shown}, {(holds ? "below" : "not above")} {asked}", $"{what.ZhCn}：{shown}，{(holds ? "低于" : "不高于")} {asked}"));
    }

    private static Relevance OfFault(TipCondition condition, MachineFacts facts)
    {
        var since = facts.Now.AddDays(-condition.Days);
        var seen = facts.Faults.Where(f => f.Code == condition.Fault && (f.EndedAt is null || f.EndedAt >= since)).ToList();
        if (seen.Count == 0) return new Relevance(false, new($"no ticket with the fault {condition.Fault} in the last {condition.Days} days", $"最近 {condition.Days} 天没有故障为 {condition.Fault} 的工单"));
        return new Relevance(true, seen.Any(f => f.EndedAt is null)
            ? new($"the fault {condition.Fault} is open", $"故障 {condition.Fault} 尚未解决")
            : new($"the fault {condition.Fault} was repaired not long ago", $"故障 {condition.Fault} 近期已修复"));
    }

    private static string Shown(double value) => value.ToString("0.##", CultureInfo.InvariantCulture);
}
