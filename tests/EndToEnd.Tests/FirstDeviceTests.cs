using System.Globalization;
using Seamless.EndToEnd.Tests.Rig;

namespace Seamless.EndToEnd.Tests;

/// <summary>A newcomer's first device: registered from the shell, publishing with mosquitto_pub.</summary>
public sealed class FirstDeviceTests
{
    [Fact]
    public async Task Three_minutes_over_the_limit_make_one_alarm_and_one_ticket_with_parts_and_again_nothing_new()
    {
        Mosquitto.SkipUnlessInstalled();
        await using var platform = await PlatformProcess.ServeAsync();
        var token = await platform.AddDeviceAsync("pump-1", "pump", "s1");
        var lines = ThreeMinutesOf(98.5).ToArray();

        Assert.Equal(0, await platform.PublishLinesAsync("pump-1", token, "v1/default/pump-1/telemetry", lines));

        var alarm = Assert.Single(await platform.UntilAsync("/api/v1/alarms", alarms => alarms.Count > 0));
        var ticket = Assert.Single(await platform.UntilAsync("/api/v1/tickets", tickets => tickets.Count > 0));
        Assert.Equal("pump-1", alarm.Text("device"));
        Assert.Equal("bearing-temperature-high", alarm.Text("rule"));
        Assert.Equal("bearing-wear", alarm["diagnosis"]![0]!.Text("code"));
        Assert.Equal(alarm.Text("id"), (string?)ticket["alarms"]![0]);
        var part = Assert.Single(ticket["parts"]!.AsArray())!;
        Assert.Equal("PMP-BRG-6309", part.Text("sku"));
        Assert.NotEmpty(part["serials"]!.AsArray());
        Assert.Equal(part.Text("shipment"), Assert.Single(await platform.ListAsync("/api/v1/shipments")).Text("id"));   // on its way before anyone has a slot

        var before = await platform.Http.GetStringAsync("/api/v1/alarms");
        Assert.Equal(0, await platform.PublishLinesAsync("pump-1", token, "v1/default/pump-1/telemetry", lines));
        await platform.CaughtUpAsync("pump-1", token);

        Assert.Equal(before, await platform.Http.GetStringAsync("/api/v1/alarms"));
        Assert.Single(await platform.ListAsync("/api/v1/tickets"));
        Assert.Single(await platform.ListAsync("/api/v1/reservations"));
    }

    [Fact]
    public async Task Bad_input_is_never_lost_in_silence_and_never_blocks_the_good_behind_it()
    {
        Mosquitto.SkipUnlessInstalled();
        await using var platform = await PlatformProcess.ServeAsync();
        var token = await platform.AddDeviceAsync("pump-1", "pump", "s1");
        await platform.AddDeviceAsync("pump-2", "pump", "s1");
        const string Topic = "v1/default/pump-1/telemetry";
        var now = TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds();
        var garbage = Path.GetTempFileName();
        await File.WriteAllBytesAsync(garbage, RandomBytes(1 << 20));

        await platform.PublishLinesAsync("pump-1", token, Topic, ["""{"ts":1764000000123,"values":{"vibr""", Good(now - 7000)]);
        await platform.PublishFileAsync("pump-1", token, Topic, garbage);
        await platform.PublishLinesAsync("pump-1", token, Topic, [Good(now - 6000)]);
        await platform.PublishLinesAsync("pump-1", token, Topic, [$$"""{"ts":{{now - 5500}},"values":{"vibration":NaN,"flow":80} }""", Good(now - 5000)]);
        Assert.NotEqual(0, await platform.PublishOnceAsync("pump-1", token, "v1/default/pump-2/telemetry", Good(now)));
        await platform.PublishOnceAsync("pump-1", token, "v1/default/pump-2/telemetry", Good(now), "-V", "mqttv5");
        await platform.PublishLinesAsync("pump-1", token, Topic, [Good(now - 4000)]);
        Assert.NotEqual(0, await platform.PublishOnceAsync("pump-1", "not-the-token", Topic, Good(now)));
        await platform.PublishLinesAsync("pump-1", token, Topic, ["""{"ts":86400000,"values":{"vibration":2}}""", """{"ts":4102444800000,"values":{"vibration":2}}""", Good(now - 3000)]);
        File.Delete(garbage);

        await platform.UntilAsync("/api/v1/devices/pump-1/telemetry?metric=vibration", now - 3000);
        var letters = await platform.ListAsync("/api/v1/dead-letters");
        var reasons = letters.SelectMany(letter => letter["rejects"]!.AsArray().Select(reject => reject!.Text("reason"))).ToHashSet();
        Assert.Superset(new HashSet<string> { "malformed", "notANumber", "timestampTooOld", "timestampInFuture" }, reasons);
        var actions = (await platform.ListAsync("/api/v1/audit")).Select(entry => entry.Text("action")).ToList();
        Assert.Contains(actions, action => action.StartsWith("mqtt.connect", StringComparison.Ordinal));
        Assert.Contains(actions, action => action.StartsWith("mqtt.publish", StringComparison.Ordinal));
        var times = await platform.TimesOfAsync("pump-1", "vibration");
        Assert.Superset(new HashSet<long> { now - 7000, now - 6000, now - 5000, now - 4000, now - 3000 }, times.ToHashSet());
        Assert.Contains(now - 5500, await platform.TimesOfAsync("pump-1", "flow"));
        Assert.Empty(await platform.TimesOfAsync("pump-2", "vibration"));
        Assert.True(platform.IsRunning);
    }

