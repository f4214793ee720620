using Microsoft.EntityFrameworkCore;
using Seamless.Fleet.Audit;
using Seamless.ServiceDesk.Customers.Figures;
using Seamless.ServiceDesk.Database;
using Seamless.ServiceDesk.Kpis;
using Seamless.ServiceDesk.Tickets;
using Seamless.Telemetry;

namespace Seamless.ServiceDesk.Customers.Ratings;

internal sealed class RatingBook(Workbench workbench, DeskSignals signals, IAudit audit, TimeProvider clock) : IRatings
{
    public static readonly TimeSpan ChangeableFor = TimeSpan.FromDays(7);
    private const string Customer = "customer";

    /// <summary>Below every scale: the value of the event by which an answer is taken back.</summary>
    public const double NoAnswer = -1;

    public async Task<Outcome<Rating>> RateAsync(string code, string? serial, RatingAnswers answers, CancellationToken ct)
    {
        if (answers.Fault() is { } fault) return fault;
        var done = await workbench.TryAsync(clock.GetUtcNow(), async work =>
            await work.Db.TrackedAsync(code, serial, ct) is { } ticket ? await RateAsync(work, ticket, answers, ct) : Refusal.NotFound("no repair is known under this code and serial number"), ct);
        return await ReportAsync(done, done.Value?.Tenant, Customer, ct);
    }

    public async Task<Outcome<Rating>> TakeDownAsync(string tenant, string ticket, RatingAnswers answers, string actor, CancellationToken ct)
    {
        if (answers.Fault() is { } fault) return fault;
        var done = await workbench.TryAsync(clock.GetUtcNow(), async work =>
            await work.TicketAsync(tenant, ticket, ct) is { } row ? await RateAsync(work, row, answers, ct) : Refusal.NotFound($"there is no ticket {ticket}"), ct);
        return await ReportAsync(done, tenant, actor, ct);
    }

    public Task<IReadOnlyList<Rating>> ListAsync(RatingFilter filter, CancellationToken ct) => workbench.ReadAsync<IReadOnlyList<Rating>>(async db =>
    {
        var rows = db.Ratings.Where(r => r.Tenant == filter.Tenant);
        if (filter.Customer is { } customer) rows = rows.Where(r => r.Customer == customer);
        if (filter.Site is { } site) rows = rows.Where(r => r.Site == site);
        if (filter.Technician is { } technician) rows = rows.Where(r => r.Technician == technician);
        if (filter.Partner is { } partner) rows = rows.Where(r => r.Partner == partner);
        if (filter.After is { } after && await db.Ratings.FindAsync([after], ct) is { } last)
#pragma warning disable CA1309   // it runs in the database, whose comparison is ordinal
            rows = rows.Where(r => r.At < last.At || (r.At == last.At && string.Compare(r.Ticket, last.Ticket) < 0));
#pragma warning restore CA1309
        var page = await rows.OrderByDescending(r => r.At).ThenByDescending(r => r.Ticket).Take(filter.Limit).ToListAsync(ct);
        return page.ConvertAll(r => r.ToRating(ChangeableFor));
    }, ct);

    private static async Task<Outcome<Rating>> RateAsync(DeskWork work, TicketRow ticket, RatingAnswers answers, CancellationToken ct)
    {
        if (ticket.Status is not (TicketStatus.Resolved or TicketStatus.Closed)) return Refusal.Because("rating-too-early", "a repair can be rated once it is done");
        var row = await work.Db.Ratings.FindAsync([ticket.Number], ct);
        if (row is not null && work.Now > row.At + ChangeableFor) return Refusal.Because("rating-too-late", "an answer can be changed for seven days; these have passed");
        if (row is not null && row.Answers == answers) return row.ToRating(ChangeableFor);   // the same form posted twice
        if (row is null)
        {
            var technician = ticket.Visit?.Technician ?? ticket.Assignee;
            var sent = technician is null ? null : await work.Db.Technicians.FindAsync([ticket.Tenant, technician], ct);
            row = new RatingRow { Ticket = ticket.Number, Tenant = ticket.Tenant, Customer = ticket.Customer, Site = ticket.Site, Technician = technician, Partner = sent?.Profile?.Partner, At = work.Now };
            work.Db.Ratings.Add(row);
        }
        (row.Recommend, row.Effort, row.Satisfaction, row.Comment) = (answers.Recommend, answers.Effort, answers.Satisfaction, answers.Comment);
        (row.ChangedAt, row.Version) = (work.Now, row.Version + 1);
        Record(work, ticket, EventKind.Recommend, row.Version, answers.Recommend);
        Record(work, ticket, EventKind.Effort, row.Version, answers.Effort);
        Record(work, ticket, EventKind.Satisfaction, row.Version, answers.Satisfaction);
        await DivergenceWatch.LookAsync(work, ticket.Tenant, ticket.Customer, ct);
        return row.ToRating(ChangeableFor);
    }

    /// <summary>A later version of an answer stands in for the ones before it; an answer that was taken back is recorded as none.</summary>
    private static void Record(DeskWork work, TicketRow ticket, string kind, int version, int? answer)
    {
        if (answer is null && version == 1) return;
        work.Record(kind, $"{version}", ticket, answer ?? NoAnswer);
    }

    private async Task<Outcome<Rating>> ReportAsync(Outcome<Rating> done, string? tenant, string actor, CancellationToken ct)
    {
        // Who guesses codes has no tenant whose audit could tell of it; the rate limit answers them.
        if (tenant is not null)
            await audit.RecordAsync(tenant, actor, "ticket.rate", $"ticket:{done.Value?.Ticket ?? "-"}", null, done.Refusal?.Code ?? "ok", done.Refusal?.Reason, ct);
        if (done.Succeeded) signals.TicketsChanged();
        return done;
    }
}
