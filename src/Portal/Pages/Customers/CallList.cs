using Seamless.Fleet.Registry;
using Seamless.ServiceDesk.Care.Contacts;
using Seamless.ServiceDesk.Notifications;

namespace Seamless.Portal.Pages.Customers;

/// <summary>Somebody at a customer's and the ways to them.</summary>
/// <param name="Order">1 is called first; null for who is not there.</param>
internal sealed record Callee(int? Order, Contact Contact, IReadOnlyList<Recipient> Ways);

/// <summary>Who is called first: whoever is there, those on site before those in offices. Pure.</summary>
internal static class CallList
{
    /// <summary>Nearest to the machine first.</summary>
    private static readonly ContactRole[] Nearest = [ContactRole.Site, ContactRole.Operations, ContactRole.Maintenance, ContactRole.Security, ContactRole.Management, ContactRole.Purchasing, ContactRole.Billing];

    public static IReadOnlyList<Callee> Of(IEnumerable<Contact> contacts, IReadOnlyList<Recipient> recipients, Site? site, DateTimeOffset now)
    {
        var order = 0;
        return
        [
            .. contacts.Select(contact => (Contact: contact, Ways: WaysTo(contact, recipients)))
                .Where(c => site is null || (c.Contact.Customer == site.Customer && (c.Ways.Count == 0 || c.Ways.Any(way => way.Sites.Count == 0 || way.Sites.Contains(site.Id)))))
                .OrderBy(c => IsThere(c.Contact, now) ? 0 : 1).ThenBy(c => c.Contact.Roles.Min(role => Array.IndexOf(Nearest, role))).ThenBy(c => c.Contact.Name, StringComparer.CurrentCulture)
                .Select(c => new Callee(IsThere(c.Contact, now) ? ++order : null, c.Contact, c.Ways)),
        ];
    }

    public static bool IsThere(Contact contact, DateTimeOffset now) => !contact.Departed && !(contact.From > now);

    /// <summary>Nothing that can wait is sent to them now.</summary>
    public static bool IsQuiet(Recipient way, DateTimeOffset now)
    {
        if (way is not { QuietFrom: { } from, QuietTo: { } to }) return false;
        var zone = TimeZoneInfo.TryFindSystemTimeZoneById(way.Zone, out var known) ? known : TimeZoneInfo.Utc;
        return TimeOnly.FromDateTime(TimeZoneInfo.ConvertTime(now, zone).DateTime).IsBetween(from, to);   // over midnight, too
    }

    private static List<Recipient> WaysTo(Contact contact, IReadOnlyList<Recipient> recipients) => [.. recipients.Where(way => contact.Recipients.Contains(way.Id)).OrderBy(way => way.LeastPriority).ThenBy(way => way.Id, StringComparer.Ordinal)];
}
