using Seamless.Rules.Packs;
using Seamless.Telemetry;

namespace Seamless.ServiceDesk.Customers.Complaints;

public enum ComplaintType : byte { Billing, Delay, Quality, Conduct, Parts, Safety, Other }

/// <summary>Received → Assigned → Investigating → Offered, or Escalated until somebody with the authority has approved → Agreed, or NotAgreed and then FurtherProcess → Closed.</summary>
public enum ComplaintStatus : byte { Received, Assigned, Investigating, Escalated, Offered, Agreed, NotAgreed, FurtherProcess, Closed }

/// <summary>The clocks of a complaint; <c>…Met</c> is null while a clock still runs within its time.</summary>
public sealed record ComplaintClocks(
    DateTimeOffset FirstAnswerBy, DateTimeOffset SolutionBy, DateTimeOffset? FirstAnsweredAt, DateTimeOffset? SolvedAt, bool? FirstAnswerMet, bool? SolutionMet);

/// <summary>A question to another department.</summary>
public sealed record Inquiry(int Number, string Department, string Question, string AskedBy, DateTimeOffset AskedAt, DateTimeOffset DueAt, string? Answer, string? AnsweredBy, DateTimeOffset? AnsweredAt);

/// <summary>What was offered, and on whose authority.</summary>
/// <param name="Rung">Who is asked to approve; null when it was within the owner's own authority or has been approved.</param>
/// <param name="ApprovedBy">Who answers for it: the owner, or who approved.</param>
/// <param name="Chosen">The alternative that was agreed, counted from 1.</param>
public sealed record Offer(int Number, IReadOnlyList<Alternative> Alternatives, string OfferedBy, string Role, DateTimeOffset At, string? Rung, string? ApprovedBy, int? Chosen);

/// <param name="Kind">received, assigned, handed-over, answered, asked, replied, offered, escalated, approved, refused, agreed, not-agreed, further-process, closed, overdue, note.</param>
/// <param name="ForCustomer">The customer reads it on the status page.</param>
public sealed record ComplaintStep(DateTimeOffset At, string Kind, string Actor, LocalizedText Text, bool ForCustomer);

/// <param name="Number"><c>C-1001</c>, increasing.</param>
/// <param name="Owner">The customer's only interface; changes by a hand-over with a note alone.</param>
public sealed record Complaint(
    string Number, string Tenant, string? Ticket, string Customer, string Site, ComplaintType Type, ComplaintStatus Status, string Text, string Channel, string? Owner,
    ComplaintClocks Clocks, int EscalationLevel, IReadOnlyList<Inquiry> Inquiries, IReadOnlyList<Offer> Offers, IReadOnlyList<ComplaintStep> Steps,
    DateTimeOffset ReceivedAt, DateTimeOffset UpdatedAt, int Version)
{
    public bool IsOpen => Status is not ComplaintStatus.Closed;
}

/// <param name="Customer">Of the ticket when there is one.</param>
/// <param name="Channel"><c>page</c>, <c>api</c> or <c>staff</c>.</param>
public sealed record NewComplaint(string Tenant, string? Ticket, string? Customer, ComplaintType Type, string Text, string Channel);

/// <summary>assign, hand-over, answer, ask, reply, offer, approve, refuse, agree, disagree, further, close, note.</summary>
/// <param name="Args">assign, hand-over: person · all: note · ask: department, question, hours · reply: inquiry, answer · agree: alternative.</param>
public sealed record ComplaintAction(string Name, Colleague By, IReadOnlyDictionary<string, string> Args, IReadOnlyList<Alternative>? Alternatives = null);

/// <param name="After">The number after which the page begins, newest first.</param>
public sealed record ComplaintFilter(string Tenant, ComplaintStatus? Status = null, string? Customer = null, string? Owner = null, string? Ticket = null, bool OpenOnly = false, string? After = null, int Limit = 100);

public interface IComplaints
{
    /// <summary>The same words about the same ticket while the first is open are the same complaint.</summary>
    Task<Outcome<Complaint>> LodgeAsync(NewComplaint complaint, string actor, CancellationToken ct);
    Task<Complaint?> FindAsync(string tenant, string number, CancellationToken ct);
    Task<IReadOnlyList<Complaint>> ListAsync(ComplaintFilter filter, CancellationToken ct);
    Task<Outcome<Complaint>> ActAsync(string tenant, string number, ComplaintAction action, CancellationToken ct);

    /// <summary>What the status allows <paramref name="person"/> now.</summary>
    Task<IReadOnlyList<string>> AllowedAsync(Complaint complaint, Colleague person, CancellationToken ct);

    Task<CustomerPolicy> PolicyAsync(string tenant, CancellationToken ct);
    Task<Outcome<CustomerPolicy>> SetPolicyAsync(string tenant, CustomerPolicy policy, string actor, CancellationToken ct);
}
