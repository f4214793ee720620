using Seamless.Fleet.Registry;
using Seamless.ServiceDesk.Dispatch;
using Seamless.ServiceDesk.Dispatch.Planning;
using Seamless.ServiceDesk.Dispatch.Technicians;
using Seamless.ServiceDesk.Tickets;
using Seamless.Telemetry;

namespace Seamless.Portal.Tests.Stage;

/// <summary>Two technicians with visits, one idle, one ticket without anybody, one certificate that expires.</summary>
internal sealed class StageDispatch(TimeProvider clock) : IDispatch
{
    private DateTimeOffset Now => clock.GetUtcNow();

    public Task<DispatchBoard> BoardAsync(string tenant, DateTimeOffset from, DateTimeOffset to, CancellationToken ct) => Task.FromResult(new DispatchBoard(from, to,
    [
        new(Technician("tech-01", "north-service", new Certificate("HV-1", ["electrical"], Now.AddDays(12))), true,
        [
            new("T-1042", "tianjin", Priority.P2, TicketStatus.Scheduled, Now.AddHours(1.5), Now.AddHours(3), 35, true, false, "mechanical"),
            new("T-1040", "tianjin", Priority.P3, TicketStatus.New, Now.AddHours(4), Now.AddHours(5), 12, false, true, "electrical"),
        ]),
        new(Technician("tech-02", null) with { Profile = new TechnicianProfile(TechnicianKind.Resident, Sites: ["shanghai"]) }, true, [new("T-1039", "shanghai", Priority.P4, TicketStatus.OnSite, Now.AddMinutes(-20), Now.AddMinutes(40), 0, true, false, null)]),
        new(Technician("tech-03", "north-service"), false, []),
    ],
    [new("T-1041", "shanghai", Priority.P1, "facility", Now.AddHours(1.6), new("nobody has the skill", "无人具备所需技能"))], true));

    private DispatchProposal Proposal => new("plan-1", [new("T-1040", "tianjin", new Visit("tech-01", Now.AddHours(4), Now.AddHours(5), null), new Visit("tech-03", Now.AddHours(2), Now.AddHours(3), null), null)], new PlanFigures(3, 1, 0, 0, 94, 1, 1200), true);

    public Task<DispatchProposal> ProposeAsync(string tenant, CancellationToken ct) => Task.FromResult(Proposal);
    public Task<Outcome<DispatchProposal>> ApplyAsync(string tenant, string fingerprint, string actor, CancellationToken ct) =>
        Task.FromResult<Outcome<DispatchProposal>>(fingerprint == Proposal.Fingerprint ? Proposal : Refusal.Conflict("things have changed since this plan was made; look at the new one"));
    public Task<Outcome<Visit>> OverrunAsync(string tenant, string ticket, int minutes, string actor, CancellationToken ct) => throw new NotSupportedException();
    public Task<Outcome<DateTimeOffset>> DelayShipmentAsync(string tenant, string shipment, DateTimeOffset eta, string actor, CancellationToken ct) => throw new NotSupportedException();
    public Task<Outcome<VisitCandidates>> CandidatesAsync(string tenant, string ticket, CancellationToken ct) => throw new NotSupportedException();
    public Task<Outcome<FeasibilityAnswer>> FeasibilityAsync(string tenant, FeasibilityQuestion question, CancellationToken ct) => throw new NotSupportedException();

    private static Technician Technician(string id, string? partner, params Certificate[] certificates) =>
        new(id, new GeoPoint(39.1, 117.2), new Dictionary<string, int> { ["mechanical"] = 2, ["electrical"] = 1 }, new TechnicianProfile(Partner: partner, Certificates: certificates));
}
