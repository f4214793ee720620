using System.CommandLine;
using System.Globalization;
using System.Net;
using Microsoft.Extensions.Logging.Abstractions;
using Seamless.Fleet.Limits;
using Seamless.Machines.Faults;
using Seamless.Machines.Fleet;
using Seamless.Machines.Scenarios;
using Seamless.Machines.Scoring;
using Seamless.Portal.Commands.Settings;
using Seamless.Rules.Diagnosis;
using Seamless.Storage.Log;

namespace Seamless.Portal.Commands;

/// <summary><c>simulate</c>: a fleet with known faults against the whole platform; afterwards the score.</summary>
internal static class Simulate
{
    private const string RulesConsumer = "rules";

    public static Command Create()
    {
        var scenario = new Option<string>("--scenario") { Description = $"Scenario file, or one of {string.Join(", ", ScenarioFile.BuiltIn)}.", HelpName = "FILE", Required = true };
        var seeds = new Option<string>("--seed") { Description = "One seed or several: 1,2,3.", HelpName = "N", DefaultValueFactory = _ => "1" };
        var target = new Option<Uri?>("--target") { Description = "A running platform (mqtt://host:port) instead of one in this process; in real time.", HelpName = "mqtt://…" };
        var key = new Option<string?>("--key") { Description = "API key of the target.", HelpName = "KEY" };
        var without = new Option<string?>("--without") { Description = $"Leave out of the packs: {string.Join(", ", Ablation.Kinds)}. To see what they are worth.", HelpName = "KINDS" };
        var untaught = new Option<string?>("--untaught") { Description = "Fault codes that the packs are not told of. To see whether their cause is called unknown.", HelpName = "CODES" };
        var output = new Option<string?>("--out") { Description = "Where the report goes, as JSON; several seeds: an array. The truth is in it.", HelpName = "report.json" };
        var board = new Option<string?>("--scoreboard") { Description = "Where the service scoreboard of all seeds together goes, as JSON.", HelpName = "board.json" };
        return Verb.Create("simulate", "A fleet with known injected faults, and how the platform answered them.", "simulate --scenario thirty-days --seed 1,2,3 --out report.json",
                "simulate --scenario real-time --target mqtt://localhost:1883 --key demo")
            .With(scenario, seeds, target, key, without, untaught, output, board, Serve.Http, Verb.Json)
            .Run(RunAsync, parsed => new() { [SettingsSchema.HttpUrl] = parsed.GetValue(Serve.Http) });

        async Task<int> RunAsync(ParseResult parsed, PlatformSettings settings, CancellationToken ct)
        {
            var loaded = ScenarioFile.Load(parsed.GetRequiredValue(scenario));
            if (!loaded.Succeeded) return Terminal.Misused(loaded.Refusal.Reason);
            if (!TrySeeds(parsed.GetRequiredValue(seeds), out var numbers)) return Terminal.Misused($"--seed is '{parsed.GetValue(seeds)}'; it must be numbers such as 1 or 1,2,3");
            if (!TryKinds(parsed.GetValue(without), out var left)) return Terminal.Misused($"--without is '{parsed.GetValue(without)}'; it must be some of {string.Join(", ", Ablation.Kinds)}, with commas between");
            var faults = Codes(parsed.GetValue(untaught));
            if (faults.FirstOrDefault(code => FaultKinds.Find(code) is null) is { } strange) return Terminal.Misused($"--untaught: there is no fault '{strange}'; there are {string.Join(", ", FaultKinds.All.Select(kind => kind.Code))}");
            var remote = parsed.GetValue(target);
            if (remote is not null && left.Count + faults.Length > 0) return Terminal.Misused("--without and --untaught change the packs of a platform in this process; a target has packs of its own: leave them out");
            var reports = await Terminal.WithProgressAsync($"{loaded.Value.Name}, {(numbers.Count == 1 ? "seed" : "seeds")} {string.Join(", ", numbers)}", progress => remote is null
                ? RunAllAsync(numbers, Environment.ProcessorCount, progress, (seed, share, stop) => RunInProcessAsync(settings, loaded.Value, seed, left, faults, share, stop), ct)
                : RunAllAsync(numbers, 1, progress, (seed, share, stop) => RunAgainstAsync(remote, parsed.GetValue(key), settings, loaded.Value, seed, share, stop), ct));
            if (parsed.GetValue(output) is { } file) await File.WriteAllTextAsync(file, Json(reports), ct);
            var scores = ServiceScoreboard.Of(reports);
            if (parsed.GetValue(board) is { } scoreboard) await File.WriteAllTextAsync(scoreboard, SimulationReport.ToJson(scores), ct);
            if (parsed.GetValue(Verb.Json)) Console.WriteLine(Json(reports));
            else Print(reports, faults, scores);
            return Terminal.Success;
        }
    }

