using Seamless.ServiceDesk.Customers.Figures;

namespace Seamless.ServiceDesk.Care.Visits;

/// <summary>How far visits that have been counted were kept to.</summary>
internal static class AdherenceTable
{
    public static IReadOnlyList<Adherence> Of(IReadOnlyList<CareVisitRow> counted, AdherenceDimension by) =>
        [.. counted.GroupBy(v => NameOf(v, by)).OrderBy(g => g.Key, StringComparer.Ordinal).Select(g => Of(g.Key, [.. g]))];

    private static string NameOf(CareVisitRow visit, AdherenceDimension by) => by switch
    {
        AdherenceDimension.Plan => visit.Plan,
        AdherenceDimension.Customer => visit.Customer,
        AdherenceDimension.Tier => visit.Tier,
        _ => "*",
    };

    private static Adherence Of(string name, List<CareVisitRow> visits)
    {
        var share = ShareOf.Of(visits.Select(v => v.InTime == true ? 1 : 0), inTime => inTime == 1);
        var outcomes = visits.SelectMany(v => v.Outcomes).ToList();
        return new Adherence(
            name, share.Value, share.Low, share.High, visits.Count, visits.Count(v => v.InTime == true), visits.Count(v => v is { InTime: false, Status: VisitStatus.Done }),
            visits.Count(v => v.Status is VisitStatus.Missed or VisitStatus.Skipped), outcomes.Count == 0 ? null : (double)outcomes.Count(o => o.Result is ObjectiveResult.Reached) / outcomes.Count);
    }
}
