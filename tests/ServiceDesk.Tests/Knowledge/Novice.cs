using Seamless.Rules.Diagnosis;
using Seamless.ServiceDesk.Knowledge.Guidance;

namespace Seamless.ServiceDesk.Tests.Knowledge;

/// <summary>Somebody who knows nothing of the machine: sees what the fault shows, makes the test that is asked for and reports what it shows.</summary>
internal sealed class Novice(FaultModel model, FaultDefinition truth, Random chance)
{
    /// <returns>The cause that the path ends at, null when it asks for an expert; and how many tests were made.</returns>
    public (string? Cause, int Tests) Diagnose()
    {
        var present = model.Symptoms.Where(s => chance.NextDouble() < truth.Symptoms.GetValueOrDefault(s.Code, s.Leak)).Select(s => s.Code).ToHashSet();
        if (!truth.Symptoms.Keys.Any(present.Contains)) present.Add(truth.Symptoms.MaxBy(s => s.Value).Key);   // without one nobody would have called
        var absent = model.Symptoms.Select(s => s.Code).Except(present).ToHashSet();
        var belief = DecisionPath.Begin(model, present, absent);
        var tested = new HashSet<string>();
        while (true)
        {
            if (belief.MaxBy(b => b.Value) is { Value: >= DecisionPath.Sure } sure) return (sure.Key, tested.Count);
            if (tested.Count >= DecisionPath.MostTests || DecisionPath.Order(model, belief, tested) is not [var next, ..]) return (null, tested.Count);
            var fault = model.Fault(next.Code)!;
            var test = DecisionPath.TestOf(fault);
            tested.Add(next.Code);
            belief = DecisionPath.After(belief, fault, chance.NextDouble() < (next.Code == truth.Code ? test.Sensitivity : 1 - test.Specificity));
        }
    }
}
