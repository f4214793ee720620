using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using MQTTnet;
using MQTTnet.Formatter;
using MQTTnet.Packets;
using Seamless.Fleet.Limits;
using Seamless.Ingest.Limits;
using Seamless.Ingest.Tests.Mqtt;
using Seamless.Telemetry;
using Seamless.Telemetry.Payloads;
using Seamless.Telemetry.Rows;
using static Seamless.Ingest.Tests.Door;

namespace Seamless.Ingest.Tests.Limits;

/// <summary>Limits at the open door: what a sender hears, what is kept, and that it ends by itself.</summary>
public sealed class LimitTests
{
    private const string Topic = "v1/default/pump-1/telemetry";
    private static readonly LimitScope Pump = new("default", "pump-1");

    private static string Sample(int i) => $$$"""{"ts":{{{1764000000000 + i}}},"values":{"vibration":{{{i}}}.5}}""";

    [Fact]
    public async Task Mqtt_5_is_told_which_limit_how_much_and_when_and_is_let_in_again_by_itself()
    {
        await using var door = await OpenAsync();
        var token = await door.AddDeviceAsync("pump-1");
        await PutAsync(door, Pump, new LimitSet(new Cap(1), new Cap(2)));
        var client = await door.ConnectAsync("pump-1", token);

        MqttClientPublishResult? refused = null;
        var accepted = 0;
        for (var i = 0; refused is null && i < 1000; i++)
        {
            var result = await client.SendAsync(Topic, Sample(i));
            if (result.IsSuccess) accepted++;
            else refused = result;
        }

        Assert.InRange(accepted, 2, 999);
        Assert.Equal(MqttClientPublishReasonCode.QuotaExceeded, refused!.ReasonCode);
        Assert.Equal("the device default/pump-1 may send 1 messages a second", refused.ReasonString);
        Assert.Equal(("messagesPerSecond", "1", "1"), (Property(refused, "limit"), Property(refused, "allowed"), Property(refused, "retryAfter")));
        await UntilAsync(async () => (await client.SendAsync(Topic, Sample(1000))).IsSuccess, "the bucket");
        Assert.Equal(accepted + 1, door.Log.Samples.Count());
        Assert.Empty(await LettersAsync(door));   // who was told has the message still
        var state = Use(door).Find(Pump);
        Assert.True(state.LastHour.MessagesPerSecond >= 1);
        Assert.Equal(Pump, Use(door).List("default")[0].Scope);   // worst first
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Mqtt_3_is_slowed_and_loses_nothing(bool pipe)
    {
        await using var door = await OpenAsync();
        var token = await door.AddDeviceAsync("pump-1");
        await PutAsync(door, Pump, new LimitSet(new Cap(20), new Cap(5)));
        await using var client = await RawClient.ConnectAsync(pipe ? door.PipeEndpoint : door.MqttEndpoint, "pump-1", token);
        var began = TimeProvider.System.GetTimestamp();

        await client.SendAsync([.. Enumerable.Range(1, 45).SelectMany(i => client.Publish(Topic, Sample(i), (ushort)i))]);   // all at once

        for (var i = 1; i <= 45; i++) Assert.Equal(i, await client.AcknowledgedAsync());
        Assert.True(TimeProvider.System.GetElapsedTime(began) >= TimeSpan.FromSeconds(1.95), "40 of them at 20 a second");
        Assert.Equal(Enumerable.Range(1, 45).Select(i => 1764000000000L + i), door.Log.Samples.Select(s => s.TimestampMs));
        Assert.Empty(await LettersAsync(door));
        var counts = Use(door).Find(Pump).LastHour;
        Assert.Equal(0, counts.Refused);
        Assert.InRange(counts.Slowed, 1, 40);
    }

    [Fact]
    public async Task Qos_0_is_dropped_counted_and_shown_by_one_example()
    {
        await using var door = await OpenAsync();
        var token = await door.AddDeviceAsync("pump-1");
        await PutAsync(door, Pump, new LimitSet(new Cap(1), new Cap(1)));
        var client = await door.ConnectAsync("pump-1", token);

        for (var i = 0; i < 50; i++) await client.SendAsync(Topic, Sample(i), qos: 0);

        await UntilAsync(() => Use(door).Find(Pump).LastHour.MessagesPerSecond + door.Log.Samples.Count() == 50, "all of them one way or the other");
        var letter = Assert.Single(await LettersAsync(door));
        Assert.Equal(RejectReason.QuotaExceeded, Assert.Single(letter.Rejects).Reason);
        Assert.Equal(Topic, letter.Topic);
    }

    [Theory]
    [InlineData(MqttProtocolVersion.V311)]
    [InlineData(MqttProtocolVersion.V500)]
    public async Task When_a_day_is_used_up_the_dead_letters_are_not_flooded(MqttProtocolVersion version)
    {
        await using var door = await OpenAsync();
        var token = await door.AddDeviceAsync("pump-1");
        await PutAsync(door, Pump, new LimitSet(BytesPerDay: new Cap(Sample(0).Length * 3)));
        var client = await door.ConnectAsync("pump-1", token, version);

        var results = new List<MqttClientPublishResult>();
        for (var i = 0; i < 40; i++) results.Add(await client.SendAsync(Topic, Sample(i % 10)));

        Assert.Equal(3, door.Log.Samples.Count());
        Assert.Equal(37, Use(door).Find(Pump).LastHour.BytesPerDay);
        Assert.Equal(version is MqttProtocolVersion.V311 ? 40 : 3, results.Count(result => result.IsSuccess));
        var letters = await LettersAsync(door);
        // Who hears the reason keeps the message; who does not finds an example here, a second one should a minute pass meanwhile.
        if (version is MqttProtocolVersion.V500) Assert.Empty(letters);
        else Assert.InRange(letters.Count, 1, 2);
        if (version is MqttProtocolVersion.V500) Assert.InRange(int.Parse(Property(results[^1], "retryAfter")!, CultureInfo.InvariantCulture), 1, 86_400);
    }

    [Fact]
    public async Task Http_is_answered_429_with_retry_after()
    {
        await using var door = await OpenAsync();
        var token = await door.AddDeviceAsync("pump-1");
        await PutAsync(door, Pump, new LimitSet(new Cap(1), new Cap(1)));

        HttpResponseMessage answer;
        do answer = await PostAsync(door, token, Sample(1));
        while (answer.StatusCode is HttpStatusCode.Accepted);

        Assert.Equal((HttpStatusCode.TooManyRequests, "application/problem+json"), (answer.StatusCode, answer.Content.Headers.ContentType!.MediaType));
        Assert.Equal(TimeSpan.FromSeconds(1), answer.Headers.RetryAfter!.Delta);
        var problem = JsonNode.Parse(await answer.Content.ReadAsStringAsync(Ct))!;
        Assert.Equal(("urn:seamless:limit", "messagesPerSecond", 1, 1), ((string?)problem["type"], (string?)problem["limit"], (int)problem["allowed"]!, (int)problem["retryAfter"]!));
        await UntilAsync(async () => (await PostAsync(door, token, Sample(2))).StatusCode is HttpStatusCode.Accepted, "the bucket");
    }

    [Fact]
    public async Task A_metric_too_many_is_refused_alone_and_a_flood_of_names_leaves_no_trace()
    {
        await using var door = await OpenAsync();
        var token = await door.AddDeviceAsync("pump-1");
        await PutAsync(door, Pump, new LimitSet(Metrics: new Cap(2)));
        var client = await door.ConnectAsync("pump-1", token);
        Assert.Null(Property(await client.SendAsync(Topic, """{"limit-a":1,"limit-b":2}"""), "limit"));

        var partly = await client.SendAsync(Topic, """{"limit-a":3,"limit-c":4}""");
        var nothing = await client.SendAsync(Topic, """{"limit-d":5}""");
        for (var i = 0; i < 20; i++) await client.SendAsync(Topic, $$$"""{"limit-flood-{{{i}}}":1}""");
        var usual = await client.SendAsync(Topic, """{"limit-b":6,"limit-a":7}""");

        Assert.Equal((true, "metrics", "2"), (partly.IsSuccess, Property(partly, "limit"), Property(partly, "allowed")));
        Assert.Equal((MqttClientPublishReasonCode.QuotaExceeded, null), (nothing.ReasonCode, Property(nothing, "retryAfter")));
        Assert.True(usual.IsSuccess);
        Assert.Equal(["limit-a=1 limit-b=2", "limit-a=3", "limit-b=6 limit-a=7"], door.Log.Samples.Select(s => string.Join(' ', s.Readings.Select(r => $"{r.Metric}={r.Value}"))));
        Assert.Equal(-1, Numbers.Metrics.Find("limit-flood-19"u8));
        var letters = await LettersAsync(door);
        Assert.InRange(letters.Count, 1, 2);
        Assert.Equal((RejectReason.QuotaExceeded, "limit-c"), (letters[^1].Rejects[0].Reason, letters[^1].Rejects[0].Metric));
        Assert.Equal(22, Use(door).Find(Pump).LastHour.Metrics);
    }

    [Fact]
    public async Task Behind_a_gateway_each_device_has_its_own_limit_and_the_tenant_one_for_all()
    {
        await using var door = await OpenAsync();
        var gateway = await door.ConnectAsync("gw-1", await door.AddDeviceAsync("gw-1", "gateway"));
        await door.AddDeviceAsync("pump-1");
        await door.AddDeviceAsync("pump-2");
        await PutAsync(door, Pump, new LimitSet(BytesPerDay: new Cap(60)));

        Assert.True((await gateway.SendAsync(Topic, Sample(1))).IsSuccess);
        Assert.False((await gateway.SendAsync(Topic, Sample(2))).IsSuccess);
        Assert.True((await gateway.SendAsync("v1/default/pump-2/telemetry", Sample(2))).IsSuccess);

        await PutAsync(door, new LimitScope("default", null), new LimitSet(BytesPerDay: new Cap(60)));
        Assert.True((await gateway.SendAsync("v1/default/pump-2/telemetry", Sample(3))).IsSuccess);   // the tenant's bytes are counted from now on
        var refused = await gateway.SendAsync("v1/default/gw-1/telemetry", Sample(4));
        Assert.Equal("the tenant default may send 60 bytes a day (UTC)", refused.ReasonString);
        Assert.Equal(1, Use(door).Find(new LimitScope("default", null)).LastHour.BytesPerDay);
    }

    [Fact]
    public async Task What_an_operator_sets_outlives_a_restart_and_is_audited_until_it_is_taken_back()
    {
        var first = await OpenAsync();
        await first.AddDeviceAsync("pump-1");
        await PutAsync(first, Pump, new LimitSet(new Cap(7), BytesPerDay: Cap.None));
        var copy = first.CopyOfDirectory();
        await first.DisposeAsync();

        await using var second = await OpenAsync(directory: copy);
        var limits = second.Services.GetRequiredService<ILimits>();
        Assert.Equal(new Allowance(new Cap(7), new Cap(70), Cap.None, new Cap(2000)), limits.InForce(Pump));
        Assert.True((await limits.RemoveAsync(Pump, "li", Ct)).Succeeded);
        Assert.Equal(new Cap(1000), limits.InForce(Pump).MessagesPerSecond);
        Assert.False((await limits.RemoveAsync(Pump, "li", Ct)).Succeeded);
        Assert.False((await limits.PutAsync(new LimitScope("default", "nobody"), new LimitSet(new Cap(1)), "li", Ct)).Succeeded);
        Assert.False((await limits.PutAsync(Pump, new LimitSet(), "li", Ct)).Succeeded);
        var audit = await second.Audit.ListAsync("default", null, 10, Ct);
        Assert.Contains(audit, entry => entry is { Action: "limits.set", Actor: "test", Subject: "device:pump-1", Detail: "messagesPerSecond 7, bytesPerDay none" });
        Assert.Contains(audit, entry => entry is { Action: "limits.remove", Actor: "li" });
    }

    [Fact]
    public async Task A_restart_gives_nobody_a_second_days_allowance()
    {
        var first = await OpenAsync();
        var token = await first.AddDeviceAsync("pump-1");
        await PutAsync(first, Pump, new LimitSet(BytesPerDay: new Cap(Sample(0).Length * 3)));
        var client = await first.ConnectAsync("pump-1", token);
        for (var i = 0; i < 2; i++) Assert.True((await client.SendAsync(Topic, Sample(i))).IsSuccess);
        await first.Services.GetServices<Microsoft.Extensions.Hosting.IHostedService>().OfType<DayBook>().Single().StopAsync(Ct);
        var copy = first.CopyOfDirectory();
        await first.DisposeAsync();

        await using var second = await OpenAsync(directory: copy);
        Assert.Equal(2 * Sample(0).Length, Use(second).Find(Pump).Use.BytesToday);
        client = await second.ConnectAsync("pump-1", token);
        Assert.True((await client.SendAsync(Topic, Sample(2))).IsSuccess);
        Assert.Equal(MqttClientPublishReasonCode.QuotaExceeded, (await client.SendAsync(Topic, Sample(3))).ReasonCode);
    }

    [Fact]
    public async Task A_device_that_there_is_no_room_for_is_told_so_and_kept_once()
    {
        await using var door = await OpenAsync();
        var token = await door.AddDeviceAsync("gw-1", "gateway");
        await PutAsync(door, new LimitScope("default", null), new LimitSet(Devices: new Cap(1)));
        var gateway = await door.ConnectAsync("gw-1", token);

        var refused = await gateway.SendAsync(Topic, Sample(1));
        for (var i = 0; i < 10; i++) await gateway.SendAsync(Topic, Sample(i), qos: 0);

        Assert.Equal((MqttClientPublishReasonCode.QuotaExceeded, "devices", "1"), (refused.ReasonCode, Property(refused, "limit"), Property(refused, "allowed")));
        var tenant = new LimitScope("default", null);
        await UntilAsync(() => Use(door).Find(tenant).LastHour.Devices == 11, "all of them");
        Assert.Equal(1, Use(door).Find(tenant).Use.Devices);
        Assert.InRange((await LettersAsync(door)).Count, 0, 1);
        await PutAsync(door, tenant, new LimitSet(Devices: new Cap(2)));
        Assert.True((await gateway.SendAsync(Topic, Sample(2))).IsSuccess);
    }

    [Fact]
    public async Task Without_limits_nothing_is_refused_and_nothing_counted()
    {
        await using var door = await OpenAsync(more: services => services.Configure<LimitOptions>(limits => limits.Device = LimitSet.Unlimited));
        await using var client = await RawClient.ConnectAsync(door.MqttEndpoint, "pump-1", await door.AddDeviceAsync("pump-1"));
        await client.SendAsync([.. Enumerable.Range(1, 500).SelectMany(i => client.Publish(Topic, Sample(i), (ushort)i))]);
        for (var i = 1; i <= 500; i++) Assert.Equal(i, await client.AcknowledgedAsync());
        Assert.Equal(new LimitUse(0, 0, 0), Use(door).Find(Pump).Use);
    }

    private static ILimitUse Use(Door door) => door.Services.GetRequiredService<ILimitUse>();

    private static Task<IReadOnlyList<Storage.DeadLetters.DeadLetter>> LettersAsync(Door door) => door.DeadLetters.ListAsync("default", null, null, 100, Ct);

    private static async Task PutAsync(Door door, LimitScope scope, LimitSet limits)
    {
        var put = await door.Services.GetRequiredService<ILimits>().PutAsync(scope, limits, "test", Ct);
        Assert.True(put.Succeeded, put.Refusal?.Reason);
    }

    private static string? Property(MqttClientPublishResult result, string name) =>
        result.UserProperties?.FirstOrDefault(property => property.Name == name) is { } found ? found.ReadValueAsString() : null;

    private static async Task<HttpResponseMessage> PostAsync(Door door, string token, string json)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, "/api/v1/devices/pump-1/telemetry") { Content = new StringContent(json, Encoding.UTF8, "application/json") };
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        return await door.Http.SendAsync(request, Ct);
    }
}
