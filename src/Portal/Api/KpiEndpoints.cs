using System.Security.Claims;
using System.Text.Json;
using Seamless.Portal.Accounts;
using Seamless.ServiceDesk.Care.Loop;
using Seamless.ServiceDesk.Kpis;

namespace Seamless.Portal.Api;

/// <param name="Head">The end of the event log that the figures rest on: with <c>upTo</c> set to its number, the same period gives the same figures for ever.</param>
public sealed record KpiAnswer(DateTimeOffset From, DateTimeOffset To, IReadOnlyList<Kpi> Items, LogHead Head);

public sealed record TurnaroundAnswer(DateTimeOffset From, DateTimeOffset To, string By, IReadOnlyList<TurnaroundLine> Items);

/// <param name="Weights">What the scores are made of.</param>
/// <param name="Head">With <c>upTo</c> set to its number, the same period gives the same ranking for ever.</param>
public sealed record RankingAnswer(DateTimeOffset From, DateTimeOffset To, RankingWeights Weights, IReadOnlyList<RankingLineView> Items, LogHead Head);

/// <param name="Unranked">Why there is no rank.</param>
public sealed record RankingLineView(
    int? Rank, string Technician, double? Score, int Visits, double? FirstTimeFix, int Repairs, double? MedianMinutes, int Ratings, double? Satisfaction, string? Unranked);

/// <summary>The scoreboard of service, and the event log that it is computed from.</summary>
internal static class KpiEndpoints
{
    private static readonly TimeSpan DefaultPeriod = TimeSpan.FromDays(30);

    public static void MapKpis(this RouteGroupBuilder api)
    {
        var kpis = api.MapGroup("/kpis").WithTags("Service").RequireAuthorization(Policies.Read);
        kpis.MapGet("/", MeasureAsync).WithName("getKpis").Produces<KpiAnswer>()
            .WithSummary("The scoreboard of service with 95 % intervals; the last 30 days unless told otherwise. upTo: as it was known when the event log ended with that number.");
        kpis.MapGet("/turnaround", TurnaroundAsync).WithName("getTurnaround").Produces<TurnaroundAnswer>().WithSummary("How long answer, way, work and the whole took, by technician or by site; the slowest first.");
        kpis.MapGet("/ranking", RankAsync).WithName("getRanking").Produces<RankingAnswer>()
            .WithSummary("Technicians by first-time fix, turn-around and ratings, from the event log alone; upTo: as it was known then. 409 when the log was altered; hash: what the event upTo was kept with.");
        kpis.MapGet("/loop", LoopAsync).WithName("getLoop").Produces<LoopBoard>()
            .WithSummary("From the call to completion: what came in and left, what is where, intake and on-site timeliness, NPS, and what waits for its closure codes.");
        kpis.MapGet("/log", Export).WithName("exportEventLog").Produces<string>(contentType: "application/x-ndjson").WithSummary("The event log, one JSON object a line, after a number; each with the hash that links it to the one before.");
        kpis.MapGet("/log/head", HeadAsync).WithName("getEventLogHead").Produces<LogHead>().WithSummary("Where the event log ends. Keep it elsewhere: it proves later that nothing before it was changed.");
        kpis.MapGet("/log/check", CheckAsync).WithName("checkEventLog").Produces<LogCheck>().WithSummary("Computes the chain of hashes anew. number and hash: a head that was kept elsewhere.");
    }

    private static async Task<IResult> MeasureAsync(Instant? from, Instant? to, long? upTo, ClaimsPrincipal user, IKpis kpis, TimeProvider time, CancellationToken ct)
    {
        if (!Period(from, to, time, out var begin, out var end)) return Problems.Invalid("'from' must be before 'to'");
        return (await kpis.MeasureAsync(user.Tenant(), begin, end, upTo, ct)).ToResult(measured => new KpiAnswer(measured.From, measured.To, measured.Figures, measured.Head));
    }

    private static async Task<IResult> TurnaroundAsync(Instant? from, Instant? to, string? by, ClaimsPrincipal user, IKpis kpis, TimeProvider time, CancellationToken ct)
    {
        if (!Period(from, to, time, out var begin, out var end)) return Problems.Invalid("'from' must be before 'to'");
        var way = by ?? Turnaround.ByTechnician;
        if (!Turnaround.Ways.Contains(way)) return Problems.Invalid($"by is '{by}'; it must be {string.Join(" or ", Turnaround.Ways)}");
        return TypedResults.Ok(new TurnaroundAnswer(begin, end, way, await kpis.TurnaroundAsync(user.Tenant(), way, begin, end, ct)));
    }

    private static async Task<IResult> RankAsync(
        Instant? from, Instant? to, long? upTo, string? hash, ClaimsPrincipal user, HttpContext http, IRanking ranking, TimeProvider time, CancellationToken ct)
    {
        if (!Period(from, to, time, out var begin, out var end)) return Problems.Invalid("'from' must be before 'to'");
        if (hash is not null && upTo is null) return Problems.Invalid("'hash' belongs to 'upTo': both of a head that was kept");
        var text = http.Texts();
        return (await ranking.RankAsync(user.Tenant(), begin, end, upTo, hash, ct)).ToResult(table => new RankingAnswer(table.From, table.To, table.Weights, [.. table.Lines.Select(l => new RankingLineView(
            l.Rank, l.Technician, l.Score, l.Visits, l.FirstTimeFix, l.Repairs, l.MedianMinutes, l.Ratings, l.Satisfaction, l.Unranked is null ? null : text(l.Unranked)))], table.Head));
    }

    private static async Task<IResult> LoopAsync(Instant? from, Instant? to, ClaimsPrincipal user, ILoop loop, TimeProvider time, CancellationToken ct) =>
        Period(from, to, time, out var begin, out var end) ? TypedResults.Ok(await loop.BoardAsync(user.Tenant(), begin, to is null ? end.AddMilliseconds(1) : end, ct)) : Problems.Invalid("'from' must be before 'to'");

    private static IResult Export(long? after, ClaimsPrincipal user, IEventLog log, CancellationToken ct)
    {
        var tenant = user.Tenant();
        return TypedResults.Stream(async body =>
        {
            await foreach (var happened in log.ReadAsync(tenant, after ?? 0, ct))
            {
                await JsonSerializer.SerializeAsync(body, happened, ApiJson.Options, ct);
                await body.WriteAsync("\n"u8.ToArray(), ct);
            }
        }, "application/x-ndjson", "events.ndjson");
    }

    private static Task<LogHead> HeadAsync(ClaimsPrincipal user, IEventLog log, CancellationToken ct) => log.HeadAsync(user.Tenant(), ct);

    private static async Task<IResult> CheckAsync(long? number, string? hash, ClaimsPrincipal user, IEventLog log, CancellationToken ct)
    {
        if (number is null != hash is null) return Problems.Invalid("'number' and 'hash' belong together: both of a head that was kept");
        return TypedResults.Ok(await log.CheckAsync(user.Tenant(), number is { } n ? new LogHead(n, hash!) : null, ct));
    }

    /// <summary>The last 30 days unless told otherwise.</summary>
    internal static bool Period(Instant? from, Instant? to, TimeProvider time, out DateTimeOffset begin, out DateTimeOffset end)
    {
        end = to?.At ?? time.GetUtcNow();
        begin = from?.At ?? end - DefaultPeriod;
        return begin < end;
    }
}
