using System.Collections.Concurrent;
using MQTTnet;
using MQTTnet.Protocol;
using Seamless.EndToEnd.Tests.Rig;

namespace Seamless.EndToEnd.Tests;

/// <summary>Acknowledged means durable: the platform is killed in the middle of a steady stream, again and again.</summary>
public sealed class KillNineTests
{
    // SEAMLESS_KILLS=200 for the long run: about 3.5 s a kill.
    private static readonly int Kills = int.TryParse(Environment.GetEnvironmentVariable("SEAMLESS_KILLS"), out var kills) ? kills : 10;
    private const int InFlight = 20;
    private const int Devices = 20;
    private const int SamplesPerSecondAndDevice = 100;

    [Fact]
    public async Task Kills_at_random_moments_lose_no_acknowledged_sample_and_double_no_alarm_or_ticket()
    {
        await using var platform = await PlatformProcess.ServeAsync();
        var tokens = new Dictionary<string, string>();
        for (var number = 1; number <= Devices; number++) tokens[$"pump-{number}"] = await platform.AddDeviceAsync($"pump-{number}", "pump", $"s{number}");
        var acknowledged = tokens.Keys.ToDictionary(device => device, _ => new ConcurrentQueue<long>());
        using var stop = new CancellationTokenSource();
        var publishers = tokens.Select(device => PublishAsync(platform.MqttPort, device.Key, device.Value, acknowledged[device.Key], stop.Token)).ToArray();
        var random = new Random(20261122);

        for (var kill = 0; kill < Kills; kill++)
        {
            await Task.Delay(TimeSpan.FromSeconds(0.3 + random.NextDouble() * 2));
            await platform.KillAsync();
            // Every tenth start is killed too, wherever it is just then.
            if (kill % 10 == 9) await platform.KillWhileStartingAsync(TimeSpan.FromSeconds(random.NextDouble() * 2));
            await platform.StartAsync();
        }
        await Task.Delay(TimeSpan.FromSeconds(40));   // past the on-delay of the sick pump, alive and unhurt
        await stop.CancelAsync();
        await Task.WhenAll(publishers);

        var total = 0;
        foreach (var (device, times) in acknowledged)
        {
            Assert.NotEmpty(times);
            // Not only the newest: a busy client gives up waiting for an acknowledgement, and what it was for may be stored after all.
            await platform.UntilAsync($"/api/v1/devices/{device}/telemetry?metric=vibration&limit=1000000", times.Max());
            var stored = (await platform.TimesOfAsync(device, "vibration")).ToHashSet();
            Assert.Empty(times.Except(stored));
            total += times.Count;
        }
        TestContext.Current.TestOutputHelper?.WriteLine($"{total} samples acknowledged, all stored, {Kills} kills");
        var alarm = Assert.Single(await platform.UntilAsync("/api/v1/alarms?device=pump-1", alarms => alarms.Count > 0));
        Assert.Contains(alarm["evidence"]!.AsArray(), evidence => evidence!.Text("rule") == "vibration-zone-d");
        Assert.Single(await platform.UntilAsync("/api/v1/tickets?device=pump-1", tickets => tickets.Count > 0));
        // The bearing, and what goes along in case: each once, from each depot in one shipment.
        var reserved = (await platform.ListAsync("/api/v1/reservations")).Select(reservation => reservation!.Text("sku")).ToList();
        Assert.Single(reserved, sku => sku == "PMP-BRG-6309");
        Assert.Equal(reserved.Count, reserved.Distinct().Count());
        var depots = (await platform.ListAsync("/api/v1/shipments")).Select(shipment => shipment!.Text("fromDepot")).ToList();
        Assert.Equal(depots.Count, depots.Distinct().Count());
    }

    /// <summary>A client with many messages in flight; what is not acknowledged is forgotten. pump-1 is sick from the start.</summary>
    private static async Task PublishAsync(int port, string device, string token, ConcurrentQueue<long> acknowledged, CancellationToken stop)
    {
        using var client = new MqttClientFactory().CreateMqttClient();
        var options = new MqttClientOptionsBuilder().WithTcpServer("127.0.0.1", port).WithCredentials(device, token).WithClientId(device).WithTimeout(TimeSpan.FromSeconds(3)).Build();
        var value = device == "pump-1" ? "12.5" : "2.1";
        var last = 0L;
        var window = new SemaphoreSlim(InFlight);
        while (!stop.IsCancellationRequested)
        {
            try
            {
                if (!client.IsConnected) await client.ConnectAsync(options, CancellationToken.None);
                var began = TimeProvider.System.GetTimestamp();
                var at = last = Math.Max(last + 1, TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds());
                var message = new MqttApplicationMessageBuilder().WithTopic($"v1/default/{device}/telemetry").WithQualityOfServiceLevel(MqttQualityOfServiceLevel.AtLeastOnce)
                    .WithPayload($$"""{"ts":{{at}},"values":{"vibration":{{value}},"running":true} }""").Build();
                await window.WaitAsync(CancellationToken.None);
                _ = PublishAsync(message, at);   // ends by freeing its place in the window
                var pause = TimeSpan.FromSeconds(1.0 / SamplesPerSecondAndDevice) - TimeProvider.System.GetElapsedTime(began);
                if (pause > TimeSpan.Zero) await Task.Delay(pause, CancellationToken.None);
            }
            catch (Exception broken) when (broken is not OutOfMemoryException)
            {
                await Task.Delay(100, CancellationToken.None);   // the platform is down just now: that is what this test is about
            }
        }

        async Task PublishAsync(MqttApplicationMessage message, long at)
        {
            try
            {
                if ((await client.PublishAsync(message, CancellationToken.None)).IsSuccess) acknowledged.Enqueue(at);
            }
            catch (Exception broken) when (broken is not OutOfMemoryException)
            {
                // Not acknowledged: nothing is promised.
            }
            finally
            {
                window.Release();
            }
        }
    }
}
