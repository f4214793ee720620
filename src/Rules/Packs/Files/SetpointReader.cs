using System.Globalization;
using Seamless.Rules.Packs.Expressions;

namespace Seamless.Rules.Packs.Files;

/// <summary>The numbers of a rule: where it begins, in which unit, and where it grows graver.</summary>
/// <param name="Low">The lower setpoint; NaN when there is one setpoint only.</param>
/// <param name="Unit">As written after the setpoint; null for the quantity's own.</param>
internal sealed record Setpoints(double High, double Low, double Deadband, string? Unit, ModeSetpoints? ByMode, IReadOnlyList<EscalationStep> Escalations);

/// <summary>Reads <c>setpoint</c>, <c>deadband</c> and <c>escalate</c> and holds their units against what is judged.</summary>
internal sealed class SetpointReader(IReadOnlyList<MetricDefinition> metrics)
{
    public Setpoints Read(YamlSection section, ConditionKind condition, Expression? judged)
    {
        var natural = Natural(condition, judged);
        var unit = (string?)null;
        var (high, low, byMode) = (double.NaN, double.NaN, (ModeSetpoints?)null);
        if (NeedsNone(condition))
        {
            if (section.Has("setpoint") && condition is not ConditionKind.Saturated) section.Problem("setpoint", $"'condition: {Name(condition)}' has no setpoint", "leave it out");
            high = condition is ConditionKind.Event ? 0 : 1;
        }
        if (condition is ConditionKind.Outside || (condition is ConditionKind.Saturated && section.Has("setpoint"))) (low, high) = Two(section, natural, ref unit);
        else if (condition is ConditionKind.Saturated) (low, high) = Range(section, judged);
        else if (!NeedsNone(condition) && section.IsMapping("setpoint")) (high, byMode) = ByMode(section, condition, natural, ref unit);
        else if (!NeedsNone(condition)) high = One(section, condition, judged, natural, ref unit);
        return new Setpoints(high, low, Deadband(section), unit, byMode, Escalations(section, condition, high, natural, unit));
    }

    private static bool NeedsNone(ConditionKind condition) => condition is ConditionKind.Event or ConditionKind.Holds or ConditionKind.Saturated || condition.IsComposite();

    private static string Name(ConditionKind condition) => RuleWords.Conditions.First(c => c.Value == condition).Key;

    /// <summary>The unit in which the setpoint is compared when none is written; null when it is a bare number.</summary>
    private static Unit? Natural(ConditionKind condition, Expression? judged) => condition switch
    {
        ConditionKind.RateOfChange => (judged?.Unit ?? Unit.One).Interval / Unit.Second,
        ConditionKind.Missing or ConditionKind.Stuck => Unit.Second,
        ConditionKind.Detector or ConditionKind.Model or ConditionKind.State => Unit.One,
        _ => judged?.Unit,
    };

    private static double One(YamlSection section, ConditionKind condition, Expression? judged, Unit? natural, ref string? unit)
    {
        if (condition is ConditionKind.State && !section.Has("setpoint")) return Analytics.MachineState.MachineStateDetector.Threshold;
        var text = section.Text("setpoint");
        if (text.Length == 0) return 0;
        if (condition is ConditionKind.Missing or ConditionKind.Stuck && Durations.TryParse(text, out var silence)) return Reachable(section, condition, judged, silence.TotalSeconds, inNatural: true);
        var setpoint = Number(section, "setpoint", text, natural, ref unit);
        return double.IsNaN(setpoint) ? 0 : Reachable(section, condition, judged, setpoint, inNatural: unit is null);
    }

    /// <summary>A number, with or without a unit of the right kind after it. Every one of a rule has the unit of the first.</summary>
    private static double Number(YamlSection section, string key, string text, Unit? natural, ref string? unit)
    {
        var cut = text.IndexOf(' ', StringComparison.Ordinal);
        var written = cut < 0 ? null : text[(cut + 1)..].Trim();
        if (!double.TryParse(cut < 0 ? text : text[..cut], NumberStyles.Float, CultureInfo.InvariantCulture, out var number) || !double.IsFinite(number))
        {
            section.Problem(key, $"'{text}' is not a number", natural is { Text.Length: > 0 } ? $"a number in {natural.Text}" : "a number");
            return double.NaN;
        }
        if (written is null) return number;
        if (!UnitNames.TryFind(written, out var found)) section.Problem(key, $"the unit '{written}' is not known", UnitNames.Hint(written), cut + 1);
        else if (!(natural ?? Unit.One).Matches(found)) section.Problem(key, $"the unit '{written}' is wrong here", natural is { Text.Length: > 0 } ? $"in {natural.Text}" : "a number without a unit", cut + 1);
        else if (unit is not null && unit != written) section.Problem(key, $"the rule's other numbers are in '{unit}'", $"in {unit}", cut + 1);
        else if (written != natural?.Text) unit = written;
        return number;
    }

