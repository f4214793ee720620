using Microsoft.EntityFrameworkCore;
using Seamless.ServiceDesk.Database;
using Seamless.ServiceDesk.Evidence;

namespace Seamless.ServiceDesk.Sessions;

/// <summary>Every remote session of the ticket with its whole transcript and the hashes that bind it.</summary>
internal sealed class SessionEvidence(Workbench workbench) : IEvidenceSource
{
    public async Task<IReadOnlyList<EvidenceFile>> ReadAsync(EvidenceCase of, CancellationToken ct)
    {
        var records = await workbench.ReadAsync(async db =>
        {
            var found = new List<SessionRecord>();
            var links = (await db.SessionLinks.Where(l => l.Ticket == of.Ticket.Number).ToListAsync(ct)).ToLookup(l => l.Session);
            foreach (var row in await db.Sessions.Where(s => s.Ticket == of.Ticket.Number && s.Tenant == of.Ticket.Tenant).OrderBy(s => s.Number).ToListAsync(ct))
            {
                var entries = await SessionWork.EntriesAsync(db, row, ct);
                found.Add(new SessionRecord(row.ToSession(links[row.Number]), entries, SessionWork.IsIntact(row, entries)));
            }
            return found;
        }, ct);
        return records.Count == 0 ? [] : [EvidenceFile.Json("sessions.json", records)];
    }
}
