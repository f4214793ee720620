using Seamless.Analytics.Evaluation;
using Seamless.Rules.Packs;

namespace Seamless.Rules.Engine;

/// <summary>Says in a text what decides a rule's verdicts or a signal's value, so that state goes over to the next version of a pack only where it means the same.</summary>
internal static class Meanings
{
    public static string Of(RuleDefinition rule, EquipmentPack pack, IReadOnlyList<CompiledRule> rules)
    {
        var metric = rule.Metric is { } name ? pack.Metric(name) : null;
        var parts = rule.Of.Select(id => rules.FirstOrDefault(r => r.Definition.Id == id)?.Definition).OfType<RuleDefinition>().Select(part => Of(part, pack, rules));
        var modes = rule.ByMode is { } by ? $"{by.Metric}:{string.Join(',', by.Values.OrderBy(v => v.Key, StringComparer.Ordinal).Select(v => FormattableString.Invariant($"{v.Key}={v.Value:R}")))}" : "";
        return FormattableString.Invariant(
            $"{rule.Id}|{rule.Metric}|{rule.Value}|{rule.Unit}|{metric?.Unit}|{rule.Condition}|{rule.Setpoint:R}|{rule.SetpointLow:R}|{modes}|{rule.Deadband:R}|{rule.Tolerance:R}|")
            + FormattableString.Invariant($"{rule.OnDelay}|{rule.OffDelay}|{rule.Symptom}|{rule.Mode}|{rule.When}|{rule.Detector}|{rule.Model}|{rule.Schedule}|{rule.Count}|{rule.Within}|")
            + string.Join(',', rule.Escalations) + (rule.Condition is ConditionKind.Saturated || rule.IsOfRange ? FormattableString.Invariant($"|{metric?.Low}|{metric?.High}") : "") + $"[{string.Join(';', parts)}]" + (rule.State is { } state ? $"|{state.Meaning}" : "");
    }

    public static string Of(RuleProgram program, int slot)
    {
        if (slot < program.Metrics.Length) return program.Metrics[slot].Name;
        var signal = program.Signals[slot - program.Metrics.Length];
        if (signal.Code is not { } code) return FormattableString.Invariant($"{signal.Kind}({Of(program, signal.Input)},{signal.LengthMs},{signal.Parameter:R})");
        return string.Join(' ', code.Steps.Select(step => step.Kind switch
        {
            StepKind.Signal => Of(program, step.Slot),
            StepKind.Number => step.Number.ToString("R", System.Globalization.CultureInfo.InvariantCulture),
            _ => step.Kind.ToString(),
        }));
    }
}
