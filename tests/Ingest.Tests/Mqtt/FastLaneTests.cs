using Microsoft.Extensions.DependencyInjection;
using Seamless.Fleet.Limits;
using System.Buffers.Binary;
using System.Security.Cryptography.X509Certificates;
using MQTTnet;
using MQTTnet.Formatter;
using static Seamless.Ingest.Tests.Door;

namespace Seamless.Ingest.Tests.Mqtt;

/// <summary>Telemetry by the fast lane: many in flight on one connection, acknowledged in order, whatever stands between them.</summary>
/// <remarks>Over both wires of plain TCP: epoll, and .NET's own sockets as on other systems.</remarks>
public abstract class FastLaneTests(bool usesEpoll)
{
    private const string Topic = "v1/default/pump-1/telemetry";

    private Task<Door> OpenAsync(Action<IngestOptions>? ingest = null, X509Certificate2? certificate = null, Action<IServiceCollection>? more = null)
    {
        Assert.SkipWhen(usesEpoll && !OperatingSystem.IsLinux(), "there is no epoll");
        return Door.OpenAsync(
            ingest: options =>
            {
                options.UsesEpoll = usesEpoll;
                ingest?.Invoke(options);
            },
            certificate: certificate, more: more);
    }

    private static string Sample(int i) => $$$"""{"ts":{{{1764000000000 + i}}},"values":{"vibration":{{{i}}}.5,"running":true,"mode":"auto"}}""";

    [Theory]
    [InlineData(false, false)]
    [InlineData(false, true)]
    [InlineData(true, false)]
    [InlineData(true, true)]
    public async Task A_thousand_in_flight_on_one_connection_are_acknowledged_in_order(bool mqtt5, bool pipe)
    {
        await using var door = await OpenAsync();
        await using var client = await RawClient.ConnectAsync(pipe ? door.PipeEndpoint : door.MqttEndpoint, "pump-1", await door.AddDeviceAsync("pump-1"), mqtt5);
        var bytes = Enumerable.Range(1, 1000).SelectMany(i => client.Publish(Topic, Sample(i), (ushort)i)).ToArray();

        await client.SendAsync(bytes);

        for (var i = 1; i <= 1000; i++) Assert.Equal(i, await client.AcknowledgedAsync());
        Assert.Equal(Enumerable.Range(1, 1000).Select(i => 1764000000000L + i), door.Log.Samples.Select(s => s.TimestampMs));
    }

