using Microsoft.EntityFrameworkCore;
using Seamless.ServiceDesk.Database;
using Seamless.ServiceDesk.Notifications;

namespace Seamless.ServiceDesk.Customers.Correspondence;

internal sealed class MessageRow
{
    public required string Number { get; init; }
    public int Sequence { get; init; }
    public required string Tenant { get; init; }
    public MessageChannel Channel { get; init; }

    /// <summary>Unique with tenant and channel: what is handed over twice is one message.</summary>
    public required string ExternalId { get; init; }

    /// <summary>As it compares: see <see cref="Senders.Normal"/>.</summary>
    public required string From { get; init; }
    public string? FromName { get; init; }
    public string? Subject { get; init; }
    public required string Text { get; init; }
    public string? Device { get; init; }
    public bool Authentic { get; init; }

    /// <summary>When it was written, as far as that was said.</summary>
    public DateTimeOffset At { get; init; }
    public DateTimeOffset ReceivedAt { get; init; }
    public required string Actor { get; init; }

    public bool Verified { get; set; }
    public string? Customer { get; set; }
    public string? Contact { get; set; }
    public MessageState State { get; set; }
    public string? Ticket { get; set; }
    public required IReadOnlyList<string> Candidates { get; set; }

    /// <summary>What the gateway was answered; later decisions change nothing in it.</summary>
    public bool ReceiptVerified { get; set; }
    public string? ReceiptTicket { get; set; }

    public string? Reason { get; set; }
    public string? DecidedBy { get; set; }
    public int Version { get; set; }

    public MessageReceipt ToReceipt() => new(Number, ReceiptVerified, ReceiptTicket);

    public CustomerMessage ToMessage() => new(Number, Tenant, Channel, From, FromName, Subject, Text, At, ReceivedAt, Verified, Customer, Contact, Device, State, Ticket, Candidates, Reason, DecidedBy);
}

internal sealed class ReplyRow
{
    public required string Number { get; init; }
    public int Sequence { get; init; }
    public required string Tenant { get; init; }
    public required string Ticket { get; init; }

    /// <summary>Unique with tenant and ticket: a reply goes out once.</summary>
    public required string Key { get; init; }

    /// <summary>See <see cref="ReplyWay.By"/>.</summary>
    public required string By { get; init; }
    public required string Channel { get; init; }
    public required string Title { get; init; }
    public string? Address { get; init; }
    public required string Text { get; init; }

    /// <summary>In whose name.</summary>
    public required string Owner { get; init; }
    public required string Actor { get; init; }
    public DateTimeOffset At { get; init; }

    /// <summary>The message in the outbox; null for what was said on the telephone.</summary>
    public string? Outbox { get; init; }
}

internal static class CorrespondenceTables
{
    public static void Add(ModelBuilder model)
    {
        model.Entity<MessageRow>(m =>
        {
            m.ToTable("desk_messages").HasKey(r => r.Number);
            m.Property(r => r.Version).IsConcurrencyToken();
            m.HasIndex(r => r.Sequence).IsUnique();
            m.HasIndex(r => new { r.Tenant, r.Channel, r.ExternalId }).IsUnique();
            m.HasIndex(r => new { r.Tenant, r.From, r.ReceivedAt });
            m.HasIndex(r => new { r.Tenant, r.State });
            m.HasIndex(r => new { r.Tenant, r.Ticket });
            m.Json(r => r.Candidates);
        });
        model.Entity<ReplyRow>(r =>
        {
            r.ToTable("desk_replies").HasKey(x => x.Number);
            r.HasIndex(x => x.Sequence).IsUnique();
            r.HasIndex(x => new { x.Tenant, x.Ticket, x.Key }).IsUnique();
        });
    }
}
