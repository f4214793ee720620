using System.Security.Claims;
using Microsoft.AspNetCore.Mvc;
using Seamless.Analytics.MachineState;
using Seamless.Fleet.Registry;
using Seamless.Portal.Accounts;
using Seamless.Rules.Diagnosis;
using Seamless.Rules.Packs;
using Seamless.ServiceDesk.Care.Queue;
using Seamless.ServiceDesk.Tickets;

namespace Seamless.Portal.Api;

public sealed record TicketPartView(string Sku, string Title, int Quantity, IReadOnlyList<string> Serials, string? Depot, string Status, DateTimeOffset? Eta, string? Shipment);

/// <param name="At">When it was entered.</param>
/// <param name="OccurredAt">When it happened, when that was said.</param>
/// <param name="Late">Entered later than allowed after it happened.</param>
/// <param name="Proof">Device time, hashes of photos and signature that came with it.</param>
public sealed record TimelineView(
    DateTimeOffset At, string Kind, string Actor, string Text, DateTimeOffset? OccurredAt = null, bool Late = false, GeoPoint? Place = null, EntryProof? Proof = null);

/// <param name="Id">The ticket's number, <c>T-1001</c>.</param>
/// <param name="Actions">What its status allows now.</param>
/// <param name="Diagnosis">Code of the cause that is named: the most probable one from two thirds on, <c>unknown</c> where none is as probable or nobody knows it; null without causes.</param>
/// <param name="Signature">How its machine departed from its usual when its first alarm was raised; null when that is not known.</param>
public sealed record TicketView(
    string Id, string? Device, string? Serial, string Site, string Customer, string Tier, TicketStatus Status, Priority Priority, FaultClass Class,
    string Title, IReadOnlyList<CauseView> Causes, IReadOnlyList<string> Alarms, SlaClocks Sla, IReadOnlyList<TicketPartView> Parts, Visit? Visit,
    string? Assignee, IReadOnlyList<TimelineView> Timeline, Closure? Closure, DateTimeOffset OpenedAt, DateTimeOffset UpdatedAt,
    string TrackingCode, IReadOnlyList<string> Actions, int Version, ClosureClass? ClosedAs, Grading? Grading, string? Team, string? Follows, DateTimeOffset? CustomerWroteAt,
    FaultSignature? Signature, string? Diagnosis)
{
    public static TicketView Of(Ticket ticket, ITickets tickets, Func<LocalizedText, string> text) => new(
        ticket.Number, ticket.Device, ticket.Serial, ticket.Site, ticket.Customer, ticket.Tier, ticket.Status, ticket.Priority, ticket.Class,
        text(ticket.Title), [.. ticket.Causes.Select(cause => CauseView.Of(cause, text))], ticket.Alarms, ticket.Sla,
        [.. ticket.Parts.Select(part => new TicketPartView(
            part.Sku, text(part.Title), part.Quantity, part.Serials, part.Depot, part.Status, part.Eta, part.Shipment))],
        ticket.Visit, ticket.Assignee, [.. ticket.Timeline.Select(entry => new TimelineView(entry.At, entry.Kind, entry.Actor, text(entry.Text), entry.OccurredAt, entry.Late, entry.Place, entry.Proof))],
        ticket.Closure, ticket.OpenedAt, ticket.UpdatedAt, ticket.TrackingCode, tickets.AllowedActions(ticket), ticket.Version, ticket.ClosedAs, ticket.Grading, ticket.Team, ticket.Follows, ticket.CustomerWroteAt, ticket.Signature, ticket.Naming?.Code);
}

/// <param name="Site">The device's when not given.</param>
/// <param name="Priority">P3 when neither it nor an urgency is given.</param>
/// <param name="Urgency">Graded by the queue policy instead.</param>
/// <param name="Impact">With an urgency; the whole site's without a device, else the machine's when not given.</param>
public sealed record TicketRequest(
    LocalizedText Title, string? Device = null, string? Site = null, Priority? Priority = null, string? FaultCode = null, string? Note = null, Urgency? Urgency = null, Impact? Impact = null);

/// <summary>What changes; null leaves it as it is.</summary>
public sealed record TicketChange(Priority? Priority = null, string? Assignee = null);

internal static class Tickets
{
    public static void MapTickets(this RouteGroupBuilder api)
    {
        var tickets = api.MapGroup("/tickets").WithTags("Tickets");
        tickets.MapGet("/", ListAsync).WithName("listTickets").RequireAuthorization(Policies.Read).Produces<Page<TicketView>>()
            .WithSummary("Tickets, newest first. status is a status, or 'open'. sort=queue: what waits, the next first.");
        tickets.MapGet("/{id}", FindAsync).WithName("getTicket").RequireAuthorization(Policies.Read).Produces<TicketView>().WithSummary("One ticket with its clocks, parts and timeline.");
        tickets.MapPost("/", OpenAsync).WithName("openTicket").RequireAuthorization(Policies.Dispatch).Produces<TicketView>(StatusCodes.Status201Created).WithSummary("A ticket opened by a person.");
        tickets.MapPatch("/{id}", ChangeAsync).WithName("changeTicket").RequireAuthorization(Policies.Dispatch).Produces<TicketView>().WithSummary("Change priority or assignee.");
        tickets.MapPost("/{id}/actions/{action}", ActAsync).WithName("actOnTicket").RequireAuthorization(Policies.Dispatch).Produces<TicketView>()
            .WithSummary("acknowledge, assign, schedule, depart, arrive, install-part, resolve, reopen, close, cancel, pause, resume, note.");
    }

