using Seamless.ServiceDesk.Parts.Promises;

namespace Seamless.ServiceDesk.Evidence.Sources;

/// <summary>What was promised, on what it rested, and whether it was kept.</summary>
internal sealed class PromiseEvidence(IPromises promises) : IEvidenceSource
{
    public async Task<IReadOnlyList<EvidenceFile>> ReadAsync(EvidenceCase of, CancellationToken ct) =>
        [EvidenceFile.Json("promises.json", await promises.OfTicketAsync(of.Ticket.Tenant, of.Ticket.Number, ct))];
}
