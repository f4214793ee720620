using Seamless.Rules.Diagnosis;
using Seamless.Rules.Packs;

namespace Seamless.ServiceDesk.Tickets;

/// <summary>What a person will have to do about a diagnosis: which class of cause, what to bring, who, how long.</summary>
/// <param name="Cause">The cause it answers; null without a diagnosis.</param>
/// <param name="Parts">What that cause's remedy needs.</param>
/// <param name="InCase">What the other probable causes' remedies need beyond that, most probable first.</param>
/// <param name="NeedsVisit">False when there is nothing to do on site that we know of.</param>
internal sealed record VisitPlan(FaultClass Class, string? Cause, double Probability, IReadOnlyList<PartNeed> Parts, IReadOnlyList<PartInCase> InCase, string? Skill, int Minutes, bool NeedsVisit)
{
    private const int InspectionMinutes = 60;

    /// <summary>The top cause's visit; when it has only remote remedies, the next probable cause's. ENV and NET bring no parts.</summary>
    /// <param name="faultOf">What is known of a cause by its code.</param>
    public static VisitPlan For(Func<string, FaultDefinition?> faultOf, IReadOnlyList<Cause> causes, double leastProbability)
    {
        if (causes.Count == 0) return new VisitPlan(FaultClass.HW, null, 0, [], [], null, InspectionMinutes, true);
        var top = causes[0];
        if (top.Class is FaultClass.ENV or FaultClass.NET) return Of(top, VisitOf(faultOf, top.Code)) with { Parts = [] };
        var inCase = InCaseOf(faultOf, causes);
        foreach (var cause in causes.Where(c => c == top || (c.Class is FaultClass.HW or FaultClass.SW && c.Probability >= leastProbability)))
            if (VisitOf(faultOf, cause.Code) is { } visit)
                return Of(top, visit) with { Cause = cause.Code, Probability = cause.Probability, InCase = [.. inCase.Where(part => visit.Parts.All(need => need.Sku != part.Need.Sku))] };
        return new VisitPlan(top.Class, top.Code, top.Probability, [], inCase, null, InspectionMinutes, top.Class is FaultClass.HW);
    }

    private static VisitPlan Of(Cause cause, Remedy? visit) =>
        new(cause.Class, cause.Code, cause.Probability, visit?.Parts ?? [], [], visit?.Skill, visit?.Minutes ?? InspectionMinutes, visit is not null);

    private static List<PartInCase> InCaseOf(Func<string, FaultDefinition?> faultOf, IReadOnlyList<Cause> causes) =>
    [
        .. causes.Where(cause => cause.Class is FaultClass.HW or FaultClass.SW)
            .SelectMany(cause => (VisitOf(faultOf, cause.Code)?.Parts ?? []).Select(need => (Cause: cause, Need: need)))
            .GroupBy(wanted => wanted.Need.Sku, StringComparer.Ordinal)
            .Select(same => new PartInCase(new PartNeed(same.Key, same.Max(wanted => wanted.Need.Quantity)), Math.Min(1, same.Sum(wanted => wanted.Cause.Probability)), same.First().Cause.Title))
            .OrderByDescending(part => part.Probability).ThenBy(part => part.Need.Sku, StringComparer.Ordinal),
    ];

    private static Remedy? VisitOf(Func<string, FaultDefinition?> faultOf, string fault) => faultOf(fault)?.Remedies.FirstOrDefault(r => r.Playbook is null);

    /// <summary>A site's alarm has no type of its own: its faults are looked up in every pack.</summary>
    public static FaultDefinition? FaultOf(IPacks packs, string type, string fault) =>
        packs.Find(type)?.Faults.Fault(fault) ?? packs.All.Select(p => p.Faults.Fault(fault)).FirstOrDefault(f => f is not null);
}

/// <summary>A part that is needed if it is another cause.</summary>
/// <param name="Probability">Of all causes that need it.</param>
/// <param name="Cause">The likeliest of them.</param>
internal sealed record PartInCase(PartNeed Need, double Probability, LocalizedText Cause);
