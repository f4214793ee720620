using Seamless.ServiceDesk.Notifications.Recipients;

namespace Seamless.ServiceDesk.Care.Contacts;

/// <summary>Who has the messages of a contact, at an instant: themselves, or who took over from them.</summary>
internal sealed class ContactRouting(IReadOnlyList<ContactRow> contacts, IReadOnlyList<RecipientRow> recipients)
{
    /// <returns>The recipient itself unless its contact has left; null when nobody who can be reached follows.</returns>
    public RecipientRow? Of(RecipientRow recipient, DateTimeOffset at)
    {
        if (contacts.FirstOrDefault(c => c.Recipients.Contains(recipient.Id)) is not { } contact || !contact.HasLeft(at)) return recipient;
        return Follow(contact, at) is { } follower ? ReachedBy(follower, recipient) : null;
    }

    /// <summary>The contact, or the first after them who is there.</summary>
    public ContactRow? Follow(ContactRow contact, DateTimeOffset at)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        for (var current = contact; current is not null && seen.Add(current.Id); current = contacts.FirstOrDefault(c => c.Id == current.Successor))
            if (current.IsThere(at)) return current;
        return null;
    }

    /// <summary>By the same channel when there is one.</summary>
    private RecipientRow? ReachedBy(ContactRow contact, RecipientRow before) => recipients
        .Where(r => r.Enabled && contact.Recipients.Contains(r.Id)).OrderBy(r => r.Channel == before.Channel ? 0 : 1).ThenBy(r => r.Id, StringComparer.Ordinal).FirstOrDefault();
}
