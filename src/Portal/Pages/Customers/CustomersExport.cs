using System.Globalization;
using System.Text;
using Seamless.Portal.Pages.Viewing;
using Seamless.ServiceDesk.Customers.Complaints;
using Seamless.ServiceDesk.Customers.Figures;

namespace Seamless.Portal.Pages.Customers;

/// <summary>Customers' figures and complaints as tables for a spreadsheet.</summary>
internal static class CustomersExport
{
    private const int Most = 1000;

    public static void MapCustomersExport(this IEndpointRouteBuilder app)
    {
        var exports = app.MapGroup("").RequireAuthorization(policy => policy.RequireRole(Duties.Readers.Split(','))).ExcludeFromDescription();
        exports.MapGet("/customers.csv", async (int? days, ICustomerFigures figures, Viewer viewer, CancellationToken ct) =>
            Table(Csv(await figures.CustomersAsync(viewer.Tenant, viewer.Now.AddDays(-Math.Clamp(days ?? 30, 1, 3660)), viewer.Now.AddMilliseconds(1), ct))));
        exports.MapGet("/complaints.csv", async (IComplaints complaints, Viewer viewer, CancellationToken ct) =>
        {
            var all = new List<Complaint>();
            for (string? after = null; ; after = all[^1].Number)
            {
                var page = await complaints.ListAsync(new ComplaintFilter(viewer.Tenant, After: after, Limit: Most), ct);
                all.AddRange(page);
                if (page.Count < Most) return Table(Csv(all));
            }
        });
    }

    // The mark tells spreadsheets that this is UTF-8.
    private static IResult Table(string text) => Results.Text('\uFEFF' + text, "text/csv", Encoding.UTF8);

    internal static string Csv(IEnumerable<CustomerVoice> customers)
    {
        var text = new StringBuilder("customer,nps,npsLow,npsHigh,npsCount,effort,effortCount,satisfaction,satisfactionCount,sla,slaCount,touchesPerTicket,complaints,openComplaints,compliments,divergence\r\n");
        foreach (var (f, divergence, open, _) in customers)
            text.Append(CultureInfo.InvariantCulture,
                $"{Cell(f.Of)},{f.Recommend.Value},{f.Recommend.Low},{f.Recommend.High},{f.Recommend.Count},{f.Effort.Value},{f.Effort.Count},{f.Satisfaction.Value},{f.Satisfaction.Count},{f.Sla.Value},{f.Sla.Count},{f.Touches.PerTicket},{f.Complaints},{open},{f.Compliments},{string.Join(' ', divergence?.Reasons ?? [])}\r\n");
        return text.ToString();
    }

    internal static string Csv(IEnumerable<Complaint> complaints)
    {
        var text = new StringBuilder("complaint,ticket,customer,type,status,owner,received,firstAnswerBy,firstAnswered,firstAnswerMet,solutionBy,solved,solutionMet,escalationLevel,text\r\n");
        foreach (var c in complaints)
            text.Append(CultureInfo.InvariantCulture,
                $"{c.Number},{c.Ticket},{Cell(c.Customer)},{c.Type},{c.Status},{Cell(c.Owner)},{c.ReceivedAt:O},{c.Clocks.FirstAnswerBy:O},{c.Clocks.FirstAnsweredAt:O},{c.Clocks.FirstAnswerMet},{c.Clocks.SolutionBy:O},{c.Clocks.SolvedAt:O},{c.Clocks.SolutionMet},{c.EscalationLevel},{Cell(c.Text)}\r\n");
        return text.ToString();
    }

    /// <summary>Quoted; a leading sign of a formula is disarmed, since a stranger may have written it.</summary>
    internal static string Cell(string? text) => text is null ? "" : $"\"{(text.Length > 0 && text[0] is '=' or '+' or '-' or '@' or '\t' or '\r' ? "'" : "")}{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
}
