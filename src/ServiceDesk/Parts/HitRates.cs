using Microsoft.EntityFrameworkCore;
using Seamless.Rules.Diagnosis;
using Seamless.ServiceDesk.Database;
using Seamless.ServiceDesk.Kpis;
using Seamless.ServiceDesk.Tickets;

namespace Seamless.ServiceDesk.Parts;

/// <param name="Day">Local to the depot.</param>
/// <param name="Class">Criticality and cost class of the part, as <c>VB</c>; empty for a part that no pack knows.</param>
/// <param name="Lines">First requests for which the depot is the nearest to the site.</param>
/// <param name="Filled">Those that this depot filled whole and at once.</param>
public sealed record HitRate(string Depot, DateOnly Day, string Class, int Lines, int Filled)
{
    public double Share => (double)Filled / Lines;
}

/// <summary>The parts hit rate: lines filled on first request from the assigned depot, recorded as they are asked for and never again.</summary>
internal static class HitRates
{
    public static async Task RecordAsync(DeskWork work, TicketRow ticket, PartNeed need, string? assigned, int fromAssigned, CancellationToken ct)
    {
        if (assigned is null) return;
        var key = $"{EventKind.FirstRequest}:{ticket.Number}:{need.Sku}";
        if (work.Recorded.Exists(e => e.Key == key) || await work.Db.Events.AnyAsync(e => e.Key == key, ct)) return;   // withdrawn and asked for again
        work.Record(EventKind.FirstRequest, need.Sku, ticket, fromAssigned >= need.Quantity ? 1 : 0, assigned);
    }

    /// <param name="happened">First requests.</param>
    public static IReadOnlyList<HitRate> Of(IEnumerable<EventRow> happened, IReadOnlyDictionary<string, TimeZoneInfo> zones, Func<string, string> classOf) =>
    [
        .. happened.Where(e => e.Detail is not null).GroupBy(e => (Depot: e.Detail!, Day: DayOf(e.At, zones.GetValueOrDefault(e.Detail!)), Class: classOf(SkuOf(e))))
            .Select(g => new HitRate(g.Key.Depot, g.Key.Day, g.Key.Class, g.Count(), g.Count(e => e.Value >= 1)))
            .OrderByDescending(h => h.Day).ThenBy(h => h.Depot, StringComparer.Ordinal).ThenBy(h => h.Class, StringComparer.Ordinal),
    ];

    /// <summary>The last of the key, which is <c>kind:ticket:part</c>.</summary>
    private static string SkuOf(EventRow e) => e.Key.Split(':', 3)[^1];

    private static DateOnly DayOf(DateTimeOffset at, TimeZoneInfo? zone) => DateOnly.FromDateTime((zone is null ? at : TimeZoneInfo.ConvertTime(at, zone)).DateTime);
}
