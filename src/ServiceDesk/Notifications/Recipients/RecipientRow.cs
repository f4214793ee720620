using Seamless.ServiceDesk.Tickets;

namespace Seamless.ServiceDesk.Notifications.Recipients;

internal sealed class RecipientRow
{
    public required string Tenant { get; init; }
    public required string Id { get; init; }
    public required string Title { get; set; }
    public Audience Audience { get; set; }
    public string? Customer { get; set; }
    public Channel Channel { get; set; }

    /// <summary>Address and secrets, encrypted; see <see cref="AddressVault"/>.</summary>
    public required string Sealed { get; set; }

    /// <summary>The address, masked: what logs, answers and pages show.</summary>
    public required string Shown { get; set; }
    public int Secrets { get; set; }
    public required string Language { get; set; }
    public required string Zone { get; set; }
    public TimeOnly? QuietFrom { get; set; }
    public TimeOnly? QuietTo { get; set; }
    public required IReadOnlyList<string> Milestones { get; set; }
    public Priority LeastPriority { get; set; }
    public required IReadOnlyList<string> Sites { get; set; }
    public string? Rung { get; set; }
    public bool OptedIn { get; set; }
    public bool Enabled { get; set; }
    public string? DisabledWhy { get; set; }
    public DateTimeOffset UpdatedAt { get; set; }
    public int Version { get; set; }

    /// <summary>UTC where this machine does not know the zone, as after a move: a message must not keep a ticket from being saved.</summary>
    public TimeZoneInfo ZoneInfo => TimeZoneInfo.TryFindSystemTimeZoneById(Zone, out var zone) ? zone : TimeZoneInfo.Utc;

    public Recipient ToRecipient() => new(
        Tenant, Id, Title, Audience, Customer, Channel, Shown, Secrets, Language, Zone, QuietFrom, QuietTo, Milestones, LeastPriority, Sites, Rung, OptedIn, Enabled, DisabledWhy);

    /// <summary>Whether this recipient is told of a milestone of this ticket.</summary>
    /// <param name="rung">The step of the ladder that an escalation climbed; null for all other milestones.</param>
    public bool Wants(TicketRow ticket, string milestone, string? rung) => Wants(ticket.Site, ticket.Customer, ticket.Priority, milestone, rung);

    /// <summary>Whether a case there is theirs.</summary>
    public bool IsFor(string site, string customer) => (Sites.Count == 0 || Sites.Contains(site)) && (Customer is null || Customer == customer);

    public bool Wants(string site, string customer, Priority priority, string milestone, string? rung)
    {
        if (!Enabled || priority > LeastPriority) return false;
        if (!IsFor(site, customer)) return false;
        return rung is not null && Rung is not null ? Rung == rung : Milestones.Contains(milestone);
    }
}
