using System.Globalization;
using Seamless.Analytics.MachineState;

namespace Seamless.Rules.Packs.Files;

/// <summary>Reads what a rule on the state of the machine looks at: <c>metrics</c>, <c>every</c>, <c>by</c> and <c>reset</c>.</summary>
internal sealed class StateReader(IReadOnlyList<MetricDefinition> metrics)
{
    private static readonly string[] Own = ["metrics", "every", "by", "reset"];
    private static readonly TimeSpan Usual = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan Shortest = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Longest = TimeSpan.FromDays(1);

    public StateDefinition? Read(YamlSection section, ConditionKind condition)
    {
        if (condition is not ConditionKind.State)
        {
            foreach (var key in Own)
                if (section.Has(key)) section.Problem(key, $"only 'condition: state' has '{key}'", "leave it out");
            return null;
        }
        var (names, (by, words)) = (Metrics(section), By(section));
        if (by is not null && names.Contains(by)) section.Problem("by", $"'{by}' cannot be both a mode and one of the metrics", "leave it out of 'metrics'");
        return new StateDefinition(names, Every(section), by, words, !section.Has("reset") || section.Word("reset", RuleWords.Resets, true));
    }

    private IReadOnlyList<string> Metrics(YamlSection section)
    {
        if (!section.Has("metrics")) section.Problem("metrics", "'metrics' is missing", $"from {StateSpec.FewestSignals} to {StateSpec.MostSignals} metrics that are judged together: [vibration, current]");
        var names = section.Texts("metrics");
        if (section.Has("metrics") && names.Count is < StateSpec.FewestSignals or > StateSpec.MostSignals)
            section.Problem("metrics", $"{names.Count.ToString(CultureInfo.InvariantCulture)} metrics are judged together", $"from {StateSpec.FewestSignals} to {StateSpec.MostSignals}");
        if (names.GroupBy(name => name, StringComparer.Ordinal).FirstOrDefault(group => group.Count() > 1) is { } twice)
            section.Problem("metrics", $"'{twice.Key}' stands there twice", "each metric once");
        foreach (var name in names.Distinct(StringComparer.Ordinal)) CheckNumber(section, name);
        return names;
    }

    private void CheckNumber(YamlSection section, string name)
    {
        var numbers = metrics.Where(metric => metric.Type is MetricType.Number).Select(metric => metric.Name);
        if (metrics.FirstOrDefault(metric => metric.Name == name) is not { } metric) section.Problem("metrics", $"the pack has no metric '{name}'", Nearest.Hint(name, numbers));
        else if (metric.Type is not MetricType.Number) section.Problem("metrics", $"'{name}' is no number", $"a number; what tells how the machine is used stands in by: {name} or when: {name}");
    }

    private static TimeSpan Every(YamlSection section)
    {
        var every = section.Duration("every", Usual);
        if (every >= Shortest && every <= Longest) return every;
        section.Problem("every", "a row is made every second at most, and every day at least", "every: 1m");
        return Usual;
    }

    /// <summary><c>by: stage</c> for a number or a boolean, <c>by: { metric: mode, words: [eco, boost] }</c> for a state.</summary>
    private (string? By, IReadOnlyList<string> Words) By(YamlSection section)
    {
        if (!section.Has("by")) return (null, []);
        var modes = section.IsMapping("by") ? section.Section("by") : null;
        var name = modes is null ? section.Text("by") : modes.Text("metric");
        var words = modes?.Texts("words") ?? [];
        modes?.RefuseOthers();
        if (name.Length == 0) return (null, []);
        if (metrics.FirstOrDefault(metric => metric.Name == name) is not { } mode)
        {
            section.Problem("by", $"the pack has no metric '{name}'", Nearest.Hint(name, metrics.Select(metric => metric.Name)));
            return (null, []);
        }
        if (mode.Type is MetricType.State && words.Count == 0) section.Problem("by", $"'{name}' is a state: which of its words are modes?", $"by: {{ metric: {name}, words: [eco, boost] }}");
        if (mode.Type is not MetricType.State && words.Count > 0) section.Problem("by", $"'{name}' has no words", $"by: {name}");
        if (words.Count > StateWatch.MostModes) section.Problem("by", $"there are {words.Count.ToString(CultureInfo.InvariantCulture)} modes", $"at most {StateWatch.MostModes}");
        return (name, words);
    }
}
