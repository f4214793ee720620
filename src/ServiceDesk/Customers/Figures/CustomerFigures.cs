namespace Seamless.ServiceDesk.Customers.Figures;

/// <summary>By what the answers are put together; <c>All</c> is the whole tenant.</summary>
public enum VoiceDimension : byte { All, Customer, Site, Technician, Partner }

/// <summary>How often customers had to deal with us, of the tickets repaired in the period.</summary>
/// <param name="PerTicket">Contacts, visits, transfers and repeats together.</param>
public sealed record TouchFigures(double? PerTicket, int Contacts, int Visits, int Transfers, int Repeats, int Tickets);

/// <summary>What was said of one customer, site, technician or partner, and what we did.</summary>
/// <param name="Sla">Share of the clocks that ended in time.</param>
public sealed record VoiceFigures(
    string Of, NetPromoter Recommend, ShareOf Effort, ShareOf Satisfaction, ShareOf Sla, TouchFigures Touches, int Complaints, int Compliments);

/// <summary>What moves the score: the net promoter score with and without something that happened.</summary>
/// <param name="Code">resolvedInTime, arrivedInTime, firstVisit, oneTouch, complaint.</param>
/// <param name="Difference">With less without, points; null until both have enough answers.</param>
public sealed record NpsDriver(string Code, NetPromoter With, NetPromoter Without, double? Difference);

/// <summary>A comment with the answers beside it.</summary>
public sealed record CustomerComment(string Ticket, DateTimeOffset At, int? Recommend, int? Satisfaction, string Text);

/// <param name="Divergence">Green clocks and an unhappy customer, as it stands in this period; null otherwise.</param>
public sealed record CustomerVoice(VoiceFigures Figures, Divergence? Divergence, int OpenComplaints, IReadOnlyList<CustomerComment> Comments);

public interface ICustomerFigures
{
    /// <summary>One row for each that was heard of in the period, by name; <c>All</c> gives one row, <c>*</c>.</summary>
    Task<IReadOnlyList<VoiceFigures>> MeasureAsync(string tenant, VoiceDimension by, DateTimeOffset from, DateTimeOffset to, CancellationToken ct);
    Task<IReadOnlyList<NpsDriver>> DriversAsync(string tenant, DateTimeOffset from, DateTimeOffset to, CancellationToken ct);

    /// <summary>Each customer with a ticket, an answer or a complaint; who diverges first, then by name.</summary>
    Task<IReadOnlyList<CustomerVoice>> CustomersAsync(string tenant, DateTimeOffset from, DateTimeOffset to, CancellationToken ct);

    /// <summary>What was written down, once for each customer and month; newest first.</summary>
    Task<IReadOnlyList<Divergence>> DivergencesAsync(string tenant, CancellationToken ct);
}