    [Fact]
    public async Task Bytes_cut_anywhere_give_the_same_packets()
    {
        await using var door = await OpenAsync();
        await using var client = await RawClient.ConnectAsync(door.MqttEndpoint, "pump-1", await door.AddDeviceAsync("pump-1"));
        var bytes = Enumerable.Range(1, 60).SelectMany(i => i % 7 == 0 ? RawClient.Ping : client.Publish(Topic, Sample(i), (ushort)i)).ToArray();
        var random = new Random(5);

        for (var at = 0; at < bytes.Length;)
        {
            var size = Math.Min(bytes.Length - at, random.Next(1, 40));
            await client.SendAsync(bytes[at..(at + size)]);
            at += size;
            if (random.Next(8) == 0) await Task.Yield();
        }

        var (acknowledged, pongs) = (new List<int>(), 0);
        while (acknowledged.Count + pongs < 60)
        {
            var (header, body) = await client.ReceiveAsync();
            if (header == 0xD0) pongs++;
            else acknowledged.Add(BinaryPrimitives.ReadUInt16BigEndian(body));
        }
        Assert.Equal(Enumerable.Range(1, 60).Where(i => i % 7 != 0), acknowledged);
        Assert.Equal(8, pongs);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task What_takes_the_long_way_keeps_its_place_in_the_order(bool mqtt5)
    {
        await using var door = await OpenAsync();
        await using var client = await RawClient.ConnectAsync(door.MqttEndpoint, "pump-1", await door.AddDeviceAsync("pump-1"), mqtt5);
        await client.SendAsync(client.Publish(Topic, Sample(1), 1));
        Assert.Equal(1, await client.AcknowledgedAsync());
        var kinds = Enumerable.Range(2, 200).SelectMany(i => (i % 10) switch
        {
            0 => client.Publish(Topic, "{\"vibration\":", (ushort)i),                                  // cut short: a dead letter
            3 => client.Publish(Topic, "{\"vibration\":NaN,\"flow\":1}", (ushort)i),                   // half of it
            5 => client.Publish("v1/default/pump-1/events", "{\"code\":\"E-1\",\"severity\":\"info\",\"text\":\"x\"}", (ushort)i),
            7 => client.Publish(Topic, $$"""{"new{{i}}":1}""", (ushort)i),                             // a metric never seen
            _ => client.Publish(Topic, Sample(i), (ushort)i),
        }).ToArray();

        await client.SendAsync(kinds);

        for (var i = 2; i <= 201; i++) Assert.Equal(i, await client.AcknowledgedAsync());
        Assert.Equal(40, (await door.DeadLetters.ListAsync("default", null, null, 100, Ct)).Count);
        Assert.Equal(1 + 200 - 20 - 20, door.Log.Samples.Count());
        Assert.Equal(20, door.Log.Durable.Count(entry => entry.Event is not null));
    }

    [Fact]
    public async Task A_topic_alias_stands_for_its_topic_in_both_lanes()
    {
        await using var door = await OpenAsync();
        await using var client = await RawClient.ConnectAsync(door.MqttEndpoint, "pump-1", await door.AddDeviceAsync("pump-1"), mqtt5: true);
        await client.SendAsync([
            .. client.Publish(Topic, Sample(1), 1, alias: 3),
            .. client.Publish("", Sample(2), 2, alias: 3),
            .. client.Publish("", "{\"first\":1}", 3, alias: 3),
            .. client.Publish("v1/default/pump-1/events", "{\"code\":\"E-1\",\"severity\":\"info\",\"text\":\"x\"}", 4, alias: 4),
            .. client.Publish("", "{\"code\":\"E-2\",\"severity\":\"info\",\"text\":\"x\"}", 5, alias: 4),
            .. client.Publish(Topic, Sample(6), 6, alias: 4),
            .. client.Publish("", Sample(7), 7, alias: 4),
        ]);
        for (var i = 1; i <= 7; i++) Assert.Equal(i, await client.AcknowledgedAsync());
        Assert.Equal(5, door.Log.Samples.Count());
        Assert.Equal(2, door.Log.Durable.Count(entry => entry.Event is not null));

        await client.SendAsync(client.Publish("", Sample(8), 8, alias: 9));
        Assert.True(await client.IsClosedAsync());   // an alias that stands for nothing is a protocol error
    }

    [Fact]
    public async Task Limits_are_announced_to_those_who_can_hear_them()
    {
        await using var door = await OpenAsync();
        await using var client = await RawClient.ConnectAsync(door.MqttEndpoint, "pump-1", await door.AddDeviceAsync("pump-1"), mqtt5: true);
        var properties = client.ConnAck.AsSpan(3).ToArray();
        Assert.Contains((byte)0x21, properties);   // Receive Maximum
        Assert.Contains((byte)0x22, properties);   // Topic Alias Maximum
        Assert.Contains((byte)0x27, properties);   // Maximum Packet Size
    }

    [Fact]
    public async Task Whoever_has_more_on_the_way_than_announced_is_told_and_gone()
    {
        await using var door = await OpenAsync(ingest: options => options.ReceiveMaximum = 10);
        await using var client = await RawClient.ConnectAsync(door.MqttEndpoint, "pump-1", await door.AddDeviceAsync("pump-1"), mqtt5: true);
        await client.SendAsync(client.Publish(Topic, Sample(0), 100));
        Assert.Equal(100, await client.AcknowledgedAsync());
        door.Log.Shut();

        await client.SendAsync(Enumerable.Range(1, 10).SelectMany(i => client.Publish(Topic, Sample(i), (ushort)i)).ToArray());
        await client.SendAsync(RawClient.Ping);
        Assert.Equal(0xD0, (await client.ReceiveAsync()).Header);   // as many as announced are fine
        await client.SendAsync(client.Publish(Topic, Sample(11), 11));

        var (header, body) = await client.ReceiveAsync();
        Assert.Equal((0xE0, 0x93), (header, body[0]));   // DISCONNECT, Receive Maximum exceeded
        Assert.True(await client.IsClosedAsync());
    }

    [Fact]
    public async Task Messages_of_QoS_2_count_until_they_are_complete()
    {
        await using var door = await OpenAsync(ingest: options => options.ReceiveMaximum = 3);
        await using var client = await RawClient.ConnectAsync(door.MqttEndpoint, "pump-1", await door.AddDeviceAsync("pump-1"), mqtt5: true);
        for (ushort i = 1; i <= 20; i++)   // one after the other: many more than three
        {
            await client.SendAsync(client.Publish(Topic, Sample(i), i, qos: 2));
            Assert.Equal(0x50, (await client.ReceiveAsync()).Header);
            await client.SendAsync([0x62, 2, 0, (byte)i]);
            Assert.Equal(0x70, (await client.ReceiveAsync()).Header);
        }

        for (ushort i = 21; i <= 23; i++)
        {
            await client.SendAsync(client.Publish(Topic, Sample(i), i, qos: 2));
            Assert.Equal(0x50, (await client.ReceiveAsync()).Header);
        }
        await client.SendAsync(client.Publish(Topic, Sample(24), 24));

        var (header, body) = await client.ReceiveAsync();
        Assert.Equal((0xE0, 0x93), (header, body[0]));
        Assert.True(await client.IsClosedAsync());
    }

    [Fact]
    public async Task Nothing_was_announced_to_those_who_speak_3_1_1()
    {
        await using var door = await OpenAsync(ingest: options => options.ReceiveMaximum = 10);
        await using var client = await RawClient.ConnectAsync(door.MqttEndpoint, "pump-1", await door.AddDeviceAsync("pump-1"));
        await client.SendAsync(client.Publish(Topic, Sample(0), 100));
        Assert.Equal(100, await client.AcknowledgedAsync());
        door.Log.Shut();
        await client.SendAsync(Enumerable.Range(1, 50).SelectMany(i => client.Publish(Topic, Sample(i), (ushort)i)).ToArray());
        await client.SendAsync(RawClient.Ping);
        Assert.Equal(0xD0, (await client.ReceiveAsync()).Header);
        door.Log.Open();
        for (var i = 1; i <= 50; i++) Assert.Equal(i, await client.AcknowledgedAsync());
    }

    [Fact]
    public async Task Whoever_is_silent_for_longer_than_its_keep_alive_is_gone()
    {
        await using var door = await OpenAsync();
        await using var client = await RawClient.ConnectAsync(door.MqttEndpoint, "pump-1", await door.AddDeviceAsync("pump-1"), keepAlive: 1);
        await client.SendAsync(RawClient.Ping);
        Assert.Equal(0xD0, (await client.ReceiveAsync()).Header);
        Assert.True(await client.IsClosedAsync());
    }

    [Fact]
    public async Task Telemetry_alone_keeps_a_connection_alive()
    {
        await using var door = await OpenAsync();
        await using var client = await RawClient.ConnectAsync(door.MqttEndpoint, "pump-1", await door.AddDeviceAsync("pump-1"), keepAlive: 2);
        for (var i = 1; i <= 12; i++)
        {
            await client.SendAsync(client.Publish(Topic, Sample(i), (ushort)i));
            Assert.Equal(i, await client.AcknowledgedAsync());
            await Task.Delay(500, Ct);
        }
    }

    [Fact]
    public async Task What_is_not_MQTT_ends_its_connection_alone()
    {
        await using var door = await OpenAsync();
        var token = await door.AddDeviceAsync("pump-1");
        await using var good = await RawClient.ConnectAsync(door.MqttEndpoint, "pump-1", token);
        await using var bad = await RawClient.ConnectAsync(door.MqttEndpoint, "pump-1", token);
        await bad.SendAsync([0x30, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF]);
        Assert.True(await bad.IsClosedAsync());
        await good.SendAsync(good.Publish(Topic, Sample(1), 1));
        Assert.Equal(1, await good.AcknowledgedAsync());
    }

    [Fact]
    public async Task A_gateways_samples_reach_the_devices_they_name_and_no_other_tenants()
    {
        await using var door = await OpenAsync();
        await using var gateway = await RawClient.ConnectAsync(door.MqttEndpoint, "gw-1", await door.AddDeviceAsync("gw-1", "gateway"), mqtt5: true);
        var bytes = Enumerable.Range(1, 300).SelectMany(i => gateway.Publish($"v1/default/dev-{i % 10}/telemetry", Sample(i), (ushort)i)).ToArray();
        await gateway.SendAsync(bytes);
        for (var i = 1; i <= 300; i++) Assert.Equal(i, await gateway.AcknowledgedAsync());
        Assert.All(door.Log.Samples.GroupBy(s => s.Device.Device), device => Assert.Equal(30, device.Count()));

        await gateway.SendAsync(gateway.Publish("v1/acme/dev-1/telemetry", Sample(1), 400));
        var (header, body) = await gateway.ReceiveAsync();
        Assert.Equal((0x40, 0x87), (header, body[2]));
    }

    [Fact]
    public async Task A_peer_that_does_not_read_its_acknowledgements_is_not_read_on()
    {
        await using var door = await OpenAsync(more: services => services.Configure<LimitOptions>(limits => limits.Device = LimitSet.Unlimited));
        await using var client = await RawClient.ConnectAsync(door.MqttEndpoint, "pump-1", await door.AddDeviceAsync("pump-1"));
        client.Socket.ReceiveBufferSize = 4096;
        var chunk = Enumerable.Range(1, 500).SelectMany(i => client.Publish(Topic, Sample(i), (ushort)i)).ToArray();
        using var enough = CancellationTokenSource.CreateLinkedTokenSource(Ct);
        var sending = Task.Run(async () =>
        {
            for (var i = 0; i < 4000; i++) await client.Stream.WriteAsync(chunk, enough.Token);
        }, Ct);
        await UntilAsync(async () =>
        {
            var before = door.Log.Durable.Count;
            await Task.Delay(300, Ct);
            return before > 0 && door.Log.Durable.Count == before;
        }, "the sender to be held up");
        Assert.False(sending.IsCompleted);
        await enough.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => sending);
    }