    [Fact]
    public async Task The_same_recording_twice_gives_the_same_alarms_byte_for_byte()
    {
        Mosquitto.SkipUnlessInstalled();
        var start = DateTimeOffset.FromUnixTimeMilliseconds(1_764_000_000_000);
        var recording = Recording(start).ToArray();

        var first = await AlarmsAfter(recording);
        var second = await AlarmsAfter(recording);

        Assert.Equal(first, second);
        Assert.Contains("\"vibration-zone-c\"", first, StringComparison.Ordinal);
    }

    private static async Task<string> AlarmsAfter(string[] recording)
    {
        await using var platform = await PlatformProcess.ServeAsync();
        var token = await platform.AddDeviceAsync("pump-1", "pump", "s1");
        Assert.Equal(0, await platform.PublishLinesAsync("pump-1", token, "v1/default/pump-1/telemetry", recording));
        await platform.UntilAsync("/api/v1/alarms", alarms => alarms.Count > 0);
        await platform.CaughtUpAsync("pump-1", token);
        return await platform.Http.GetStringAsync("/api/v1/alarms");
    }

    /// <summary>An hour of a pump whose bearing goes: vibration first, temperature after it, then repaired.</summary>
    private static IEnumerable<string> Recording(DateTimeOffset start)
    {
        var random = new Random(7);
        for (var second = 0; second < 3600; second += 5)
        {
            var wear = second is > 600 and < 3000 ? (second - 600) / 1200.0 : 0;
            var vibration = 2 + 5 * wear + random.NextDouble() * 0.4;
            var temperature = 58 + 25 * wear + random.NextDouble();
            yield return string.Create(CultureInfo.InvariantCulture, $$"""{"ts":{{start.AddSeconds(second).ToUnixTimeMilliseconds()}},"seq":{{second / 5}},"values":{"vibration":{{vibration:F2}},"bearingTemperature":{{temperature:F1}},"running":true} }""");
        }
    }

    private static IEnumerable<string> ThreeMinutesOf(double bearingTemperature)
    {
        var start = TimeProvider.System.GetUtcNow().AddMinutes(-3);
        for (var second = 0; second <= 180; second += 5)
        {
            yield return string.Create(CultureInfo.InvariantCulture, $$"""{"ts":{{start.AddSeconds(second).ToUnixTimeMilliseconds()}},"values":{"bearingTemperature":{{bearingTemperature}}} }""");
        }
    }

    private static string Good(long timestampMs) => $$"""{"ts":{{timestampMs}},"values":{"vibration":2.1,"flow":80} }""";

    private static byte[] RandomBytes(int count)
    {
        var bytes = new byte[count];
        new Random(1).NextBytes(bytes);
        return bytes;
    }
}
