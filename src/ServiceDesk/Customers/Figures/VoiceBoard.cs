using System.Globalization;
using Microsoft.EntityFrameworkCore;
using Seamless.ServiceDesk.Customers.Complaints;
using Seamless.ServiceDesk.Customers.Ratings;
using Seamless.ServiceDesk.Customers.Requests;
using Seamless.ServiceDesk.Database;
using Seamless.ServiceDesk.Kpis;
using Seamless.ServiceDesk.Tickets;

namespace Seamless.ServiceDesk.Customers.Figures;

/// <summary>The figures of customers' answers, computed from what is kept: the same period always gives the same figures.</summary>
internal sealed class VoiceBoard(Workbench workbench, TimeProvider clock) : ICustomerFigures
{
    private const int Comments = 5;
    private static readonly string[] Kinds = [EventKind.Clock, EventKind.Touch, EventKind.Restored, EventKind.FirstTimeFix];

    public async Task<IReadOnlyList<VoiceFigures>> MeasureAsync(string tenant, VoiceDimension by, DateTimeOffset from, DateTimeOffset to, CancellationToken ct)
    {
        var heard = await ReadAsync(tenant, from, to, ct);
        return [.. heard.By(by).OrderBy(one => one.Key, StringComparer.Ordinal).Select(one => FiguresOf(one.Key, one.Value))];
    }

    public async Task<IReadOnlyList<NpsDriver>> DriversAsync(string tenant, DateTimeOffset from, DateTimeOffset to, CancellationToken ct)
    {
        var (ratings, enough, events, complained) = await workbench.ReadAsync(async db =>
        {
            var answered = await db.Ratings.Where(r => r.Tenant == tenant && r.At >= from && r.At < to && r.Recommend != null).OrderBy(r => r.Ticket).ToListAsync(ct);
            var rated = db.Ratings.Where(r => r.Tenant == tenant && r.At >= from && r.At < to && r.Recommend != null).Select(r => r.Ticket);
            return (answered, (await Policies.OfAsync(db, tenant, ct)).EnoughAnswers,
                await db.Events.Where(e => e.Tenant == tenant && e.Ticket != null && Kinds.Contains(e.Kind) && rated.Contains(e.Ticket)).OrderBy(e => e.Id).ToListAsync(ct),
                (await db.Complaints.Where(c => c.Tenant == tenant && c.Ticket != null && rated.Contains(c.Ticket)).Select(c => c.Ticket!).ToListAsync(ct)).ToHashSet());
        }, ct);
        var of = events.ToLookup(e => e.Ticket!);
        bool? Met(string ticket, string clock) => of[ticket].LastOrDefault(e => e.Kind == EventKind.Clock && e.Detail == clock) is { } met ? met.Value > 0 : null;
        return
        [
            Driver("resolvedInTime", t => Met(t, TicketClocks.Resolve)),
            Driver("arrivedInTime", t => Met(t, TicketClocks.Arrive)),
            Driver("firstVisit", t => of[t].LastOrDefault(e => e.Kind == EventKind.FirstTimeFix) is { } fix ? fix.Value > 0 : null),
            Driver("oneTouch", t => of[t].Count(e => e.Kind == EventKind.Touch) <= 1),
            Driver("complaint", t => complained.Contains(t)),
        ];

        NpsDriver Driver(string code, Func<string, bool?> happened)
        {
            var (with, without) = (Of(true), Of(false));
            return new NpsDriver(code, with, without, with.Count >= enough && without.Count >= enough ? with.Value - without.Value : null);

            NetPromoter Of(bool which) => NetPromoter.Of(ratings.Where(r => happened(r.Ticket) == which).Select(r => r.Recommend!.Value));   // asked for non-null above
        }
    }