    [Theory]
    [InlineData(MqttProtocolVersion.V311)]
    [InlineData(MqttProtocolVersion.V500)]
    public async Task WebSocket_carries_the_same(MqttProtocolVersion version)
    {
        await using var door = await OpenAsync();
        var token = await door.AddDeviceAsync("pump-1");
        using var client = new MqttClientFactory().CreateMqttClient();
        var options = new MqttClientOptionsBuilder().WithWebSocketServer(o => o.WithUri($"ws://{door.Http.BaseAddress!.Authority}/mqtt")).WithCredentials("pump-1", token).WithProtocolVersion(version).Build();
        await client.ConnectAsync(options, Ct);
        for (var i = 0; i < 50; i++) Assert.True((await client.SendAsync(Topic, Sample(i))).IsSuccess);
        Assert.Equal(50, door.Log.Samples.Count());
    }

    [Fact]
    public async Task A_client_certificate_stands_for_its_device_and_no_other()
    {
        using var authority = TestCertificates.Authority("fleet");
        using var server = Usable(TestCertificates.Server(authority));
        using var pump = Usable(TestCertificates.Client("CN=pump-1", authority));
        using var stranger = Usable(TestCertificates.Client("CN=pump-1", TestCertificates.Authority("somebody else")));
        var file = Path.GetTempFileName();
        await File.WriteAllTextAsync(file, authority.ExportCertificatePem(), Ct);
        await using var door = await OpenAsync(certificate: server, ingest: options => options.ClientAuthorities = file);
        var token = await door.AddDeviceAsync("pump-1");

        using var client = new MqttClientFactory().CreateMqttClient();
        await client.ConnectAsync(Secure(door, pump, null), Ct);
        for (var i = 0; i < 20; i++) Assert.True((await client.SendAsync(Topic, Sample(i))).IsSuccess);
        Assert.Equal(20, door.Log.Samples.Count());
        Assert.NotEqual(MqttClientPublishReasonCode.Success, (await client.SendAsync("v1/default/pump-2/telemetry", Sample(1))).ReasonCode);

        using var forged = new MqttClientFactory().CreateMqttClient();
        Assert.NotEqual(MqttClientConnectResultCode.Success, (await forged.ConnectAsync(Secure(door, stranger, null), Ct)).ResultCode);
        using var byToken = new MqttClientFactory().CreateMqttClient();
        Assert.Equal(MqttClientConnectResultCode.Success, (await byToken.ConnectAsync(Secure(door, null, token), Ct)).ResultCode);
        File.Delete(file);
    }

    private static MqttClientOptions Secure(Door door, X509Certificate2? certificate, string? token)
    {
        var options = new MqttClientOptionsBuilder().WithTcpServer("127.0.0.1", door.TlsEndpoint.Port).WithProtocolVersion(MqttProtocolVersion.V500)
            .WithTlsOptions(tls => tls.UseTls().WithCertificateValidationHandler(_ => true).WithClientCertificates(certificate is null ? [] : new X509Certificate2Collection(certificate)));
        if (token is not null) options.WithCredentials("pump-1", token);
        return options.Build();
    }

    /// <summary>TLS wants the key where the system keeps keys.</summary>
    private static X509Certificate2 Usable(X509Certificate2 certificate) => X509CertificateLoader.LoadPkcs12(certificate.Export(X509ContentType.Pfx), null);
}

public sealed class EpollWireTests() : FastLaneTests(usesEpoll: true);

public sealed class SocketWireTests() : FastLaneTests(usesEpoll: false);
