using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;
using Seamless.Fleet.Audit;
using Seamless.Fleet.Registry;
using Seamless.ServiceDesk.Database;
using Seamless.ServiceDesk.Dispatch.Planning;
using Seamless.ServiceDesk.Dispatch.Technicians;
using Seamless.ServiceDesk.Parts;
using Seamless.ServiceDesk.Sla;
using Seamless.ServiceDesk.Tickets;
using Seamless.Telemetry;

namespace Seamless.ServiceDesk.Dispatch;

/// <summary>Dispatch as the other rooms see it.</summary>
internal sealed partial class DispatchDesk(
    Workbench workbench, JobBook jobs, Replanning replanning, Network network, IDeviceRegistry devices, DeskSignals signals, IAudit audit, TimeProvider clock, Agreements agreements, ILogger<DispatchDesk> logger) : IDispatch
{
    public Task<DispatchBoard> BoardAsync(string tenant, DateTimeOffset from, DateTimeOffset to, CancellationToken ct) =>
        workbench.ReadAsync(db => new BoardReading(jobs, clock.GetUtcNow()).ReadAsync(db, tenant, from, to, ct), ct);

    public async Task<DispatchProposal> ProposeAsync(string tenant, CancellationToken ct) => (await ComputeAsync(tenant, ct)).Proposal;

    public async Task<Outcome<DispatchProposal>> ApplyAsync(string tenant, string fingerprint, string actor, CancellationToken ct)
    {
        // Planned outside of the transaction: nobody waits for it. What has changed meanwhile is seen by the versions.
        var (proposal, problem, plan, seen) = await ComputeAsync(tenant, ct);
        Outcome<DispatchProposal> done = proposal.Fingerprint != fingerprint ? Refusal.Conflict("plan-changed", "things have changed since this plan was made; look at the new one") : await workbench.TryAsync<DispatchProposal>(clock.GetUtcNow(), async work =>
        {
            var tickets = new List<TicketRow>();
            foreach (var change in proposal.Changes)
            {
                if (await work.TicketAsync(tenant, change.Ticket, ct) is not { } ticket || ticket.Version != seen[change.Ticket]) return Refusal.Conflict("plan-ticket-changed", $"{change.Ticket} has changed since this plan was made; look at the new one");
                tickets.Add(ticket);
            }
            Replanning.Apply(work, problem, plan, tickets, new Occasion("the whole plan was made anew", "整体计划已重新编排"), actor);
            return proposal;
        }, ct);
        return await ReportAsync(tenant, actor, "dispatch.apply", "plan", done, ct);
    }

    public async Task<Outcome<Visit>> OverrunAsync(string tenant, string number, int minutes, string actor, CancellationToken ct)
    {
        var done = minutes is < 1 or > 1440 ? Refusal.Invalid("visit-minutes", $"minutes is {minutes}; it must be 1 to 1440") : await workbench.TryAsync<Visit>(clock.GetUtcNow(), async work =>
        {
            if (await work.TicketAsync(tenant, number, ct) is not { } ticket) return Refusal.NotFound("ticket-unknown", $"there is no ticket {number}");
            if (ticket is not { Status: TicketStatus.OnSite or TicketStatus.EnRoute, Visit: { } visit }) return Refusal.Because("visit-not-now", $"{number} is {ticket.Status}; only a visit that is under way can take longer");
            var end = (visit.End > work.Now ? visit.End : work.Now).AddMinutes(minutes);
            ticket.Visit = visit with { End = end };
            work.Note(ticket, "visit-overruns", $"takes until {end:u}", $"预计延长至 {end:u}", actor);
            TicketClocks.Schedule(work, ticket);
            await replanning.AroundAsync(work, tenant, t => t != ticket && t.Visit!.Technician == visit.Technician,
                new Occasion($"{visit.Technician} is at {number} until {end:u}", $"{visit.Technician} 在 {number} 处理至 {end:u}"), actor, ct);
            return ticket.Visit;
        }, ct);
        return await ReportAsync(tenant, actor, "dispatch.overrun", $"ticket:{number}", done, ct);
    }

    public async Task<Outcome<DateTimeOffset>> DelayShipmentAsync(string tenant, string id, DateTimeOffset eta, string actor, CancellationToken ct)
    {
        var done = await workbench.TryAsync<DateTimeOffset>(clock.GetUtcNow(), async work =>
        {
            if (await work.Db.Shipments.FindAsync([id], ct) is not { } shipment || shipment.Tenant != tenant) return Refusal.NotFound("shipment-unknown", $"there is no shipment {id}");
            if (shipment.State is not (ShipmentState.Created or ShipmentState.InTransit)) return Refusal.Because("shipment-ended", $"shipment {id} is {shipment.State}; it is not expected any more");
            if (eta < work.Now) return Refusal.Invalid("shipment-eta", "a shipment is expected in the future; report it delivered instead");
            if (shipment.Eta == eta) return eta;   // said twice is once
            if (shipment.OverdueAt is { } overdue) shipment.OverdueAt = overdue + (eta - shipment.Eta);
            else if (shipment.State is ShipmentState.InTransit) shipment.DueAt = eta;
            shipment.Eta = eta;
            shipment.Version++;
            await TellTicketAsync(work, tenant, shipment, actor, ct);
            return eta;
        }, ct);
        return await ReportAsync(tenant, actor, "shipment.eta", $"shipment:{id}", done, ct);
    }

    public Task<Outcome<VisitCandidates>> CandidatesAsync(string tenant, string number, CancellationToken ct) => workbench.ReadAsync<Outcome<VisitCandidates>>(async db =>
        await db.Tickets.FirstOrDefaultAsync(t => t.Tenant == tenant && t.Number == number, ct) is { } ticket
            ? new VisitCandidates(await new CandidateReading(jobs, clock.GetUtcNow()).ReadAsync(db, ticket, ct)) : Refusal.NotFound("ticket-unknown", $"there is no ticket {number}"), ct);

    public async Task<Outcome<FeasibilityAnswer>> FeasibilityAsync(string tenant, FeasibilityQuestion question, CancellationToken ct)
    {
        await network.EnsureAsync(tenant, clock.GetUtcNow(), ct);
        var site = question.Site is null ? null : await devices.FindSiteAsync(tenant, question.Site, ct);
        if (question.Site is not null && site is null) return Refusal.NotFound($"there is no site {question.Site}");
        if ((question.Place ?? site?.Location) is not { } place) return Refusal.Invalid(site is null ? "name a site, or latitude and longitude" : $"nobody knows where {site.Id} is: give latitude and longitude, or set the site's location");
        if (place.Latitude is not (>= -90 and <= 90) || place.Longitude is not (>= -180 and <= 180)) return Refusal.Invalid("latitude is -90 to 90, longitude -180 to 180");
        var now = clock.GetUtcNow();
        var monday = new DateTimeOffset(now.UtcDateTime.Date.AddDays(7 - ((int)now.DayOfWeek + 6) % 7), TimeSpan.Zero);
        var (workers, technicians) = await workbench.ReadAsync(async db => (await JobBook.WorkersAsync(db, tenant, monday, ct),
            (await db.Technicians.Where(t => t.Tenant == tenant).ToListAsync(ct)).ConvertAll(t => t.ToTechnician()).ToDictionary(t => t.Id, StringComparer.Ordinal)), ct);
        var promised = (await workbench.ReadAsync(db => agreements.InForceAsync(db, tenant, ct), ct)).PolicyFor(site?.Customer ?? "", question.Tier, Priority.P1);
        return Coverage.Of(workers, technicians, site?.Id ?? "", place, question.Skill, promised.ArriveWithin, monday);
    }

    internal static async Task<bool> IsBeforePartsAsync(DeskWork work, TicketRow ticket, CancellationToken ct) =>
        ticket.Visit is { } visit && (await work.LinesAsync(ticket.Number, ct)).Any(l => l.Status is PartLineStatus.Reserved or PartLineStatus.Shipped && l.Eta > visit.Start);

    private async Task TellTicketAsync(DeskWork work, string tenant, ShipmentRow shipment, string actor, CancellationToken ct)
    {
        if (await work.TicketAsync(tenant, shipment.Ticket, ct) is not { } ticket) return;
        var shipments = (await work.ShipmentsAsync(ticket.Number, ct)).Where(s => s.State is ShipmentState.Created or ShipmentState.InTransit).ToDictionary(s => s.Id, s => s.Eta);
        var reserved = await work.ReservationsAsync(ticket.Number, ct);
        foreach (var line in await work.LinesAsync(ticket.Number, ct))
            if (reserved.Where(r => (r.WantedSku == line.Sku || r.Shipment == line.Shipment) && r.Shipment is not null && shipments.ContainsKey(r.Shipment)).Select(r => shipments[r.Shipment!]).ToList() is { Count: > 0 } etas)
                line.Eta = etas.Max();
        work.Note(ticket, "parts-delayed", $"shipment {shipment.Id} is now expected {shipment.Eta:u}", $"货件 {shipment.Id} 现预计 {shipment.Eta:u} 到达", actor);
        TicketClocks.Schedule(work, ticket);
        if (await IsBeforePartsAsync(work, ticket, ct))
            await replanning.AroundAsync(work, tenant, t => t == ticket, new Occasion($"parts are expected {shipment.Eta:u}", $"备件预计 {shipment.Eta:u} 到达"), actor, ct);
    }

    private async Task<(DispatchProposal Proposal, DispatchProblem Problem, DispatchPlan Plan, Dictionary<string, int> Versions)> ComputeAsync(string tenant, CancellationToken ct)
    {
        var (problem, tickets) = await workbench.ReadAsync(async db =>
        {
            var open = await BoardReading.VisitsAsync(db, tenant, ct);
            return (await jobs.ProblemAsync(db, tenant, open, clock.GetUtcNow(), ct), open);
        }, ct);
        if (!DispatchPlanner.HasSolver) NoSolver(logger);
        var plan = await Task.Run(() => DispatchPlanner.Plan(problem, ct: ct), ct);
        var proposal = BoardReading.ProposalOf(problem, plan, tickets);
        return (proposal, problem, plan, tickets.ToDictionary(t => t.Number, t => t.Version, StringComparer.Ordinal));
    }

    private async Task<Outcome<T>> ReportAsync<T>(string tenant, string actor, string action, string subject, Outcome<T> done, CancellationToken ct)
    {
        await audit.RecordAsync(tenant, actor, action, subject, null, done.Refusal?.Code ?? "ok", done.Refusal?.Reason, ct);
        if (done.Succeeded) signals.Touch();
        return done;
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "the routing solver's native library cannot be loaded: dispatch plans by insertion alone; 'seamless doctor' says how to mend it")]
    private static partial void NoSolver(ILogger logger);
}
