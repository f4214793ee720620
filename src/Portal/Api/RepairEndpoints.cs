using System.Security.Claims;
using Microsoft.AspNetCore.Mvc;
using Seamless.Portal.Accounts;
using Seamless.ServiceDesk.Parts.Repairs;

namespace Seamless.Portal.Api;

/// <param name="Repairer">The depot's own workshop when not given.</param>
public sealed record RepairRequest(string? Serial, string? Repairer = null);

/// <param name="Cost">What the repairer charges, in the currency of the catalogue.</param>
/// <param name="Note">Of a condemned unit: why it is beyond repair.</param>
public sealed record RepairResult(decimal? Cost = null, string? Note = null);

public sealed record RepairFiguresAnswer(DateTimeOffset From, DateTimeOffset To, IReadOnlyList<RepairFigures> Items);

/// <summary>Repairables: orders at repairers, what comes of them, and how much.</summary>
internal static class RepairEndpoints
{
    public static void MapRepairs(this RouteGroupBuilder api)
    {
        var repairs = api.MapGroup("/parts/repairs").WithTags("Custody");
        repairs.MapGet("/", ListAsync).WithName("listRepairs").RequireAuthorization(Policies.Read).WithSummary("Repair orders, newest first; open=true for those under way.");
        repairs.MapPost("/", OrderAsync).WithName("orderRepair").RequireAuthorization(Policies.Dispatch).Produces<RepairOrder>(StatusCodes.Status201Created).WithSummary("Sends a unit to a repairer.");
        repairs.MapPost("/{id}/actions/{action}", EndAsync).WithName("endRepair").RequireAuthorization(Policies.Dispatch).Produces<RepairOrder>().WithSummary("repaired: on a shelf again as refurbished; condemned: scrap, with a note why.");
        repairs.MapGet("/figures", MeasureAsync).WithName("getRepairFigures").RequireAuthorization(Policies.Read).Produces<RepairFiguresAnswer>().WithSummary("Yield, condemnation rate, days and cost by part; the last 30 days unless told otherwise.");
    }

    private static async Task<Page<RepairOrder>> ListAsync([AsParameters] PageQuery page, bool? open, ClaimsPrincipal user, IRepairs repairs, CancellationToken ct) =>
        (await repairs.ListAsync(user.Tenant(), open ?? false, ct)).SliceInOrder(page, order => order.Id, order => order);

    private static async Task<IResult> OrderAsync([FromBody] RepairRequest request, ClaimsPrincipal user, IRepairs repairs, CancellationToken ct)
    {
        var ordered = await repairs.OrderAsync(user.Tenant(), request.Serial ?? "", request.Repairer, user.Actor(), ct);
        return ordered.Succeeded ? TypedResults.Created("/api/v1/parts/repairs", ordered.Value) : Problems.Of(ordered.Refusal);
    }

    private static async Task<IResult> EndAsync(string id, string action, [FromBody] RepairResult? result, ClaimsPrincipal user, IRepairs repairs, CancellationToken ct) => action is "repaired" or "condemned"
        ? (await repairs.EndAsync(user.Tenant(), id, new RepairEnd(action is "repaired", result?.Cost, result?.Note), user.Actor(), ct)).ToResult(order => order)
        : Problems.Invalid($"'{action}' does not end a repair; repaired and condemned do");

    private static async Task<IResult> MeasureAsync(Instant? from, Instant? to, ClaimsPrincipal user, IRepairs repairs, TimeProvider time, CancellationToken ct) => KpiEndpoints.Period(from, to, time, out var begin, out var end)
        ? TypedResults.Ok(new RepairFiguresAnswer(begin, end, await repairs.MeasureAsync(user.Tenant(), begin, end, ct)))
        : Problems.Invalid("'from' must be before 'to'");
}
