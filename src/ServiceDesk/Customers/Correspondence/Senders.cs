using Microsoft.EntityFrameworkCore;
using MimeKit;
using Seamless.ServiceDesk.Database;
using Seamless.ServiceDesk.Notifications;
using Seamless.ServiceDesk.Notifications.Recipients;
using Seamless.ServiceDesk.Tickets;

namespace Seamless.ServiceDesk.Customers.Correspondence;

/// <summary>Somebody at a customer's who writes to us.</summary>
/// <param name="Contact">Their id; null when only a recipient is known.</param>
/// <param name="Scopes">For which customers and sites they speak.</param>
/// <param name="Recipients">Ids of the recipients by which they are reached.</param>
internal sealed record Sender(string Name, string? Contact, IReadOnlyList<SenderScope> Scopes, IReadOnlyList<string> Recipients)
{
    public string? Customer => Scopes.Select(s => s.Customer).FirstOrDefault(c => c is not null);

    public bool SpeaksFor(TicketRow ticket) => Scopes.Any(s => s.Fits(ticket.Site, ticket.Customer));
}

/// <param name="Sites">Only these; all of the customer's when empty.</param>
internal sealed record SenderScope(string? Customer, IReadOnlyList<string> Sites)
{
    public bool Fits(string site, string customer) => (Customer is not null || Sites.Count > 0) && (Customer is null || Customer == customer) && (Sites.Count == 0 || Sites.Contains(site));
}

/// <summary>Tells who a sender is: a recipient of a customer's that has this address, or a contact who writes from it. Who has left is nobody's voice any more.</summary>
internal sealed class Senders(RecipientShelf shelf, AddressVault vault)
{
    public async Task<Sender?> FindAsync(DeskContext db, string tenant, MessageChannel channel, string from, DateTimeOffset now, CancellationToken ct)
    {
        var contacts = await db.Contacts.AsNoTracking().Where(c => c.Tenant == tenant).OrderBy(c => c.Id).ToListAsync(ct);
        var gone = contacts.Where(c => !c.IsThere(now)).SelectMany(c => c.Recipients).ToHashSet();
        var writing = (await shelf.OfAsync(tenant, ct)).Where(r => r.Audience is Audience.Customer && !gone.Contains(r.Id) && Carries(r.Channel, channel) && Normal(channel, vault.Open(tenant, r.Id, r.Sealed)?.Address ?? "") == from).ToList();
        var speaking = contacts.Where(c => c.IsThere(now) && (c.Recipients.Intersect(writing.Select(r => r.Id)).Any() || c.WritesFrom.Any(a => Normal(channel, a) == from))).ToList();
        if (writing.Count == 0 && speaking.Count == 0) return null;
        return new Sender(
            speaking.Count > 0 ? speaking[0].Name : writing[0].Title, speaking.FirstOrDefault()?.Id,
            [.. writing.Select(r => new SenderScope(r.Customer, r.Sites)), .. speaking.Select(c => new SenderScope(c.Customer, []))],
            [.. writing.Select(r => r.Id), .. speaking.SelectMany(c => c.Recipients)]);
    }

    /// <summary>An address as it is compared: without the name before an e-mail address, without what people put between the digits of a number. Empty for what is none.</summary>
    public static string Normal(MessageChannel channel, string address) => channel switch
    {
        MessageChannel.Email => MailboxAddress.TryParse(address, out var mailbox) && mailbox.Address.Contains('@', StringComparison.Ordinal) ? mailbox.Address.ToLowerInvariant() : "",
        MessageChannel.Phone or MessageChannel.Sms => Number(address.Trim()),
        _ => address.Trim().ToLowerInvariant(),
    };

    private static string Number(string text)
    {
        var digits = string.Concat(text.Where(char.IsAsciiDigit));
        return text.StartsWith('+') ? $"+{digits}" : text.StartsWith("00", StringComparison.Ordinal) ? $"+{digits[2..]}" : digits;
    }

    private static bool Carries(Channel ours, MessageChannel theirs) => ours switch
    {
        Channel.Email => theirs is MessageChannel.Email,
        Channel.Sms => theirs is MessageChannel.Sms or MessageChannel.Phone,
        _ => false,   // a robot's address is where we write to, nobody writes from it
    };
}
