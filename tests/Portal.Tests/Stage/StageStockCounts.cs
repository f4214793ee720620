using Seamless.ServiceDesk.Parts.Counting;
using Seamless.Telemetry;

namespace Seamless.Portal.Tests.Stage;

/// <summary>Of whatever was read one unit lies on another shelf, one is unknown, and one is missing.</summary>
internal sealed class StageStockCounts(TimeProvider clock) : IStockCounts
{
    public Task<Outcome<StockCount>> CompareAsync(string tenant, string depot, IReadOnlyList<string> tags, DateTimeOffset? readAt, CancellationToken ct) => Task.FromResult<Outcome<StockCount>>(new StockCount(
        depot, readAt ?? clock.GetUtcNow(), tags.Count, tags.Count - 2, 0, [],
        [
            new("BRG-0101", "PMP-BRG-6309", CountFinding.Missing, $"depot:{depot}", false), new("BRG-0113", "PMP-BRG-6309", CountFinding.Misplaced, "depot:regional-paris", false),
            new("X-1", null, CountFinding.Unknown, null, false),
        ]));

    public async Task<Outcome<StockCount>> SettleAsync(string tenant, string depot, IReadOnlyList<string> tags, DateTimeOffset? readAt, int missing, string actor, CancellationToken ct)
    {
        var count = (await CompareAsync(tenant, depot, tags, readAt, ct)).Value!;
        if (missing != 1) return Refusal.Conflict("count-missing", $"missing at {depot}: {1}, not {missing}; look at them, then say in 'missing' how many are to be booked as lost");
        return count with { Differences = [.. count.Differences.Select(line => line with { Settled = line.Finding is not CountFinding.Unknown })] };
    }
}
