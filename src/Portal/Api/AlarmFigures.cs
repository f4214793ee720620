using System.Security.Claims;
using Seamless.Portal.Accounts;
using Seamless.Rules.Alarms.Performance;

namespace Seamless.Portal.Api;

/// <summary>How the alarm system itself performs.</summary>
internal static class AlarmFigures
{
    private static readonly TimeSpan DefaultPeriod = TimeSpan.FromDays(30), LongestPeriod = TimeSpan.FromDays(366);

    public static void MapAlarmFigures(this RouteGroupBuilder api) =>
        api.MapGet("/alarms/performance", MeasureAsync).WithName("getAlarmPerformance").WithTags("Alarms").RequireAuthorization(Policies.Read).Produces<PerformanceReport>()
            .WithSummary("Load of one reviewing position (a site, or the whole tenant) beside the figures of EEMUA 191 and ISA-18.2; the last 30 days unless told otherwise.");

    private static async Task<IResult> MeasureAsync(
        Instant? from, Instant? to, string? site, ClaimsPrincipal user, IAlarmPerformance performance, TimeProvider time, CancellationToken ct)
    {
        var end = to?.At ?? time.GetUtcNow();
        var begin = from?.At ?? end - DefaultPeriod;
        if (begin >= end) return Problems.Invalid("'from' must be before 'to'");
        if (end - begin > LongestPeriod) return Problems.Invalid($"a period is at most {LongestPeriod.Days} days long");
        return TypedResults.Ok(await performance.MeasureAsync(user.Tenant(), string.IsNullOrEmpty(site) ? null : site, begin, end, ct));
    }
}
