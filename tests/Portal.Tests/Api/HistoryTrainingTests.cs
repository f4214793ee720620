using System.Net;
using System.Net.Http.Headers;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using Seamless.Learning.Live;
using Seamless.Learning.Training;
using Seamless.Portal.Commands;
using Seamless.Portal.Tests.Commands;
using Seamless.Rules.Engine;
using Seamless.Storage.Log;
using Seamless.Telemetry;

namespace Seamless.Portal.Tests.Api;

/// <summary>From stored samples and confirmed failures to a model that judges live, and to its refit, through the public doors.</summary>
public sealed class HistoryTrainingTests : IAsyncDisposable
{
    private static readonly CancellationToken Ct = TestContext.Current.CancellationToken;
    private static readonly DateTimeOffset Begin = new(2026, 3, 2, 0, 0, 0, TimeSpan.Zero);
    private static readonly string[] Mills = ["mill-1", "mill-2", "mill-3"];
    private readonly DirectoryInfo _data = Directory.CreateTempSubdirectory("seamless-history-");
    private readonly FakeTimeProvider _clock = new(Begin.AddDays(3));
    private Platform? _platform;
    private HttpClient _http = new();

    private const string Order = """{"kind":"failure","name":"milling-failure","history":{"type":"milling","metrics":["rotationalSpeed","torque"],"from":"2026-03-02T00:00:00Z","to":"2026-03-04T00:00:00Z","step":"10m","horizon":"3h"}}""";

    [Fact]
    public async Task Stored_history_becomes_a_model_that_judges_live_and_is_refitted()
    {
        await StartAsync();
        foreach (var mill in Mills) await PostAsync("/api/v1/devices", $$"""{"id":"{{mill}}","type":"milling","site":"site-of-{{mill}}"}""");
        await PostAsync("/api/v1/devices", """{"id":"mill-demo","type":"milling","site":"hall","tags":{"simulated":"yes"}}""");
        await SendAsync([.. Mills.SelectMany(DaysOf)]);

        var job = await EndOfAsync(await PostAsync("/api/v1/models/train", Order));
        Assert.Equal("refused", (string)job["state"]!);
        Assert.Contains("too few confirmed failures: no failure is confirmed; 3 of at least one mode are needed", (string)job["problem"]!, StringComparison.Ordinal);
        Assert.Contains("unlabelled-alarm", (string)job["problem"]!, StringComparison.Ordinal);

        var alarms = await ItemsAsync("/api/v1/alarms?rule=spindle-power-outside");
        Assert.Equal(3, alarms.Count);
        foreach (var alarm in alarms) await PostAsync("/api/v1/labels", $$"""{"alarm":"{{alarm["id"]}}","verdict":"true"}""");
        await PostAsync("/api/v1/maintenance", """{"device":"mill-2","begin":"2026-03-02T02:00:00Z","end":"2026-03-02T04:00:00Z","reason":"new spindle"}""");
        job = await EndOfAsync(await PostAsync("/api/v1/models/train", Order));
        Assert.True((string)job["state"]! is "done", (string?)job["problem"]);
        var id = (string)job["model"]!;
        var history = (await GetAsync($"/api/v1/models/{id}"))["history"]!;
        Assert.Equal((3, 864, "10m", 3), ((int)history["devices"]!, (int)history["read"]!, (string)history["order"]!["step"]!, (int)history["failures"]!["BRD"]!));
        Assert.Equal((12, 1), ((int)history["removed"]!["maintenance"]!, (int)history["removed"]!["simulated"]!));
        Assert.Equal((int)history["read"]!, (int)history["kept"]! + history["removed"]!.AsObject().Where(why => why.Key != "simulated").Sum(why => (int)why.Value!));

        // Live: nothing is said within the step; when it is over, of its means.
        var now = _clock.GetUtcNow();
        var verdicts = _platform!.Services.GetRequiredService<LatestVerdicts>();
        await SendAsync([SampleOf("mill-1", now, 63), SampleOf("mill-3", now, 40)]);
        Assert.Empty(verdicts.Of("default/mill-1"));
        _clock.Advance(TimeSpan.FromMinutes(10));
        await SendAsync([SampleOf("mill-1", now.AddMinutes(10), 63), SampleOf("mill-3", now.AddMinutes(10), 40)]);
        var (failing, sound) = (Assert.Single(verdicts.Of("default/mill-1")), Assert.Single(verdicts.Of("default/mill-3")));
        Assert.Equal(id, failing.Model.Id);
        Assert.True(failing.Verdict.Probability > 0.5 && sound.Verdict.Probability < 0.2, $"{failing.Verdict.Probability} {sound.Verdict.Probability}");

        var (code, said, error) = await CommandLineTests.RunAsync("models", "refit", id, "nightly", "--data", _data.FullName);
        Assert.True(code == 0, error);
        Assert.Contains("refit nightly", said, StringComparison.Ordinal);
        var refitter = _platform.Services.GetRequiredService<Refitter>();
        await refitter.RunAsync(Ct);
        var view = await GetAsync($"/api/v1/models/{id}/refit");
        Assert.Contains("no new confirmed failure", (string)view["skipped"]!, StringComparison.Ordinal);
        Assert.Equal("2026-03-05T03:47:00.000Z", (string)view["next"]!);
        Assert.Contains((await GetAsync("/api/v1/audit?limit=1000"))["items"]!.AsArray(), e => (string)e!["action"]! == "model.refit" && (string?)e["detail"] == "nightly");
    }

