using Seamless.Telemetry;

namespace Seamless.ServiceDesk.Customers.Requests;

public enum RequestStatus : byte { Open, Answered }

/// <summary>Something a customer needs or suggests, with the department that owes them an answer.</summary>
/// <param name="Number"><c>R-1001</c>, increasing.</param>
/// <param name="Answer">What the customer was told; on the status page when there is a ticket.</param>
public sealed record CustomerRequest(
    string Number, string Tenant, string? Ticket, string Customer, string Text, string Department, RequestStatus Status, DateTimeOffset AskedAt, DateTimeOffset DueAt,
    string? Answer, string? AnsweredBy, DateTimeOffset? AnsweredAt, int EscalationLevel, int Version);

/// <param name="Department">Of the ticket's service desk when not given.</param>
/// <param name="DueAt">Ten days from now when not given.</param>
public sealed record NewRequest(string Tenant, string? Ticket, string? Customer, string Text, string? Department = null, DateTimeOffset? DueAt = null);

/// <summary>A customer's thanks, kept with the job and the technician who earned them.</summary>
public sealed record Compliment(string Id, string Tenant, string? Ticket, string Customer, string? Technician, string? Partner, string Text, string Actor, DateTimeOffset At);

/// <param name="Technician">The ticket's when not given.</param>
public sealed record NewCompliment(string Tenant, string? Ticket, string? Customer, string Text, string? Technician = null);

public interface ICustomerRequests
{
    Task<Outcome<CustomerRequest>> AskAsync(NewRequest request, string actor, CancellationToken ct);
    Task<Outcome<CustomerRequest>> AnswerAsync(string tenant, string number, string answer, string actor, CancellationToken ct);

    /// <summary>To another department, with the reason.</summary>
    Task<Outcome<CustomerRequest>> PassOnAsync(string tenant, string number, string department, string note, string actor, CancellationToken ct);
    Task<IReadOnlyList<CustomerRequest>> ListAsync(string tenant, string? customer, bool openOnly, CancellationToken ct);
    Task<Outcome<Compliment>> ThankAsync(NewCompliment compliment, string actor, CancellationToken ct);
    Task<IReadOnlyList<Compliment>> ComplimentsAsync(string tenant, string? technician, CancellationToken ct);
}

internal sealed class RequestRow
{
    public required string Number { get; init; }
    public int Sequence { get; init; }

    /// <summary>Unique: the same request posted twice is one.</summary>
    public required string Key { get; init; }
    public required string Tenant { get; init; }
    public string? Ticket { get; init; }
    public required string Customer { get; init; }
    public required string Site { get; init; }
    public required string Text { get; init; }
    public required string Department { get; set; }
    public RequestStatus Status { get; set; }
    public DateTimeOffset AskedAt { get; init; }
    public DateTimeOffset AnswerBy { get; init; }
    public string? Answer { get; set; }
    public string? AnsweredBy { get; set; }
    public DateTimeOffset? AnsweredAt { get; set; }
    public int EscalationLevel { get; set; }

    /// <summary>When the desk must look again.</summary>
    public DateTimeOffset? DueAt { get; set; }
    public int Version { get; set; }

    public CustomerRequest ToRequest() => new(Number, Tenant, Ticket, Customer, Text, Department, Status, AskedAt, AnswerBy, Answer, AnsweredBy, AnsweredAt, EscalationLevel, Version);
}

internal sealed class ComplimentRow
{
    public long Id { get; init; }

    /// <summary>Unique: the same thanks posted twice are one.</summary>
    public required string Key { get; init; }
    public required string Tenant { get; init; }
    public string? Ticket { get; init; }
    public required string Customer { get; init; }
    public required string Site { get; init; }
    public string? Technician { get; init; }
    public string? Partner { get; init; }
    public required string Text { get; init; }
    public required string Actor { get; init; }
    public DateTimeOffset At { get; init; }

    public Compliment ToCompliment() => new($"K-{Id}", Tenant, Ticket, Customer, Technician, Partner, Text, Actor, At);
}