    private static async Task<IResult> ListAsync(
        [AsParameters] PageQuery page, string? device, string? site, string? status, Priority? priority, string? sort,
        ClaimsPrincipal user, HttpContext http, ITickets tickets, IQueue queue, CancellationToken ct)
    {
        if (sort is not (null or "newest" or "queue")) return Problems.Invalid($"sort is '{sort}'; it must be newest or queue");
        if (!StateFilter.TryParse<TicketStatus>(status, out var openOnly, out var only)) return StateFilter.Refuse<TicketStatus>("status", status);
        if (sort is "queue") return await QueuedAsync(page, p => (device ?? p.Device) == p.Device && (site ?? p.Site) == p.Site && (only ?? p.Status) == p.Status && (priority ?? p.Priority) == p.Priority, user, http, tickets, queue, ct);
        var found = await tickets.ListAsync(new TicketFilter(user.Tenant(), device, site, only, priority, openOnly, page.Cursor, page.Fetch), ct);
        return TypedResults.Ok(found.ToPage(page, ticket => ticket.Number, ticket => TicketView.Of(ticket, tickets, http.Texts())));
    }

    /// <summary>In the order of the queue: only what waits has a place there.</summary>
    private static async Task<IResult> QueuedAsync(PageQuery page, Func<QueuePlace, bool> fits, ClaimsPrincipal user, HttpContext http, ITickets tickets, IQueue queue, CancellationToken ct)
    {
        var places = await queue.ListAsync(new QueueFilter(user.Tenant()), ct);
        if (!places.Succeeded) return Problems.Of(places.Refusal);
        var slice = places.Value.Where(fits).ToList().SliceInOrder(page, place => place.Ticket, place => place.Ticket);
        var found = (await tickets.ListAsync(new TicketFilter(user.Tenant(), Numbers: slice.Items, Limit: page.Take), ct)).ToDictionary(ticket => ticket.Number);
        return TypedResults.Ok(new Page<TicketView>([.. slice.Items.Where(found.ContainsKey).Select(number => TicketView.Of(found[number], tickets, http.Texts()))], slice.Next));
    }

    private static async Task<IResult> FindAsync(string id, ClaimsPrincipal user, HttpContext http, ITickets tickets, CancellationToken ct) =>
        await tickets.FindAsync(user.Tenant(), id, ct) is { } ticket
            ? TypedResults.Ok(TicketView.Of(ticket, tickets, http.Texts()))
            : Problems.NotFound($"there is no ticket '{id}'");

    private static async Task<IResult> OpenAsync(
        TicketRequest request, ClaimsPrincipal user, HttpContext http, ITickets tickets, IDeviceRegistry registry, CancellationToken ct)
    {
        var device = request.Device is null ? null : await registry.FindAsync(user.Key(request.Device), ct);
        if (request.Device is not null && device is null) return Devices.Unknown(request.Device);
        if (request is { Priority: not null, Urgency: not null }) return Problems.Invalid("give 'priority', or 'urgency' with 'impact' for the queue policy to grade it; not both");
        if (request is { Impact: not null, Urgency: null }) return Problems.Invalid("an 'impact' is graded with an 'urgency': critical, high, medium or low");
        if ((request.Site ?? device?.Site) is not { } site) return Problems.Invalid("a ticket needs a 'device' or a 'site'");
        var opened = await tickets.OpenAsync(
            new NewTicket(user.Tenant(), request.Device, site, request.Priority ?? Priority.P3, request.Title, request.FaultCode, request.Note, request.Urgency, request.Impact), user.Actor(), ct);
        return opened.Succeeded
            ? TypedResults.Created($"/api/v1/tickets/{opened.Value.Number}", TicketView.Of(opened.Value, tickets, http.Texts()))
            : Problems.Of(opened.Refusal);
    }

    private static async Task<IResult> ChangeAsync(string id, TicketChange change, ClaimsPrincipal user, HttpContext http, ITickets tickets, CancellationToken ct)
    {
        if (change is { Priority: null, Assignee: null }) return Problems.Invalid("give 'priority' or 'assignee'");
        if (change.Priority is { } priority)
        {
            var set = await tickets.SetPriorityAsync(user.Tenant(), id, priority, user.Actor(), ct);
            if (!set.Succeeded || change.Assignee is null) return set.ToResult(ticket => TicketView.Of(ticket, tickets, http.Texts()));
        }
        var assign = new TicketAction("assign", new Dictionary<string, string> { ["technician"] = change.Assignee! }, user.Actor());
        return (await tickets.ActAsync(user.Tenant(), id, assign, ct)).ToResult(ticket => TicketView.Of(ticket, tickets, http.Texts()));
    }

    private static async Task<IResult> ActAsync(
        string id, string action, [FromBody] Dictionary<string, string>? args, ClaimsPrincipal user, HttpContext http, ITickets tickets, CancellationToken ct) =>
        (await tickets.ActAsync(user.Tenant(), id, new TicketAction(action, args ?? [], user.Actor()), ct))
            .ToResult(ticket => TicketView.Of(ticket, tickets, http.Texts()));
}
