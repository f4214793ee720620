using Seamless.Rules.Packs;

namespace Seamless.ServiceDesk.Customers.Complaints;

/// <summary>What the clocks have already said, so that they say it once.</summary>
[Flags]
internal enum ComplaintMarks { None = 0, FirstAnswerOverdue = 1, SolutionOverdue = 2 }

internal sealed class ComplaintRow
{
    public required string Number { get; init; }
    public int Sequence { get; init; }

    /// <summary>Unique: the same complaint posted twice is one.</summary>
    public required string Key { get; init; }
    public required string Tenant { get; init; }
    public string? Ticket { get; init; }
    public required string Customer { get; init; }
    public required string Site { get; init; }
    public string? Device { get; init; }
    public ComplaintType Type { get; init; }
    public required string Text { get; init; }
    public required string Channel { get; init; }
    public ComplaintStatus Status { get; set; }
    public string? Owner { get; set; }
    public DateTimeOffset ReceivedAt { get; init; }
    public DateTimeOffset FirstAnswerBy { get; init; }
    public DateTimeOffset SolutionBy { get; init; }
    public DateTimeOffset? FirstAnsweredAt { get; set; }
    public DateTimeOffset? SolvedAt { get; set; }
    public ComplaintMarks Marks { get; set; }
    public int EscalationLevel { get; set; }

    /// <summary>When the desk must look again.</summary>
    public DateTimeOffset? DueAt { get; set; }
    public DateTimeOffset UpdatedAt { get; set; }
    public int Version { get; set; }
}

internal sealed class InquiryRow
{
    public required string Complaint { get; init; }
    public int Number { get; init; }
    public required string Department { get; init; }
    public required string Question { get; init; }
    public required string AskedBy { get; init; }
    public DateTimeOffset AskedAt { get; init; }
    public DateTimeOffset DueAt { get; init; }
    public string? Answer { get; set; }
    public string? AnsweredBy { get; set; }
    public DateTimeOffset? AnsweredAt { get; set; }
    public bool Overdue { get; set; }
}

internal sealed class OfferRow
{
    public required string Complaint { get; init; }
    public int Number { get; init; }
    public required IReadOnlyList<Alternative> Alternatives { get; init; }
    public required string OfferedBy { get; init; }
    public required string Role { get; init; }
    public DateTimeOffset At { get; init; }
    public string? Rung { get; set; }
    public string? ApprovedBy { get; set; }
    public int? Chosen { get; set; }
}

internal sealed class ComplaintStepRow
{
    public long Id { get; init; }
    public required string Complaint { get; init; }
    public DateTimeOffset At { get; init; }
    public required string Kind { get; init; }
    public required string Actor { get; init; }
    public required LocalizedText Text { get; init; }
    public bool ForCustomer { get; init; }
}
