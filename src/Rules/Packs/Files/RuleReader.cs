using Seamless.Rules.Engine;
using Seamless.Rules.Packs.Expressions;

namespace Seamless.Rules.Packs.Files;

/// <summary>Reads one file of rules against the pack's metrics and symptoms.</summary>
internal sealed class RuleReader(IReadOnlyList<MetricDefinition> metrics, IReadOnlyCollection<string> symptoms, IReadOnlyCollection<string> detectors)
{
    private readonly SetpointReader _setpoints = new(metrics);
    private readonly StateReader _states = new(metrics);

    public IReadOnlyList<RuleDefinition> Read(string file, string text, List<PackProblem> problems)
    {
        if (YamlSection.Open(file, text, problems) is not { } root) return [];
        if (!root.Has("rules")) problems.Add(new PackProblem(file, root.At.Line, root.At.Column, "'rules' is missing", "rules: followed by a list"));
        var rules = root.Sections("rules").Select(Rule).ToList();
        root.RefuseOthers();
        return rules;
    }

    /// <summary>The keys of a rule, and those that no rule goes without.</summary>
    internal static (IReadOnlyList<string> Keys, IReadOnlySet<string> Required) KeysFor(IReadOnlyList<MetricDefinition> metrics, IEnumerable<string> symptoms, IEnumerable<string> detectors)
    {
        var (keys, required) = (new List<string>(), (HashSet<string>?)null);
        foreach (var condition in RuleWords.Conditions.Keys)
        {
            var problems = new List<PackProblem>();
            var section = YamlSection.Open("rules", $"condition: {condition}", problems)!;
            new RuleReader(metrics, [.. symptoms], [.. detectors]).Rule(section);
            keys.AddRange(section.Asked.Where(key => !keys.Contains(key)));
            var missing = problems.Select(p => p.Message).Where(m => m.EndsWith("' is missing", StringComparison.Ordinal)).Select(m => m[1..m.LastIndexOf('\'')]).Append("condition");
            required = required is null ? [.. missing] : [.. missing.Where(required.Contains)];
        }
        return (keys, required!);
    }

    private RuleDefinition Rule(YamlSection section)
    {
        var condition = section.Word("condition", RuleWords.Conditions, ConditionKind.High);
        var judged = Judged(section, condition);
        var setpoints = _setpoints.Read(section, condition, judged);
        var isAlarm = section.Flag("alarm", otherwise: true);
        var rule = new RuleDefinition(
            section.Text("id"), section.Localized("title"), section.OptionalText("metric"), condition, setpoints.High,
            setpoints.Deadband, section.Duration("onDelay", TimeSpan.Zero), section.Duration("offDelay", TimeSpan.Zero),
            Severity(section, isAlarm), Symptom(section, condition, isAlarm), Mode(section, condition, isAlarm), When(section),
            Detector(section, condition), Model(section, condition), Message(section, isAlarm), section.OptionalText("source"))
        {
            Line = section.At.Line,
            Value = section.OptionalText("value"),
            Unit = setpoints.Unit,
            SetpointLow = setpoints.Low,
            ByMode = setpoints.ByMode,
            Escalations = setpoints.Escalations,
            Tolerance = Tolerance(section, condition),
            Schedule = ScheduleReader.Read(section),
            Of = Of(section, condition),
            Count = Count(section, condition),
            Within = Within(section, condition),
            IsAlarm = isAlarm,
            Latch = section.Flag("latch"),
            IsJudgedInMaintenance = InMaintenance(section, isAlarm),
            State = _states.Read(section, condition),
        };
        section.RefuseOthers();
        return rule;
    }

    /// <summary>What the rule judges; null when that is the whole device, or could not be read.</summary>
    private Expression? Judged(YamlSection section, ConditionKind condition)
    {
        var (name, value) = (section.OptionalText("metric"), section.OptionalText("value"));
        if (name is not null && value is not null) section.Problem("value", "a rule judges a metric or a value, not both", "leave one of them out");
        if (condition.IsComposite() || condition is ConditionKind.Model or ConditionKind.State)
        {
            foreach (var key in new[] { "metric", "value" })
                if (section.Has(key)) section.Problem(key, WhatIsJudged(condition), $"leave '{key}' out");
            return null;
        }
        if (value is not null) return Value(section, condition, value);
        if (condition is ConditionKind.Event || (name is null && condition is ConditionKind.Missing))
        {
            if (name is null && condition is ConditionKind.Event) section.Problem("metric", "'metric' is missing", "the event's code");
            return null;
        }
        if (condition is ConditionKind.Holds) section.Problem("value", "'value' is missing", "what must be true, such as flow < 10 m³/h and running");
        else if (name is null) section.Problem("metric", "'metric' is missing", "the metric that is judged, or a value");
        return name is null || condition is ConditionKind.Holds ? null : Metric(section, condition, name);
    }

    private static string WhatIsJudged(ConditionKind condition) => condition switch
    {
        ConditionKind.Model => "a model judges the whole device",
        ConditionKind.State => "the state of a machine is judged by 'metrics'",
        _ => "a composite judges other rules",
    };

    private Expression? Metric(YamlSection section, ConditionKind condition, string name)
    {
        var slot = metrics.ToList().FindIndex(m => m.Name == name);
        if (slot < 0)
        {
            section.Problem("metric", $"the pack has no metric '{name}'", Nearest.Hint(name, metrics.Select(m => m.Name)));
            return null;
        }
        if (metrics[slot].Type is MetricType.State && condition is not ConditionKind.Missing)
            section.Problem("metric", $"'{name}' is a state: it has no number to compare", $"a number or boolean metric, or value: {name} == \"…\" with condition: holds");
        return new MetricExpression(slot, metrics[slot], UnitNames.TryFind(metrics[slot].Unit, out var unit) && metrics[slot].Type is MetricType.Number ? unit : null);
    }

