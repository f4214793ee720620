using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using Seamless.Telemetry;
using static Seamless.Ingest.Tests.Door;

namespace Seamless.Ingest.Tests.Http;

public sealed class HttpDoorTests
{
    private const string Telemetry = "/api/v1/devices/pump-1/telemetry";
    private const string OperatorKey = "sk_operator";

    [Fact]
    public async Task A_device_delivers_with_its_own_token_and_an_operator_with_a_key()
    {
        await using var door = await OpenAsync();
        var token = await door.AddDeviceAsync("pump-1");
        foreach (var bearer in new[] { token, OperatorKey })
        {
            using var answer = await PostAsync(door, Telemetry, """[{"ts":1764000000123,"vibration":2.5},{"ts":1764000001123,"vibration":null}]""", bearer);
            var body = JsonNode.Parse(await answer.Content.ReadAsStringAsync(Ct))!;
            Assert.Equal((HttpStatusCode.Accepted, 1, 1), (answer.StatusCode, (int)body["accepted"]!, (int)body["rejected"]!));
        }
        Assert.Equal(2, door.Log.Samples.Count());
    }

    [Fact]
    public async Task Cbor_is_read_as_cbor()
    {
        await using var door = await OpenAsync();
        await door.AddDeviceAsync("pump-1");
        byte[] map = [0xA1, 0x61, (byte)'v', 0x18, 0x2A];   // {"v": 42}
        using var content = new ByteArrayContent(map);
        content.Headers.ContentType = new MediaTypeHeaderValue("application/cbor");
        using var request = new HttpRequestMessage(HttpMethod.Post, Telemetry) { Content = content };
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", OperatorKey);
        using var answer = await door.Http.SendAsync(request, Ct);
        Assert.Equal(HttpStatusCode.Accepted, answer.StatusCode);
        Assert.Equal(new Reading("v", 42), Assert.Single(Assert.Single(door.Log.Samples).Readings));
    }

    [Fact]
    public async Task The_answer_waits_for_the_log()
    {
        await using var door = await OpenAsync();
        await door.AddDeviceAsync("pump-1");
        door.Log.Shut();
        var answering = PostAsync(door, Telemetry, """{"vibration":2.5}""", OperatorKey);
        await UntilAsync(() => door.Log.Waiting == 1, "the append");
        Assert.False(answering.IsCompleted);
        door.Log.Open();
        using var answer = await answering;
        Assert.Equal(HttpStatusCode.Accepted, answer.StatusCode);
    }

    [Fact]
    public async Task What_cannot_be_used_is_refused_with_reason_and_position_and_kept()
    {
        await using var door = await OpenAsync();
        await door.AddDeviceAsync("pump-1");
        const string CutShort = """{"ts":1764000000123,"values":{"vibr""";
        using var answer = await PostAsync(door, Telemetry, CutShort, OperatorKey);
        var problem = JsonNode.Parse(await answer.Content.ReadAsStringAsync(Ct))!;
        Assert.Equal((HttpStatusCode.BadRequest, "application/problem+json"), (answer.StatusCode, answer.Content.Headers.ContentType!.MediaType));
        Assert.Equal("malformed", (string?)problem["reason"]);
        Assert.InRange((long)problem["position"]!, 30, CutShort.Length);
        Assert.Equal("http", Assert.Single(await door.DeadLetters.ListAsync("default", "pump-1", null, 10, Ct)).Channel);
    }

    [Theory]
    [InlineData(Telemetry, null, HttpStatusCode.Unauthorized)]
    [InlineData(Telemetry, "sd_wrong", HttpStatusCode.Unauthorized)]
    [InlineData(Telemetry, "sk_operator", HttpStatusCode.Accepted)]
    [InlineData("/api/v1/devices/nobody/telemetry", "sk_operator", HttpStatusCode.NotFound)]
    public async Task Only_who_may_comes_in(string path, string? bearer, HttpStatusCode expected)
    {
        await using var door = await OpenAsync();
        await door.AddDeviceAsync("pump-1");
        using var answer = await PostAsync(door, path, """{"vibration":2.5}""", bearer);
        Assert.Equal(expected, answer.StatusCode);
    }

    [Fact]
    public async Task A_replay_uses_what_can_be_used_now_and_gives_nobody_new_rights()
    {
        await using var door = await OpenAsync(fleet => fleet.AutoRegister = false);
        var gateway = await door.ConnectAsync("gw-1", await door.AddDeviceAsync("gw-1", "gateway"));
        await gateway.SendAsync("v1/default/late-1/telemetry", """{"vibration":2.5}""");
        var thief = await door.ConnectAsync("pump-2", await door.AddDeviceAsync("pump-2"));
        await thief.SendAsync("v1/default/late-1/telemetry", """{"vibration":99}""");
        Assert.Empty(door.Log.Samples);
        var receivedAt = (await door.DeadLetters.ListAsync("default", "gw-1", null, 10, Ct))[0].ReceivedAt;
        await door.AddDeviceAsync("late-1");

        using var answer = await PostAsync(door, "/api/v1/dead-letters/replay", "{}", OperatorKey);

        var items = JsonNode.Parse(await answer.Content.ReadAsStringAsync(Ct))!["items"]!.AsArray();
        Assert.Equal(["accepted", "refused"], items.Select(item => ((string)item!["outcome"]!).Split(':')[0]));
        var sample = Assert.Single(door.Log.Samples);
        Assert.Equal((receivedAt.ToUnixTimeMilliseconds(), 2.5), (sample.TimestampMs, sample.Readings[0].Value));
        Assert.All(await door.DeadLetters.ListAsync("default", null, null, 10, Ct), letter => Assert.NotNull(letter.ReplayedAt));
        using var again = await PostAsync(door, "/api/v1/dead-letters/replay", "{}", OperatorKey);
        Assert.Empty(JsonNode.Parse(await again.Content.ReadAsStringAsync(Ct))!["items"]!.AsArray());
    }

    private static async Task<HttpResponseMessage> PostAsync(Door door, string path, string json, string? bearer)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = new StringContent(json, Encoding.UTF8, "application/json") };
        if (bearer is not null) request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", bearer);
        return await door.Http.SendAsync(request, Ct);
    }
}
