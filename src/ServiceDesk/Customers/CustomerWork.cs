using Microsoft.EntityFrameworkCore;
using Seamless.Rules.Packs;
using Seamless.ServiceDesk.Customers.Complaints;
using Seamless.ServiceDesk.Database;
using Seamless.ServiceDesk.Kpis;
using Seamless.ServiceDesk.Tickets;

namespace Seamless.ServiceDesk.Customers;

/// <summary>Why a customer had to deal with us once more; the detail of a touch.</summary>
internal static class Touches
{
    /// <summary>They wrote or called: a complaint, a request.</summary>
    public const string Contact = "contact";

    /// <summary>Somebody came to their site.</summary>
    public const string Visit = "visit";

    /// <summary>They were passed on to somebody else.</summary>
    public const string Transfer = "transfer";

    /// <summary>What was said to be solved was not.</summary>
    public const string Repeat = "repeat";
}

/// <summary>What work on a customer's matter reads and writes, within its one transaction.</summary>
internal static class CustomerWork
{
    public static void Step(this DeskWork work, ComplaintRow complaint, string kind, string actor, LocalizedText text, bool forCustomer = false) =>
        work.Db.ComplaintSteps.Add(new ComplaintStepRow { Complaint = complaint.Number, At = work.Now, Kind = kind, Actor = actor, Text = text, ForCustomer = forCustomer });

    public static void Record(this DeskWork work, string kind, string key, ComplaintRow complaint, double value, string? detail = null) =>
        work.Record(kind, key, complaint.Tenant, complaint.Site, complaint.Device, complaint.Ticket, value, detail);

    public static void Touch(this DeskWork work, ComplaintRow complaint, string key, string why)
    {
        if (complaint.Ticket is not null) work.Record(EventKind.Touch, $"{complaint.Number}:{key}", complaint, 1, why);
    }

    public static void Touch(this DeskWork work, TicketRow ticket, string key, string why) => work.Record(EventKind.Touch, key, ticket, 1, why);

    public static async Task<List<InquiryRow>> InquiriesAsync(this DeskWork work, string complaint, CancellationToken ct)
    {
        await work.Db.Inquiries.Where(i => i.Complaint == complaint).LoadAsync(ct);
        return [.. work.Db.Inquiries.Local.Where(i => i.Complaint == complaint).OrderBy(i => i.Number)];
    }

    public static async Task<List<OfferRow>> OffersAsync(this DeskWork work, string complaint, CancellationToken ct)
    {
        await work.Db.Offers.Where(o => o.Complaint == complaint).LoadAsync(ct);
        return [.. work.Db.Offers.Local.Where(o => o.Complaint == complaint).OrderBy(o => o.Number)];
    }

    /// <summary>The ticket that a customer means: by tracking code, or by its number and the serial of the device. Null tells nothing about which of them was wrong.</summary>
    public static Task<TicketRow?> TrackedAsync(this DeskContext db, string code, string? serial, CancellationToken ct) => serial is null
        ? db.Tickets.FirstOrDefaultAsync(t => t.TrackingCode == code, ct)
        : db.Tickets.FirstOrDefaultAsync(t => t.Number == code && t.Serial == serial, ct);
}