    private static double Reachable(YamlSection section, ConditionKind condition, Expression? judged, double setpoint, bool inNatural)
    {
        if (condition is ConditionKind.Detector or ConditionKind.Model or ConditionKind.State && setpoint is <= 0 or > 1)
            section.Problem("setpoint", $"a score of {setpoint.ToString(CultureInfo.InvariantCulture)} is never reached", "above 0, at most 1");
        if (condition is ConditionKind.Missing or ConditionKind.RateOfChange or ConditionKind.Stuck && setpoint <= 0)
            section.Problem("setpoint", "must be above 0", null);
        if (inNatural && condition is ConditionKind.High or ConditionKind.Low && judged is MetricExpression { Metric: { Low: { } low, High: { } high } } && (setpoint < low || setpoint > high))
            section.Problem("setpoint", FormattableString.Invariant($"{setpoint} lies outside the metric's range {low} to {high}: the rule could never judge"), null);
        return setpoint;
    }

    private static (double Low, double High) Two(YamlSection section, Unit? natural, ref string? unit)
    {
        var texts = section.IsList("setpoint") ? section.Texts("setpoint") : [];
        if (texts.Count != 2)
        {
            section.Problem("setpoint", section.Has("setpoint") ? "two setpoints are needed" : "'setpoint' is missing", "setpoint: [360 V, 440 V]");
            return (0, 1);
        }
        var (low, high) = (Number(section, "setpoint", texts[0], natural, ref unit), Number(section, "setpoint", texts[1], natural, ref unit));
        if (low >= high) section.Problem("setpoint", "the lower setpoint comes first", $"[{texts[1]}, {texts[0]}]");
        return (low, high);
    }

    private static (double Low, double High) Range(YamlSection section, Expression? judged)
    {
        if (judged is MetricExpression { Metric: { Low: { } low, High: { } high } }) return (low, high);
        if (judged is not null) section.Problem("metric", "the metric has no range whose ends it could stand at", "a range in pack.yaml, or setpoint: [4, 20]");
        return (0, 1);
    }

    /// <summary><c>setpoint: { by: mode, eco: 60, boost: 80, otherwise: 70 }</c>.</summary>
    private (double Otherwise, ModeSetpoints? ByMode) ByMode(YamlSection section, ConditionKind condition, Unit? natural, ref string? unit)
    {
        var modes = section.Section("setpoint")!;
        if (condition is not (ConditionKind.High or ConditionKind.Low)) section.Problem("setpoint", "only high and low have setpoints by mode", "a single number");
        var by = modes.Text("by");
        if (by.Length > 0 && metrics.FirstOrDefault(m => m.Name == by) is not { Type: MetricType.State })
            modes.Problem("by", $"'{by}' is not a state metric of this pack", Nearest.Hint(by, metrics.Where(m => m.Type is MetricType.State).Select(m => m.Name)));
        var otherwise = modes.OptionalText("otherwise") is { } text ? Number(modes, "otherwise", text, natural, ref unit) : double.NaN;
        var values = new Dictionary<string, double>(StringComparer.Ordinal);
        foreach (var word in modes.Keys.Where(k => k is not ("by" or "otherwise")).ToArray()) values[word] = Number(modes, word, modes.Text(word), natural, ref unit);
        if (values.Count == 0) section.Problem("setpoint", "no mode has a setpoint", "setpoint: { by: mode, eco: 60, otherwise: 70 }");
        return (otherwise, new ModeSetpoints(by, values));
    }

    private static double Deadband(YamlSection section)
    {
        var deadband = section.OptionalNumber("deadband") ?? 0;
        if (deadband < 0) section.Problem("deadband", "must not be negative", "how far back behind the setpoint the condition ends");
        return Math.Max(0, deadband);
    }

    private static List<EscalationStep> Escalations(YamlSection section, ConditionKind condition, double setpoint, Unit? natural, string? unit)
    {
        var steps = new List<EscalationStep>();
        if (section.Has("escalate") && condition is ConditionKind.Missing or ConditionKind.Event) section.Problem("escalate", $"'condition: {Name(condition)}' does not escalate", "leave it out");
        foreach (var step in section.Sections("escalate"))
        {
            var own = unit;
            var beyond = step.OptionalText("beyond") is { } text ? Number(step, "beyond", text, natural, ref own) : (double?)null;
            if (own != unit) step.Problem("beyond", "must be in the unit of the setpoint", unit is null ? null : $"in {unit}");
            if (beyond is { } far && (condition is ConditionKind.High && far < setpoint || condition is ConditionKind.Low && far > setpoint))
                step.Problem("beyond", "lies on the near side of the setpoint: it would be reached at once", null);
            TimeSpan? after = step.Has("after") ? step.Duration("after", TimeSpan.Zero) : null;
            if (beyond is null && after is null) step.Problem("after", "'after' or 'beyond' is missing", "- { after: 2h, severity: critical }");
            steps.Add(new EscalationStep(after, beyond, step.Word("severity", RuleWords.Severities, Severity.Critical)));
            step.RefuseOthers();
        }
        return steps;
    }
}