    private Expression? Value(YamlSection section, ConditionKind condition, string text)
    {
        if (condition is ConditionKind.Missing or ConditionKind.Event or ConditionKind.Stuck or ConditionKind.Saturated)
        {
            section.Problem("value", $"'condition: {RuleWords.Conditions.First(c => c.Value == condition).Key}' is about one metric", "metric: instead of value:");
            return null;
        }
        if (Expression(section, "value", text) is not { } expression) return null;
        if (condition is ConditionKind.Holds && !expression.IsTruth) section.Problem("value", "this is a number, neither true nor false", "a comparison, or condition: high with a setpoint");
        if (condition is not ConditionKind.Holds && expression is { IsTruth: true } and not MetricExpression) section.Problem("value", "this is true or false, no number", "condition: holds");
        return expression;
    }

    private Expression? Expression(YamlSection section, string key, string text)
    {
        try
        {
            var expression = ExpressionReader.Read(text, metrics);
            var signals = new SignalBuilder(metrics.Count);
            signals.SlotOf(expression);
            if (signals.Signals.Any(signal => signal.Code?.Depth > Analytics.Evaluation.ExpressionCode.MaxDepth)) section.Problem(key, "the expression nests too deep", "split it");
            return expression;
        }
        catch (ExpressionProblem problem)
        {
            section.Problem(key, problem.Message, problem.Suggestion, problem.At);
            return null;
        }
    }

    private string? When(YamlSection section)
    {
        if (section.OptionalText("when") is not { } when) return null;
        if (Expression(section, "when", when) is not { } expression) return null;
        if (expression.IsTruth) return when;
        if (expression is MetricExpression) section.Problem("when", $"'{when}' is not a boolean metric of this pack", Nearest.Hint(when, metrics.Where(m => m.Type is MetricType.Boolean).Select(m => m.Name)));
        else section.Problem("when", $"'{when}' is a number, neither true nor false", "a boolean metric or a comparison");
        return null;
    }

    private static Severity Severity(YamlSection section, bool isAlarm) =>
        isAlarm || section.Has("severity") ? section.Word("severity", RuleWords.Severities, Packs.Severity.Medium) : Packs.Severity.Low;

    private string Symptom(YamlSection section, ConditionKind condition, bool isAlarm)
    {
        if (!section.Has("symptom") && condition.IsOfSensor()) return SensorRules.Symptom;
        if (!section.Has("symptom") && !isAlarm) return "";
        var symptom = section.Text("symptom");
        if (symptom.Length > 0 && symptom != SensorRules.Symptom && !symptoms.Contains(symptom))
            section.Problem("symptom", $"faults.yaml knows no symptom '{symptom}'", Nearest.Hint(symptom, symptoms));
        return symptom;
    }

    private static string Mode(YamlSection section, ConditionKind condition, bool isAlarm) =>
        section.OptionalText("mode") is { Length: > 0 } mode ? mode : condition.IsOfSensor() ? SensorRules.Mode : isAlarm ? section.Text("mode") : "";

    private static LocalizedText Message(YamlSection section, bool isAlarm) =>
        isAlarm || section.Has("message") ? section.Localized("message") : new LocalizedText("", "");

    private static bool InMaintenance(YamlSection section, bool isAlarm)
    {
        if (!section.Has("inMaintenance")) return false;
        if (!isAlarm) section.Problem("inMaintenance", "a rule that raises no alarm has nothing to hold back", "leave it out");
        return section.Word("inMaintenance", RuleWords.InMaintenance, false);
    }

    private static double Tolerance(YamlSection section, ConditionKind condition)
    {
        var tolerance = section.OptionalNumber("tolerance") ?? 0;
        if (section.Has("tolerance") && condition is not ConditionKind.Stuck) section.Problem("tolerance", "only 'condition: stuck' has one", "leave it out");
        if (tolerance < 0) section.Problem("tolerance", "must not be negative", "by how much the reading may tremble");
        return Math.Max(0, tolerance);
    }

    private static IReadOnlyList<string> Of(YamlSection section, ConditionKind condition)
    {
        var of = section.Texts("of");
        if (condition.IsComposite() && of.Count == 0) section.Problem("of", "'of' is missing", "the ids of the rules it is made of: [a, b]");
        if (!condition.IsComposite() && section.Has("of")) section.Problem("of", "only a composite is made of other rules", "condition: all, any, none, atLeast or sequence");
        return of;
    }

    private static int Count(YamlSection section, ConditionKind condition)
    {
        if (condition is ConditionKind.AtLeast && !section.Has("count")) section.Problem("count", "'count' is missing", "how many of them: 2");
        if (condition is not ConditionKind.AtLeast && section.Has("count")) section.Problem("count", "only 'condition: atLeast' has one", "leave it out");
        var count = section.WholeNumber("count", 1);
        if (count < 1 || (condition is ConditionKind.AtLeast && count > Math.Max(1, section.Texts("of").Count))) section.Problem("count", "must lie between 1 and the number of rules", null);
        return count;
    }

    private static TimeSpan Within(YamlSection section, ConditionKind condition)
    {
        if (condition is ConditionKind.Sequence && !section.Has("within")) section.Problem("within", "'within' is missing", "from the first to the last: 10m");
        if (condition is not ConditionKind.Sequence && section.Has("within")) section.Problem("within", "only 'condition: sequence' has one", "leave it out");
        return section.Duration("within", TimeSpan.Zero);
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
