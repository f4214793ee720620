using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using Seamless.Fleet.Commands;
using Seamless.Fleet.Registry;
using Seamless.Telemetry;
using Seamless.Telemetry.Payloads;
using static Seamless.Ingest.Tests.Door;

namespace Seamless.Ingest.Tests.Dialects.Sparkplug;

/// <summary>A whole session of the client that Sparkplug's own project publishes for Node.js.</summary>
public sealed class SparkplugClientTests
{
    [Fact]
    public async Task The_real_client_is_born_speaks_obeys_and_dies()
    {
        await using var door = await OpenAsync();
        var token = await door.AddDeviceAsync("gw-1", "gateway");
        await using var client = await Client.StartAsync(door, "gw-1", token, "Plant", "Line 4");
        var (node, pump) = (new DeviceKey("default", "Plant.Line:204"), new DeviceKey("default", "Plant.Line:204.Pump:201"));

        await UntilAsync(() => Values(door, pump, "Level").Contains(10), "the births");
        Assert.Equal(71.25, Values(door, node, "Temperature").Single());
        Assert.Equal(DeviceStatus.Online, door.Devices.PresenceOf(pump).Status);
        Assert.Equal(node.Device, door.Devices.FindCached(pump)!.Gateway);

        client.Tell("ndata 72.5");
        client.Tell("packed 73.5");
        client.Tell("ddata -12");
        await UntilAsync(() => Values(door, pump, "Level").Contains(-12), "data under an alias, negative");
        await UntilAsync(() => Values(door, node, "Temperature").SequenceEqual([71.25, 72.5, 73.5]), "plain and compressed data");

        var write = await SendAsync(door, pump, "write-metric", """{"metric":"Level","value":-77}""");
        await UntilAsync(() => client.Said.Contains("dcmd Pump_1 10 -77"), "the DCMD");
        await FinishedAsync(door, write, CommandState.Succeeded);
        await FinishedAsync(door, await SendAsync(door, pump, "write-metric", """{"metric":"Level","value":70000}"""), CommandState.Rejected);

        var rebirth = await SendAsync(door, node, "rebirth", "{}");
        await FinishedAsync(door, rebirth, CommandState.Succeeded);
        Assert.Contains("ncmd Node Control/Rebirth true", client.Said);

        client.Tell("ddeath");
        await UntilAsync(() => door.Devices.PresenceOf(pump).Status is DeviceStatus.Offline, "the device's death");
        Assert.Equal(DeviceStatus.Online, door.Devices.PresenceOf(node).Status);

        client.Tell("stop");
        await UntilAsync(() => door.Devices.PresenceOf(node).Status is DeviceStatus.Offline, "the node's death");
        var stale = door.Log.Samples.Last(sample => sample.Device == node);
        Assert.All(stale.Readings, reading => Assert.Equal(Quality.Uncertain, reading.Quality));
        Assert.Contains(stale.Readings, reading => reading is { Metric: "Temperature", Value: 71.25 });   // as its rebirth said
        Assert.Equal(0, await door.DeadLetters.CountAsync("default", Ct));
    }

    [Fact]
    public async Task An_unknown_alias_is_kept_and_a_rebirth_asked_of_the_real_client()
    {
        await using var door = await OpenAsync();
        var token = await door.AddDeviceAsync("gw-1", "gateway");
        await using var client = await Client.StartAsync(door, "gw-1", token, "Plant", "Line4");
        var node = new DeviceKey("default", "Plant.Line4");
        await UntilAsync(() => Values(door, node, "Temperature").Any(), "the birth");

        client.Tell("unknown 99");
        await UntilAsync(() => client.Said.Contains("ncmd Node Control/Rebirth true"), "the request");
        await UntilAsync(() => Values(door, node, "Temperature").Count() == 2, "the rebirth");
        var letter = Assert.Single(await door.DeadLetters.ListAsync("default", null, null, 10, Ct));
        Assert.Equal(RejectReason.NoBirth, letter.Rejects[0].Reason);
    }

    private static IEnumerable<double> Values(Door door, DeviceKey device, string metric) =>
        door.Log.Samples.Where(sample => sample.Device == device).SelectMany(sample => sample.Readings).Where(reading => reading.Metric == metric).Select(reading => reading.Value);

    private static async Task<Command> SendAsync(Door door, DeviceKey device, string name, string args)
    {
        var sent = await door.Commands.SendAsync(new CommandRequest(device, name, args, "R1", TimeSpan.FromMinutes(5), $"{name} {args}", "test"), Ct);
        Assert.True(sent.Succeeded, sent.Refusal?.Reason);
        return sent.Value;
    }

    private static Task FinishedAsync(Door door, Command command, CommandState state) =>
        UntilAsync(async () => (await door.Commands.FindAsync(command.Device, command.Id, Ct))?.State == state, $"{command.Name} {command.ArgsJson} to be {state}");

    private sealed class Client : IAsyncDisposable
    {
        private readonly Process _process;

        private Client(Process process) => _process = process;

        public ConcurrentQueue<string> Said { get; } = new();

        public void Tell(string order) => _process.StandardInput.WriteLine(order);

        public static async Task<Client> StartAsync(Door door, string user, string token, string group, string node)
        {
            var source = Path.Combine(AppContext.BaseDirectory, "Dialects", "clients", "sparkplug");
            var modules = await NodeClient.InstallAsync(source, "sparkplug");
            var port = door.MqttEndpoint.Port.ToString(CultureInfo.InvariantCulture);
            var process = Process.Start(new ProcessStartInfo("node", [Path.Combine(source, "session.js"), $"mqtt://127.0.0.1:{port}", user, token, group, node])
            {
                RedirectStandardInput = true, RedirectStandardOutput = true, Environment = { ["NODE_PATH"] = modules },
            })!;
            var client = new Client(process);
            process.OutputDataReceived += (_, line) => client.Said.Enqueue(line.Data ?? "");
            process.BeginOutputReadLine();
            return client;
        }

        public async ValueTask DisposeAsync()
        {
            _process.StandardInput.Close();
            await _process.WaitForExitAsync(CancellationToken.None);
            _process.Dispose();
        }
    }
}
