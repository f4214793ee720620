using System.Net;
using System.Net.Http.Headers;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using Seamless.Portal.Commands;

namespace Seamless.Portal.Tests.Api;

/// <summary>Planned maintenance through the public doors, on a clock that the test moves: window, fault, no ticket; the window ends, a ticket.</summary>
public sealed class MaintenanceTests : IAsyncDisposable
{
    private static readonly DateTimeOffset Noon = new(2026, 3, 2, 12, 0, 0, TimeSpan.Zero);
    private readonly DirectoryInfo _data = Directory.CreateTempSubdirectory("seamless-maintenance-");
    private readonly FakeTimeProvider _clock = new(Noon);
    private Platform? _platform;
    private HttpClient _http = new();

    [Fact]
    public async Task A_fault_within_a_window_opens_its_ticket_when_the_window_ends_also_over_a_restart()
    {
        await StartAsync();
        foreach (var pump in new[] { "pump-1", "pump-2", "pump-3" }) await AddPumpAsync(pump);
        var window = await PostAsync("/api/v1/maintenance", """{"site":"works","type":"pump","begin":"2026-03-02T13:00","minutes":60,"reason":"new bearings"}""");   // 13:00 in Berlin is 12:00 UTC
        Assert.Equal(("running", "Europe/Berlin", "2026-03-02T12:00:00.000Z"), ((string?)window["status"], (string?)window["zone"], (string?)window["begin"]));

        await HotAsync("pump-1");
        await HotAsync("pump-2");
        await CoolAsync("pump-2");
        await StepAsync(TimeSpan.FromMinutes(5));
        var held = (await GetAsync("/api/v1/alarms?maintenance=true"))["items"]!.AsArray();
        Assert.Equal(2, held.Count);
        Assert.All(held, alarm => Assert.Equal(("suppressed", "new bearings", false), ((string?)alarm!["state"], (string?)alarm["maintenance"]!["reason"], (bool)alarm["maintenance"]!["isOver"]!)));
        Assert.Empty((await GetAsync("/api/v1/tickets"))["items"]!.AsArray());
        Assert.Empty((await GetAsync("/api/v1/remedies?device=pump-1"))["items"]!.AsArray());

        await StopAsync();
        await StartAsync();
        await StepAsync(TimeSpan.FromMinutes(5));
        Assert.Empty((await GetAsync("/api/v1/tickets"))["items"]!.AsArray());
        await StepAsync(TimeSpan.FromHours(1));
        await StepAsync(TimeSpan.FromMinutes(1));

        var ticket = Assert.Single((await GetAsync("/api/v1/tickets"))["items"]!.AsArray())!;
        Assert.Equal("pump-1", (string?)ticket["device"]);
        var alarms = (await GetAsync("/api/v1/alarms"))["items"]!.AsArray().ToDictionary(alarm => (string)alarm!["device"]!, alarm => (string)alarm!["state"]!);
        Assert.Equal(("unacknowledged", "normal"), (alarms["pump-1"], alarms["pump-2"]));
        var figures = (await GetAsync("/api/v1/alarms/performance?from=2026-03-02T11:00:00Z&to=2026-03-02T15:00:00Z"))["figures"]!.AsArray();
        Assert.Equal(2, (double)figures.Single(figure => (string)figure!["code"]! == "suppressed")!["value"]!);
        var audit = await TextAsync("/api/v1/audit");
        Assert.Contains("api.addMaintenance", audit, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_was_forgotten_is_entered_late_and_takes_its_ticket_back()
    {
        await StartAsync();
        await AddPumpAsync("pump-1");
        await HotAsync("pump-1");
        await StepAsync(TimeSpan.FromMinutes(2));
        var ticket = Assert.Single((await GetAsync("/api/v1/tickets"))["items"]!.AsArray())!;
        var window = await PostAsync("/api/v1/maintenance", """{"device":"pump-1","begin":"2026-03-02T11:30:00Z","end":"2026-03-02T18:00:00Z","reason":"forgot to say"}""");
        await StepAsync(TimeSpan.FromSeconds(10));
        Assert.Equal("cancelled", (string?)(await GetAsync($"/api/v1/tickets/{(string)ticket["id"]!}"))["status"]);

        using var ended = await _http.PatchAsync($"/api/v1/maintenance/{(string)window["id"]!}", RunningPlatform.Json("""{"endNow":true}"""));
        Assert.Equal("over", (string?)(await RunningPlatform.BodyAsync(ended))["status"]);
        await StepAsync(TimeSpan.FromSeconds(10));
        await StepAsync(TimeSpan.FromMinutes(1));
        Assert.Equal(2, (await GetAsync("/api/v1/tickets"))["items"]!.AsArray().Count);
    }

    [Fact]
    public async Task Windows_are_listed_changed_cancelled_and_exported_and_refused_as_problems()
    {
        await StartAsync();
        await AddPumpAsync("pump-1");
        foreach (var (body, words) in new[]
        {
            ("""{"reason":"x","minutes":5}""", "say everything"),
            ("""{"reason":"x","device":"pump-1","everything":true,"minutes":5}""", "not both"),
            ("""{"reason":"","device":"pump-1","minutes":5}""", "what is being done"),
            ("""{"reason":"x","device":"pump-1"}""", "when does it end"),
            ("""{"reason":"x","device":"pump-1","weekly":{"days":["moonday"],"at":"22:00","minutes":60}}""", "moonday"),
            ("""{"reason":"x","device":"pump-1","weekly":{"days":["mon"],"at":"25:00","minutes":60}}""", "25:00"),
            ("""{"reason":"x","device":"pump-1","minutes":5,"zone":"Mars/Base"}""", "Mars/Base"),
            ("""{"reason":"x","device":"pump-1","weekly":{"at":"22:00","minutes":60}}""", "on which days"),
            ("""{"reason":"x","device":"pump-1","weekly":{"days":["mon",null],"at":"22:00","minutes":60}}""", "is no day"),
            ("""{"reason":"x","device":"pump-1","weekly":{"days":["mon"],"minutes":60}}""", "is no time of day"),
            ("""{"reason":"x","device":"pump-1","begin":"9999-12-31T23:59","minutes":60}""", "is no time"),
            ("""{"reason":"x","device":"pump-1","begin":"0001-01-01T00:00:00+14:00","minutes":60}""", "is no time"),
        })
        {
            using var refused = await _http.PostAsync("/api/v1/maintenance", RunningPlatform.Json(body));
            Assert.Equal((HttpStatusCode.BadRequest, "application/problem+json"), (refused.StatusCode, refused.Content.Headers.ContentType?.MediaType));
            Assert.Contains(words, await refused.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        }
        using var nobody = await _http.PostAsync("/api/v1/maintenance", RunningPlatform.Json("""{"reason":"x","device":"pump-9","minutes":5}"""));
        Assert.Equal(HttpStatusCode.NotFound, nobody.StatusCode);

        var weekly = await PostAsync("/api/v1/maintenance", """{"reason":"cleaning; all, of it","site":"works","weekly":{"days":["mon","sat"],"at":"22:00","minutes":240}}""");
        Assert.Equal(("coming", "2026-03-02T21:00:00.000Z", """["mon","sat"]"""), ((string?)weekly["status"], (string?)weekly["next"]!["from"], weekly["weekly"]!["days"]!.ToJsonString()));
        await PostAsync("/api/v1/maintenance", """{"reason":"outage","everything":true,"begin":"2026-03-05T00:00:00Z","end":"2026-03-05T06:00:00Z"}""");
        Assert.Equal(["outage", "cleaning; all, of it"], (await GetAsync("/api/v1/maintenance?status=coming"))["items"]!.AsArray().Select(w => (string)w!["reason"]!));
        var first = await GetAsync("/api/v1/maintenance?limit=1");
        Assert.Equal("cleaning; all, of it", (string?)(await GetAsync($"/api/v1/maintenance?limit=1&cursor={Uri.EscapeDataString((string)first["next"]!)}"))["items"]![0]!["reason"]);

        using var calendar = await _http.GetAsync("/api/v1/maintenance.ics");
        var text = await calendar.Content.ReadAsStringAsync();
        Assert.Equal("text/calendar", calendar.Content.Headers.ContentType?.MediaType);
        Assert.Contains("DTSTART:20260302T210000Z\r\nDTEND:20260303T010000Z\r\n", text, StringComparison.Ordinal);
        Assert.Contains("DTSTART:20260330T200000Z\r\n", text, StringComparison.Ordinal);   // summer time
        Assert.Contains(@"cleaning\; all\, of it", text, StringComparison.Ordinal);
        Assert.All(text.Split("\r\n"), line => Assert.True(System.Text.Encoding.UTF8.GetByteCount(line) <= 75, line));

        var path = $"/api/v1/maintenance/{(string)weekly["id"]!}";
        using var early = await _http.PatchAsync(path, RunningPlatform.Json("""{"endNow":true}"""));
        Assert.Equal(HttpStatusCode.Conflict, early.StatusCode);
        using var cancelled = await _http.DeleteAsync(path);
        Assert.Equal("cancelled", (string?)(await RunningPlatform.BodyAsync(cancelled))["status"]);
        using var again = await _http.PatchAsync(path, RunningPlatform.Json("""{"end":"2027-01-01T00:00"}"""));
        Assert.Equal(HttpStatusCode.Conflict, again.StatusCode);
        using var unknown = await _http.GetAsync("/api/v1/maintenance/mw-none");
        Assert.Equal(HttpStatusCode.NotFound, unknown.StatusCode);
    }

    [Fact]
    public async Task The_command_line_enters_lists_ends_and_cancels()
    {
        await StartAsync();
        await AddPumpAsync("pump-1");
        var (code, output, error) = await RunAsync("maintenance", "add", "--device", "pump-1", "--for", "4h", "--reason", "new bearings");
        Assert.True(code == 0, error);
        var id = output.TrimEnd().Split('\n')[^1];
        Assert.StartsWith("mw-", id, StringComparison.Ordinal);
        var (_, list, _) = await RunAsync("maintenance", "list", "--status", "running", "--json");
        Assert.Equal((id, "pump-1"), ((string?)JsonNode.Parse(list)![0]!["id"], (string?)JsonNode.Parse(list)![0]!["device"]));
        _clock.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal(0, (await RunAsync("maintenance", "end", id)).Code);
        var (again, _, words) = await RunAsync("maintenance", "end", id);
        Assert.Equal(1, again);
        Assert.Contains("over already", words, StringComparison.Ordinal);
        var (_, weekly, _) = await RunAsync("maintenance", "add", "--site", "works", "--weekly", "sun", "--at", "02:00", "--for", "3h", "--reason", "cleaning");
        Assert.Equal("cancelled", (string?)JsonNode.Parse((await RunAsync("maintenance", "cancel", weekly.TrimEnd().Split('\n')[^1], "--json")).Output)!["status"]);
        Assert.Equal(2, (await RunAsync("maintenance", "add", "--for", "4h", "--reason", "x")).Code);
        Assert.Equal(2, (await RunAsync("maintenance", "add", "--site", "works", "--weekly", "sun", "--reason", "x")).Code);
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        _data.Delete(recursive: true);
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
        using var site = await _http.PutAsync("/api/v1/sites/works", RunningPlatform.Json("""{"name":"Works","timeZone":"Europe/Berlin"}"""));
    }

    private async Task StopAsync()
    {
        _http.Dispose();
        if (_platform is { } platform) await platform.DisposeAsync();
        _platform = null;
    }

    private async Task<(int Code, string Output, string Error)> RunAsync(params string[] args)
    {
        var (output, error) = (new StringWriter(), new StringWriter());
        var (before, beforeError) = (Console.Out, Console.Error);
        try
        {
            Console.SetOut(output);
            Console.SetError(error);
            return (await SeamlessCommand.RunAsync([.. args, "--data", _data.FullName]), output.ToString(), error.ToString());
        }
        finally
        {
            Console.SetOut(before);
            Console.SetError(beforeError);
        }
    }

    private async Task AddPumpAsync(string id)
    {
        using var added = await _http.PostAsync("/api/v1/devices", RunningPlatform.Json($$"""{"id":"{{id}}","type":"pump","site":"works"}"""));
        Assert.Equal(HttpStatusCode.Created, added.StatusCode);
    }

    private Task HotAsync(string pump) => SendAsync(pump, 97, minutes: 2);
    private Task CoolAsync(string pump) => SendAsync(pump, 50, minutes: 4);

    private async Task SendAsync(string pump, double temperature, int minutes)
    {
        for (var step = 0; step < minutes * 2; step++)
        {
            using var sent = await _http.PostAsync(
                $"/api/v1/devices/{pump}/telemetry", RunningPlatform.Json($$$"""{"ts":{{{_clock.GetUtcNow().ToUnixTimeMilliseconds()}}},"values":{"bearingTemperature":{{{temperature}}}}}"""));
            Assert.Equal(HttpStatusCode.Accepted, sent.StatusCode);
            await StepAsync(TimeSpan.FromSeconds(30));
        }
    }

    private async Task StepAsync(TimeSpan by)
    {
        _clock.Advance(by);
        await _platform!.Services.GetRequiredService<Storage.Log.ITelemetryLog>().WaitForAsync(Rules.Engine.RuleEngine.ConsumerName, TestContext.Current.CancellationToken);
        await _platform.Services.GetRequiredService<Beat>().AdvanceAsync(_clock.GetUtcNow(), TestContext.Current.CancellationToken);
    }

    private async Task<JsonNode> PostAsync(string path, string body)
    {
        using var answer = await _http.PostAsync(path, RunningPlatform.Json(body));
        Assert.True(answer.StatusCode is HttpStatusCode.Created, await answer.Content.ReadAsStringAsync());
        return await RunningPlatform.BodyAsync(answer);
    }

    private Task<string> TextAsync(string path) => _http.GetStringAsync(path);
    private async Task<JsonNode> GetAsync(string path) => JsonNode.Parse(await TextAsync(path))!;
}
