using Seamless.ServiceDesk.Parts.BackOrders;
using Seamless.ServiceDesk.Parts.Planning;
using Seamless.ServiceDesk.Reliability;
using Seamless.ServiceDesk.Tickets;

namespace Seamless.Portal.Tests.Stage;

internal sealed class StageReliability : IReliability
{
    public Task<ReliabilityReport> ParetoAsync(ReliabilityQuery query, string by, CancellationToken ct) => Task.FromResult(by is "mode" ? new ReliabilityReport(query.From, query.To, by, 3, 0.008, [new ParetoLine("VIB", 3, 1, 0.008, 375_000, 77_000, 1_096_000, 1, null, null, false)]) : new ReliabilityReport(query.From, query.To, by, 41, 1_860.5,
    [
        new ParetoLine("2025-W47", 14, 0.34, 120, 116.7, 63.8, 195.7, 2_310, 1.9, 0.00002, true),
        new ParetoLine("2025-W31", 17, 0.41, 1_020, 16.7, 9.7, 26.7, 5_880, 15.2, 1, false),
        new ParetoLine("2026-W03", 2, 0.05, 4.5, 444.4, 53.8, 1_605.4, 90, 0.1, 0.02, false),
        new ParetoLine("2026-W02", 10, 0.24, 720, 13.9, 6.7, 25.5, 1_140, 17.9, 1, false),
    ]));

    public Task<IReadOnlyList<FieldFailure>> FailuresAsync(ReliabilityQuery query, CancellationToken ct) => Task.FromResult<IReadOnlyList<FieldFailure>>([]);
}

internal sealed class StageForecasts : IForecasts
{
    public Task<IReadOnlyList<ForecastAccuracy>> BacktestAsync(string tenant, CancellationToken ct) => Task.FromResult<IReadOnlyList<ForecastAccuracy>>(
        [new ForecastAccuracy("PMP-MOT-15KW", DemandMethod.Tsb, 60, 5, 51, 1.08, 0.31, 1.4), new ForecastAccuracy("PMP-BRG-6309", DemandMethod.Sba, 60, 2, 51, 0.71, -0.04, 1.1)]);
}

internal sealed class StageBackOrders(TimeProvider clock) : IBackOrders
{
    public Task<IReadOnlyList<BackOrder>> ListAsync(string tenant, CancellationToken ct) => Task.FromResult<IReadOnlyList<BackOrder>>(
    [
        new BackOrder("T-1042", "PMP-MOT-15KW", new("Motor 15 kW 400 V IE4", "15 kW 400 V IE4 电机"), 1, "south-works", "Acme", Priority.P2, clock.GetUtcNow().AddHours(-31), "lateral", clock.GetUtcNow().AddHours(-7), clock.GetUtcNow().AddDays(4)),
    ]);
}
