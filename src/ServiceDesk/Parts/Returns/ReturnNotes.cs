using System.Globalization;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Seamless.ServiceDesk.Database;
using Seamless.ServiceDesk.Tickets;
using Seamless.Telemetry;

namespace Seamless.ServiceDesk.Parts;

/// <summary>Writes return authorisations: which serial is due back where and by when.</summary>
internal sealed class ReturnNotes(IOptions<ServiceDeskOptions> options)
{
    /// <summary>Of a unit that is at the site or with a technician, due at <see cref="ServiceDeskOptions.ReturnWithin"/>.</summary>
    public async Task<ReturnRow> SendBackAsync(DeskWork work, TicketRow ticket, UnitRow unit, string actor, string depot, CancellationToken ct)
    {
        work.Move(unit, UnitState.ReturnDue, "return-due", actor, ticket: ticket.Number, holder: unit.Holder);
        return await OpenOrJoinAsync(work, ticket, unit, depot, ct);
    }

    /// <summary>One open authorisation for a serial and ticket: an advance replacement has opened it already.</summary>
    private async Task<ReturnRow> OpenOrJoinAsync(DeskWork work, TicketRow ticket, UnitRow unit, string depot, CancellationToken ct)
    {
        await work.Db.Returns.Where(r => r.Tenant == unit.Tenant && r.Serial == unit.Serial && r.Ticket == ticket.Number).LoadAsync(ct);
        var earlier = work.Db.Returns.Local.Where(r => r.Tenant == unit.Tenant && r.Serial == unit.Serial && r.Ticket == ticket.Number).ToList();
        return earlier.Find(r => r.IsOpen) ?? await AddAsync(work, ticket, unit.Serial, unit.Sku, depot, work.Now + options.Value.ReturnWithin, earlier.Count, ct);
    }

    /// <param name="earlier">How many this serial has had for the same ticket.</param>
    public static async Task<ReturnRow> AddAsync(DeskWork work, TicketRow ticket, string serial, string sku, string depot, DateTimeOffset dueAt, int earlier, CancellationToken ct)
    {
        var key = earlier == 0 ? serial : $"{serial}#{earlier}";
        var row = new ReturnRow
        {
            Id = StableHash.Id("return", ticket.Number, key), Sequence = await NextAsync(work, ct), Tenant = ticket.Tenant, Serial = serial, Sku = sku, Ticket = ticket.Number, ToDepot = depot, DueAt = dueAt,
            Status = ReturnStatus.Due,
        };
        work.Db.Returns.Add(row);
        return row;
    }

    /// <summary>Of a unit that comes back from a person, for no ticket.</summary>
    public static ReturnRow Without(UnitRow unit, string depot, int sequence, DateTimeOffset dueAt) => new()
    {
        Id = StableHash.Id("return", unit.Tenant, unit.Serial, unit.Version.ToString(CultureInfo.InvariantCulture)), Sequence = sequence, Tenant = unit.Tenant, Serial = unit.Serial, Sku = unit.Sku,
        Ticket = unit.Ticket ?? "", ToDepot = depot, DueAt = dueAt, Status = ReturnStatus.Due,
    };

    public static async Task<int> NextAsync(DeskWork work, CancellationToken ct) =>
        Math.Max(await work.Db.Returns.MaxAsync(r => (int?)r.Sequence, ct) ?? 0, work.Db.Returns.Local.Select(r => r.Sequence).DefaultIfEmpty(0).Max()) + 1;
}