    public async Task<IReadOnlyList<CustomerVoice>> CustomersAsync(string tenant, DateTimeOffset from, DateTimeOffset to, CancellationToken ct)
    {
        var now = (await ReadAsync(tenant, from, to, ct)).By(VoiceDimension.Customer);
        var before = (await ReadAsync(tenant, from - (to - from), from, ct)).By(VoiceDimension.Customer);
        var (policy, open) = await workbench.ReadAsync(async db => (await Policies.OfAsync(db, tenant, ct),
            (await db.Complaints.Where(c => c.Tenant == tenant && c.Status != ComplaintStatus.Closed).Select(c => c.Customer).ToListAsync(ct)).CountBy(c => c).ToDictionary()), ct);
        var customers = now.Keys.Union(open.Keys);
        return [.. customers.Select(VoiceOf).OrderByDescending(v => v.Divergence is not null).ThenBy(v => v.Figures.Of, StringComparer.Ordinal)];

        CustomerVoice VoiceOf(string customer)
        {
            var heard = now.GetValueOrDefault(customer) ?? Heard.Nothing;
            var figures = FiguresOf(customer, heard);
            var reasons = Divergence.ReasonsOf(policy, figures.Sla, Voice.Of(heard.Ratings), Voice.Of((before.GetValueOrDefault(customer) ?? Heard.Nothing).Ratings));
            var divergence = reasons.Count == 0 ? null : new Divergence(
                customer, to.ToString("yyyy-MM", CultureInfo.InvariantCulture), clock.GetUtcNow(), figures.Sla.Value ?? 0, figures.Sla.Count, figures.Recommend.Value, figures.Satisfaction.Value,
                Math.Max(figures.Recommend.Count, figures.Satisfaction.Count), reasons);
            return new CustomerVoice(figures, divergence, open.GetValueOrDefault(customer),
                [.. heard.Ratings.Where(r => r.Comment is not null).OrderByDescending(r => r.At).Take(Comments).Select(r => new CustomerComment(r.Ticket, r.At, r.Recommend, r.Satisfaction, r.Comment!))]);
        }
    }

    public Task<IReadOnlyList<Divergence>> DivergencesAsync(string tenant, CancellationToken ct) => workbench.ReadAsync<IReadOnlyList<Divergence>>(async db =>
        (await db.Divergences.Where(d => d.Tenant == tenant).OrderByDescending(d => d.At).ThenBy(d => d.Customer).ToListAsync(ct)).ConvertAll(d => d.ToDivergence()), ct);

    private Task<Heard> ReadAsync(string tenant, DateTimeOffset from, DateTimeOffset to, CancellationToken ct) => workbench.ReadAsync(async db =>
    {
        var events = db.Events.Where(e => e.Tenant == tenant && e.At >= from && e.At < to && e.Ticket != null && Kinds.Contains(e.Kind));
        var numbers = events.Select(e => e.Ticket).Distinct();
        var tickets = await db.Tickets.Where(t => t.Tenant == tenant && numbers.Contains(t.Number)).ToDictionaryAsync(t => t.Number, ct);
        var partners = (await db.Technicians.Where(t => t.Tenant == tenant).ToListAsync(ct))
            .Where(t => t.Profile?.Partner is not null).ToDictionary(t => t.Id, t => t.Profile!.Partner!);
        return new Heard(
            await db.Ratings.Where(r => r.Tenant == tenant && r.At >= from && r.At < to).OrderBy(r => r.Ticket).ToListAsync(ct),
            [.. (await events.OrderBy(e => e.Id).ToListAsync(ct)).Where(e => tickets.ContainsKey(e.Ticket!)).Select(e => new TicketEvent(e, tickets[e.Ticket!]))],
            await db.Complaints.Where(c => c.Tenant == tenant && c.ReceivedAt >= from && c.ReceivedAt < to).ToListAsync(ct),
            await db.Compliments.Where(c => c.Tenant == tenant && c.At >= from && c.At < to).ToListAsync(ct), partners,
            await TechniciansAsync(db, tenant, from, to, ct));
    }, ct);

    /// <summary>Who was on the job that is complained about.</summary>
    private static async Task<Dictionary<string, string>> TechniciansAsync(DeskContext db, string tenant, DateTimeOffset from, DateTimeOffset to, CancellationToken ct)
    {
        var numbers = db.Complaints.Where(c => c.Tenant == tenant && c.ReceivedAt >= from && c.ReceivedAt < to && c.Ticket != null).Select(c => c.Ticket);
        return (await db.Tickets.Where(t => t.Tenant == tenant && numbers.Contains(t.Number)).ToListAsync(ct))
            .Where(t => TechnicianOf(t) is not null).ToDictionary(t => t.Number, t => TechnicianOf(t)!);
    }

    private static string? TechnicianOf(TicketRow ticket) => ticket.Visit?.Technician ?? ticket.Assignee;

