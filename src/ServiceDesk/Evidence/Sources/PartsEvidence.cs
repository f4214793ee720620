using Microsoft.EntityFrameworkCore;
using Seamless.ServiceDesk.Database;
using Seamless.ServiceDesk.Parts;

namespace Seamless.ServiceDesk.Evidence.Sources;

/// <summary>Which units were put aside, sent, fitted and taken back, and in whose hands each of them was.</summary>
internal sealed class PartsEvidence(Workbench workbench, IPartsNetwork parts) : IEvidenceSource
{
    public async Task<IReadOnlyList<EvidenceFile>> ReadAsync(EvidenceCase of, CancellationToken ct)
    {
        var (tenant, number) = (of.Ticket.Tenant, of.Ticket.Number);
        var reservations = await parts.ReservationsAsync(tenant, number, ct);
        var returns = (await parts.ReturnsAsync(tenant, ct)).Where(back => back.Ticket == number).ToList();
        var serials = reservations.Select(r => r.Serial).Concat(returns.Select(back => back.Serial)).Distinct().ToList();
        var custody = await workbench.ReadAsync(db => db.UnitMoves.Where(m => m.Tenant == tenant && (m.Ticket == number || serials.Contains(m.Serial))).OrderBy(m => m.Id).ToListAsync(ct), ct);
        return
        [
            EvidenceFile.Json("parts.json", new
            {
                of.Ticket.Parts, Reservations = reservations, Shipments = await parts.ShipmentsAsync(tenant, number, openOnly: false, ct), Returns = returns,
                Custody = custody.ConvertAll(move => move.ToMove()),
            }),
        ];
    }
}
