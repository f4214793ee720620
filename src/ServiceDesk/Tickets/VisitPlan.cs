using Seamless.Rules.Diagnosis;
using Seamless.Rules.Packs;

namespace Seamless.ServiceDesk.Tickets;

/// <summary>What a person will have to do about a diagnosis: which class of cause, what to bring, who, how long.</summary>
/// <param name="Cause">The cause it answers; null without a diagnosis.</param>
/// <param name="NeedsVisit">False when there is nothing to do on site that we know of.</param>
internal sealed record VisitPlan(FaultClass Class, string? Cause, double Probability, IReadOnlyList<PartNeed> Parts, string? Skill, int Minutes, bool NeedsVisit)
{
    private const int InspectionMinutes = 60;

    /// <summary>The top cause's visit; when it has only remote remedies, the next probable cause's. ENV and NET bring no parts.</summary>
    public static VisitPlan For(IPacks packs, string type, IReadOnlyList<Cause> causes, double leastProbability)
    {
        if (causes.Count == 0) return new VisitPlan(FaultClass.HW, null, 0, [], null, InspectionMinutes, true);
        var top = causes[0];
        if (top.Class is FaultClass.ENV or FaultClass.NET) return Of(top, VisitOf(packs, type, top.Code), withParts: false);
        foreach (var cause in causes.Where(c => c == top || (c.Class is FaultClass.HW or FaultClass.SW && c.Probability >= leastProbability)))
            if (VisitOf(packs, type, cause.Code) is { } visit) return Of(top, visit, withParts: true) with { Cause = cause.Code, Probability = cause.Probability };
        return new VisitPlan(top.Class, top.Code, top.Probability, [], null, InspectionMinutes, top.Class is FaultClass.HW);
    }

    private static VisitPlan Of(Cause cause, Remedy? visit, bool withParts) => new(
        cause.Class, cause.Code, cause.Probability, withParts && visit is not null ? visit.Parts : [],
        visit?.Skill, visit?.Minutes ?? InspectionMinutes, visit is not null);

    private static Remedy? VisitOf(IPacks packs, string type, string fault) => FaultOf(packs, type, fault)?.Remedies.FirstOrDefault(r => r.Playbook is null);

    /// <summary>A site's alarm has no type of its own: its faults are looked up in every pack.</summary>
    public static FaultDefinition? FaultOf(IPacks packs, string type, string fault) =>
        packs.Find(type)?.Faults.Fault(fault) ?? packs.All.Select(p => p.Faults.Fault(fault)).FirstOrDefault(f => f is not null);
}
