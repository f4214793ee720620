using Seamless.ServiceDesk.Parts.Custody;
using Seamless.ServiceDesk.Parts.Repairs;
using Seamless.Telemetry;

namespace Seamless.Portal.Tests.Stage;

/// <summary>One unit lost, one hand-over that nobody confirms, a ledger that is whole.</summary>
internal sealed class StageCustody(TimeProvider clock) : ICustody
{
    public Task<Outcome<ServiceDesk.Parts.PartUnit>> EnterAsync(string tenant, NewUnit unit, string actor, CancellationToken ct) => throw new NotSupportedException();
    public Task<Outcome<ServiceDesk.Parts.PartUnit>> ActAsync(string tenant, string serial, UnitAction action, CancellationToken ct) => throw new NotSupportedException();
    public Task<Outcome<HandOver>> OfferAsync(string tenant, string serial, string to, string? receiver, string actor, CancellationToken ct) => throw new NotSupportedException();
    public Task<Outcome<HandOver>> DecideAsync(string tenant, string id, bool confirm, string actor, string? reason, CancellationToken ct) => throw new NotSupportedException();

    public Task<IReadOnlyList<HandOver>> HandOversAsync(string tenant, bool openOnly, CancellationToken ct) => Task.FromResult<IReadOnlyList<HandOver>>(
        [new("hand-1", "BRG-0131", "PMP-BRG-6309", "depot:regional-paris", "technician:tech-07", "marie", null, HandOverState.Overdue, clock.GetUtcNow().AddHours(-26), null, null, null)]);

    public Task<IReadOnlyList<Loss>> LossesAsync(string tenant, bool openOnly, CancellationToken ct) => Task.FromResult<IReadOnlyList<Loss>>(
    [
        new("loss-1", "BRG-0107", "PMP-BRG-6309", "shp-0", "city-bike", "regional-beijing", "tianjin", "T-1042", clock.GetUtcNow().AddDays(-2), clock.GetUtcNow().AddDays(-1), clock.GetUtcNow().AddHours(-12),
            86m, "EUR", "BRG-0113", LossState.Open, null, null, null),
    ]);

    public Task<Outcome<Loss>> FindAsync(string tenant, string id, string depot, string actor, CancellationToken ct) => throw new NotSupportedException();
    public Task<Outcome<Loss>> WriteOffAsync(string tenant, string id, string reason, string actor, CancellationToken ct) => throw new NotSupportedException();
    public Task<CustodyCheck> CheckAsync(string tenant, string? serial, CancellationToken ct) => Task.FromResult(new CustodyCheck(true, 1, 3, null));
    public Task<IReadOnlyList<UnitBalance>> BalanceAsync(string tenant, string? sku, CancellationToken ct) => throw new NotSupportedException();
}

internal sealed class StageRepairs(TimeProvider clock) : IRepairs
{
    public Task<IReadOnlyList<RepairOrder>> ListAsync(string tenant, bool openOnly, CancellationToken ct) => Task.FromResult<IReadOnlyList<RepairOrder>>(
        [new("RO-000007", "MOT-0042", "PMP-MOT-15KW", "kugel-ag", "central-rotterdam", null, RepairState.Open, clock.GetUtcNow().AddDays(-24), clock.GetUtcNow().AddDays(-3), null, null, null, null)]);

    public Task<Outcome<RepairOrder>> OrderAsync(string tenant, string serial, string? repairer, string actor, CancellationToken ct) => throw new NotSupportedException();
    public Task<Outcome<RepairOrder>> EndAsync(string tenant, string id, RepairEnd end, string actor, CancellationToken ct) => throw new NotSupportedException();
    public Task<IReadOnlyList<RepairFigures>> MeasureAsync(string tenant, DateTimeOffset from, DateTimeOffset to, CancellationToken ct) => throw new NotSupportedException();
}
