using System.CommandLine;
using Seamless.Machines.Fleet;
using Seamless.Machines.Scenarios;
using Seamless.Portal.Accounts;
using Seamless.Portal.Commands.Settings;

namespace Seamless.Portal.Commands;

/// <summary><c>demo</c>: <c>serve</c> with a live simulated fleet in the same process, over real MQTT and HTTP.</summary>
internal static class Demo
{
    private const int MaxDevices = 1000;

    public static Command Create()
    {
        var devices = new Option<int>("--devices") { Description = "Machines in the fleet.", HelpName = "N", DefaultValueFactory = _ => 36 };
        var speed = new Option<double>("--speed") { Description = "How much faster than usual things go wrong.", HelpName = "X", DefaultValueFactory = _ => 1 };
        var seed = new Option<int>("--seed") { Description = "The same seed, the same accidents.", HelpName = "N", DefaultValueFactory = _ => 1 };
        return Verb.Create("demo", "The platform with a live simulated fleet, accidents included.", "demo", "demo --devices 60 --speed 3 --seed 7")
            .With(devices, speed, seed, Serve.Http, Serve.Mqtt, Serve.Insecure, Serve.LogLevel)
            .Run(RunAsync, Given);

        async Task<int> RunAsync(ParseResult parsed, PlatformSettings settings, CancellationToken ct)
        {
            var (count, pace) = (parsed.GetValue(devices), parsed.GetValue(speed));
            if (count is < 1 or > MaxDevices) return Terminal.Misused($"--devices is {count}; it must be 1 to {MaxDevices}");
            if (pace is not (>= 0.1 and <= 100)) return Terminal.Misused($"--speed is {pace}; it must be 0.1 to 100");
            var options = PlatformOptions.From(settings);
            if (!options.Succeeded) return Terminal.Refuse(options.Refusal);
            await using var platform = await Platform.StartAsync(options.Value with { DemoAccess = true }, ct);
            PrintBanner(platform, count);
            Console.WriteLine("ready");
            return await RunFleetAsync(platform, DemoScenario.Of(count), parsed.GetValue(seed), pace, ct);
        }
    }

    private static Dictionary<string, string?> Given(ParseResult parsed)
    {
        var given = Serve.Given(parsed);
        if (parsed.GetValue(Verb.Data) is null) given[SettingsSchema.Data] = "./data/demo";
        return given;
    }

    private static async Task<int> RunFleetAsync(Platform platform, Scenario scenario, int seed, double speed, CancellationToken ct)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(ct);
        var fleet = new FleetSimulation(scenario, seed, platform.Target(), platform.Services.GetRequiredService<ILoggerFactory>()).RunLiveAsync(speed, stop.Token);
        var ended = await Task.WhenAny(fleet, platform.WaitForShutdownAsync(ct));
        await stop.CancelAsync();
        await fleet;   // a fleet that broke says why
        await ended;
        return Terminal.Success;
    }

    private static void PrintBanner(Platform platform, int devices) => Console.WriteLine($"""

        Seamless demo: {devices} simulated machines, and accidents on the way

          Portal    {platform.HttpAddress}
          Log in    {string.Join(", ", Users.DemoUsers)}   (password: {Users.DemoPassword})
          API key   demo     curl -H "Authorization: Bearer demo" {platform.HttpAddress}api/v1/alarms
          API docs  {platform.HttpAddress}scalar
          MQTT      {platform.MqttEndpoint}

        In the first minutes
          1  Fleet: grey is good. Within a minute something turns up that is not.
          2  Alerts: one line a fault; select it for evidence, causes and the next action.
          3  A server's service hangs: it is restarted remotely, and no ticket opens.
          4  A pump's bearing wears: a ticket, with the bearing already on its way.
          5  A brown-out: a whole site complains, one ticket names the power line, no part moves.

        Ctrl+C ends it.
        """);
}
