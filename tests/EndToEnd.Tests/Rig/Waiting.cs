using System.Net;

namespace Seamless.EndToEnd.Tests.Rig;

public static class Waiting
{
    /// <summary>Times (Unix ms) of the stored points of a metric.</summary>
    public static async Task<IReadOnlyList<long>> TimesOfAsync(this PlatformProcess platform, string device, string metric)
    {
        using var response = await platform.Http.GetAsync($"/api/v1/devices/{device}/telemetry?metric={metric}&limit=1000000&from=2000-01-01T00:00:00Z&to=2100-01-01T00:00:00Z");
        if (response.StatusCode == HttpStatusCode.NotFound) return [];
        var body = System.Text.Json.Nodes.JsonNode.Parse(await response.Content.ReadAsStringAsync())!;
        return [.. body["series"]!.AsArray().SelectMany(series => series!["points"]!.AsArray()).Select(point => (long)point![0]!)];
    }

    public static async Task UntilAsync(this PlatformProcess platform, string path, long timestampMs, int seconds = 30)
    {
        var began = TimeProvider.System.GetTimestamp();
        while (!(await platform.Http.GetStringAsync($"{path}&from=2000-01-01T00:00:00Z&to=2100-01-01T00:00:00Z")).Contains($"{timestampMs}", StringComparison.Ordinal))
        {
            Assert.True(TimeProvider.System.GetElapsedTime(began).TotalSeconds < seconds, $"{path} does not show {timestampMs}\n{platform.Output}");
            await Task.Delay(200);
        }
    }

    /// <summary>Publishes a marker behind everything else and waits until it can be read: what came before it has been judged and stored.</summary>
    public static async Task CaughtUpAsync(this PlatformProcess platform, string device, string token)
    {
        var marker = TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds();
        await platform.PublishLinesAsync(device, token, $"v1/default/{device}/telemetry", [$$"""{"ts":{{marker}},"values":{"marker":1} }"""]);
        await platform.UntilAsync($"/api/v1/devices/{device}/telemetry?metric=marker", marker);
        await Task.Delay(TimeSpan.FromSeconds(2));   // the rules follow the log beside the store; nothing public says that they have caught up
    }
}
