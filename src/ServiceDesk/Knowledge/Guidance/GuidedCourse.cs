using Seamless.Rules.Diagnosis;
using Seamless.Rules.Packs;

namespace Seamless.ServiceDesk.Knowledge.Guidance;

/// <summary>One ticket's guided diagnosis, computed anew from what the alarms said and each step since.</summary>
internal sealed class GuidedCourse(string ticket, EquipmentPack pack, IReadOnlyList<Cause> causes, List<GuidedStepRow> steps)
{
    private const double Shown = 0.01;

    public EquipmentPack Pack => pack;
    public List<GuidedStepRow> Steps => steps;
    public IReadOnlySet<string> Tested => Tests.Select(s => s.Code).ToHashSet();

    private IEnumerable<GuidedStepRow> Tests => steps.Where(s => s.Kind == GuidedStepRow.Test);

    public GuidedDiagnosis Tell()
    {
        var belief = Belief();
        var order = DecisionPath.Order(pack.Faults, belief, Tested);
        var top = belief.MaxBy(cause => cause.Value);
        var state = top.Value >= DecisionPath.Sure && top.Key != Diagnoser.Unknown ? GuidanceState.Found
            : order.Count == 0 || Tests.Count() >= DecisionPath.MostTests || top is { Value: >= DecisionPath.Sure, Key: Diagnoser.Unknown } ? GuidanceState.Expert : GuidanceState.Asking;
        return new GuidedDiagnosis(
            ticket, pack.Type, state,
            [.. belief.Where(c => c.Value >= Shown).OrderByDescending(c => c.Value).ThenBy(c => c.Key, StringComparer.Ordinal).Select(c => new Candidate(c.Key, TitleOf(c.Key), Math.Round(c.Value, 4)))],
            [.. order.Select(Told)], Math.Round(ActionOrder.ExpectedCost(order), 1), state is GuidanceState.Found ? RemedyOf(top.Key) : null,
            [.. pack.Faults.Symptoms.Select(s => new SymptomSeen(s.Code, s.Title, Seen(s.Code)))],
            [.. steps.Select(s => new GuidedStep(s.Number, s.Kind, s.Code, StepTitle(s), s.Positive, s.Note, s.Actor, s.At))]);
    }

    private IReadOnlyDictionary<string, double> Belief()
    {
        var symptoms = pack.Faults.Symptoms.Select(s => s.Code).ToList();
        var belief = DecisionPath.Begin(pack.Faults, causes, symptoms.Where(c => Seen(c) == true).ToHashSet(), symptoms.Where(c => Seen(c) == false).ToHashSet());
        foreach (var test in Tests)
            if (pack.Faults.Fault(test.Code) is { } fault) belief = DecisionPath.After(belief, fault, test.Positive);
        return belief;
    }

    /// <summary>By a person last, otherwise by the alarms; null when nobody has looked.</summary>
    private bool? Seen(string symptom)
    {
        if (steps.LastOrDefault(s => s.Kind == GuidedStepRow.Finding && s.Code == symptom) is { } found) return found.Positive;
        if (causes.Any(c => c.For.Contains(symptom))) return true;
        return causes.Any(c => c.Against.Contains(symptom)) ? false : null;
    }

    private GuidedTest Told(Attempt attempt)
    {
        var fault = pack.Faults.Fault(attempt.Code)!;   // the order is made of the pack's faults
        var test = DecisionPath.TestOf(fault);
        return new GuidedTest(fault.Code, test.Title, fault.Title, test.Minutes, Math.Round(attempt.Probability, 4), Math.Round(attempt.Cost / attempt.Probability, 2), test.Tools);
    }

    private GuidedRemedy RemedyOf(string code)
    {
        var fault = pack.Faults.Fault(code)!;   // only a cause of the pack is found
        var visit = fault.Remedies.FirstOrDefault(r => r.Playbook is null);
        return new GuidedRemedy(
            code, fault.Title, [.. fault.Remedies.Select(r => r.Action)],
            [.. (visit?.Parts ?? []).Select(p => new PartNeeded(p.Sku, pack.Parts.FirstOrDefault(x => x.Sku == p.Sku)?.Title ?? new(p.Sku, p.Sku), p.Quantity))],
            visit?.Skill, visit?.Minutes ?? 0, null);
    }

    private LocalizedText TitleOf(string code) => pack.Faults.Fault(code)?.Title ?? (code == Diagnoser.Unknown ? new("Something the model does not know", "模型未知的原因") : new(code, code));

    private LocalizedText StepTitle(GuidedStepRow step) => step.Kind == GuidedStepRow.Finding
        ? pack.Faults.Symptom(step.Code)?.Title ?? new(step.Code, step.Code)
        : pack.Faults.Fault(step.Code) is { } fault ? DecisionPath.TestOf(fault).Title : new(step.Code, step.Code);
}