    /// <summary>Runs the seeds, some at a time; their reports come in the order of the seeds. In this process each has a platform of its own; on one target they take turns.</summary>
    private static async Task<SimulationReport[]> RunAllAsync(
        List<int> seeds, int atATime, IProgress<string> progress, Func<int, IProgress<double>, CancellationToken, Task<SimulationReport>> run, CancellationToken ct)
    {
        var reports = new SimulationReport[seeds.Count];
        var shares = new double[seeds.Count];
        var options = new ParallelOptions { MaxDegreeOfParallelism = atATime, CancellationToken = ct };
        await Parallel.ForAsync(0, seeds.Count, options, async (index, stop) => reports[index] = await run(seeds[index], new Progress<double>(share => Report(index, share)), stop));
        return reports;

        void Report(int index, double share)
        {
            lock (shares)
            {
                shares[index] = Math.Max(shares[index], share);   // reports may overtake one another
                progress.Report(shares.Average().ToString("P0", CultureInfo.InvariantCulture));
            }
        }
    }

    /// <summary>Platform and fleet in one process on one simulated clock, in a directory that goes away.</summary>
    private static async Task<SimulationReport> RunInProcessAsync(
        PlatformSettings settings, Scenario scenario, int seed, IReadOnlyCollection<string> without, IReadOnlyCollection<string> untaught, IProgress<double> progress, CancellationToken ct)
    {
        var directory = Directory.CreateTempSubdirectory("seamless-simulate-");
        try
        {
            var packs = PacksFolder.Find(settings.Optional(SettingsSchema.Packs)) ?? throw new InvalidOperationException("no equipment packs found; name their directory with --packs");
            if (without.Count + untaught.Count > 0)
            {
                var all = packs;
                packs = Path.Combine(directory.FullName, "packs");
                Ablation.Copy(all, packs, without, untaught);
            }
            var clock = new SimulatedClock(scenario.Start);
            var options = new PlatformOptions
            {
                DataDirectory = Path.Combine(directory.FullName, "data"), PacksDirectory = packs, HttpUrl = new Uri("http://127.0.0.1:0"), MqttEndpoint = new IPEndPoint(IPAddress.Loopback, 0),
                Time = clock, Beats = false, Durable = false, WriteDelay = TimeSpan.FromSeconds(5), LogLevel = LogLevel.Error,
                Limits = new LimitOptions { Device = LimitSet.Unlimited },   // whoever waited for its turn would wait for a clock that waits for it
            };
            await using var platform = await Platform.StartAsync(options, ct);
            var log = platform.Services.GetRequiredService<ITelemetryLog>();
            var beat = platform.Services.GetRequiredService<Beat>();
            var simulation = new FleetSimulation(scenario, seed, platform.Target(), NullLoggerFactory.Instance);
            return await simulation.RunLockstepAsync(clock, SettleAsync, beat.AdvanceAsync, progress, ct);

            async Task SettleAsync(CancellationToken cancellation)
            {
                await log.AppendAsync([LogEntry.Tick(clock.GetUtcNow().ToUnixTimeMilliseconds())], cancellation);
                await log.WaitForAsync(RulesConsumer, cancellation);
            }
        }
        finally
        {
            directory.Delete(recursive: true);
        }
    }

    private static Task<SimulationReport> RunAgainstAsync(
        Uri mqtt, string? key, PlatformSettings settings, Scenario scenario, int seed, IProgress<double> progress, CancellationToken ct)
    {
        var target = new FleetTarget(mqtt.Host, mqtt.IsDefaultPort ? 1883 : mqtt.Port, new Uri(settings[SettingsSchema.HttpUrl]), key ?? "demo");
        return new FleetSimulation(scenario, seed, target, NullLoggerFactory.Instance).RunRealTimeAsync(progress, ct);
    }