    private static VoiceFigures FiguresOf(string of, Heard heard)
    {
        var repaired = heard.Events.Where(e => e.Event is { Kind: EventKind.Restored, Detail: "ticket" }).Select(e => e.Ticket.Number).ToHashSet();
        var touches = heard.Events.Where(e => e.Event.Kind == EventKind.Touch && repaired.Contains(e.Ticket.Number)).Select(e => e.Event.Detail).ToList();
        int Count(string why) => touches.Count(t => t == why);
        return new VoiceFigures(
            of, NetPromoter.Of(heard.Ratings.Select(r => r.Recommend).OfType<int>()), ShareOf.Effort(heard.Ratings.Select(r => r.Effort).OfType<int>()),
            ShareOf.Satisfaction(heard.Ratings.Select(r => r.Satisfaction).OfType<int>()),
            ShareOf.Of(heard.Events.Where(e => e.Event.Kind == EventKind.Clock).Select(e => e.Event.Value > 0 ? 1 : 0), met => met > 0),
            new TouchFigures(repaired.Count == 0 ? null : (double)touches.Count / repaired.Count, Count(Touches.Contact), Count(Touches.Visit), Count(Touches.Transfer), Count(Touches.Repeat), repaired.Count),
            heard.Complaints.Count, heard.Compliments.Count);
    }

    private sealed record TicketEvent(EventRow Event, TicketRow Ticket);

    private sealed record Heard(
        IReadOnlyList<RatingRow> Ratings, IReadOnlyList<TicketEvent> Events, IReadOnlyList<ComplaintRow> Complaints, IReadOnlyList<ComplimentRow> Compliments,
        IReadOnlyDictionary<string, string> Partners, IReadOnlyDictionary<string, string> Technicians)
    {
        public static readonly Heard Nothing = new([], [], [], [], new Dictionary<string, string>(), new Dictionary<string, string>());

        public Dictionary<string, Heard> By(VoiceDimension dimension)
        {
            if (dimension is VoiceDimension.All) return new() { ["*"] = this };
            var ratings = Ratings.Where(r => KeyOf(r) is not null).ToLookup(r => KeyOf(r)!);
            var events = Events.Where(e => KeyOf(e.Ticket) is not null).ToLookup(e => KeyOf(e.Ticket)!);
            var complaints = Complaints.Where(c => KeyOf(c) is not null).ToLookup(c => KeyOf(c)!);
            var compliments = Compliments.Where(c => KeyOf(c) is not null).ToLookup(c => KeyOf(c)!);
            return ratings.Select(g => g.Key).Union(events.Select(g => g.Key)).Union(complaints.Select(g => g.Key)).Union(compliments.Select(g => g.Key)).Where(key => key.Length > 0)
                .ToDictionary(key => key, key => new Heard([.. ratings[key]], [.. events[key]], [.. complaints[key]], [.. compliments[key]], Partners, Technicians));

            string? KeyOf(object row) => (dimension, row) switch
            {
                (VoiceDimension.Customer, RatingRow r) => r.Customer,
                (VoiceDimension.Customer, TicketRow t) => t.Customer,
                (VoiceDimension.Customer, ComplaintRow c) => c.Customer,
                (VoiceDimension.Customer, ComplimentRow c) => c.Customer,
                (VoiceDimension.Site, RatingRow r) => r.Site,
                (VoiceDimension.Site, TicketRow t) => t.Site,
                (VoiceDimension.Site, ComplaintRow c) => c.Site,
                (VoiceDimension.Site, ComplimentRow c) => c.Site,
                (VoiceDimension.Technician, RatingRow r) => r.Technician,
                (VoiceDimension.Technician, TicketRow t) => TechnicianOf(t),
                (VoiceDimension.Technician, ComplaintRow c) => c.Ticket is null ? null : Technicians.GetValueOrDefault(c.Ticket),
                (VoiceDimension.Technician, ComplimentRow c) => c.Technician,
                (VoiceDimension.Partner, RatingRow r) => r.Partner,
                (VoiceDimension.Partner, ComplimentRow c) => c.Partner,
                (VoiceDimension.Partner, TicketRow t) => PartnerOf(TechnicianOf(t)),
                (VoiceDimension.Partner, ComplaintRow c) => c.Ticket is null ? null : PartnerOf(Technicians.GetValueOrDefault(c.Ticket)),
                _ => null,
            };
        }

        private string? PartnerOf(string? technician) => technician is null ? null : Partners.GetValueOrDefault(technician);
    }
}
