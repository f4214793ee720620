using Seamless.Rules.Diagnosis;

namespace Seamless.Rules.Packs.Drawings;

/// <summary>Where on the machine a diagnosis points: the parts that the remedies of its probable causes need.</summary>
/// <param name="WithoutPart">Probable causes that no part mends, or that the pack does not know.</param>
public sealed record Suspicion(IReadOnlyList<SuspectedPart> Parts, IReadOnlyList<Cause> WithoutPart)
{
    /// <summary>A cause less probable than this is not pointed at, unless it is the most probable of all.</summary>
    private const double LeastProbable = 0.05;

    /// <summary>More than these are no pointer any more.</summary>
    public const int MostParts = 8;

    /// <param name="causes">In any order.</param>
    public static Suspicion Of(EquipmentPack pack, IReadOnlyList<Cause> causes)
    {
        var probable = causes.OrderByDescending(cause => cause.Probability).Where((cause, rank) => rank == 0 || cause.Probability >= LeastProbable).ToList();
        var needed = probable.SelectMany(cause => Skus(pack, cause).Select(sku => (Cause: cause, Sku: sku))).ToLookup(need => need.Sku, need => need.Cause);
        var parts = needed.Select(need => Part(pack, need.Key, [.. need], probable[0])).OfType<SuspectedPart>().Take(MostParts);
        return new Suspicion([.. parts], [.. probable.Where(cause => !Skus(pack, cause).Any())]);
    }

    private static IEnumerable<string> Skus(EquipmentPack pack, Cause cause) =>
        pack.Faults.Fault(cause.Code) is { } fault ? fault.Remedies.SelectMany(remedy => remedy.Parts).Select(part => part.Sku).Distinct() : [];

    private static SuspectedPart? Part(EquipmentPack pack, string sku, IReadOnlyList<Cause> causes, Cause first) =>
        pack.Parts.FirstOrDefault(part => part.Sku == sku) is { } known ? new SuspectedPart(known, causes, causes.Contains(first), pack.Drawing?.Component(sku)) : null;
}

/// <param name="Causes">Those that it would mend, most probable first.</param>
/// <param name="IsOfMostProbable">It mends the most probable cause of all.</param>
/// <param name="Drawn">Where it is on the drawing; null when it is not there.</param>
public sealed record SuspectedPart(PartDefinition Part, IReadOnlyList<Cause> Causes, bool IsOfMostProbable, DrawnComponent? Drawn);
