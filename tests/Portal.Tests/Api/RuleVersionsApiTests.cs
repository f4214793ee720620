using System.Net;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Seamless.Portal.Accounts;
using Seamless.Rules.Versions;

namespace Seamless.Portal.Tests.Api;

public sealed class RuleVersionsApiTests(RunningPlatform running)
{
    [Fact]
    public async Task A_version_is_drafted_reviewed_staged_compared_and_returned_over_the_api()
    {
        var shipped = (await GetAsync("/api/v1/rules?type=server"))["items"]!.AsArray().Single(f => (string)f!["name"]! == "limits")!;
        var text = ((string)shipped["yaml"]!).Replace("severity: critical", "severity: high", StringComparison.Ordinal) + "# softer\n";

        var draft = await PostAsync("/api/v1/rules/server/limits/drafts", new JsonObject { ["yaml"] = text, ["note"] = "softer" });
        var version = (string)draft["version"]!;
        Assert.Equal(("draft", "admin", "softer"), ((string)draft["state"]!, (string)draft["author"]!, (string)draft["note"]!));
        var path = $"/api/v1/rules/server/limits/versions/{version}";
        Assert.Equal("approved", (string)(await PostAsync($"{path}/review", new JsonObject { ["verdict"] = "approve" }))["state"]!);
        Assert.Equal("shadow", (string)(await PostAsync($"{path}/activate", new JsonObject { ["stage"] = "shadow" }))["state"]!);
        var canary = await PostAsync($"{path}/activate", new JsonObject { ["stage"] = "canary", ["canary"] = new JsonObject { ["percent"] = 10 } });
        Assert.Equal(("canary", 10), ((string)canary["state"]!, (double)canary["canary"]!["percent"]!));
        Assert.Equal(0, (int)(await GetAsync($"{path}/stage"))["counts"]!["both"]!);

        var list = (await GetAsync("/api/v1/rules/server/limits/versions"))["items"]!.AsArray();
        Assert.Equal([version, (string)shipped["version"]!], list.Select(v => (string)v!["version"]!));
        Assert.Equal("pack", (string)list[1]!["author"]!);
        var diff = await GetAsync($"/api/v1/rules/server/limits/versions/{(string)shipped["version"]!}/diff/{version}");
        Assert.Contains("+# softer", (string)diff["unified"]!, StringComparison.Ordinal);
        Assert.Equal(["draft", "approved", "shadow", "canary"], (await GetAsync(path))["trace"]!.AsArray().Select(e => (string)e!["to"]!));

        Assert.Equal("returned", (string)(await PostAsync($"{path}/return", new JsonObject()))["state"]!);
        using var refused = await running.Admin.PostAsync($"{path}/return", RunningPlatform.Json("{}"));
        Assert.Equal(HttpStatusCode.Conflict, refused.StatusCode);
        Assert.Contains("no stage", (string)(await RunningPlatform.BodyAsync(refused))["detail"]!, StringComparison.Ordinal);
        using var nowhere = await running.Admin.GetAsync("/api/v1/rules/kettle/limits/versions");
        Assert.Equal(HttpStatusCode.NotFound, nowhere.StatusCode);
    }

    [Fact]
    public async Task Who_only_reads_may_see_versions_and_try_texts_but_change_nothing()
    {
        var key = (await running.Platform.Services.GetRequiredService<IApiKeys>().IssueAsync("default", "rule-reader", Roles.Viewer, null, "test", CancellationToken.None)).Value!.Secret;
        using var reader = running.Client(key);
        using var seen = await reader.GetAsync("/api/v1/rules/pump/limits/versions");
        Assert.Equal(HttpStatusCode.OK, seen.StatusCode);
        using var drafted = await reader.PostAsync("/api/v1/rules/pump/limits/drafts", RunningPlatform.Json("""{"yaml":"rules: []"}"""));
        Assert.Equal(HttpStatusCode.Forbidden, drafted.StatusCode);
    }

    [Fact]
    public async Task The_language_of_a_type_is_explained_and_a_text_is_tested_before_it_is_put_anywhere()
    {
        using var asked = new HttpRequestMessage(HttpMethod.Get, "/api/v1/rules/language?type=pump");
        asked.Headers.Add("Accept-Language", "zh-CN");
        using var answer = await running.Admin.SendAsync(asked);
        var keys = (await RunningPlatform.BodyAsync(answer))["keys"]!.AsArray();
        var metric = keys.Single(k => (string)k!["key"]! == "metric")!;
        var bearing = metric["words"]!.AsArray().Single(w => (string)w!["word"]! == "bearingTemperature")!;
        Assert.Equal(("轴承温度", "°C"), ((string)bearing["title"]!, (string)bearing["unit"]!));
        Assert.Equal(["critical", "high", "medium", "low"], keys.Single(k => (string)k!["key"]! == "severity")!["words"]!.AsArray().Select(w => (string)w!["word"]!));

        var text = (string)(await GetAsync("/api/v1/rules?type=pump"))["items"]!.AsArray().Single(f => (string)f!["name"]! == "limits")!["yaml"]!;
        var trial = await PostAsync("/api/v1/rules/test", Text(text));
        Assert.All(trial["tests"]!.AsArray(), test => Assert.True((bool)test!["passed"]!));
        var cold = await PostAsync("/api/v1/rules/test", Text(text.Replace("setpoint: 90 °C", "setpoint: 50 °C", StringComparison.Ordinal)));
        Assert.Contains(cold["tests"]!.AsArray(), test => test!["failures"]!.AsArray().Any(f => ((string)f!).Contains("nobody expected alarm bearing-temperature-high", StringComparison.Ordinal)));
        var wrong = await PostAsync("/api/v1/rules/test", Text("rules:\n  - id: x\n"));
        Assert.False((bool)wrong["valid"]!);
        Assert.Empty(wrong["tests"]!.AsArray());
    }

    [Fact]
    public async Task Another_engineer_is_a_person_of_the_tenant_who_may_change_rules()
    {
        var (users, reviewers) = (running.Platform.Services.GetRequiredService<IUsers>(), running.Platform.Services.GetRequiredService<IReviewers>());
        await users.AddAsync("reviews", "first-engineer", "long-enough-1", Roles.Engineer, "test", CancellationToken.None);
        await users.AddAsync("reviews", "only-reads", "long-enough-1", Roles.Viewer, "test", CancellationToken.None);
        Assert.False(await reviewers.AnyButAsync("reviews", "first-engineer", CancellationToken.None));
        await users.AddAsync("reviews", "second-engineer", "long-enough-1", Roles.Engineer, "test", CancellationToken.None);
        Assert.True(await reviewers.AnyButAsync("reviews", "first-engineer", CancellationToken.None));
    }

    private static JsonObject Text(string yaml) => new() { ["type"] = "pump", ["name"] = "limits", ["yaml"] = yaml };

    private async Task<JsonNode> GetAsync(string path) => JsonNode.Parse(await running.Admin.GetStringAsync(path))!;

    private async Task<JsonNode> PostAsync(string path, JsonObject body)
    {
        using var answer = await running.Admin.PostAsync(path, RunningPlatform.Json(body.ToJsonString()));
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync());
        return await RunningPlatform.BodyAsync(answer);
    }
}
