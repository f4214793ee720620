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
        Verb.Create("bench", "The product's own load and its figures on this machine; one line of JSON last.", "bench ingest --seconds 10").With(Ingest(), Store(), Rules(), Detect(), Recovery(), Dispatch());

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

    private static Command Detect()
    {
        var streams = new Option<int>("--streams") { Description = "Many streams at once, a point a minute each, instead of one: what share of a core that takes.", HelpName = "N", DefaultValueFactory = _ => 1 };
        return Verb.Create("detect", "The novelty detector on one stream, or on many.", "bench detect", "bench detect --streams 100000").With(streams)
            .Measures((parsed, load, ct) => Task.FromResult<object>(parsed.GetValue(streams) is > 1 and var many ? DetectLoad.RunFleet(many, load, ct) : DetectLoad.Run(load, ct)));
    }

    private static Command Recovery()
    {
        var samples = new Option<long>("--samples") { Description = "Samples of five values that nobody has handled yet.", HelpName = "N", DefaultValueFactory = _ => 10_000_000 };
        return Verb.Create("recovery", "Start-up of the program on a log full of samples that store, rules and ledger have not seen: until it is ready, and until all have caught up.", "bench recovery --samples 10000000")
            .With(samples).RunsOn(_ => default, (parsed, load, ct) => RecoveryLoad.RunAsync(load, Math.Max(1, parsed.GetValue(samples)), ct));
    }

    private static Command Dispatch()
    {
        var technicians = new Option<int>("--technicians") { Description = "Technicians of 450 partners in 350 cities.", HelpName = "N", DefaultValueFactory = _ => 3000 };
        var visits = new Option<int>("--visits") { Description = "Visits in two days.", HelpName = "N", DefaultValueFactory = _ => 10_000 };
        var seed = new Option<int>("--seed") { Description = "Another seed, another country.", HelpName = "N", DefaultValueFactory = _ => 1 };
        return Verb.Create("dispatch", "All visits of a country planned at once, then again around fifty events; every plan is verified.", "bench dispatch --technicians 3000 --visits 10000 --seed 1")
            .With(technicians, visits, seed).RunsOn(_ => default, (parsed, _, ct) => Task.Run<object>(
                () => DispatchLoad.Run(Math.Max(1, parsed.GetValue(technicians)), Math.Max(1, parsed.GetValue(visits)), parsed.GetValue(seed), ct), ct));
    }

    private static Command Measures(this Command command, Func<ParseResult, Load, CancellationToken, Task<object>> measure)
    {
        var seconds = new Option<int>("--seconds") { Description = "How long, after a warm-up.", HelpName = "S", DefaultValueFactory = _ => 5 };
        seconds.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<int>() is < 1 or > MaxSeconds) result.AddError($"--seconds is {result.GetValueOrDefault<int>()}; it must be 1 to {MaxSeconds}");
        });
        return command.With(seconds).RunsOn(parsed => TimeSpan.FromSeconds(parsed.GetValue(seconds)), measure);
    }

    private static Command RunsOn(this Command command, Func<ParseResult, TimeSpan> time, Func<ParseResult, Load, CancellationToken, Task<object>> measure) =>
        command.With(Verb.Json).Run(async (parsed, settings, ct) =>
        {
            if (PacksFolder.Find(settings.Optional(SettingsSchema.Packs)) is not { } packs) return Terminal.Fail("no equipment packs found; name their directory with --packs");
            var directory = Directory.CreateTempSubdirectory("seamless-bench-");
            try
            {
                var load = new Load(time(parsed), directory.FullName, packs);
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
