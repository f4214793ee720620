using System.Collections.Concurrent;
using System.Globalization;
using System.Text.Json.Nodes;
using MQTTnet;
using MQTTnet.Protocol;
using Seamless.EndToEnd.Tests.Rig;
using Seamless.Storage.Tests.Space;

namespace Seamless.EndToEnd.Tests;

/// <summary>The disk with the data runs full under load: an alarm first, then senders wait; nothing acknowledged is lost, also by a kill; service resumes by itself.</summary>
public sealed class DiskFullTests
{
    private const int Senders = 4, InFlight = 50, DiskMegabytes = 96;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Senders_are_warned_of_slowed_and_served_again_and_no_acknowledged_sample_is_missing()
    {
        using var disk = SmallDisk.Mount(DiskMegabytes);
        await using var platform = await PlatformProcess.ServeAsync(Path.Combine(disk.Path, "data"));
        var acknowledged = new Dictionary<string, ConcurrentQueue<long>>();
        using var stop = new CancellationTokenSource();
        var sending = new List<Task>();
        for (var i = 1; i <= Senders; i++)
        {
            var (device, times) = ($"pump-{i}", new ConcurrentQueue<long>());
            acknowledged[device] = times;
            sending.Add(SendAsync(platform.MqttPort, device, await platform.AddDeviceAsync(device, "pump", "s1"), times, stop.Token));
        }
        int Total() => acknowledged.Values.Sum(times => times.Count);
        await UntilAsync(() => Task.FromResult(Total() > 200), "the first acknowledgements");
        Assert.Equal("Ample", await StateAsync(platform));

        // Somebody else takes room: first as much as makes it scarce, then nearly all.
        var levels = (await platform.GetAsync("/health/ready"))["disk"]!;
        var (warn, reserve) = ((long)levels["warnBytes"]!, (long)levels["reserveBytes"]!);
        disk.Fill(butBytes: (warn + reserve) / 2);
        var alarm = Assert.Single(await platform.UntilAsync("/api/v1/alarms?rule=platform-disk", alarms => alarms.Count > 0));
        var atAlarm = Total();
        await UntilAsync(() => Task.FromResult(Total() > atAlarm), "samples taken after the alarm: a warning, not a refusal");
        Assert.Equal(("platform", true), (alarm.Text("type"), (bool)alarm["isActive"]!));

        var filler = disk.Fill(butBytes: reserve / 2);
        await UntilAsync(async () => (bool)(await platform.GetAsync("/health/ready"))["disk"]!["sendersWait"]!, "senders that wait");
        var atStop = Total();
        await Task.Delay(TimeSpan.FromSeconds(2), Ct);
        Assert.InRange(Total(), atStop, atStop + Senders * InFlight);   // at most what was on its way
        Assert.Equal("critical", Assert.Single(await platform.UntilAsync("/api/v1/alarms?rule=platform-disk", alarms => alarms[0].Text("severity") == "critical")).Text("severity"));
        Assert.Contains("nothing is taken from senders", await DoctorAsync(platform), StringComparison.Ordinal);

        await platform.KillAsync();
        await platform.StartAsync();
        await AssertNothingMissingAsync(platform, acknowledged);

        var before = Total();
        File.Delete(filler);
        var freed = TimeProvider.System.GetTimestamp();
        await UntilAsync(() => Task.FromResult(Total() > before + 100), "acknowledgements once there is room");
        TestContext.Current.TestOutputHelper?.WriteLine($"{before} samples before, served again {TimeProvider.System.GetElapsedTime(freed).TotalSeconds.ToString("F1", CultureInfo.InvariantCulture)} s after there was room");
        await platform.UntilAsync("/api/v1/alarms?rule=platform-disk", alarms => alarms.TrueForAll(a => !(bool)a["isActive"]!));
        Assert.Equal("Ample", await StateAsync(platform));
        Assert.Empty(await platform.ListAsync("/api/v1/tickets?site="));

        await stop.CancelAsync();
        await Task.WhenAll(sending);
        await AssertNothingMissingAsync(platform, acknowledged);
    }

