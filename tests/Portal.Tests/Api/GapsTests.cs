using System.Net;
using System.Text.Json.Nodes;

namespace Seamless.Portal.Tests.Api;

public sealed class GapsTests(RunningPlatform running)
{
    [Fact]
    public async Task What_never_came_is_listed_for_the_device_and_for_all_and_can_be_asked_for_again()
    {
        using var added = await running.Admin.PostAsync("/api/v1/devices", RunningPlatform.Json("""{"id":"gap-pump","type":"pump"}"""));
        Assert.Equal(HttpStatusCode.Created, added.StatusCode);
        Assert.Null((await GetAsync("/api/v1/devices/gap-pump/gaps"))["highest"]);

        using var sent = await running.Admin.PostAsync("/api/v1/devices/gap-pump/telemetry", RunningPlatform.Json(
            """[{"seq":1,"ts":1764000000001,"vibration":1},{"seq":2,"ts":1764000000002,"vibration":1},{"seq":6,"ts":1764000000003,"vibration":1},{"seq":9,"ts":1764000000004,"vibration":1}]"""));
        Assert.Equal(HttpStatusCode.Accepted, sent.StatusCode);
        JsonNode gaps;
        while ((long?)(gaps = await GetAsync("/api/v1/devices/gap-pump/gaps"))["highest"] != 9) await Task.Delay(20, TestContext.Current.CancellationToken);

        Assert.Equal((5, 3, 5), ((int)gaps["missing"]!, (int)gaps["gaps"]![0]!["from"]!, (int)gaps["gaps"]![0]!["to"]!));
        var page = await GetAsync("/api/v1/gaps?limit=1");
        Assert.Single(page["items"]!.AsArray());
        Assert.NotNull(page["next"]);
        Assert.Contains((await GetAsync("/api/v1/gaps"))["items"]!.AsArray(), gap => (string?)gap!["device"] == "gap-pump" && (int)gap["from"]! == 7);

        using var asked = await running.Admin.PostAsync("/api/v1/devices/gap-pump/gaps/ask", null);
        Assert.Equal(HttpStatusCode.Accepted, asked.StatusCode);
        Assert.Equal(5, (int)(await RunningPlatform.BodyAsync(asked))["numbers"]!);
        using var unknown = await running.Admin.GetAsync("/api/v1/devices/nobody/gaps");
        Assert.Equal(HttpStatusCode.NotFound, unknown.StatusCode);
    }

    private async Task<JsonNode> GetAsync(string path) => JsonNode.Parse(await running.Admin.GetStringAsync(path))!;
}
