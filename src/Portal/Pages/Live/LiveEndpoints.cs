using System.Runtime.CompilerServices;
using Seamless.Portal.Pages.Viewing;
using Seamless.Portal.Pages.Entry;
using Seamless.Rules.Alarms;
using Seamless.ServiceDesk.Sessions;
using Seamless.Telemetry;

namespace Seamless.Portal.Pages.Live;

/// <summary>The feeds and the chart data that the pages' scripts read.</summary>
internal static class LiveEndpoints
{
    public static void MapLive(this IEndpointRouteBuilder app)
    {
        var live = app.MapGroup("/live").RequireAuthorization(policy => policy.RequireRole(Duties.Readers.Split(','))).ExcludeFromDescription();

        live.MapGet("/", (LiveFeed feed, Viewer viewer, IHostApplicationLifetime life, CancellationToken ct) =>
            TypedResults.ServerSentEvents(UntilStopped(token => feed.FollowAsync(viewer.Tenant, token), life, ct)));

        live.MapGet("/devices/{id}", (string id, Trends trends, Viewer viewer, IHostApplicationLifetime life, CancellationToken ct) =>
            TypedResults.ServerSentEvents(UntilStopped(token => trends.FollowAsync(new DeviceKey(viewer.Tenant, id), token), life, ct)));

        live.MapGet("/devices/{id}/trend", async (string id, string metrics, long from, long to, Trends trends, Viewer viewer, CancellationToken ct) =>
        {
            if (from >= to || to - from > 400L * 86_400_000) return Results.BadRequest();
            var names = metrics.Split(',', StringSplitOptions.RemoveEmptyEntries);
            var trend = await trends.ReadAsync(
                new DeviceKey(viewer.Tenant, id), names, DateTimeOffset.FromUnixTimeMilliseconds(from), DateTimeOffset.FromUnixTimeMilliseconds(to), ct);
            return Results.Ok(trend);
        });
    }

    /// <summary>The chart of a guest: the secret of their link is the key, and no more can be asked for than their page shows.</summary>
    public static void MapGuestTrend(this IEndpointRouteBuilder app) =>
        app.MapGet("/session/{secret}/trend", async (string secret, string metrics, long from, long to, Trends trends, ISessionDoor door, IAlarms alarms, HttpContext http, CancellationToken ct) =>
        {
            if (from >= to || to - from > 2 * 86_400_000) return Results.BadRequest();
            if (await door.VisitAsync(secret, http.Connection.RemoteIpAddress?.ToString(), ct) is not { } view) return Results.NotFound();
            var shown = (await alarms.EvidenceAsync(view, ct)).Select(e => e.Metric).ToHashSet();
            return Results.Ok(await trends.ReadAsync(
                new DeviceKey(view.Tenant, view.Device), [.. metrics.Split(',', StringSplitOptions.RemoveEmptyEntries).Where(shown.Contains)], DateTimeOffset.FromUnixTimeMilliseconds(from), DateTimeOffset.FromUnixTimeMilliseconds(to), ct));
        }).AllowAnonymous().RequireRateLimiting(Accounts.AccountsRegistration.GuestLimit).ExcludeFromDescription();

    /// <summary>Ends a feed quietly when its reader leaves or the platform stops, so that stopping does not wait for open pages.</summary>
    private static async IAsyncEnumerable<T> UntilStopped<T>(
        Func<CancellationToken, IAsyncEnumerable<T>> follow, IHostApplicationLifetime life, [EnumeratorCancellation] CancellationToken ct)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(ct, life.ApplicationStopping);
        await using var items = follow(either.Token).GetAsyncEnumerator(either.Token);
        while (true)
        {
            try
            {
                if (!await items.MoveNextAsync()) yield break;
            }
            catch (OperationCanceledException) when (either.IsCancellationRequested)
            {
                yield break;
            }
            yield return items.Current;
        }
    }
}
