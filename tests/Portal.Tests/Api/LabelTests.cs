using System.Net;
using System.Net.Http.Headers;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using Seamless.Portal.Commands;

namespace Seamless.Portal.Tests.Api;

/// <summary>From a verdict, and from a closed ticket, to a label, its effect and its end, through the public doors.</summary>
public sealed class LabelTests : IAsyncDisposable
{
    private static readonly DateTimeOffset Noon = new(2026, 3, 2, 12, 0, 0, TimeSpan.Zero);
    private readonly DirectoryInfo _data = Directory.CreateTempSubdirectory("seamless-labels-");
    private readonly FakeTimeProvider _clock = new(Noon);
    private Platform? _platform;
    private HttpClient _http = new();

    [Fact]
    public async Task A_verdict_and_a_closure_become_labels_that_count_until_they_are_struck_out()
    {
        await StartAsync();
        foreach (var pump in (string[])["pump-1", "pump-2"])
        {
            await PostAsync("/api/v1/devices", $$"""{"id":"{{pump}}","type":"pump","site":"site-of-{{pump}}"}""");
            await SendAsync(pump, 97, minutes: 2);
            await SendAsync(pump, 50, minutes: 4);
        }
        var alarms = (await ItemsAsync("/api/v1/alarms")).ToDictionary(alarm => (string)alarm["device"]!, alarm => (string)alarm["id"]!);
        await PostAsync($"/api/v1/alarms/{alarms["pump-1"]}/acknowledge", "{}");
        await PostAsync($"/api/v1/alarms/{alarms["pump-1"]}/close", """{"verdict":"false","note":"loose plug"}""");
        var ticket = (await ItemsAsync("/api/v1/tickets")).Single(t => (string)t["device"]! == "pump-2");
        foreach (var action in (string[])["acknowledge", "resolve"]) await PostAsync($"/api/v1/tickets/{(string)ticket["id"]!}/actions/{action}", "{}");
        await PostAsync($"/api/v1/tickets/{(string)ticket["id"]!}/actions/close", """{"mode":"UNK","mechanism":"6.1 No cause found","cause":"Unknown","faultCode":"no-fault-found"}""");

        var labels = await ItemsAsync("/api/v1/labels");
        Assert.Equal([("pump-2", "false", "closure"), ("pump-1", "false", "engineer")], labels.OrderByDescending(l => (string)l["device"]!, StringComparer.Ordinal).Select(l => ((string)l["device"]!, (string)l["verdict"]!, (string)l["source"]!)));
        var closure = labels.Single(l => (string)l["source"]! == "closure");
        Assert.Equal(((string)ticket["id"]!, "6.1 No cause found", alarms["pump-2"]), ((string)closure["ticket"]!, (string)closure["codes"]!["mechanism"]!, (string)closure["alarm"]!));
        Assert.Equal("pump-1", (string?)Assert.Single(await ItemsAsync("/api/v1/labels?source=engineer&verdict=false&rule=bearing-temperature-high"))["device"]);
        var rule = Assert.Single((await GetAsync("/api/v1/evaluation"))["rules"]!.AsArray())!;
        Assert.Equal((2, 0, 2, 0.0), ((int)rule["alarms"]!, (int)rule["confirmed"]!, (int)rule["false"]!, (double)rule["precision"]!));
        Assert.Equal(1, (int)(await GetAsync("/api/v1/evaluation"))["causes"]!["tickets"]!);

        using var struck = await _http.DeleteAsync($"/api/v1/labels/{(string)closure["id"]!}?reason=wrong%20pump");
        var after = await RunningPlatform.BodyAsync(struck);
        Assert.Equal((HttpStatusCode.OK, "wrong pump"), (struck.StatusCode, (string?)after["struckWhy"]));
        using var again = await _http.DeleteAsync($"/api/v1/labels/{(string)closure["id"]!}");
        Assert.Equal(HttpStatusCode.Conflict, again.StatusCode);
        var added = await PostAsync("/api/v1/labels", $$"""{"alarm":"{{alarms["pump-2"]}}","verdict":"true","cause":"bearing-wear"}""");
        Assert.Equal(("engineer", "bearing-wear"), ((string?)added["source"], (string?)added["cause"]));
        Assert.Equal(3, (await ItemsAsync("/api/v1/labels")).Count);
        Assert.Equal((string)closure["id"]!, (string?)Assert.Single(await ItemsAsync("/api/v1/labels?struck=true"))["id"]);
        rule = Assert.Single((await GetAsync("/api/v1/evaluation"))["rules"]!.AsArray())!;
        Assert.Equal((1, 1, 0.5), ((int)rule["confirmed"]!, (int)rule["false"]!, (double)rule["precision"]!));
        Assert.Empty(await ItemsAsync("/api/v1/evaluation/proposals"));
        Assert.Contains("api.strikeLabel", await _http.GetStringAsync("/api/v1/audit"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_not_there_or_not_right_is_said_in_words()
    {
        await StartAsync();
        foreach (var (method, path, body, status) in new[]
        {
            ("GET", "/api/v1/labels/lb-none", null, HttpStatusCode.NotFound), ("DELETE", "/api/v1/labels/lb-none", null, HttpStatusCode.NotFound), ("GET", "/api/v1/labels?verdict=perhaps", null, HttpStatusCode.BadRequest),
            ("POST", "/api/v1/labels", """{"alarm":"al-none","verdict":"true"}""", HttpStatusCode.NotFound), ("POST", "/api/v1/labels", """{"alarm":"al-none","verdict":"perhaps"}""", HttpStatusCode.BadRequest),
            ("GET", "/api/v1/evaluation?from=2026-03-02T00:00:00Z&to=2026-03-01T00:00:00Z", null, HttpStatusCode.BadRequest), ("POST", "/api/v1/evaluation/proposals/tp-none/apply", """{"stage":"all"}""", HttpStatusCode.Conflict),
            ("POST", "/api/v1/evaluation/changes/tc-none/undo", "{}", HttpStatusCode.NotFound),
        })
        {
            using var request = new HttpRequestMessage(new HttpMethod(method), path) { Content = body is null ? null : RunningPlatform.Json(body) };
            using var response = await _http.SendAsync(request);
            Assert.True(response.StatusCode == status, $"{method} {path}: {response.StatusCode}");
            Assert.Equal("application/problem+json", response.Content.Headers.ContentType?.MediaType);
        }
    }

    private async Task StartAsync()
    {
        _platform = await Platform.StartAsync(new PlatformOptions
        {
            DataDirectory = _data.FullName, PacksDirectory = PacksFolder.Find(null) ?? throw new InvalidOperationException("no packs"), HttpUrl = new Uri("http://127.0.0.1:0"),
            MqttEndpoint = new IPEndPoint(IPAddress.Loopback, 0), AdminApiKey = RunningPlatform.AdminKey, LogLevel = Microsoft.Extensions.Logging.LogLevel.Error,
            Time = _clock, Beats = false, Durable = false,
        }, CancellationToken.None);
        _http = new HttpClient { BaseAddress = _platform.HttpAddress };
        _http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", RunningPlatform.AdminKey);
    }

    private async Task SendAsync(string pump, double temperature, int minutes)
    {
        for (var step = 0; step < minutes * 2; step++)
        {
            using var sent = await _http.PostAsync(
                $"/api/v1/devices/{pump}/telemetry", RunningPlatform.Json($$$"""{"ts":{{{_clock.GetUtcNow().ToUnixTimeMilliseconds()}}},"values":{"bearingTemperature":{{{temperature}}}}}"""));
            Assert.Equal(HttpStatusCode.Accepted, sent.StatusCode);
            _clock.Advance(TimeSpan.FromSeconds(30));
            await _platform!.Services.GetRequiredService<Storage.Log.ITelemetryLog>().WaitForAsync(Rules.Engine.RuleEngine.ConsumerName, TestContext.Current.CancellationToken);
            await _platform.Services.GetRequiredService<Beat>().AdvanceAsync(_clock.GetUtcNow(), TestContext.Current.CancellationToken);
        }
    }

    private async Task<JsonNode> PostAsync(string path, string body)
    {
        using var answer = await _http.PostAsync(path, RunningPlatform.Json(body));
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync());
        return await RunningPlatform.BodyAsync(answer);
    }

    private async Task<JsonNode> GetAsync(string path) => JsonNode.Parse(await _http.GetStringAsync(path))!;
    private async Task<IReadOnlyList<JsonNode>> ItemsAsync(string path) => [.. (await GetAsync(path))["items"]!.AsArray().Select(item => item!)];

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        if (_platform is { } platform) await platform.DisposeAsync();
        _data.Delete(recursive: true);
    }
}