    private static bool TrySeeds(string text, out List<int> seeds)
    {
        seeds = [];
        foreach (var part in text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            if (!int.TryParse(part, NumberStyles.None, CultureInfo.InvariantCulture, out var seed)) return false;
            seeds.Add(seed);
        }
        return seeds.Count > 0;
    }

    private static bool TryKinds(string? text, out IReadOnlyList<string> kinds)
    {
        kinds = Codes(text);
        return kinds.All(Ablation.Kinds.Contains);
    }

    private static string[] Codes(string? list) => list?.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries) ?? [];

    private static string Json(SimulationReport[] reports) => reports.Length == 1 ? reports[0].ToJson() : $"[{string.Join(",\n", reports.Select(report => report.ToJson()))}]";

    private static void Print(SimulationReport[] reports, string[] untaught, IReadOnlyList<Score> scores)
    {
        foreach (var report in reports)
        {
            Console.WriteLine($"{report.Scenario}, seed {report.Seed}: {report.Machines} machines, {report.Samples} samples, {(report.To - report.From).TotalDays:F1} days in {report.ElapsedSeconds:F1} s");
            Terminal.PrintTable(
                ["", "faults", "recall", "precision", "tickets/fault", "top-1", "remote", "of fixable", "unnoticed", "right part", "lead h", "lead", "detected min", "false"],
                [Row("all", report.Totals), .. report.ByClass.Select(row => Row(row.Key, row.Value)), .. report.ByFault.Select(row => Row("  " + row.Key, row.Value))]);
            var load = report.AlarmLoad;
            Console.WriteLine(FormattableString.Invariant($"alarms: {load.Alarms} reached a person ({load.PerHour:F2} an hour, {load.Severe} high or critical), at most {load.PeakTenMinutes} in ten minutes; {load.Explained} explained by others"));
            Console.WriteLine($"calibration error: {Number(report.Calibration.CauseError)} of {report.Calibration.Causes} causes, {Number(report.Calibration.FaultError)} of {report.Calibration.Alarms} alarms");
            if (untaught.Length > 0)
            {
                var unknown = report.Faults.Where(fault => fault.AnsweredAt is not null && untaught.Contains(fault.Fault.Code)).ToList();
                Console.WriteLine($"not taught: {unknown.Count(fault => fault.Diagnosis is null or Diagnoser.Unknown)} of {unknown.Count} called unknown");
            }
            foreach (var missed in report.Faults.Where(fault => fault.Answer == "missed")) Console.WriteLine($"missed: {missed.Fault}");
            foreach (var claim in report.FalseTickets) Console.WriteLine($"false: {claim.Ticket} {claim.Device ?? claim.Site} {claim.Diagnosis}");
        }
        Console.WriteLine(reports.Length == 1 ? "scoreboard" : $"scoreboard of {reports.Length} seeds");
        Terminal.PrintTable(["", "figure", "95 % interval", "of", "goal", ""], [.. scores.Select(Row)]);
    }

    private static string[] Row(Score score) =>
    [
        score.Code, Fine(score.Figure.Value), score.Figure.Low is null ? "-" : $"{Fine(score.Figure.Low)} – {Fine(score.Figure.High)}", $"{score.Figure.Samples}",
        score.Goal is null ? "-" : $"{(score.AtMost ? "≤" : "≥")} {Fine(score.Goal)}", score.Met switch { true => "met", false => "SHORT", null => "" },
    ];

    private static string Fine(double? value) => value?.ToString("0.0000", CultureInfo.InvariantCulture) ?? "-";

    private static string[] Row(string name, Totals totals) =>
    [
        name, $"{totals.Faults}", Share(totals.Recall), Share(totals.Precision), Number(totals.DuplicatesPerFault), Share(totals.DiagnosisTop1), Share(totals.RemoteFixShare),
        Share(totals.RemoteFixShareOfFixable), Share(totals.UnnoticedShare), Share(totals.PartsHitRate), Number(totals.MedianLeadHours), Share(totals.MedianLeadShare), Number(totals.MedianDetectionMinutes), $"{totals.FalseTickets}",
    ];

    private static string Share(double? value) => value?.ToString("P1", CultureInfo.InvariantCulture) ?? "-";
    private static string Number(double? value) => value?.ToString("F2", CultureInfo.InvariantCulture) ?? "-";
}
