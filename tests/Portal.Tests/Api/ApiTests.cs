using System.Net;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Seamless.Portal.Accounts;

namespace Seamless.Portal.Tests.Api;

public sealed class ApiTests(RunningPlatform running)
{
    private static StringContent Json(string text) => RunningPlatform.Json(text);

    [Theory]
    [InlineData("GET", "/api/v1/nothing", null, 404)]
    [InlineData("GET", "/api/v1/devices/unknown-device", null, 404)]
    [InlineData("DELETE", "/api/v1/devices", null, 405)]
    [InlineData("GET", "/api/v1/devices?limit=0", null, 400)]
    [InlineData("GET", "/api/v1/devices?limit=many", null, 400)]
    [InlineData("GET", "/api/v1/alarms?state=sleepy", null, 400)]
    [InlineData("GET", "/api/v1/alarms?from=yesterday", null, 400)]
    [InlineData("GET", "/api/v1/audit?cursor=abc", null, 400)]
    [InlineData("POST", "/api/v1/devices", """{"id":"x","tipe":"pump"}""", 400)]
    [InlineData("POST", "/api/v1/devices", """{"id":""", 400)]
    public async Task Every_error_is_a_problem_with_words_for_the_caller(string method, string path, string? body, int status)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), path) { Content = body is null ? null : Json(body) };
        using var response = await running.Admin.SendAsync(request);

        Assert.Equal(status, (int)response.StatusCode);
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType?.MediaType);
        var problem = await RunningPlatform.BodyAsync(response);
        Assert.Equal(status, (int)problem["status"]!);
        Assert.NotEmpty((string)problem["detail"]!);
    }

    [Theory]
    [InlineData("GET", "/api/v1/parts/orders?open=maybe", null, "open is 'maybe'; it must be true or false")]
    [InlineData("GET", "/api/v1/devices?limit=many", null, "it must be a whole number")]
    [InlineData("POST", "/api/v1/parts/plan/compute", """{"budget":"much"}""", "The value does not fit this field; see /openapi/v1.json. At $.budget")]
    [InlineData("GET", "/api/v1/tickets?priority=P9", null, "priority is 'P9'; it must be one of P1, P2, P3, P4.")]
    [InlineData("POST", "/api/v1/tickets", """{"device":"pump-1","priority":"P9"}""", "The value does not fit this field; it must be one of P1, P2, P3, P4. At $.priority")]
    [InlineData("POST", "/api/v1/messages", """{"channel":"smoke"}""", "it must be one of email, chat, phone, sms")]
    [InlineData("POST", "/api/v1/alarms/nobody/acknowledge", null, "nobody")]
    public async Task What_does_not_fit_is_said_in_the_callers_words_and_a_body_that_may_be_left_out_is(string method, string path, string? body, string words)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), path) { Content = body is null ? null : Json(body) };
        using var response = await running.Admin.SendAsync(request);
        var detail = (string)(await RunningPlatform.BodyAsync(response))["detail"]!;
        Assert.Contains(words, detail, StringComparison.Ordinal);
        Assert.DoesNotContain("Seamless.", detail, StringComparison.Ordinal);
        Assert.DoesNotContain("Nullable", detail, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/api/v1/tickets/T-0/actions/note", "ticket-unknown", "there is no ticket T-0")]
    [InlineData("/api/v1/alarms/nobody/acknowledge", "alarm-unknown", "there is no alarm nobody")]
    public async Task A_refusal_names_its_reason_for_programs_and_says_it_in_english(string path, string code, string words)
    {
        using var response = await running.Admin.PostAsync(path, Json("""{}"""));
        var problem = await RunningPlatform.BodyAsync(response);

        Assert.Equal(code, (string?)problem["code"]);
        Assert.Equal(words, (string?)problem["detail"]);
    }

    [Fact]
    public async Task Text_where_json_belongs_is_unsupported_and_no_key_is_unauthorized()
    {
        using var text = await running.Admin.PostAsync("/api/v1/devices", new StringContent("abc"));
        Assert.Equal(HttpStatusCode.UnsupportedMediaType, text.StatusCode);

        using var stranger = running.Client(null);
        using var refused = await stranger.GetAsync("/api/v1/devices");
        Assert.Equal(HttpStatusCode.Unauthorized, refused.StatusCode);
        Assert.Equal("application/problem+json", refused.Content.Headers.ContentType?.MediaType);

        using var wrong = running.Client("demo");
        using var demo = await wrong.GetAsync("/api/v1/devices");
        Assert.Equal(HttpStatusCode.Unauthorized, demo.StatusCode);   // the demo's key opens the demo only
    }

    [Fact]
    public async Task A_devices_telemetry_can_be_sent_and_read_back_with_units_and_last_values()
    {
        using var added = await running.Admin.PostAsync("/api/v1/devices", Json("""{"id":"api-pump","type":"pump","site":"s1"}"""));
        Assert.Equal(HttpStatusCode.Created, added.StatusCode);
        var now = TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds();
        using var sent = await running.Admin.PostAsync("/api/v1/devices/api-pump/telemetry", Json($$"""[{"ts":{{now - 1000}},"values":{"vibration":2.5,"mode":"auto"} },{"ts":{{now}},"values":{"vibration":2.7} }]"""));
        Assert.Equal(HttpStatusCode.Accepted, sent.StatusCode);

        JsonNode answer;
        var began = TimeProvider.System.GetTimestamp();
        do
        {
            await Task.Delay(100, TestContext.Current.CancellationToken);
            answer = JsonNode.Parse(await running.Admin.GetStringAsync("/api/v1/devices/api-pump/telemetry?metric=vibration"))!;
        }
        while (answer["series"]![0]!["points"]!.AsArray().Count < 2 && TimeProvider.System.GetElapsedTime(began).TotalSeconds < 20);

        Assert.Equal("mm/s", (string?)answer["series"]![0]!["unit"]);
        Assert.Equal($"[[{now - 1000},2.5],[{now},2.7]]", answer["series"]![0]!["points"]!.ToJsonString());
        foreach (var word in (string[])["count", "Count"])
        {
            var counted = JsonNode.Parse(await running.Admin.GetStringAsync($"/api/v1/devices/api-pump/telemetry?metric=vibration&bucket=1h&aggregate={word}"))!;
            Assert.Equal(2, counted["series"]![0]!["points"]!.AsArray().Sum(point => (double)point![1]!));   // in one hour, or in two
        }
        using var unknown = await running.Admin.GetAsync("/api/v1/devices/api-pump/telemetry?metric=vibration&bucket=1h&aggregate=median");
        Assert.Equal(HttpStatusCode.BadRequest, unknown.StatusCode);
        var latest = JsonNode.Parse(await running.Admin.GetStringAsync("/api/v1/devices/api-pump/latest"))!["items"]!.AsArray();
        Assert.Equal("auto", (string?)latest.Single(value => (string?)value!["metric"] == "mode")!["state"]);
        Assert.EndsWith("Z", (string?)latest[0]!["at"]);
    }

    [Fact]
    public async Task Lists_are_walked_page_by_page_without_gap_or_repetition()
    {
        for (var i = 0; i < 5; i++) (await running.Admin.PostAsync("/api/v1/devices", Json($$"""{"id":"page-{{i}}","type":"generic","site":"pages"}"""))).Dispose();

        var seen = new List<string>();
        string? cursor = null;
        do
        {
            var page = JsonNode.Parse(await running.Admin.GetStringAsync($"/api/v1/devices?site=pages&limit=2{(cursor is null ? "" : "&cursor=" + cursor)}"))!;
            seen.AddRange(page["items"]!.AsArray().Select(device => (string)device!["id"]!));
            cursor = (string?)page["next"];
        }
        while (cursor is not null);

        Assert.Equal(["page-0", "page-1", "page-2", "page-3", "page-4"], seen);
    }

    [Fact]
    public async Task A_tenant_sees_nothing_of_another_and_a_role_only_what_it_may()
    {
        var keys = running.Platform.Services.GetRequiredService<IApiKeys>();
        var other = (await keys.IssueAsync("acme", "other", Roles.Admin, null, "test", CancellationToken.None)).Value!.Secret;
        var viewer = (await keys.IssueAsync("default", "viewer", Roles.Viewer, null, "test", CancellationToken.None)).Value!.Secret;
        (await running.Admin.PostAsync("/api/v1/devices", Json("""{"id":"ours","type":"pump"}"""))).Dispose();
        using var acme = running.Client(other);
        using var reader = running.Client(viewer);

        Assert.Empty(JsonNode.Parse(await acme.GetStringAsync("/api/v1/devices"))!["items"]!.AsArray());
        foreach (var path in (string[])["/api/v1/devices/ours", "/api/v1/devices/ours/latest", "/api/v1/devices/ours/telemetry"])
        {
            using var hidden = await acme.GetAsync(path);
            Assert.Equal(HttpStatusCode.NotFound, hidden.StatusCode);
        }
        using var command = await acme.PostAsync("/api/v1/devices/ours/commands", Json("""{"name":"self-test"}"""));
        Assert.Equal(HttpStatusCode.NotFound, command.StatusCode);

        using var seen = await reader.GetAsync("/api/v1/devices/ours");
        Assert.Equal(HttpStatusCode.OK, seen.StatusCode);
        using var changed = await reader.DeleteAsync("/api/v1/devices/ours");
        Assert.Equal(HttpStatusCode.Forbidden, changed.StatusCode);
        using var audit = await reader.GetAsync("/api/v1/audit");
        Assert.Equal(HttpStatusCode.Forbidden, audit.StatusCode);
    }

    [Fact]
    public async Task A_change_is_audited_with_who_and_from_where()
    {
        (await running.Admin.PutAsync("/api/v1/sites/audited", Json("""{"name":"Audited","timeZone":"Europe/Berlin"}"""))).Dispose();

        var entries = JsonNode.Parse(await running.Admin.GetStringAsync("/api/v1/audit?limit=1000"))!["items"]!.AsArray();
        var entry = entries.First(one => (string?)one!["action"] == "api.putSite")!;
        Assert.Equal("admin", (string?)entry["actor"]);
        Assert.Equal("127.0.0.1", (string?)entry["from"]);
        Assert.Equal("/api/v1/sites/audited", (string?)entry["subject"]);
    }

    [Fact]
    public async Task The_doors_for_orchestrators_and_scrapers_need_no_key()
    {
        using var stranger = running.Client(null);
        Assert.Contains("ready", await stranger.GetStringAsync("/health/ready"), StringComparison.Ordinal);
        Assert.Contains("live", await stranger.GetStringAsync("/health/live"), StringComparison.Ordinal);
        Assert.Contains("# TYPE", await stranger.GetStringAsync("/metrics"), StringComparison.Ordinal);
        Assert.Contains("scalar", await stranger.GetStringAsync("/scalar/"), StringComparison.OrdinalIgnoreCase);
        using var alarms = await running.Admin.GetAsync("/api/v1/alarms");
        Assert.Contains("default-src 'self'", alarms.Headers.GetValues("Content-Security-Policy").Single(), StringComparison.Ordinal);
    }
}
