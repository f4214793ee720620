using Seamless.Rules.Alarms;
using Seamless.Rules.Packs;

namespace Seamless.ServiceDesk.PastCases;

/// <summary>A closed ticket that resembles an alarm.</summary>
/// <param name="Cause">Confirmed at closure: a code of the fault model.</param>
/// <param name="Remedy">What the fault model does about that cause on site; null when it does not know the cause.</param>
/// <param name="Note">What was written at closure.</param>
/// <param name="Parts">SKUs that were installed.</param>
/// <param name="Similarity">0–1; 1 is the same type, symptoms and site, the cause certain, closed just now.</param>
/// <param name="Why">What the two have in common, what counts most first.</param>
public sealed record SimilarCase(
    string Ticket, string? Device, string Site, string Type, string Cause, LocalizedText CauseTitle, LocalizedText? Remedy, string? Note,
    IReadOnlyList<string> Parts, DateTimeOffset ClosedAt, double Similarity, IReadOnlyList<LocalizedText> Why);

/// <summary>What was true and what helped when something like this happened before.</summary>
public interface ISimilarCases
{
    /// <summary>The most cases that are told.</summary>
    const int Most = 5;

    /// <summary>The closed tickets of the alarm's tenant most like it, most similar first; the alarm's own is not among them. Empty when none shares a symptom or a cause with it.</summary>
    Task<IReadOnlyList<SimilarCase>> ToAsync(Alarm alarm, CancellationToken ct);
}
