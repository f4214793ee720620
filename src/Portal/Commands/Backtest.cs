using System.CommandLine;
using Seamless.Portal.Api;
using Seamless.Portal.Commands.Settings;
using Seamless.Telemetry;

namespace Seamless.Portal.Commands;

/// <summary><c>backtest</c>: what these rules would have raised on stored history, beside those in force.</summary>
internal static class Backtest
{
    private const string InForce = "in-force";

    public static Command Create()
    {
        var rules = new Option<FileInfo>("--rules") { Description = "A rule file, as in packs/<type>/rules.", Required = true, HelpName = "FILE" };
        var type = new Option<string?>("--type") { Description = "Equipment type; the pack's that the file lies in, when not given.", HelpName = "T" };
        var from = new Option<Instant>("--from") { Description = "RFC 3339 or Unix ms.", Required = true, HelpName = "TIME", CustomParser = TimeOptions.Parse };
        var to = new Option<Instant>("--to") { Description = "RFC 3339 or Unix ms, exclusive.", Required = true, HelpName = "TIME", CustomParser = TimeOptions.Parse };
        var devices = new Option<string?>("--device") { Description = "Devices, comma-separated; every one of the type when not given.", HelpName = "ID,…" };
        var site = new Option<string?>("--devices-of-site") { Description = "Every device of the type on this site.", HelpName = "SITE" };
        var against = new Option<string>("--against") { Description = "A rule file to compare with; the rules in force when not given.", HelpName = "FILE", DefaultValueFactory = _ => InForce };
        var engineers = new Option<double>("--engineers") { Description = "Engineers who share the alarms.", HelpName = "N", DefaultValueFactory = _ => 1 };
        return Verb.Create("backtest", "What these rules would have raised on stored history.", "backtest --rules packs/pump/rules/limits.yaml --from 2026-01-01 --to 2026-02-01 --device pump-1")
            .With(rules, type, from, to, devices, site, against, engineers, Verb.Json)
            .Run(async (parsed, settings, ct) =>
            {
                var file = parsed.GetRequiredValue(rules);
                var (other, of) = (parsed.GetValue(against)!, parsed.GetValue(devices));
                if (!file.Exists) return Terminal.Misused($"{file.FullName}: there is no such file");
                if (other != InForce && !File.Exists(other)) return Terminal.Misused($"{Path.GetFullPath(other)}: there is no such file");
                if (of is not null && parsed.GetValue(site) is not null) return Terminal.Misused("name either devices with --device or a site with --devices-of-site");
                if ((parsed.GetValue(type) ?? TypeOf(file)) is not { } equipment) return Terminal.Misused($"{file.FullName} lies in no pack; name the equipment type with --type");
                var order = new BacktestOrder(
                    equipment, await File.ReadAllTextAsync(file.FullName, ct), parsed.GetValue(from).At, parsed.GetValue(to).At,
                    of?.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries), parsed.GetValue(site),
                    TypeOf(file) == equipment ? Path.GetFileNameWithoutExtension(file.Name) : null,
                    other == InForce ? null : await File.ReadAllTextAsync(other, ct), parsed.GetValue(engineers));
                return await RunAsync(settings, order, parsed.GetValue(Verb.Json), ct);
            });
    }

    private static async Task<int> RunAsync(PlatformSettings settings, BacktestOrder order, bool json, CancellationToken ct)
    {
        var reached = await PlatformClient.ReachAsync(settings, ct);
        if (!reached.Succeeded) return Terminal.Refuse(reached.Refusal);
        await using var platform = reached.Value;
        var report = await Terminal.WithProgressAsync("backtest", progress => new BacktestCall(platform.Http).RunAsync(order, progress, ct));
        if (!report.Succeeded) return Terminal.Refuse(report.Refusal);
        if (json) Terminal.PrintJson(report.Value);
        else BacktestPrint.Print(report.Value);
        return Terminal.Success;
    }

    /// <summary>packs/TYPE/rules/file.yaml</summary>
    private static string? TypeOf(FileInfo file) =>
        file.Directory is { Name: "rules", Parent: { } pack } && File.Exists(Path.Combine(pack.FullName, "pack.yaml")) ? pack.Name : null;
}
