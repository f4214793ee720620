using System.Globalization;

namespace Seamless.Rules.Packs.Files;

/// <summary>Reads one file of rules against the pack's metrics and symptoms.</summary>
internal sealed class RuleReader(IReadOnlyList<MetricDefinition> metrics, IReadOnlyCollection<string> symptoms, IReadOnlyCollection<string> detectors)
{
    private static readonly Dictionary<string, ConditionKind> Conditions = new()
    {
        ["high"] = ConditionKind.High,
        ["low"] = ConditionKind.Low,
        ["rate"] = ConditionKind.RateOfChange,
        ["missing"] = ConditionKind.Missing,
        ["detector"] = ConditionKind.Detector,
        ["model"] = ConditionKind.Model,
        ["event"] = ConditionKind.Event,
    };

    private static readonly Dictionary<string, Severity> Severities = new()
    {
        ["critical"] = Severity.Critical,
        ["high"] = Severity.High,
        ["medium"] = Severity.Medium,
        ["low"] = Severity.Low,
    };

    public IReadOnlyList<RuleDefinition> Read(string file, string text, List<PackProblem> problems)
    {
        if (YamlSection.Open(file, text, problems) is not { } root) return [];
        if (!root.Has("rules")) problems.Add(new PackProblem(file, root.At.Line, root.At.Column, "'rules' is missing", "rules: followed by a list"));
        var rules = root.Sections("rules").Select(Rule).ToList();
        root.RefuseOthers();
        return rules;
    }

    private RuleDefinition Rule(YamlSection section)
    {
        var condition = section.Word("condition", Conditions, ConditionKind.High);
        var metric = Metric(section, condition);
        var rule = new RuleDefinition(
            section.Text("id"), section.Localized("title"), section.OptionalText("metric"), condition, Setpoint(section, condition, metric),
            Deadband(section), section.Duration("onDelay", TimeSpan.Zero), section.Duration("offDelay", TimeSpan.Zero),
            section.Word("severity", Severities, Severity.Medium), Symptom(section), section.Text("mode"), When(section),
            Detector(section, condition), Model(section, condition), section.Localized("message"), section.OptionalText("source"));
        section.RefuseOthers();
        return rule;
    }

    private MetricDefinition? Metric(YamlSection section, ConditionKind condition)
    {
        var name = section.OptionalText("metric");
        if (name is null)
        {
            if (condition is not (ConditionKind.Missing or ConditionKind.Model)) section.Problem("metric", "'metric' is missing", "the metric that is judged");
            return null;
        }
        if (condition is ConditionKind.Event) return null;
        if (condition is ConditionKind.Model) section.Problem("metric", "a model judges the whole device", "leave 'metric' out");
        var metric = metrics.FirstOrDefault(m => m.Name == name);
        if (metric is null) section.Problem("metric", $"the pack has no metric '{name}'", Nearest.Hint(name, metrics.Select(m => m.Name)));
        if (metric is { Type: MetricType.State } && condition is not ConditionKind.Missing)
            section.Problem("metric", $"'{name}' is a state: it has no number to compare", "a number or boolean metric");
        return metric;
    }

    /// <summary>A number, with or without the metric's own unit after it; silence may be written as a duration.</summary>
    private static double Setpoint(YamlSection section, ConditionKind condition, MetricDefinition? metric)
    {
        if (condition is ConditionKind.Event)
        {
            if (section.Has("setpoint")) section.Problem("setpoint", "an event has no setpoint", "leave it out");
            return 0;
        }
        var text = section.Text("setpoint");
        if (text.Length == 0) return 0;
        if (condition is ConditionKind.Missing && Durations.TryParse(text, out var silence)) return silence.TotalSeconds;
        var cut = text.IndexOf(' ', StringComparison.Ordinal);
        var unit = cut < 0 ? null : text[(cut + 1)..].Trim();
        if (!double.TryParse(cut < 0 ? text : text[..cut], NumberStyles.Float, CultureInfo.InvariantCulture, out var setpoint) || !double.IsFinite(setpoint))
        {
            section.Problem("setpoint", $"'{text}' is not a number", metric?.Unit is { Length: > 0 } own ? $"a number in {own}" : "a number");
            return 0;
        }
        CheckUnit(section, condition, metric, unit);
        CheckReach(section, condition, metric, setpoint);
        return setpoint;
    }

    private static void CheckUnit(YamlSection section, ConditionKind condition, MetricDefinition? metric, string? unit)
    {
        if (unit is null) return;
        var right = condition switch
        {
            ConditionKind.High or ConditionKind.Low => metric?.Unit,
            ConditionKind.RateOfChange => metric?.Unit + "/s",
            ConditionKind.Missing => "s",
            _ => "",
        };
        if (right is not null && unit != right) section.Problem("setpoint", $"the unit '{unit}' is wrong here", right.Length > 0 ? $"in {right}" : "a number without a unit");
    }

    private static void CheckReach(YamlSection section, ConditionKind condition, MetricDefinition? metric, double setpoint)
    {
        if (condition is ConditionKind.Detector or ConditionKind.Model && setpoint is <= 0 or > 1)
            section.Problem("setpoint", $"a score of {setpoint.ToString(CultureInfo.InvariantCulture)} is never reached", "above 0, at most 1");
        if (condition is ConditionKind.Missing or ConditionKind.RateOfChange && setpoint <= 0)
            section.Problem("setpoint", "must be above 0", null);
        if (condition is ConditionKind.High or ConditionKind.Low && metric is { Low: { } low, High: { } high } && (setpoint < low || setpoint > high))
            section.Problem("setpoint", FormattableString.Invariant($"{setpoint} lies outside the metric's range {low} to {high}: the rule could never judge"), null);
    }

    private static double Deadband(YamlSection section)
    {
        var deadband = section.OptionalNumber("deadband") ?? 0;
        if (deadband < 0) section.Problem("deadband", "must not be negative", "how far back behind the setpoint the condition ends");
        return Math.Max(0, deadband);
    }

    private string Symptom(YamlSection section)
    {
        var symptom = section.Text("symptom");
        if (symptom.Length > 0 && !symptoms.Contains(symptom))
            section.Problem("symptom", $"faults.yaml knows no symptom '{symptom}'", Nearest.Hint(symptom, symptoms));
        return symptom;
    }

    private string? When(YamlSection section)
    {
        if (section.OptionalText("when") is not { } when) return null;
        if (metrics.FirstOrDefault(m => m.Name == when) is { Type: MetricType.Boolean }) return when;
        section.Problem("when", $"'{when}' is not a boolean metric of this pack", Nearest.Hint(when, metrics.Where(m => m.Type is MetricType.Boolean).Select(m => m.Name)));
        return null;
    }

    private string? Detector(YamlSection section, ConditionKind condition)
    {
        if (condition is not ConditionKind.Detector)
        {
            if (section.Has("detector")) section.Problem("detector", "only 'condition: detector' has one", "leave it out");
            return null;
        }
        var name = section.Text("detector");
        if (name.Length > 0 && !detectors.Contains(name)) section.Problem("detector", $"there is no detector '{name}'", Nearest.Hint(name, detectors));
        return name;
    }

    private static string? Model(YamlSection section, ConditionKind condition)
    {
        if (condition is ConditionKind.Model) return section.Text("model");
        if (section.Has("model")) section.Problem("model", "only 'condition: model' has one", "leave it out");
        return null;
    }
}
