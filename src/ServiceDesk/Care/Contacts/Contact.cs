using Seamless.Telemetry;

namespace Seamless.ServiceDesk.Care.Contacts;

/// <summary>What somebody at a customer's does for us to know.</summary>
public enum ContactRole : byte { Operations, Maintenance, Purchasing, Billing, Management, Site, Security }

/// <summary>Somebody at a customer's, for as long as they are there.</summary>
/// <param name="From">Since when; null for ever since.</param>
/// <param name="Until">From when on they are gone; null while nobody knows.</param>
/// <param name="Successor">The contact who takes over.</param>
/// <param name="Recipients">How messages reach them (<c>notifications/recipients</c>).</param>
/// <param name="Departed">They are gone: what is meant for them goes to their successor.</param>
/// <param name="WritesFrom">Addresses, numbers and names in a chat that they write from, beside the addresses of their recipients.</param>
/// <param name="Reached">The recipients that have their messages now; none when they are gone and nobody follows.</param>
public sealed record Contact(
    string Tenant, string Id, string Customer, string Name, IReadOnlyList<ContactRole> Roles, DateTimeOffset? From, DateTimeOffset? Until, string? Successor, IReadOnlyList<string> Recipients,
    bool Departed, IReadOnlyList<string> Reached, int Version, IReadOnlyList<string>? WritesFrom = null);

public sealed record ContactOrder(
    string Customer, string Name, IReadOnlyList<ContactRole> Roles, DateTimeOffset? From = null, DateTimeOffset? Until = null, string? Successor = null, IReadOnlyList<string>? Recipients = null,
    IReadOnlyList<string>? WritesFrom = null);

public interface IContacts
{
    Task<IReadOnlyList<Contact>> ListAsync(string tenant, string? customer, CancellationToken ct);
    Task<Contact?> FindAsync(string tenant, string id, CancellationToken ct);
    Task<Outcome<Contact>> PutAsync(string tenant, string id, ContactOrder order, string actor, CancellationToken ct);

    /// <summary>They leave, and somebody takes over.</summary>
    /// <param name="at">From when on; now when not given.</param>
    Task<Outcome<Contact>> HandOverAsync(string tenant, string id, string successor, DateTimeOffset? at, string actor, CancellationToken ct);
}

internal sealed class ContactRow
{
    public required string Tenant { get; init; }
    public required string Id { get; init; }
    public required string Customer { get; set; }
    public required string Name { get; set; }
    public required IReadOnlyList<ContactRole> Roles { get; set; }
    public DateTimeOffset? From { get; set; }
    public DateTimeOffset? Until { get; set; }
    public string? Successor { get; set; }
    public required IReadOnlyList<string> Recipients { get; set; }
    public IReadOnlyList<string> WritesFrom { get; set; } = [];
    public int Version { get; set; }

    public bool IsThere(DateTimeOffset at) => !(From > at) && !(Until <= at);
    public bool HasLeft(DateTimeOffset at) => Until <= at;
}
