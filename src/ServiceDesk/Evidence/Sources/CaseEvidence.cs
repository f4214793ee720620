namespace Seamless.ServiceDesk.Evidence.Sources;

/// <summary>The ticket itself, its milestones with who, when by which clock, where and with which proof, and why the fault was taken for what it was.</summary>
internal sealed class CaseEvidence : IEvidenceSource
{
    public Task<IReadOnlyList<EvidenceFile>> ReadAsync(EvidenceCase of, CancellationToken ct)
    {
        var ticket = of.Ticket;
        return Task.FromResult<IReadOnlyList<EvidenceFile>>(
        [
            EvidenceFile.Json("ticket.json", ticket with { Timeline = [], TrackingCode = "" }),   // the code opens the customer's page: it is no evidence
            EvidenceFile.Json("milestones.json", ticket.Timeline.Select(e => new
            {
                e.Kind, e.Actor, ServerTime = e.At, HappenedAt = e.OccurredAt ?? e.At, DeviceTime = e.Proof?.DeviceAt, EnteredLate = e.Late, e.Place,
                Photos = e.Proof?.Photos ?? [], e.Proof?.Signature, e.Text,
            })),
            EvidenceFile.Json("diagnosis.json", new { ticket.Causes, of.Alarms, Confirmed = ticket.Closure }),
        ]);
    }
}
