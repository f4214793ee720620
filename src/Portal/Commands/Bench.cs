using System.CommandLine;
using System.Net;
using Seamless.Fleet.Limits;
using Seamless.Portal.Commands.Loads;
using Seamless.Portal.Commands.Settings;
using Seamless.Rules.Packs;

namespace Seamless.Portal.Commands;

/// <summary><c>bench</c>: the product's own load on this machine, in a directory that goes away; the last line of the output is one line of JSON.</summary>
internal static class Bench
{
    private const int MaxSeconds = 3600;

    public static Command Create() =>
        Verb.Create("bench", "The product's own load and its figures on this machine; one line of JSON last.", "bench ingest --seconds 10").With(Ingest(), Store(), Rules(), Detect());

    private static Command Ingest()
    {
        var clients = new Option<int>("--clients") { Description = "MQTT connections, each with one message in flight.", HelpName = "N", DefaultValueFactory = _ => 16 };
        return Verb.Create("ingest", "MQTT QoS 1 over loopback into a whole platform: acknowledged is durable. Clients run in the same process, and the processor time is theirs too.",
            "bench ingest --seconds 10 --clients 64").With(clients).Measures((parsed, load, ct) => IngestLoad.RunAsync(load, parsed.GetValue(clients), ct));
    }

    private static Command Store()
    {
        var dump = new Option<string?>("--dump") { Description = "Only write the rows as line protocol (precision ms): decimals.lp, digits.lp, months.lp.", HelpName = "DIR" };
        var from = new Option<string?>("--from") { Description = "Read the rows from such files instead of making them.", HelpName = "DIR" };
        return Verb.Create("store", "A day of a thousand pumps into the time-series store until it is durable; then what is asked of it most.", "bench store --seconds 10", "bench store --dump rows")
            .With(dump, from).Measures((parsed, load, ct) => parsed.GetValue(dump) is { } directory ? StoreLoad.DumpAsync(directory, ct) : StoreLoad.RunAsync(load, parsed.GetValue(from), ct));
    }

    private static Command Rules() =>
        Verb.Create("rules", "Samples of pumps through the judgement of their pack, in memory and on one thread.", "bench rules").Measures((_, load, ct) => Task.FromResult<object>(RulesLoad.Run(load, ct)));

    private static Command Detect() =>
        Verb.Create("detect", "The novelty detector on one stream.", "bench detect").Measures((_, load, ct) => Task.FromResult<object>(DetectLoad.Run(load, ct)));

    private static Command Measures(this Command command, Func<ParseResult, Load, CancellationToken, Task<object>> measure)
    {
        var seconds = new Option<int>("--seconds") { Description = "How long, after a warm-up.", HelpName = "S", DefaultValueFactory = _ => 5 };
        return command.With(seconds, Verb.Json).Run(async (parsed, settings, ct) =>
        {
            if (parsed.GetValue(seconds) is < 1 or > MaxSeconds) return Terminal.Misused($"--seconds is {parsed.GetValue(seconds)}; it must be 1 to {MaxSeconds}");
            if (PacksFolder.Find(settings.Optional(SettingsSchema.Packs)) is not { } packs) return Terminal.Fail("no equipment packs found; name their directory with --packs");
            var directory = Directory.CreateTempSubdirectory("seamless-bench-");
            try
            {
                var load = new Load(TimeSpan.FromSeconds(parsed.GetValue(seconds)), directory.FullName, packs);
                Terminal.PrintJsonLine(await Terminal.WithProgressAsync(command.Name, _ => measure(parsed, load, ct)));
            }
            catch (Exception e) when (e is InvalidDataException or IOException)
            {
                return Terminal.Fail(e.Message);
            }
            finally
            {
                directory.Delete(recursive: true);
            }
            return Terminal.Success;
        });
    }
}

/// <param name="Directory">Where the load may write; it goes away.</param>
internal sealed record Load(TimeSpan Time, string Directory, string PacksDirectory)
{
    public EquipmentPack Pump() => new PackDirectory(PacksDirectory, null).Find("pump") ?? throw new InvalidOperationException($"{PacksDirectory} has no pack 'pump'");

    public PlatformOptions Platform() => new()
    {
        DataDirectory = Directory, PacksDirectory = PacksDirectory, HttpUrl = new Uri("http://127.0.0.1:0"), MqttEndpoint = new IPEndPoint(IPAddress.Loopback, 0), LogLevel = LogLevel.Error,
        Limits = new LimitOptions { Device = LimitSet.Unlimited },   // a few devices send as fast as they can: that is what is measured
    };
}
