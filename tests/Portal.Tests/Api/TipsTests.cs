using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Seamless.Portal.Accounts;

namespace Seamless.Portal.Tests.Api;

public sealed class TipsTests(RunningPlatform running)
{
    private const string Tips = "/api/v1/care/tips";

    [Fact]
    public async Task A_campaign_is_put_previewed_listed_and_ended_and_refusals_name_their_reason()
    {
        var id = $"tip-{Guid.CreateVersion7():n}"[..20];
        using var put = await running.Admin.PutAsJsonAsync($"{Tips}/{id}", Campaign());
        Assert.Equal(HttpStatusCode.OK, put.StatusCode);
        var saved = JsonNode.Parse(await put.Content.ReadAsStringAsync())!;
        Assert.Equal(("draft", "tuesday", "09:00:00", 90), ((string)saved["state"]!, (string)saved["day"]!, (string)saved["at"]!, (int)saved["repeatDays"]!));
        Assert.Equal(("metric", "above", 2.5, "mean"), Of(saved["conditions"]![0]!));

        var preview = JsonNode.Parse(await running.Admin.GetStringAsync($"{Tips}/{id}/preview"))!;
        Assert.True((bool)preview["missingAddress"]!);   // the platform of these tests has no public address
        await ProblemAsync(await running.Admin.PostAsync($"{Tips}/{id}/start", null), HttpStatusCode.Conflict, "tip-public-url");
        await ProblemAsync(await running.Admin.PostAsync($"{Tips}/{id}/pause", null), HttpStatusCode.Conflict, "tip-state");
        await ProblemAsync(await running.Admin.PutAsJsonAsync($"{Tips}/{id}", Campaign(subject: "")), HttpStatusCode.BadRequest, "tip-subject");
        await ProblemAsync(await running.Admin.PutAsJsonAsync($"{Tips}/{id}", Campaign(metric: "")), HttpStatusCode.BadRequest, "tip-metric");
        foreach (var path in (string[])["", "/preview", "/deliveries"]) await ProblemAsync(await running.Admin.GetAsync($"{Tips}/nobody{path}"), HttpStatusCode.NotFound, "tip-unknown");

        Assert.Empty(JsonNode.Parse(await running.Admin.GetStringAsync($"{Tips}/{id}/deliveries"))!["items"]!.AsArray());
        using var ended = await running.Admin.PostAsync($"{Tips}/{id}/end", null);
        Assert.Equal("ended", (string)JsonNode.Parse(await ended.Content.ReadAsStringAsync())!["state"]!);
        var listed = JsonNode.Parse(await running.Admin.GetStringAsync($"{Tips}?limit=1000"))!["items"]!.AsArray().Single(c => (string)c!["campaign"]!["id"]! == id)!;
        Assert.Equal(("ended", 0), ((string)listed["campaign"]!["state"]!, (int)listed["figures"]!["sent"]!));
        Assert.Contains("tip.end", await running.Admin.GetStringAsync("/api/v1/audit?limit=1000"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Readers_read_dispatchers_enter_who_wants_none_and_engineers_write()
    {
        using var viewer = running.Client(await KeyAsync(Roles.Viewer));
        using var dispatcher = running.Client(await KeyAsync(Roles.Dispatcher));
        Assert.Equal(HttpStatusCode.OK, (await viewer.GetAsync(Tips)).StatusCode);
        Assert.Equal(HttpStatusCode.Forbidden, (await viewer.PutAsJsonAsync("/api/v1/care/tip-opt-outs/x", new { })).StatusCode);
        Assert.Equal(HttpStatusCode.Forbidden, (await dispatcher.PutAsJsonAsync($"{Tips}/x", Campaign())).StatusCode);
        Assert.Equal(HttpStatusCode.Forbidden, (await dispatcher.PutAsJsonAsync("/api/v1/care/tip-policy", new { mostPerWeek = 2 })).StatusCode);
        await ProblemAsync(await dispatcher.PutAsJsonAsync("/api/v1/care/tip-opt-outs/nobody", new { }), HttpStatusCode.NotFound, "tip-recipient");
        await ProblemAsync(await running.Admin.PutAsJsonAsync("/api/v1/care/tip-policy", new { mostPerWeek = 0 }), HttpStatusCode.BadRequest, "tip-most");

        await running.Admin.PutAsJsonAsync("/api/v1/notifications/recipients/tip-reader", new { title = "Reader", channel = "email", address = "reader@example.com", audience = "customer", customer = "tip-customer" });
        Assert.Equal(HttpStatusCode.OK, (await dispatcher.PutAsJsonAsync("/api/v1/care/tip-opt-outs/tip-reader", new { })).StatusCode);
        Assert.Contains("tip-reader", await viewer.GetStringAsync("/api/v1/care/tip-opt-outs?limit=1000"), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, (await dispatcher.DeleteAsync("/api/v1/care/tip-opt-outs/tip-reader")).StatusCode);
        Assert.DoesNotContain("tip-reader", await viewer.GetStringAsync("/api/v1/care/tip-opt-outs?limit=1000"), StringComparison.Ordinal);
    }

    private static object Campaign(string subject = "Look", string metric = "vibration") => new
    {
        title = new { en = "Pumps", zhCN = "水泵" }, subject = new { en = subject, zhCN = "请看" }, body = new { en = "Look at it.", zhCN = "请查看。" }, scope = new { types = new[] { "pump" } },
        conditions = new[] { new { test = "metric", metric, side = "above", limit = 2.5 } },
    };

    private static (string, string, double, string) Of(JsonNode condition) => ((string)condition["test"]!, (string)condition["side"]!, (double)condition["limit"]!, (string)condition["measure"]!);

    private static async Task ProblemAsync(HttpResponseMessage response, HttpStatusCode status, string code)
    {
        using (response)
        {
            var body = await response.Content.ReadAsStringAsync();
            Assert.True(response.StatusCode == status, $"{response.StatusCode} {body}");
            Assert.Equal("application/problem+json", response.Content.Headers.ContentType!.MediaType);
            Assert.Equal(code, (string?)JsonNode.Parse(body)!["code"]);
        }
    }

    private async Task<string> KeyAsync(string role) => (await running.Platform.Services.GetRequiredService<IApiKeys>().IssueAsync("default", role, role, null, "test", default)).Value!.Secret;
}
