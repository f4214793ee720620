using Microsoft.EntityFrameworkCore;
using Seamless.Rules.Packs;
using Seamless.ServiceDesk.Commerce.Contracts;
using Seamless.ServiceDesk.Commerce.Documents;
using Seamless.ServiceDesk.Customers;
using Seamless.ServiceDesk.Database;
using Seamless.ServiceDesk.Kpis;
using Seamless.ServiceDesk.Mystery;
using Seamless.ServiceDesk.Parts;
using Seamless.ServiceDesk.Tickets;

namespace Seamless.ServiceDesk.Commerce.Ledger;

/// <summary>The ledger of a period, computed anew from what was recorded: event log, custody ledger of parts, carrier's milestones, invoices and contracts.</summary>
/// <remarks>Nothing is kept twice: the same past gives the same books. Cost rates are those of the policy that was in force when it happened.</remarks>
internal sealed class LedgerReader(DeskContext db, string tenant, IReadOnlyDictionary<string, PartDefinition> parts)
{
    private List<Contract> _contracts = [];
    private List<Versioned<CommercePolicy>> _policies = [];
    private Dictionary<string, TicketRow> _tickets = [];

    public IReadOnlyList<Contract> Contracts => _contracts;

    /// <param name="to">Exclusive.</param>
    public async Task<List<LedgerEntry>> ReadAsync(DateTimeOffset from, DateTimeOffset to, CancellationToken ct)
    {
        await LoadAsync(ct);
        List<LedgerEntry> entries = [.. await WorkAsync(from, to, ct), .. await MovesAsync(from, to, ct), .. await ShipmentsAsync(from, to, ct), .. await InvoicesAsync(from, to, ct)];
        foreach (var contract in _contracts)
        {
            entries.AddRange(Postings.Term(contract, from, to));
            if (contract.Outcome is { } terms) entries.AddRange(SettledWithin(contract, terms, from, to));
        }
        return [.. entries.OrderBy(e => e.At).ThenBy(e => e.Source, StringComparer.Ordinal)];
    }

    /// <summary>When the device was down for its customer.</summary>
    public IEnumerable<(DateTimeOffset From, DateTimeOffset To)> DownTimes(string device) => _tickets.Values
        .Where(t => t.Device == device).Select(t => t.Down).OfType<(DateTimeOffset, DateTimeOffset)>();

    private async Task LoadAsync(CancellationToken ct)
    {
        _contracts = (await db.Contracts.AsNoTracking().Where(c => c.Tenant == tenant).OrderBy(c => c.Sequence).ToListAsync(ct)).ConvertAll(c => c.ToContract());
        _policies = [.. await VersionedDocuments.ListAsync(db, tenant, CommerceDocuments.Policy, ct)];
        _tickets = (await db.Tickets.AsNoTracking().Where(t => t.Tenant == tenant).ToListAsync(ct)).Where(t => !MysteryDevice.Is(t.Site, t.Device)).ToDictionary(t => t.Number, StringComparer.Ordinal);
    }

    private async Task<IEnumerable<LedgerEntry>> WorkAsync(DateTimeOffset from, DateTimeOffset to, CancellationToken ct)
    {
        var events = await db.Events.AsNoTracking().Where(e => e.Tenant == tenant && e.At >= from && e.At < to
            && ((e.Kind == EventKind.Turnaround && e.Detail == Turnaround.Work) || (e.Kind == EventKind.Touch && e.Detail == Touches.Visit))).ToListAsync(ct);
        return events.Where(e => e.Ticket is not null && _tickets.ContainsKey(e.Ticket)).Select(e => e.Kind == EventKind.Touch
            ? Postings.Visited(e.Key, e.At, Of(e.Ticket!, e.At), PolicyAt(e.At))
            : Postings.Worked(e.Key, e.At, Of(e.Ticket!, e.At), e.Value, PolicyAt(e.At)));
    }

