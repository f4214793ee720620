using Microsoft.EntityFrameworkCore;
using Seamless.Rules.Packs;
using Seamless.ServiceDesk.Customers.Complaints;
using Seamless.ServiceDesk.Customers.Ratings;
using Seamless.ServiceDesk.Customers.Requests;
using Seamless.ServiceDesk.Database;
using Seamless.ServiceDesk.Tickets;
using Seamless.Telemetry;

namespace Seamless.ServiceDesk.Customers;

/// <summary>A complaint as the customer sees it: its state and what was said to them. Not their own words: the code may be seen by others.</summary>
/// <param name="Alternatives">What they may choose from, when an offer waits for them.</param>
public sealed record TrackedComplaint(
    string Number, ComplaintType Type, ComplaintStatus Status, DateTimeOffset ReceivedAt, IReadOnlyList<TimelineEntry> Steps, IReadOnlyList<Alternative> Alternatives, string Currency);

public sealed record TrackedRequest(string Number, RequestStatus Status, DateTimeOffset AskedAt, DateTimeOffset DueAt, string? Answer);

/// <summary>What a customer may do about a repair, and what came of what they did.</summary>
/// <param name="RatedAt">When they answered first; null before. The answers themselves are not shown: the code may be seen by others.</param>
public sealed record TrackedVoice(bool MayRate, DateTimeOffset? RatedAt, IReadOnlyList<TrackedComplaint> Complaints, IReadOnlyList<TrackedRequest> Requests);

/// <summary>The customer's way in, without a login: by tracking code, or by ticket number and device serial. A wrong one and an unknown one get the same answer.</summary>
public interface ICustomerDoor
{
    /// <summary>One answer for whatever was wrong: who guesses learns nothing.</summary>
    static Refusal Unknown { get; } = Refusal.NotFound("no repair is known under this code and serial number");

    Task<TrackedVoice?> LookAsync(string code, string? serial, CancellationToken ct);
    Task<Outcome<Complaint>> ComplainAsync(string code, string? serial, ComplaintType type, string text, string channel, CancellationToken ct);

    /// <param name="alternative">Counted from 1; null when none suits.</param>
    Task<Outcome<Complaint>> DecideAsync(string code, string? serial, string number, int? alternative, CancellationToken ct);
    Task<Outcome<Compliment>> ThankAsync(string code, string? serial, string text, CancellationToken ct);
    Task<Outcome<CustomerRequest>> AskAsync(string code, string? serial, string text, CancellationToken ct);

    /// <summary>What the product should do better.</summary>
    Task<Outcome<CustomerRequest>> EnhanceAsync(string code, string? serial, string text, CancellationToken ct);
}

internal sealed class CustomerDoor(Workbench workbench, IComplaints complaints, ICustomerRequests requests, TimeProvider clock) : ICustomerDoor
{
    private const string Customer = "customer";
    private const string Product = "product";

    public Task<TrackedVoice?> LookAsync(string code, string? serial, CancellationToken ct) => workbench.ReadAsync(async db =>
    {
        if (await db.TrackedAsync(code, serial, ct) is not { } ticket) return null;
        var rating = await db.Ratings.FirstOrDefaultAsync(r => r.Ticket == ticket.Number, ct);
        var lodged = await complaints.ListAsync(new ComplaintFilter(ticket.Tenant, Ticket: ticket.Number), ct);
        var asked = await db.Requests.Where(r => r.Tenant == ticket.Tenant && r.Ticket == ticket.Number).OrderByDescending(r => r.Sequence).ToListAsync(ct);
        var currency = (await Policies.OfAsync(db, ticket.Tenant, ct)).Currency;
        var done = ticket.Status is TicketStatus.Resolved or TicketStatus.Closed;
        return (TrackedVoice?)new TrackedVoice(
            done && (rating is null || clock.GetUtcNow() <= rating.At + RatingBook.ChangeableFor), rating?.At, [.. lodged.Select(c => Seen(c, currency))],
            asked.ConvertAll(r => new TrackedRequest(r.Number, r.Status, r.AskedAt, r.AnswerBy, r.Answer)));
    }, ct);

    public Task<Outcome<Complaint>> ComplainAsync(string code, string? serial, ComplaintType type, string text, string channel, CancellationToken ct) =>
        OfTicketAsync(code, serial, ticket => complaints.LodgeAsync(new NewComplaint(ticket.Tenant, ticket.Number, null, type, text, channel), Customer, ct), ct);

    public Task<Outcome<Complaint>> DecideAsync(string code, string? serial, string number, int? alternative, CancellationToken ct) =>
        OfTicketAsync(code, serial, async ticket =>
        {
            var known = await complaints.FindAsync(ticket.Tenant, number, ct);
            if (known?.Ticket != ticket.Number) return Refusal.NotFound($"this repair has no complaint {number}");
            return await complaints.ActAsync(ticket.Tenant, number, ComplaintDesk.FromCustomer(alternative is null ? "disagree" : "agree", alternative), ct);
        }, ct);

    public Task<Outcome<Compliment>> ThankAsync(string code, string? serial, string text, CancellationToken ct) =>
        OfTicketAsync(code, serial, ticket => requests.ThankAsync(new NewCompliment(ticket.Tenant, ticket.Number, null, text), Customer, ct), ct);

    public Task<Outcome<CustomerRequest>> AskAsync(string code, string? serial, string text, CancellationToken ct) =>
        OfTicketAsync(code, serial, ticket => requests.AskAsync(new NewRequest(ticket.Tenant, ticket.Number, null, text), Customer, ct), ct);

    public Task<Outcome<CustomerRequest>> EnhanceAsync(string code, string? serial, string text, CancellationToken ct) =>
        OfTicketAsync(code, serial, ticket => requests.AskAsync(new NewRequest(ticket.Tenant, ticket.Number, null, text, Product), Customer, ct), ct);

    private async Task<Outcome<T>> OfTicketAsync<T>(string code, string? serial, Func<TicketRow, Task<Outcome<T>>> act, CancellationToken ct) =>
        await workbench.ReadAsync(db => db.TrackedAsync(code, serial, ct), ct) is { } ticket ? await act(ticket) : ICustomerDoor.Unknown;

    private static TrackedComplaint Seen(Complaint complaint, string currency) => new(
        complaint.Number, complaint.Type, complaint.Status, complaint.ReceivedAt,
        [.. complaint.Steps.Where(s => s.ForCustomer).Select(s => new TimelineEntry(s.At, s.Kind, "service", s.Text))],
        complaint is { Status: ComplaintStatus.Offered, Offers: [.., var last] } ? last.Alternatives : [], currency);
}
