using Seamless.Rules.Engine;
using Seamless.Rules.Packs;

namespace Seamless.Rules.Backtests;

/// <summary>What of the history some rules look at. The rest is neither read nor judged.</summary>
internal static class NeededMetrics
{
    /// <summary>The pack with only the metrics that its rules look at: the sensors of others are watched by no rule of it.</summary>
    public static EquipmentPack Narrowed(EquipmentPack pack)
    {
        var needed = new CompiledPack(pack).MetricsJudged.ToHashSet(StringComparer.Ordinal);
        return pack with { Metrics = [.. pack.Metrics.Where(metric => needed.Contains(metric.Name))] };
    }

    /// <summary>Names to read for all of the packs; empty for every metric.</summary>
    /// <remarks>Silence ends with anything a device says: a rule on it needs every sample.</remarks>
    public static IReadOnlyCollection<string> Of(IReadOnlyList<CompiledPack> packs) =>
        packs.Any(pack => pack.Missing.Length > 0) ? [] : packs.SelectMany(pack => pack.Pack.Metrics.Select(metric => metric.Name)).ToHashSet(StringComparer.Ordinal);
}
