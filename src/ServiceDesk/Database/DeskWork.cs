using Microsoft.EntityFrameworkCore;
using Seamless.Rules.Packs;
using Seamless.ServiceDesk.Kpis;
using Seamless.ServiceDesk.Mystery;
using Seamless.ServiceDesk.Notifications.Outbox;
using Seamless.ServiceDesk.Parts;
using Seamless.ServiceDesk.Parts.Resupply;
using Seamless.ServiceDesk.Tickets;

namespace Seamless.ServiceDesk.Database;

/// <summary>One piece of work: everything it changes is saved in one transaction, or not at all.</summary>
internal sealed class DeskWork(DeskContext db, DateTimeOffset now)
{
    public const string Desk = "desk";

    public DeskContext Db => db;
    public DateTimeOffset Now => now;

    /// <summary>Parts whose units have moved: once it is saved, their stock is reviewed.</summary>
    public HashSet<StockedPart> Moved { get; } = [];

    public void StockMoved(string tenant, string sku) => Moved.Add(new StockedPart(tenant, sku));

    /// <summary>What this work has noted on tickets: who is to be told of it is saved with it.</summary>
    public List<Noted> Noted { get; } = [];

    /// <summary>What people are told of beside tickets: saved with this work as well.</summary>
    public List<Notice> Notices { get; } = [];

    /// <param name="rung">The step of the escalation ladder that is told; null for all but escalations.</param>
    /// <param name="point">When and where it happened, for what people enter.</param>
    public void Note(TicketRow ticket, string kind, string en, string zh, string actor = Desk, string? rung = null, TimePoint? point = null)
    {
        var entry = new TimelineRow
        {
            Ticket = ticket.Number, At = now, Kind = kind, Actor = actor, Text = new LocalizedText(en, zh),
            OccurredAt = point is { Reported: true } ? point.At : null, Late = point is { Late: true }, Place = point?.Place, Proof = point?.Proof,
        };
        db.Timeline.Add(entry);
        Noted.Add(new Noted(ticket, entry, rung));
        ticket.Touch(now);
    }

    /// <summary>What has been recorded, in order: linked into the log when it is saved.</summary>
    public List<EventRow> Recorded { get; } = [];

    /// <summary>For the scoreboard; what is only played is not counted.</summary>
    public void Record(string kind, string key, string tenant, string site, string? device, string? ticket, double value, string? detail = null, string? who = null)
    {
        if (MysteryDevice.Is(site, device)) return;
        Recorded.Add(new EventRow
        {
            At = now, Tenant = tenant, Kind = kind, Key = $"{kind}:{key}", Site = site, Device = device, Ticket = ticket, Value = value, Detail = detail, Who = who,
        });
    }

    public void Record(string kind, string key, TicketRow ticket, double value, string? detail = null, string? who = null) =>
        Record(kind, $"{ticket.Number}:{key}", ticket.Tenant, ticket.Site, ticket.Device, ticket.Number, value, detail, who);

    /// <summary>The moves of this work, in order: sealed into the chains of their units when it is saved.</summary>
    public List<(UnitRow Unit, UnitMoveRow Move)> Moves { get; } = [];

    /// <summary>Moves a unit and writes the move into the custody ledger.</summary>
    public void Move(
        UnitRow unit, UnitState to, string kind, string actor, string? depot = null, string? device = null, string? ticket = null, string? order = null, string? holder = null, string? giver = null,
        string? reason = null)
    {
        var from = unit.Place;
        var forTicket = ticket ?? unit.Ticket;
        (unit.State, unit.Depot, unit.Device, unit.Ticket, unit.Order, unit.Holder) = (to, depot, device, ticket, order, holder);
        unit.Version++;
        Log(unit, kind, from, actor, forTicket, giver, reason);
    }

    /// <summary>A unit that is in the ledger from now on.</summary>
    public void Enter(UnitRow unit, string kind, string from, string actor)
    {
        db.Units.Add(unit);
        Log(unit, kind, from, actor, unit.Ticket, null, null);
    }

    private void Log(UnitRow unit, string kind, string from, string actor, string? ticket, string? giver, string? reason)
    {
        StockMoved(unit.Tenant, unit.Sku);
        var move = new UnitMoveRow
        {
            Tenant = unit.Tenant, Serial = unit.Serial, At = now, Kind = kind, From = from, To = unit.Place, Actor = actor, Ticket = ticket, Giver = giver, Reason = reason,
        };
        db.UnitMoves.Add(move);
        Moves.Add((unit, move));
    }

    /// <summary>A ticket by its number, also one that this work has just added.</summary>
    public async Task<TicketRow?> TicketAsync(string tenant, string number, CancellationToken ct) =>
        await db.Tickets.FindAsync([number], ct) is { } row && row.Tenant == tenant ? row : null;

    public async Task<List<ReservationRow>> ReservationsAsync(string ticket, CancellationToken ct)
    {
        await db.Reservations.Where(r => r.Ticket == ticket).LoadAsync(ct);
        return [.. db.Reservations.Local.Where(r => r.Ticket == ticket).OrderBy(r => r.Sku).ThenBy(r => r.Ordinal)];
    }

    public async Task<List<ShipmentRow>> ShipmentsAsync(string ticket, CancellationToken ct)
    {
        await db.Shipments.Where(s => s.Ticket == ticket).LoadAsync(ct);
        return [.. db.Shipments.Local.Where(s => s.Ticket == ticket).OrderBy(s => s.CreatedAt)];
    }

    public async Task<List<PartLineRow>> LinesAsync(string ticket, CancellationToken ct)
    {
        await db.PartLines.Where(l => l.Ticket == ticket).LoadAsync(ct);
        return [.. db.PartLines.Local.Where(l => l.Ticket == ticket).OrderBy(l => l.Sku)];
    }

    public async Task<UnitRow> UnitAsync(string tenant, string serial, CancellationToken ct) =>
        await db.Units.FindAsync([tenant, serial], ct) ?? throw new InvalidOperationException($"unit {tenant}/{serial} has disappeared");
}

/// <summary>A step of a ticket that this work has written into its timeline.</summary>
internal sealed record Noted(TicketRow Ticket, TimelineRow Entry, string? Rung);
