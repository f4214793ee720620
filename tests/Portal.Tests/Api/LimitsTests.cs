using System.Diagnostics.Metrics;
using System.Net;
using System.Text.Json.Nodes;

namespace Seamless.Portal.Tests.Api;

public sealed class LimitsTests(RunningPlatform running)
{
    private const string Path = "/api/v1/limits/devices/limit-pump";

    [Fact]
    public async Task A_device_is_limited_at_once_seen_worst_first_and_set_free_again()
    {
        using var added = await running.Admin.PostAsync("/api/v1/devices", RunningPlatform.Json("""{"id":"limit-pump","type":"pump"}"""));
        Assert.Equal(HttpStatusCode.Created, added.StatusCode);
        Assert.Equal((1000, null), ((int)(await GetAsync(Path))["limits"]!["messagesPerSecond"]!, (await GetAsync(Path))["own"]));

        using var put = await running.Admin.PutAsync(Path, RunningPlatform.Json("""{"bytesPerDay":30,"metrics":"none"}"""));
        Assert.Equal((HttpStatusCode.OK, "none"), (put.StatusCode, (string?)(await RunningPlatform.BodyAsync(put))["metrics"]));
        var counted = new System.Collections.Concurrent.ConcurrentBag<string>();
        using var listener = new MeterListener { InstrumentPublished = (instrument, own) => { if (instrument.Name == "seamless.ingest.limited") own.EnableMeasurementEvents(instrument); } };
        listener.SetMeasurementEventCallback<long>((_, _, tags, _) => counted.Add(string.Join(' ', tags.ToArray().Select(tag => $"{tag.Key}={tag.Value}"))));
        listener.Start();
        using var first = await SendAsync();
        using var second = await SendAsync();

        Assert.Equal((HttpStatusCode.Accepted, HttpStatusCode.TooManyRequests), (first.StatusCode, second.StatusCode));
        Assert.True(second.Headers.RetryAfter!.Delta > TimeSpan.Zero);
        Assert.Equal("bytesPerDay", (string?)(await RunningPlatform.BodyAsync(second))["limit"]);
        var worst = (await GetAsync("/api/v1/limits?limit=1"))["items"]![0]!;
        Assert.Equal(("limit-pump", 1, 17), ((string?)worst["device"], (int)worst["lastHour"]!["bytesPerDay"]!, (int)worst["use"]!["bytesToday"]!));
        Assert.Contains(counted, tags => tags.Contains("limit=bytesPerDay", StringComparison.OrdinalIgnoreCase));   // at its source: a scrape of this process loses what another platform in it has ended

        using var removed = await running.Admin.DeleteAsync(Path);
        Assert.Equal(HttpStatusCode.OK, removed.StatusCode);
        using var third = await SendAsync();
        Assert.Equal(HttpStatusCode.Accepted, third.StatusCode);
    }

    [Fact]
    public async Task The_tenants_devices_are_counted_beside_how_many_it_may_have()
    {
        using var put = await running.Admin.PutAsync("/api/v1/limits/tenant", RunningPlatform.Json("""{"devices":100000}"""));
        Assert.Equal((HttpStatusCode.OK, 100000), (put.StatusCode, (int)(await RunningPlatform.BodyAsync(put))["devices"]!));
        using var added = await running.Admin.PostAsync("/api/v1/devices", RunningPlatform.Json("""{"id":"limit-counted","type":"pump"}"""));
        var tenant = await GetAsync("/api/v1/limits/tenant");
        Assert.Equal(100000, (int)tenant["limits"]!["devices"]!);
        Assert.InRange((int)tenant["use"]!["devices"]!, 1, 99_999);
        Assert.Null((await GetAsync("/api/v1/limits/devices/limit-counted"))["limits"]!["devices"]);
        using var removed = await running.Admin.DeleteAsync("/api/v1/limits/tenant");
        Assert.Equal("none", (string?)(await RunningPlatform.BodyAsync(removed))["devices"]);
        using var wrong = await running.Admin.PutAsync("/api/v1/limits/devices/limit-counted", RunningPlatform.Json("""{"devices":5}"""));
        Assert.Equal(HttpStatusCode.BadRequest, wrong.StatusCode);
    }

    [Fact]
    public void A_device_too_many_is_a_problem_of_its_own_type()
    {
        var problem = Assert.IsType<Microsoft.AspNetCore.Http.HttpResults.ProblemHttpResult>(Portal.Api.Problems.Of(Telemetry.Refusal.DeviceLimit("two, and no more")));
        Assert.Equal((409, "urn:seamless:device-limit", "two, and no more"), (problem.StatusCode, problem.ProblemDetails.Type, problem.ProblemDetails.Detail));
    }

    [Theory]
    [InlineData("{}", HttpStatusCode.BadRequest, "messagesPerSecond")]
    [InlineData("""{"metrics":0}""", HttpStatusCode.BadRequest, "1 or more")]
    [InlineData("""{"metrics":"many"}""", HttpStatusCode.BadRequest, "none")]
    [InlineData("""{"perSecond":5}""", HttpStatusCode.BadRequest, "perSecond")]
    public async Task What_is_no_limit_is_refused_with_what_would_be_right(string body, HttpStatusCode expected, string word)
    {
        using var answer = await running.Admin.PutAsync("/api/v1/limits/tenant", RunningPlatform.Json(body));
        Assert.Equal(expected, answer.StatusCode);
        Assert.Contains(word, (string?)(await RunningPlatform.BodyAsync(answer))["detail"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Only_administrators_set_limits()
    {
        using var issued = await running.Admin.PostAsync("/api/v1/keys", RunningPlatform.Json("""{"name":"limits-engineer","role":"engineer"}"""));
        using var engineer = running.Client((string)(await RunningPlatform.BodyAsync(issued))["secret"]!);
        using var put = await engineer.PutAsync("/api/v1/limits/tenant", RunningPlatform.Json("""{"metrics":5}"""));
        using var read = await engineer.GetAsync("/api/v1/limits");
        Assert.Equal((HttpStatusCode.Forbidden, HttpStatusCode.OK), (put.StatusCode, read.StatusCode));
        using var nobody = await running.Admin.PutAsync("/api/v1/limits/devices/nobody", RunningPlatform.Json("""{"metrics":5}"""));
        Assert.Equal(HttpStatusCode.NotFound, nobody.StatusCode);
    }

    private Task<HttpResponseMessage> SendAsync() => running.Admin.PostAsync("/api/v1/devices/limit-pump/telemetry", RunningPlatform.Json("""{"vibration":2.5}"""));
    private async Task<JsonNode> GetAsync(string path) => JsonNode.Parse(await running.Admin.GetStringAsync(path))!;
}
