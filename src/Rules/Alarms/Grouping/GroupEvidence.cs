using Seamless.Rules.Diagnosis;
using Seamless.Rules.Packs;

namespace Seamless.Rules.Alarms.Grouping;

/// <summary>What an alarm of many shows of their evidence: the earliest, told apart by the device's name. All of it stays with the members.</summary>
internal static class GroupEvidence
{
    /// <summary>More is not read by anybody, and would be written again with every member that comes.</summary>
    public const int Most = 20;

    public static IReadOnlyList<Evidence> Of(IEnumerable<Alarm> children, FaultDefinition? cause) =>
        [.. Sorted(children.SelectMany(child => Shown(child, cause))).Take(Most)];

    public static IReadOnlyList<Evidence> With(IReadOnlyList<Evidence> evidence, Alarm child, FaultDefinition? cause)
    {
        var latest = evidence.Count < Most ? DateTimeOffset.MaxValue : evidence[^1].From;
        var more = Shown(child, cause).Where(e => e.IsActive && e.From < latest).ToList();
        return more.Count == 0 ? evidence : [.. Sorted(evidence.Concat(more)).Take(Most)];
    }

    private static IEnumerable<Evidence> Shown(Alarm child, FaultDefinition? cause) =>
        child.Evidence.Where(e => cause is null || cause.Symptoms.ContainsKey(e.Symptom)).Select(e => Of(child, e));

    private static IEnumerable<Evidence> Sorted(IEnumerable<Evidence> evidence) =>
        evidence.OrderBy(e => e.From).ThenBy(e => e.Rule, StringComparer.Ordinal).ThenBy(e => e.Text.En, StringComparer.Ordinal);

    private static Evidence Of(Alarm child, Evidence evidence) =>
        evidence with { Text = new LocalizedText($"{child.Device}: {evidence.Text.En}", $"{child.Device}：{evidence.Text.ZhCn}") };
}
