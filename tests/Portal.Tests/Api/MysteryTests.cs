using System.Net;
using System.Net.Http.Headers;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using Seamless.Portal.Commands;
using Seamless.Rules.Packs;
using Seamless.ServiceDesk.Mystery;

namespace Seamless.Portal.Tests.Api;

/// <summary>The service tried by somebody it takes for a customer: a whole platform on a clock that the test moves, seen through its API.</summary>
public sealed class MysteryTests : IAsyncDisposable
{
    private readonly DirectoryInfo _data = Directory.CreateTempSubdirectory("seamless-mystery-");
    private readonly FakeTimeProvider _clock = new(new DateTimeOffset(2026, 11, 26, 4, 0, 0, TimeSpan.Zero));
    private Platform? _platform;
    private HttpClient _http = new();

    [Fact]
    [Trait("Scenario", "26")]
    public async Task A_played_fault_is_detected_ticketed_and_closed_and_nothing_real_moves()
    {
        await StartAsync();
        var (kpis, stock) = (await TextAsync("/api/v1/kpis"), await TextAsync("/api/v1/parts"));
        using var begun = await _http.PostAsync("/api/v1/mystery/run?type=pump", null);
        Assert.Equal(HttpStatusCode.Accepted, begun.StatusCode);
        using var second = await _http.PostAsync("/api/v1/mystery/run", null);
        Assert.Equal(HttpStatusCode.Conflict, second.StatusCode);

        var check = await PlayAsync();

        Assert.Equal(("passed", "pump", true, null), ((string?)check["verdict"], (string?)check["type"], (bool?)check["causeRight"], (string?)check["why"]));
        Assert.Equal((string?)check["fault"], (string?)check["cause"]);
        Assert.InRange((double)check["detectedAfterSeconds"]!, 1, (double)check["detectedWithinSeconds"]!);
        Assert.InRange((double)check["seenAfterSeconds"]!, 0, 60);
        var ticket = await GetAsync($"/api/v1/tickets/{(string)check["ticket"]!}");
        Assert.Equal(("closed", "mystery", "mystery-pump"), ((string?)ticket["status"], (string?)ticket["site"], (string?)ticket["device"]));
        Assert.NotNull(check["closedAt"]);
        Assert.Empty(ticket["parts"]!.AsArray());
        Assert.Null(ticket["visit"]);
        Assert.DoesNotContain((await GetAsync("/api/v1/remedies?device=mystery-pump"))["items"]!.AsArray(), run => run!["command"] is not null);
        Assert.Empty((await GetAsync("/api/v1/devices"))["items"]!.AsArray());
        Assert.Equal(Figures(kpis), Figures(await TextAsync("/api/v1/kpis")));
        Assert.Equal(stock, await TextAsync("/api/v1/parts"));
        Assert.Empty((await GetAsync("/api/v1/alarms?rule=platform-mystery"))["items"]!.AsArray());
    }

    [Fact]
    public async Task What_is_missed_raises_the_platforms_own_alarm_and_the_next_success_clears_it()
    {
        await StartAsync();
        var packs = _platform!.Services.GetRequiredService<PackDirectory>();
        var rules = packs.RuleFiles.Where(file => file.Type == "pump").ToList();
        foreach (var file in rules) packs.Put("pump", file.Name, "rules: []\n");
        await RunAsync("pump");

        var missed = await PlayAsync();

        Assert.Equal("missed", (string?)missed["verdict"]);
        var alarm = Assert.Single((await GetAsync("/api/v1/alarms?rule=platform-mystery"))["items"]!.AsArray())!;
        Assert.Equal((true, "high", "platform:mystery"), ((bool)alarm["isActive"]!, (string?)alarm["severity"], (string?)alarm["faultKey"]));
        Assert.Empty((await GetAsync("/api/v1/tickets"))["items"]!.AsArray());

        foreach (var file in rules) packs.Put("pump", file.Name, file.Yaml);
        await RunAsync("pump");
        Assert.Equal("passed", (string?)(await PlayAsync())["verdict"]);
        Assert.False((bool)Assert.Single((await GetAsync("/api/v1/alarms?rule=platform-mystery"))["items"]!.AsArray())!["isActive"]!);
    }

