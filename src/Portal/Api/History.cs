using System.Security.Claims;
using Seamless.Fleet.Registry;
using Seamless.Portal.Accounts;
using Seamless.Rules.Packs;
using Seamless.Storage.TimeSeries;

namespace Seamless.Portal.Api;

/// <param name="Truncated">There were more points than the limit; these are the newest. Ask for a shorter time, or for buckets.</param>
public sealed record SeriesView(string Metric, string Unit, IReadOnlyList<SeriesPoint> Points, bool Truncated);

public sealed record SeriesAnswer(IReadOnlyList<SeriesView> Series);

public sealed record LatestView(string Metric, string Unit, DateTimeOffset At, double? Value, string? State);

public sealed record LatestAnswer(IReadOnlyList<LatestView> Items);

/// <summary>What a device has sent: series and last values.</summary>
internal static class History
{
    private const int DefaultPoints = 100_000;
    private const int MaxPoints = 1_000_000;
    private static readonly TimeSpan DefaultSpan = TimeSpan.FromHours(1);

    public static void MapHistory(this RouteGroupBuilder api)
    {
        var devices = api.MapGroup("/devices/{device}").WithTags("Telemetry");
        devices.MapGet("/telemetry", QueryAsync).WithName("getTelemetry").RequireAuthorization(Policies.Read)
            .Produces<SeriesAnswer>().WithSummary("Series of metrics (all when none is named), raw or in buckets; the last hour unless told otherwise.");
        devices.MapGet("/latest", LatestAsync).WithName("getLatest").RequireAuthorization(Policies.Read)
            .Produces<LatestAnswer>().WithSummary("The last value of every metric.");
    }

    private static async Task<IResult> QueryAsync(
        string device, string? metric, Instant? from, Instant? to, Span? bucket, Reduction? aggregate, int? limit,
        ClaimsPrincipal user, IDeviceRegistry registry, ITimeSeriesStore store, IPacks packs, TimeProvider time, CancellationToken ct)
    {
        if (await registry.FindAsync(user.Key(device), ct) is not { } known) return Devices.Unknown(device);
        if (limit is < 1 or > MaxPoints) return Problems.Invalid($"limit is {limit}; it must be 1 to {MaxPoints} points a metric");
        var end = to?.At ?? time.GetUtcNow().AddMilliseconds(1);
        var begin = from?.At ?? end - DefaultSpan;
        if (begin >= end) return Problems.Invalid("'from' must be before 'to'");
        if (aggregate is not null && bucket is null) return Problems.Invalid("'aggregate' needs a 'bucket', such as bucket=1m");
        var metrics = metric?.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
            ?? [.. (await store.LatestAsync(known.Key, ct)).Select(latest => latest.Metric)];
        var take = limit ?? DefaultPoints;
        var series = await store.QueryAsync(
            new SeriesQuery(known.Key, metrics, begin, end, bucket?.Length, aggregate?.Aggregate ?? Aggregate.Mean, take + 1), ct);
        var pack = packs.Find(known.Type);
        return TypedResults.Ok(new SeriesAnswer([.. series.Select(one => View(one, pack, take))]));
    }

    private static SeriesView View(Series series, EquipmentPack? pack, int take)
    {
        var surplus = Math.Max(0, series.Points.Count - take);
        return new SeriesView(series.Metric, UnitOf(pack, series.Metric), surplus == 0 ? series.Points : [.. series.Points.Skip(surplus)], surplus > 0);
    }

    private static async Task<IResult> LatestAsync(
        string device, ClaimsPrincipal user, IDeviceRegistry registry, ITimeSeriesStore store, IPacks packs, CancellationToken ct)
    {
        if (await registry.FindAsync(user.Key(device), ct) is not { } known) return Devices.Unknown(device);
        var pack = packs.Find(known.Type);
        var latest = await store.LatestAsync(known.Key, ct);
        return TypedResults.Ok(new LatestAnswer([.. latest.OrderBy(value => value.Metric, StringComparer.Ordinal).Select(value => new LatestView(
            value.Metric, UnitOf(pack, value.Metric), DateTimeOffset.FromUnixTimeMilliseconds(value.TimestampMs),
            double.IsFinite(value.Value) ? value.Value : null, value.State))]));
    }

    private static string UnitOf(EquipmentPack? pack, string metric) => pack?.Metric(metric)?.Unit ?? "";
}
