using Microsoft.EntityFrameworkCore;
using Seamless.Rules.Packs;
using Seamless.ServiceDesk.Customers.Complaints;
using Seamless.ServiceDesk.Database;

namespace Seamless.ServiceDesk.Sessions;

internal sealed class SessionRow
{
    public required string Ticket { get; init; }
    public int Number { get; init; }
    public required string Tenant { get; init; }
    public required string Device { get; init; }
    public SessionState State { get; set; }
    public SessionEnding? Ending { get; set; }
    public required string Reason { get; init; }
    public CommandRisk UpTo { get; init; }
    public IReadOnlyList<string>? Commands { get; init; }
    public int Minutes { get; init; }
    public required string AskedBy { get; init; }
    public DateTimeOffset AskedAt { get; init; }
    public DateTimeOffset? LapsesAt { get; set; }
    public Consent? Consent { get; set; }
    public DateTimeOffset? OpenedAt { get; set; }
    public DateTimeOffset? EndsAt { get; set; }
    public DateTimeOffset? EndedAt { get; set; }
    public string? EndedBy { get; set; }

    /// <summary>How many entries its transcript has, and the last one's hash.</summary>
    public int Entries { get; set; }
    public required string Head { get; set; }

    /// <summary>When time alone does something to it.</summary>
    public DateTimeOffset? DueAt { get; set; }
    public int Version { get; set; }

    public SessionMoment Moment => new(Ticket, Number, State, Ending, LapsesAt, EndsAt);

    /// <summary>What was asked for, as the first entry has it.</summary>
    public SessionTerms Terms => new(Reason, UpTo.ToString(), Commands, Minutes);

    public RemoteSession ToSession(IEnumerable<SessionLinkRow> links) => new(
        Ticket, Number, Device, State, Ending, Reason, UpTo, Commands, Minutes, AskedBy, AskedAt, LapsesAt, Consent, OpenedAt, EndsAt, EndedAt, EndedBy, [.. links.OrderBy(l => l.Number).Select(l => l.ToLink())]);
}

internal sealed record SessionTerms(string Reason, string UpTo, IReadOnlyList<string>? Commands, int Minutes);

internal sealed class SessionEntryRow
{
    public required string Ticket { get; init; }
    public int Session { get; init; }
    public int Number { get; init; }
    public DateTimeOffset At { get; init; }
    public required string Kind { get; init; }
    public required string Actor { get; init; }
    public required LocalizedText Text { get; init; }
    public string? Data { get; init; }
    public required string Hash { get; set; }

    public SessionEntry ToEntry() => new(Number, At, Kind, Actor, Text, Data, Hash);
}

/// <summary>A command that was written into the transcript, until its result stands there too.</summary>
internal sealed class SessionCommandRow
{
    public required string Ticket { get; init; }
    public int Session { get; init; }
    public required string Key { get; init; }
    public required string Tenant { get; init; }
    public required string Device { get; init; }
    public required string Name { get; init; }
    public required string Args { get; init; }
    public CommandRisk Risk { get; init; }
    public required string Actor { get; init; }
    public int Entry { get; init; }
    public DateTimeOffset ExpiresAt { get; init; }

    /// <summary>Its id among the device's commands; null until it was handed over.</summary>
    public string? Command { get; set; }
    public string? State { get; set; }

    /// <summary>When to look what has become of it; null once its result is written down.</summary>
    public DateTimeOffset? DueAt { get; set; }
    public int Version { get; set; }

    /// <summary>Among all that the device is ever sent.</summary>
    public string IdempotencyKey => string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{Prefix}{Ticket}:{Session}:{Key}");

    public const string Prefix = "session:";

    public SessionCommand ToCommand() => new(Key, Name, Risk, Actor, Entry, ExpiresAt, Command, State);
}

internal sealed class SessionLinkRow
{
    /// <summary>SHA-256 of the secret, hexadecimal.</summary>
    public required string Hash { get; init; }
    public required string Ticket { get; init; }
    public int Session { get; init; }
    public int Number { get; init; }
    public required string Name { get; init; }
    public required string GivenBy { get; init; }
    public DateTimeOffset GivenAt { get; init; }
    public DateTimeOffset? OpenedAt { get; set; }
    public DateTimeOffset? RevokedAt { get; set; }
    public int Version { get; set; }

    public GuestLink ToLink() => new(Number, Name, GivenBy, GivenAt, OpenedAt, RevokedAt);
}

internal static class SessionTables
{
    public static void Add(ModelBuilder model)
    {
        model.Entity<SessionRow>(s =>
        {
            s.ToTable("desk_sessions").HasKey(r => new { r.Ticket, r.Number });
            s.Property(r => r.Version).IsConcurrencyToken();
            s.HasIndex(r => r.DueAt);
            s.HasIndex(r => new { r.Tenant, r.Device, r.State });
            s.Json(r => r.Commands);
            s.Json(r => r.Consent);
            s.Ignore(r => r.Moment);
            s.Ignore(r => r.Terms);
        });
        model.Entity<SessionEntryRow>(e =>
        {
            e.ToTable("desk_session_entries").HasKey(r => new { r.Ticket, r.Session, r.Number });
            e.Json(r => r.Text);
        });
        model.Entity<SessionCommandRow>(c =>
        {
            c.ToTable("desk_session_commands").HasKey(r => new { r.Ticket, r.Session, r.Key });
            c.Property(r => r.Version).IsConcurrencyToken();
            c.HasIndex(r => r.DueAt);
            c.Ignore(r => r.IdempotencyKey);
        });
        model.Entity<SessionLinkRow>(l =>
        {
            l.ToTable("desk_session_links").HasKey(r => r.Hash);
            l.Property(r => r.Version).IsConcurrencyToken();
            l.HasIndex(r => new { r.Ticket, r.Session, r.Number }).IsUnique();
        });
    }
}