    [Theory]
    [InlineData("\"type\":\"milling\"", "\"type\":\"loom\"", "there is no equipment type 'loom'")]
    [InlineData("\"torque\"", "\"running\",\"grip\"", "'milling' has no metric 'grip'")]
    [InlineData("\"step\":\"10m\"", "\"step\":\"soon\"", "history.step: 'soon' is not a length of time")]
    [InlineData("\"to\":\"2026-03-04T00:00:00Z\"", "\"to\":\"2026-03-01T00:00:00Z\"", "from must be before to")]
    [InlineData("\"kind\":\"failure\"", "\"kind\":\"failure\",\"label\":\"failed\"", "a file with its columns, or history, not both")]
    public async Task What_is_wrong_with_an_order_is_said_at_once(string right, string wrong, string reason)
    {
        await StartAsync();
        using var body = RunningPlatform.Json(Order.Replace(right, wrong, StringComparison.Ordinal));
        using var answer = await _http.PostAsync("/api/v1/models/train", body, Ct);
        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Contains(reason, (string)(await RunningPlatform.BodyAsync(answer))["detail"]!, StringComparison.Ordinal);
    }

    /// <summary>Two days in steps of ten minutes; at 30 h the spindle takes too much power for an hour, and its torque has risen since 28 h.</summary>
    private static IEnumerable<Sample> DaysOf(string mill)
    {
        var random = new Random(mill[^1]);
        for (var step = 0; step < 288; step++)
        {
            var torque = step switch { >= 180 and < 186 => 66, >= 168 and < 180 => 52, _ => 38 } + 4 * random.NextDouble();
            yield return SampleOf(mill, Begin.AddMinutes(10 * step), torque);
        }
    }

    private static Sample SampleOf(string mill, DateTimeOffset at, double torque) =>
        new(new DeviceKey(DeviceKey.DefaultTenant, mill), at.ToUnixTimeMilliseconds(), null, [new Reading("rotationalSpeed", 1500), new Reading("torque", torque), new Reading("running", 1)]);

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

    private async Task SendAsync(IReadOnlyList<Sample> samples)
    {
        var log = _platform!.Services.GetRequiredService<ITelemetryLog>();
        await log.AppendAsync([.. samples.Select(sample => LogEntry.Of(sample, sample.TimestampMs))], Ct);
        foreach (var consumer in (string[])[RuleEngine.ConsumerName, "store"]) await log.WaitForAsync(consumer, Ct);
        await _platform.Services.GetRequiredService<Beat>().AdvanceAsync(_clock.GetUtcNow(), Ct);
    }

    private async Task<JsonNode> EndOfAsync(JsonNode job)
    {
        while ((string)job["state"]! is "queued" or "running")
        {
            await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System, Ct);
            job = await GetAsync($"/api/v1/models/jobs/{job["id"]}");
        }
        return job;
    }

    private async Task<JsonNode> PostAsync(string path, string body)
    {
        using var answer = await _http.PostAsync(path, RunningPlatform.Json(body), Ct);
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync(Ct));
        return await RunningPlatform.BodyAsync(answer);
    }

    private async Task<JsonNode> GetAsync(string path) => JsonNode.Parse(await _http.GetStringAsync(path, Ct))!;
    private async Task<IReadOnlyList<JsonNode>> ItemsAsync(string path) => [.. (await GetAsync(path))["items"]!.AsArray().Select(item => item!)];

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        if (_platform is { } platform) await platform.DisposeAsync();
        _data.Delete(recursive: true);
    }
}
