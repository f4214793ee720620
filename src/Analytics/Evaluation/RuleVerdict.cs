namespace Seamless.Analytics.Evaluation;

public enum VerdictKind : byte { Begins, Ends, Escalates }

/// <summary>A rule began or ceased to see its symptom on a device, or the span grew graver.</summary>
/// <param name="Rule">Number of the rule.</param>
/// <param name="OnsetMs">When the condition began, event time.</param>
/// <param name="AtMs">When the delay had passed, event time.</param>
/// <param name="Value">The most extreme value of the span so far.</param>
/// <param name="Limit">Setpoint, or the edge of the expected band; NaN when there is none.</param>
/// <param name="Score">Detector score or model probability; NaN for a plain rule.</param>
/// <param name="Level">Severity that the span has reached by escalation, 1–4; 0 for the rule's own.</param>
public readonly record struct RuleVerdict(int Rule, VerdictKind Kind, long OnsetMs, long AtMs, double Value, double Limit, double Score, byte Level);
