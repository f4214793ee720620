using System.Security.Claims;
using Seamless.Portal.Accounts;
using Seamless.Rules.Backtests;
using Seamless.Telemetry;

namespace Seamless.Portal.Api;

/// <param name="Devices">Every device of the type, or of <paramref name="Site"/>, when not given.</param>
/// <param name="Name">The rule file whose place the text would take: it is compared with the whole file. Otherwise with the rules in force that have the same ids.</param>
/// <param name="Against">The text of rules to compare with instead of those in force.</param>
/// <param name="Engineers">Who share the alarms.</param>
public sealed record BacktestOrder(
    string Type, string Yaml, DateTimeOffset From, DateTimeOffset To, IReadOnlyList<string>? Devices = null,
    string? Site = null, string? Name = null, string? Against = null, double Engineers = 1)
{
    internal BacktestRequest For(string tenant) =>
        new(tenant, Type, Yaml, From, To, Devices) { Site = Site, Name = Name, Against = Against, Engineers = Engineers };
}

/// <param name="State"><c>running</c>, <c>finished</c>, <c>failed</c> or <c>cancelled</c>.</param>
/// <param name="Done">Devices judged, of <paramref name="Devices"/>.</param>
/// <param name="Report">Once it has finished.</param>
/// <param name="Problem">Why it failed.</param>
public sealed record BacktestRunView(string Id, BacktestState State, int Done, int Devices, BacktestReport? Report, Refusal? Problem)
{
    internal static BacktestRunView Of(BacktestRun run) => new(run.Id, run.State, run.Progress.Done, run.Progress.Of, run.Report, run.Refusal);
}

internal static class BacktestEndpoints
{
    public static void MapBacktests(this RouteGroupBuilder rules)
    {
        rules.MapPost("/backtest", NowAsync).WithName("backtestRules").RequireAuthorization(Policies.Read).Produces<BacktestReport>()
            .WithSummary("What these rules would have raised on stored history, beside the rules in force.");
        var runs = rules.MapGroup("/backtests");
        runs.MapPost("/", StartAsync).WithName("startBacktest").RequireAuthorization(Policies.Read).Produces<BacktestRunView>(StatusCodes.Status202Accepted)
            .WithSummary("Start a backtest and look at it later.");
        runs.MapGet("/{id}", Find).WithName("getBacktest").RequireAuthorization(Policies.Read).Produces<BacktestRunView>()
            .WithSummary("How far a backtest is, and its report once it has finished.");
        runs.MapDelete("/{id}", Cancel).WithName("cancelBacktest").RequireAuthorization(Policies.Read).Produces<BacktestRunView>().WithSummary("Cancel a backtest.");
    }

    private static async Task<IResult> NowAsync(BacktestOrder order, ClaimsPrincipal user, IRuleBook book, CancellationToken ct) =>
        Wrong(order) ?? (await book.BacktestAsync(order.For(user.Tenant()), null, ct)).ToResult(report => report);

    private static async Task<IResult> StartAsync(BacktestOrder order, ClaimsPrincipal user, IBacktestRuns runs)
    {
        if (Wrong(order) is { } wrong) return wrong;
        var started = await runs.StartAsync(order.For(user.Tenant()));
        if (!started.Succeeded) return Problems.Of(started.Refusal);
        var run = started.Value;
        return run.Refusal is { } refusal ? Problems.Of(refusal) : TypedResults.Accepted($"/api/v1/rules/backtests/{run.Id}", BacktestRunView.Of(run));
    }

    private static IResult Find(string id, ClaimsPrincipal user, IBacktestRuns runs) => Answer(id, runs.Find(user.Tenant(), id));

    private static IResult Cancel(string id, ClaimsPrincipal user, IBacktestRuns runs) => Answer(id, runs.Cancel(user.Tenant(), id));

    private static IResult Answer(string id, BacktestRun? run) =>
        run is null ? Problems.NotFound($"there is no backtest '{id}', or no more: the last few are kept") : TypedResults.Ok(BacktestRunView.Of(run));

    private static IResult? Wrong(BacktestOrder order) =>
        order.From >= order.To ? Problems.Invalid("'from' must be before 'to'")
        : order is { Devices: not null, Site: not null } ? Problems.Invalid("name either 'devices' or a 'site'")
        : null;
}
