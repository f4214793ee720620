using Seamless.Rules.Packs;

namespace Seamless.Rules.Workbench;

/// <summary>What each function of expressions gives, in words for who writes it.</summary>
internal static class FunctionHelp
{
    /// <summary>Call: as it is written, the name up to the bracket.</summary>
    public static IReadOnlyList<(string Call, LocalizedText Help)> All { get; } =
    [
        ("mean(x, 10m)", new("mean over the last ten minutes", "最近十分钟的平均值")),
        ("std(x, 10m)", new("standard deviation over the last ten minutes", "最近十分钟的标准差")),
        ("min(x, 10m)", new("least value of the last ten minutes; min(x, y): the lesser", "最近十分钟的最小值；min(x, y)：较小者")),
        ("max(x, 10m)", new("greatest value of the last ten minutes; max(x, y): the greater", "最近十分钟的最大值；max(x, y)：较大者")),
        ("range(x, 10m)", new("greatest less least of the last ten minutes", "最近十分钟的极差")),
        ("median(x, 1h)", new("median of the last hour", "最近一小时的中位数")),
        ("percentile(x, 95, 1h)", new("95th percentile of the last hour", "最近一小时的第 95 百分位数")),
        ("slope(x, 1h)", new("change per second over the last hour, least squares", "最近一小时的变化率（最小二乘）")),
        ("count(x > 5, 1h)", new("how many samples of the last hour were true", "最近一小时内成立的样本数")),
        ("rate(x)", new("change per second since the sample before", "相对上一样本的每秒变化量")),
        ("unchanged(x)", new("seconds without change", "保持不变的秒数")),
        ("given(x, running)", new("x where the second is true, else unknown", "第二项为真时取 x，否则未知")),
        ("peers(x, 1h)", new("median of the other machines of the type at the site, hour by hour", "同一现场同类其他设备的逐小时中位数")),
        ("peerSpread(x, 1h)", new("how far those machines lie apart", "这些设备之间的离散程度")),
        ("abs(x)", new("without its sign", "绝对值")),
        ("sqrt(x)", new("square root of a number without a unit", "无量纲数的平方根")),
    ];
}
