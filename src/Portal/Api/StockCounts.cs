using System.Security.Claims;
using Microsoft.AspNetCore.Mvc;
using Seamless.Portal.Accounts;
using Seamless.ServiceDesk.Parts.Counting;

namespace Seamless.Portal.Api;

/// <param name="Tags">What was read in the depot: serial numbers, GS1 codes with a serial (21), EPC URIs; the same one any number of times.</param>
/// <param name="ReadAt">When the reading began; now when not given. What has moved since is not compared.</param>
public sealed record CountRequest(IReadOnlyList<string>? Tags = null, DateTimeOffset? ReadAt = null);

/// <param name="Missing">How many units you know to be missing, as the comparison said: half a count would empty a depot otherwise.</param>
public sealed record SettleRequest(IReadOnlyList<string>? Tags = null, DateTimeOffset? ReadAt = null, int? Missing = null);

/// <summary>What lies in a depot, counted by hand scanner or radio gate, beside the ledger.</summary>
internal static class StockCounts
{
    public static void MapStockCounts(this RouteGroupBuilder api)
    {
        var counts = api.MapGroup("/depots/{depot}/counts").WithTags("Custody");
        counts.MapPost("/", CompareAsync).WithName("compareCount").RequireAuthorization(Policies.Dispatch).Produces<StockCount>()
            .WithSummary("Compares what was read in a depot with the ledger; moves nothing.");
        counts.MapPost("/settle", SettleAsync).WithName("settleCount").RequireAuthorization(Policies.Dispatch).Produces<StockCount>()
            .WithSummary("Moves the ledger to what was counted, in one transaction: missing units are lost, others are here from now on. Twice is once.");
    }

    private static async Task<IResult> CompareAsync(string depot, [FromBody] CountRequest count, ClaimsPrincipal user, IStockCounts counts, CancellationToken ct) =>
        (await counts.CompareAsync(user.Tenant(), depot, count.Tags ?? [], count.ReadAt, ct)).ToResult(found => found);

    private static async Task<IResult> SettleAsync(string depot, [FromBody] SettleRequest count, ClaimsPrincipal user, IStockCounts counts, CancellationToken ct) =>
        (await counts.SettleAsync(user.Tenant(), depot, count.Tags ?? [], count.ReadAt, count.Missing ?? 0, user.Actor(), ct)).ToResult(found => found);
}