    private async Task<IEnumerable<LedgerEntry>> MovesAsync(DateTimeOffset from, DateTimeOffset to, CancellationToken ct)
    {
        var moves = await db.UnitMoves.AsNoTracking().Where(m => m.Tenant == tenant && m.At >= from && m.At < to && (m.Kind == "installed" || m.Kind == "in-repair")).ToListAsync(ct);
        var serials = moves.Select(m => m.Serial).Distinct().ToList();
        var skus = await db.Units.AsNoTracking().Where(u => u.Tenant == tenant && serials.Contains(u.Serial)).ToDictionaryAsync(u => u.Serial, u => u.Sku, ct);
        var returned = await db.Returns.AsNoTracking().Where(r => r.Tenant == tenant && serials.Contains(r.Serial)).ToListAsync(ct);
        return moves.Where(m => parts.ContainsKey(skus[m.Serial])).Select(m =>
        {
            var part = parts[skus[m.Serial]];
            var ticket = m.Ticket ?? returned.Where(r => r.Serial == m.Serial && r.ReceivedAt <= m.At).MaxBy(r => r.ReceivedAt)?.Ticket;
            var (source, of) = ($"move:{m.Id}", Of(ticket, m.At));
            return m.Kind == "installed" ? Postings.PartUsed(source, m.At, of, part.UnitCost, part.Currency) : Postings.Repaired(source, m.At, of, part.UnitCost, part.Currency, PolicyAt(m.At));
        });
    }

    private async Task<IEnumerable<LedgerEntry>> ShipmentsAsync(DateTimeOffset from, DateTimeOffset to, CancellationToken ct) =>
        (await db.Shipments.AsNoTracking().Where(s => s.Tenant == tenant && s.PickedUpAt >= from && s.PickedUpAt < to).ToListAsync(ct))
            .Select(s => Postings.Shipped(s.Id, s.PickedUpAt!.Value, Of(s.Ticket, s.PickedUpAt.Value), PolicyAt(s.PickedUpAt.Value)));

    private async Task<IEnumerable<LedgerEntry>> InvoicesAsync(DateTimeOffset from, DateTimeOffset to, CancellationToken ct) =>
        (await db.Invoices.AsNoTracking().Where(i => i.Tenant == tenant && i.At >= from && i.At < to).ToListAsync(ct))
            .Select(i => Postings.Billed(i.Number, i.At, Of(i.Ticket, i.At), i.Lines, i.Currency));

    /// <summary>Months that end within the period, the last one at the contract's end.</summary>
    private IEnumerable<LedgerEntry> SettledWithin(Contract contract, OutcomeTerms terms, DateTimeOffset from, DateTimeOffset to)
    {
        for (var month = Month.Of(contract.Start); month.From < contract.CoveredUntil && month.From < to; month = month.Next)
        {
            if (OutcomeMonth.Of(contract, terms, month.From, month.To, DownTimes(contract.Device)) is not { } outcome) continue;
            if (outcome.To > from && outcome.To <= to && Postings.Settled(contract, outcome) is { } entry) yield return entry;
        }
    }

    /// <summary>The case, its device, and the contract that covered the device then.</summary>
    private Dimensions Of(string? ticket, DateTimeOffset at)
    {
        var device = ticket is not null && _tickets.TryGetValue(ticket, out var row) ? row.Device : null;
        var contract = device is null ? null : _contracts.Where(c => c.Device == device && c.Covers(at)).OrderByDescending(c => c.Pack).ThenByDescending(c => c.Start).FirstOrDefault();
        return new Dimensions(ticket, device, contract?.Number);
    }

    private CommercePolicy PolicyAt(DateTimeOffset at) => (_policies.Find(p => p.At is null || p.At <= at) ?? _policies[^1]).Value;   // newest first; the last is what is delivered
}

/// <summary>A calendar month in UTC.</summary>
public readonly record struct Month(DateTimeOffset From)
{
    public DateTimeOffset To => From.AddMonths(1);
    public Month Next => new(To);

    public static Month Of(DateTimeOffset at) => new(new DateTimeOffset(at.UtcDateTime.Year, at.UtcDateTime.Month, 1, 0, 0, 0, TimeSpan.Zero));
}