    [Fact]
    public async Task With_not_one_byte_left_the_platform_lives_starts_and_recovers()
    {
        using var disk = SmallDisk.Mount(64);
        await using var platform = await PlatformProcess.ServeAsync(Path.Combine(disk.Path, "data"));
        var (times, token) = (new ConcurrentQueue<long>(), await platform.AddDeviceAsync("pump-1", "pump", "s1"));
        using var stop = new CancellationTokenSource();
        var sending = SendAsync(platform.MqttPort, "pump-1", token, times, stop.Token);
        await UntilAsync(() => Task.FromResult(times.Count > 200), "the first acknowledgements");
        var filler = disk.Fill(butBytes: 0);
        await UntilAsync(async () => (bool)(await platform.GetAsync("/health/ready"))["disk"]!["sendersWait"]!, "senders that wait");
        await Task.Delay(TimeSpan.FromSeconds(3), Ct);   // time for whoever writes now and then to meet it
        Assert.True(platform.IsRunning, platform.Output);
        Assert.Equal("full", (await platform.GetAsync("/health/ready"))["disk"]!.Text("state").ToLowerInvariant());

        File.Delete(filler);
        var before = times.Count;
        await UntilAsync(() => Task.FromResult(times.Count > before + 100), "acknowledgements once there is room");
        await platform.UntilAsync("/api/v1/alarms?rule=platform-disk", alarms => alarms.Count > 0 && alarms.TrueForAll(a => !(bool)a["isActive"]!));
        await stop.CancelAsync();
        await sending;
        await AssertNothingMissingAsync(platform, new Dictionary<string, ConcurrentQueue<long>> { ["pump-1"] = times });
    }

    private static async Task<string> StateAsync(PlatformProcess platform)
    {
        var state = (await platform.GetAsync("/health/ready"))["disk"]!.Text("state");
        return char.ToUpperInvariant(state[0]) + state[1..];
    }

    private static async Task<string> DoctorAsync(PlatformProcess platform)
    {
        var failed = await Assert.ThrowsAnyAsync<Exception>(() => platform.RunAsync("doctor"));   // exit code 1: something is wrong here
        return failed.Message;
    }

    private static async Task AssertNothingMissingAsync(PlatformProcess platform, Dictionary<string, ConcurrentQueue<long>> acknowledged)
    {
        foreach (var (device, times) in acknowledged)
        {
            var promised = times.ToArray();
            await platform.UntilAsync($"/api/v1/devices/{device}/telemetry?metric=vibration&limit=1000000", promised.Max());
            Assert.Empty(promised.Except(await platform.TimesOfAsync(device, "vibration")));
        }
    }

    private static async Task UntilAsync(Func<Task<bool>> condition, string what)
    {
        var began = TimeProvider.System.GetTimestamp();
        while (!await condition())
        {
            Assert.True(TimeProvider.System.GetElapsedTime(began) < Patience, $"waited in vain: {what}");
            await Task.Delay(50, Ct);
        }
    }

    /// <summary>Many in flight, as fast as they are acknowledged; comes back after every break. What is not acknowledged is forgotten.</summary>
    private static async Task SendAsync(int port, string device, string token, ConcurrentQueue<long> acknowledged, CancellationToken stop)
    {
        using var client = new MqttClientFactory().CreateMqttClient();
        var options = new MqttClientOptionsBuilder().WithTcpServer("127.0.0.1", port).WithCredentials(device, token).WithClientId(device).WithTimeout(TimeSpan.FromSeconds(90)).Build();
        var at = TimeProvider.System.GetUtcNow().AddHours(-1).ToUnixTimeMilliseconds();
        while (!stop.IsCancellationRequested)
        {
            try
            {
                if (!client.IsConnected) await client.ConnectAsync(options, stop);
                await Task.WhenAll(Enumerable.Range(0, InFlight).Select(_ => PublishAsync(Interlocked.Increment(ref at))));
                await Task.Delay(20, stop);
            }
            catch (Exception broken) when (broken is not OutOfMemoryException)
            {
                await Task.Delay(100, CancellationToken.None);   // the platform is down just now
            }
        }

        async Task PublishAsync(long timestampMs)
        {
            var message = new MqttApplicationMessageBuilder().WithTopic($"v1/default/{device}/telemetry").WithQualityOfServiceLevel(MqttQualityOfServiceLevel.AtLeastOnce)
                .WithPayload(new JsonObject { ["ts"] = timestampMs, ["values"] = new JsonObject { ["vibration"] = 2.1, ["running"] = true } }.ToJsonString()).Build();
            if ((await client.PublishAsync(message, stop)).IsSuccess) acknowledged.Enqueue(timestampMs);
        }
    }
}