    [Fact]
    public async Task Once_a_day_from_its_time_on_also_over_a_restart()
    {
        void Daily(MysteryOptions mystery) => (mystery.Enabled, mystery.At) = (true, new TimeOnly(4, 30));
        await StartAsync(Daily);
        await StepAsync();
        Assert.Empty((await GetAsync("/api/v1/mystery"))["items"]!.AsArray());

        _clock.Advance(TimeSpan.FromMinutes(31));
        for (var i = 0; i < 3; i++) await StepAsync();
        await StopAsync();   // in the middle of it
        await StartAsync(Daily);
        var check = await PlayAsync();

        Assert.Equal(("2026-11-26", "clock", "passed"), ((string?)check["id"], (string?)check["actor"], (string?)check["verdict"]));
        await StopAsync();
        await StartAsync(Daily);
        for (var i = 0; i < 3; i++) await StepAsync();
        Assert.Single((await GetAsync("/api/v1/mystery"))["items"]!.AsArray());
        _clock.Advance(TimeSpan.FromDays(1));
        await StepAsync();
        Assert.Equal("2026-11-27", (string?)(await GetAsync("/api/v1/mystery"))["items"]![0]!["id"]);
    }

    [Fact]
    public async Task Who_may_not_operate_or_names_no_equipment_is_told()
    {
        await StartAsync();
        using var unknown = await _http.PostAsync("/api/v1/mystery/run?type=toaster", null);
        Assert.Equal(HttpStatusCode.BadRequest, unknown.StatusCode);
        var checks = _platform!.Services.GetRequiredService<IMysteryChecks>();
        Assert.Equal("forbidden", (await checks.RunAsync("another", null, "anna", TestContext.Current.CancellationToken)).Refusal?.Code);
        using var taken = await _http.PostAsync("/api/v1/devices", RunningPlatform.Json("""{"id":"mystery-pump","type":"pump"}"""));
        await RunAsync("pump");
        Assert.Equal("notRun", (string?)(await PlayAsync())["verdict"]);
        Assert.Single((await GetAsync("/api/v1/devices"))["items"]!.AsArray());
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        _data.Delete(recursive: true);
    }

    private async Task StartAsync(Action<MysteryOptions>? mystery = null)
    {
        _platform = await Platform.StartAsync(new PlatformOptions
        {
            DataDirectory = _data.FullName, PacksDirectory = PacksFolder.Find(null) ?? throw new InvalidOperationException("no packs"), HttpUrl = new Uri("http://127.0.0.1:0"),
            MqttEndpoint = new IPEndPoint(IPAddress.Loopback, 0), AdminApiKey = RunningPlatform.AdminKey, LogLevel = Microsoft.Extensions.Logging.LogLevel.Error,
            Time = _clock, Beats = false, Durable = false, Mystery = mystery,
        }, CancellationToken.None);
        _http = new HttpClient { BaseAddress = _platform.HttpAddress };
        _http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", RunningPlatform.AdminKey);
    }

    private async Task StopAsync()
    {
        _http.Dispose();
        if (_platform is { } platform) await platform.DisposeAsync();
        _platform = null;
    }

    private async Task RunAsync(string type)
    {
        using var begun = await _http.PostAsync($"/api/v1/mystery/run?type={type}", null);
        Assert.Equal(HttpStatusCode.Accepted, begun.StatusCode);
    }

    /// <summary>Beats until no check runs; the newest.</summary>
    private async Task<JsonNode> PlayAsync()
    {
        for (var beats = 0; beats < 400; beats++)
        {
            await StepAsync();
            var newest = (await GetAsync("/api/v1/mystery?limit=1"))["items"]![0]!;
            if ((string?)newest["verdict"] is not "running" && newest["endedAt"] is not null) return newest;
        }
        throw new InvalidOperationException($"it never ends: {await TextAsync("/api/v1/mystery")}");
    }

    /// <summary>Ten seconds of the platform: a beat, and the rules have judged what was sent before.</summary>
    private async Task StepAsync()
    {
        var services = _platform!.Services;
        _clock.Advance(TimeSpan.FromSeconds(10));
        await services.GetRequiredService<IMysteryChecks>().AdvanceAsync(_clock.GetUtcNow(), TestContext.Current.CancellationToken);
        await services.GetRequiredService<Storage.Log.ITelemetryLog>().WaitForAsync(Rules.Engine.RuleEngine.ConsumerName, TestContext.Current.CancellationToken);
        await services.GetRequiredService<Beat>().AdvanceAsync(_clock.GetUtcNow(), TestContext.Current.CancellationToken);
    }

    private static string Figures(string kpis) => JsonNode.Parse(kpis)!["items"]!.ToJsonString();
    private Task<string> TextAsync(string path) => _http.GetStringAsync(path);
    private async Task<JsonNode> GetAsync(string path) => JsonNode.Parse(await TextAsync(path))!;
}
