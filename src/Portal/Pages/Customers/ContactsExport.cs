using System.Globalization;
using System.Text;
using Seamless.Fleet.Registry;
using Seamless.Portal.Pages.Viewing;
using Seamless.ServiceDesk.Care.Contacts;
using Seamless.ServiceDesk.Notifications;

namespace Seamless.Portal.Pages.Customers;

/// <summary>Who is called, in order, as a table for a spreadsheet or for paper: one row for each way to somebody.</summary>
internal static class ContactsExport
{
    public static void MapContactsExport(this IEndpointRouteBuilder app) =>
        app.MapGet("/contacts.csv", async (string? site, IContacts contacts, INotifications notifications, IDeviceRegistry registry, Viewer viewer, CancellationToken ct) =>
            {
                var at = site is null ? null : await registry.FindSiteAsync(viewer.Tenant, site, ct);
                var recipients = await notifications.RecipientsAsync(viewer.Tenant, ct);
                var lists = (await contacts.ListAsync(viewer.Tenant, null, ct)).GroupBy(c => c.Customer).OrderBy(g => g.Key, StringComparer.Ordinal).SelectMany(g => CallList.Of(g, recipients, at, viewer.Now));
                return Results.Text('\uFEFF' + Csv(lists), "text/csv", Encoding.UTF8);   // the mark tells spreadsheets that this is UTF-8
            })
            .RequireAuthorization(policy => policy.RequireRole(Duties.Readers.Split(','))).ExcludeFromDescription();

    internal static string Csv(IEnumerable<Callee> callees)
    {
        var text = new StringBuilder("customer,order,contact,name,roles,from,until,successor,channel,address,language,zone,quietFrom,quietTo,leastPriority,sites\r\n");
        foreach (var (order, c, ways) in callees)
            foreach (var way in ways.DefaultIfEmpty<Recipient?>(null))
                text.Append(CultureInfo.InvariantCulture,
                    $"{CustomersExport.Cell(c.Customer)},{order},{c.Id},{CustomersExport.Cell(c.Name)},{string.Join(' ', c.Roles)},{c.From:O},{c.Until:O},{c.Successor},{way?.Channel},{CustomersExport.Cell(way?.Address)},{way?.Language},{way?.Zone},{way?.QuietFrom:HH:mm},{way?.QuietTo:HH:mm},{way?.LeastPriority},{string.Join(' ', way?.Sites ?? [])}\r\n");
        return text.ToString();
    }
}
