using System.CommandLine;
using System.Globalization;
using System.Net.Http.Json;
using Seamless.Portal.Api;
using Seamless.Portal.Commands.Settings;
using Seamless.Rules.Backtests;

namespace Seamless.Portal.Commands;

/// <summary><c>backtest</c>: what these rules would have raised on stored history.</summary>
internal static class Backtest
{
    public static Command Create()
    {
        var rules = new Option<FileInfo>("--rules") { Description = "A rule file, as in packs/<type>/rules.", Required = true, HelpName = "FILE" };
        var type = new Option<string?>("--type") { Description = "Equipment type; the pack's that the file lies in, when not given.", HelpName = "T" };
        var from = new Option<Instant>("--from") { Description = "RFC 3339 or Unix ms.", Required = true, HelpName = "TIME", CustomParser = TimeOptions.Parse };
        var to = new Option<Instant>("--to") { Description = "RFC 3339 or Unix ms, exclusive.", Required = true, HelpName = "TIME", CustomParser = TimeOptions.Parse };
        var devices = new Option<string?>("--device") { Description = "Devices, comma-separated; every one of the type when not given.", HelpName = "ID,…" };
        return Verb.Create("backtest", "What these rules would have raised on stored history.", "backtest --rules packs/pump/rules/limits.yaml --from 2026-01-01 --to 2026-02-01 --device pump-1")
            .With(rules, type, from, to, devices, Verb.Json)
            .Run(async (parsed, settings, ct) =>
            {
                var file = parsed.GetRequiredValue(rules);
                if (!file.Exists) return Terminal.Misused($"{file.FullName}: there is no such file");
                if ((parsed.GetValue(type) ?? TypeOf(file)) is not { } equipment) return Terminal.Misused($"{file.FullName} lies in no pack; name the equipment type with --type");
                var order = new BacktestOrder(
                    equipment, await File.ReadAllTextAsync(file.FullName, ct), parsed.GetValue(from).At, parsed.GetValue(to).At,
                    parsed.GetValue(devices)?.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries));
                return await RunAsync(settings, order, parsed.GetValue(Verb.Json), ct);
            });
    }

    private static async Task<int> RunAsync(PlatformSettings settings, BacktestOrder order, bool json, CancellationToken ct)
    {
        var reached = await PlatformClient.ReachAsync(settings, ct);
        if (!reached.Succeeded) return Terminal.Refuse(reached.Refusal);
        await using var platform = reached.Value;
        var report = await Terminal.WithProgressAsync("backtest", async _ =>
        {
            using var response = await platform.Http.PostAsJsonAsync("/api/v1/rules/backtest", order, ApiJson.Options, ct);
            return await PlatformClient.ReadAsync<BacktestReport>(response, ct);
        });
        if (!report.Succeeded) return Terminal.Refuse(report.Refusal);
        if (json) Terminal.PrintJson(report.Value);
        else Print(report.Value);
        return Terminal.Success;
    }

    private static void Print(BacktestReport report)
    {
        Terminal.PrintTable(["DEVICE", "RULE", "ONSET", "RAISED", "CLEARED", "VALUE"], report.Alarms.Select(alarm => (IReadOnlyList<string>)
            [alarm.Device, alarm.Rule, Time(alarm.OnsetAt), Time(alarm.RaisedAt), Time(alarm.ClearedAt), alarm.Value.ToString("G6", CultureInfo.InvariantCulture)]));
        Console.WriteLine($"{report.Alarms.Count} alarms on {report.Samples} samples of {report.Devices} devices");
    }

    private static string Time(DateTimeOffset? at) => at?.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss'Z'", CultureInfo.InvariantCulture) ?? "-";

    /// <summary>packs/TYPE/rules/file.yaml</summary>
    private static string? TypeOf(FileInfo file) =>
        file.Directory is { Name: "rules", Parent: { } pack } && File.Exists(Path.Combine(pack.FullName, "pack.yaml")) ? pack.Name : null;
}
