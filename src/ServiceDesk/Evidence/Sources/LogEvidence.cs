using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Seamless.ServiceDesk.Database;

namespace Seamless.ServiceDesk.Evidence.Sources;

/// <summary>What the event log has about the ticket, each event with its number and hash there: an export of the whole log must hold the same ones.</summary>
internal sealed class LogEvidence(Workbench workbench) : IEvidenceSource
{
    public async Task<IReadOnlyList<EvidenceFile>> ReadAsync(EvidenceCase of, CancellationToken ct)
    {
        var (tenant, number) = (of.Ticket.Tenant, of.Ticket.Number);
        var events = await workbench.ReadAsync(db => db.Events.Where(e => e.Tenant == tenant && e.Ticket == number && e.Number > 0).OrderBy(e => e.Number).ToListAsync(ct), ct);
        var lines = new MemoryStream();
        foreach (var happened in events)
        {
            await JsonSerializer.SerializeAsync(lines, happened.ToEvent(), JsonSerializerOptions.Web, ct);
            lines.WriteByte((byte)'\n');
        }
        return [new EvidenceFile("events.ndjson", lines.ToArray())];
    }
}
