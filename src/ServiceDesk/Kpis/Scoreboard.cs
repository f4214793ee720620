using Microsoft.EntityFrameworkCore;
using Seamless.ServiceDesk.Customers.Figures;
using Seamless.ServiceDesk.Database;
using Seamless.ServiceDesk.Tickets;

namespace Seamless.ServiceDesk.Kpis;

/// <summary>The scoreboard, computed from the desk's events alone: the same period always gives the same figures.</summary>
internal sealed class Scoreboard(Workbench workbench) : IKpis
{
    public async Task<IReadOnlyList<Kpi>> MeasureAsync(string tenant, DateTimeOffset from, DateTimeOffset to, CancellationToken ct)
    {
        var events = await workbench.ReadAsync(db => db.Events.Where(e => e.Tenant == tenant && e.At >= from && e.At < to).OrderBy(e => e.Id).ToListAsync(ct), ct);
        return Measure(events, to - from);
    }

    private static IReadOnlyList<Kpi> Measure(List<EventRow> events, TimeSpan period)
    {
        var of = events.ToLookup(e => e.Kind);
        var (remote, opened) = (of[EventKind.Fixed].ToList(), of[EventKind.TicketOpened].ToList());
        var faults = remote.Count + opened.Count;
        var distinct = opened.Count - opened.Count(e => e.Value > 0);
        var answered = of[EventKind.Answered].Select(e => e.Value).Order().ToList();
        return
        [
            new("faults", "count", faults, faults, null),
            Share("remoteFixShare", remote.Count, faults, 0.65),
            Share("unnoticedShare", remote.Count(e => e.Value <= 0), remote.Count, 0.95),
            new("transients", "count", of[EventKind.Transient].Count(), of[EventKind.Transient].Count(), null),
            Share("playbookSuccess", of[EventKind.Playbook], 0.98),
            new("ticketsOpened", "count", opened.Count, opened.Count, null),
            new("ticketsByHand", "count", of[EventKind.TicketByHand].Count(), of[EventKind.TicketByHand].Count(), null),
            new("duplicatesPerFault", "ratio", distinct == 0 ? null : (double)opened.Count / distinct, opened.Count, 1.01),
            Share("diagnosisTop1", of[EventKind.Diagnosis], 0.97),
            Share("partsHitRate", of[EventKind.PartLine], 0.97),
            Share("firstTimeFix", of[EventKind.FirstTimeFix], 0.97),
            Clock("respondMet", TicketClocks.Respond, of, 1.0),
            Clock("arriveMet", TicketClocks.Arrive, of, 0.995),
            Clock("resolveMet", TicketClocks.Resolve, of, 0.999),
            Mean("meanTimeToRestoreMinutes", "min", of[EventKind.Restored]),
            new("alarmToTicketP99Seconds", "s", answered.Count == 0 ? null : answered[(int)Math.Ceiling(answered.Count * 0.99) - 1], answered.Count, 5),
            new("alarmsPerEngineerHour", "1/h", period <= TimeSpan.Zero ? null : opened.Count / period.TotalHours, opened.Count, 2),
            new("escalations", "count", of[EventKind.Escalated].Count(), of[EventKind.Escalated].Count(), null),
            new("stalled", "count", of[EventKind.Stalled].Count(), of[EventKind.Stalled].Count(), 0),
            .. CustomerKpis.Of(of),
        ];
    }

    private static Kpi Clock(string code, string clock, ILookup<string, EventRow> of, double target) => Share(code, of[EventKind.Clock].Where(e => e.Detail == clock), target);

    private static Kpi Share(string code, IEnumerable<EventRow> events, double target)
    {
        var all = events.ToList();
        return Share(code, all.Count(e => e.Value > 0), all.Count, target);
    }

    private static Kpi Share(string code, int part, int whole, double target) => new(code, "share", whole == 0 ? null : (double)part / whole, whole, target);

    private static Kpi Mean(string code, string unit, IEnumerable<EventRow> events)
    {
        var all = events.ToList();
        return new(code, unit, all.Count == 0 ? null : all.Average(e => e.Value), all.Count, null);
    }
}
