using System.Security.Claims;
using Microsoft.AspNetCore.Mvc;
using Seamless.Portal.Accounts;
using Seamless.ServiceDesk.Parts.Planning;
using Seamless.ServiceDesk.Parts.Resupply;

namespace Seamless.Portal.Api;

/// <summary>How many of a part a depot is to hold, and why this many and not one more.</summary>
/// <param name="DemandPerYear">Usual demand through the depot: its own customers and the depots below.</param>
/// <param name="KnownDemand">Units that machines with a fault now are expected to need from here.</param>
/// <param name="BackOrders">Expected units owed at this level; with one fewer and one more beside it.</param>
public sealed record PlannedLevelView(
    string Sku, string Depot, int Level, int Before, double DemandPerYear, DemandMethod Method, double KnownDemand, double LeadTimeDays, double PipelineMean, double PipelineVariance,
    double BackOrdersWithOneLess, double BackOrders, double BackOrdersWithOneMore, double FillRate, double TargetFillRate, decimal Cost, LevelReason Reason, string Why);

/// <param name="Cost">Of all levels, in the currency of the catalogue.</param>
public sealed record StockPlanView(
    long Number, DateTimeOffset ComputedAt, string Actor, decimal? Budget, decimal Cost, decimal CostBefore, IReadOnlyList<PlannedLevelView> Levels);

/// <param name="Budget">What all levels together may cost; without one, the configured limit or none.</param>
public sealed record PlanRequest(decimal? Budget = null);

/// <param name="Serial">The serial number on the unit that came from the supplier; without one we number it.</param>
public sealed record OrderReceipt(string? Serial = null);

/// <summary>Stock levels and what is ordered to keep them.</summary>
internal static class StockPlanning
{
    public static void MapStockPlanning(this RouteGroupBuilder api)
    {
        var parts = api.MapGroup("/parts").WithTags("Parts");
        parts.MapGet("/plan", LatestAsync).WithName("getStockPlan").RequireAuthorization(Policies.Read).Produces<StockPlanView>()
            .WithSummary("The stock plan in force: a level for each part and depot with what it rests on. Filter by sku and depot. 404 before the first.");
        parts.MapPost("/plan/compute", ComputeAsync).WithName("computeStockPlan").RequireAuthorization(Policies.Dispatch).Produces<StockPlanView>()
            .WithSummary("Computes the levels anew from demand and puts them in force.");
        parts.MapGet("/levels", LevelsAsync).WithName("listStockLevels").RequireAuthorization(Policies.Read).WithSummary("Target level of each part in each depot, and where it comes from.");
        parts.MapGet("/orders", OrdersAsync).WithName("listStockOrders").RequireAuthorization(Policies.Read).WithSummary("Units ordered for depots, newest first; open=true for what has not come in.");
        parts.MapPost("/orders/{id}/receive", ReceiveAsync).WithName("receiveStockOrder").RequireAuthorization(Policies.Dispatch).Produces<StockOrder>()
            .WithSummary("What was ordered has come in; of a unit from the supplier with its serial number.");
    }

    private static async Task<IResult> LatestAsync(string? sku, string? depot, ClaimsPrincipal user, HttpContext http, IStockPlans plans, CancellationToken ct) =>
        await plans.LatestAsync(user.Tenant(), ct) is { } plan ? TypedResults.Ok(View(plan, http, sku, depot)) : Problems.NotFound("there is no stock plan yet; compute one with POST /api/v1/parts/plan/compute");

    private static async Task<IResult> ComputeAsync([FromBody] PlanRequest? request, ClaimsPrincipal user, HttpContext http, IStockPlans plans, CancellationToken ct) =>
        (await plans.ComputeAsync(user.Tenant(), request?.Budget, user.Actor(), ct)).ToResult(plan => View(plan, http, null, null));

    private static async Task<Page<TargetLevel>> LevelsAsync([AsParameters] PageQuery page, ClaimsPrincipal user, IResupply resupply, CancellationToken ct) =>
        (await resupply.LevelsAsync(user.Tenant(), ct)).Slice(page, level => $"{level.Sku}@{level.Depot}", level => level);

    private static async Task<Page<StockOrder>> OrdersAsync([AsParameters] PageQuery page, bool? open, ClaimsPrincipal user, IResupply resupply, CancellationToken ct) =>
        (await resupply.OrdersAsync(user.Tenant(), open ?? false, ct)).SliceInOrder(page, order => order.Id, order => order);

    private static async Task<IResult> ReceiveAsync(string id, [FromBody] OrderReceipt? receipt, ClaimsPrincipal user, IResupply resupply, CancellationToken ct) =>
        (await resupply.ReceiveAsync(user.Tenant(), id, receipt?.Serial, user.Actor(), ct)).ToResult(order => order);

    private static StockPlanView View(StockPlan plan, HttpContext http, string? sku, string? depot)
    {
        var text = http.Texts();
        return new StockPlanView(plan.Number, plan.ComputedAt, plan.Actor, plan.Budget, plan.Cost, plan.CostBefore,
            [.. plan.Levels.Where(l => (sku is null || l.Sku == sku) && (depot is null || l.Depot == depot)).Select(l => new PlannedLevelView(
                l.Sku, l.Depot, l.Level, l.Before, l.DemandPerYear, l.Method, l.KnownDemand, l.LeadTimeDays, l.PipelineMean, l.PipelineVariance,
                l.BackOrdersWithOneLess, l.BackOrders, l.BackOrdersWithOneMore, l.FillRate, l.TargetFillRate, l.Cost, l.Reason, text(l.Why)))]);
    }
}
