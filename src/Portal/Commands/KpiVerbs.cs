using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Seamless.Portal.Api;
using Seamless.Portal.Commands.Settings;
using Seamless.ServiceDesk.Care.Loop;
using Seamless.ServiceDesk.Kpis;
using Seamless.Telemetry;

namespace Seamless.Portal.Commands;

/// <summary><c>kpis</c>: the scoreboard of service, from the platform or again from an exported event log.</summary>
internal static class KpiVerbs
{
    private static readonly Option<Instant?> From = new("--from") { Description = "RFC 3339 or Unix ms; 30 days before --to when not given.", HelpName = "TIME", CustomParser = result => TimeOptions.Parse(result) };
    private static readonly Option<Instant?> To = new("--to") { Description = "RFC 3339 or Unix ms, exclusive; now when not given.", HelpName = "TIME", CustomParser = result => TimeOptions.Parse(result) };
    private static readonly Option<long?> UpTo = new("--up-to") { Description = "As it was known when the event log ended with this number.", HelpName = "NUMBER" };

    public static Command Create() => Verb.Create("kpis", "The scoreboard of service, and the event log that proves it.", "kpis show", "kpis check --number 1204 --hash 5f0c…").With(Show(), Rank(), Loop(), Export(), Check(), Replay());

    private static Command Show() =>
        Verb.Create("show", "The figures of a period with their 95 % intervals.", "kpis show --from 2026-01-01 --to 2026-02-01", "kpis show --up-to 1204 --json")
            .With(From, To, UpTo, Verb.Json)
            .Run(async (parsed, settings, ct) =>
            {
                var answer = await AskAsync<KpiAnswer>(settings, $"api/v1/kpis?{QueryOf(parsed)}", ct);
                return answer.Succeeded ? Print(answer.Value, parsed.GetValue(Verb.Json)) : Terminal.Refuse(answer.Refusal);
            });

    private static Command Rank() =>
        Verb.Create("ranking", "Technicians by first-time fix, turn-around and ratings, from the event log alone.", "kpis ranking --from 2026-01-01 --to 2026-02-01", "kpis ranking --up-to 1204 --json")
            .With(From, To, UpTo, Verb.Json)
            .Run((parsed, settings, ct) => PlatformClient.AskAsync<RankingAnswer>(settings, (http, token) => http.GetAsync($"api/v1/kpis/ranking?{QueryOf(parsed)}", token), answer =>
            {
                if (parsed.GetValue(Verb.Json))
                {
                    Terminal.PrintJson(answer);
                    return;
                }
                Terminal.PrintTable(["RANK", "TECHNICIAN", "SCORE", "VISITS", "FIRST-TIME FIX", "MEDIAN MIN", "RATINGS", "SATISFACTION", "WHY NO RANK"], answer.Items.Select(l => (IReadOnlyList<string>)
                    [l.Rank is { } rank ? $"{rank}" : "-", l.Technician, Number(l.Score), $"{l.Visits}", Number(l.FirstTimeFix), Number(l.MedianMinutes), $"{l.Ratings}", Number(l.Satisfaction), l.Unranked ?? ""]));
                Console.WriteLine($"{answer.From:u} to {answer.To:u}, from event log up to number {answer.Head.Number} ({answer.Head.Hash})");
            }, ct));

    private static Command Loop() =>
        Verb.Create("loop", "The way of cases from the call to completion: where they are, how they ended, what waits for its closure codes.", "kpis loop --from 2026-01-01")
            .With(From, To, Verb.Json)
            .Run((parsed, settings, ct) => PlatformClient.AskAsync<LoopBoard>(settings, (http, token) => http.GetAsync($"api/v1/kpis/loop?{PeriodOf(parsed)}", token), board =>
            {
                if (parsed.GetValue(Verb.Json)) Terminal.PrintJson(board);
                else
                {
                    Terminal.PrintTable(["STAGE", "CASES"], [
                        .. board.Stages.Select(s => (IReadOnlyList<string>)[ApiJson.NameOf(s.Status), $"{s.Cases}"]), .. board.LeftAs.Select(l => (IReadOnlyList<string>)[$"left: {ApiJson.NameOf(l.ClosedAs)}", $"{l.Cases}"])]);
                    Console.WriteLine($"{board.Entered} came in, {board.Left} left, {board.InLoop} in the loop; waiting for closure codes: {(board.AwaitingCode.Count == 0 ? "none" : string.Join(' ', board.AwaitingCode.Select(c => c.Ticket)))}");
                }
            }, ct));

    private static string QueryOf(ParseResult parsed) =>
        PeriodOf(parsed) + (parsed.GetValue(UpTo) is { } number ? string.Create(CultureInfo.InvariantCulture, $"&upTo={number}") : "");

    private static string PeriodOf(ParseResult parsed) => string.Join('&', new[]
    {
        parsed.GetValue(From) is { } from ? string.Create(CultureInfo.InvariantCulture, $"from={from.At.ToUnixTimeMilliseconds()}") : null,
        parsed.GetValue(To) is { } to ? string.Create(CultureInfo.InvariantCulture, $"to={to.At.ToUnixTimeMilliseconds()}") : null,
    }.OfType<string>());

    private static Command Export()
    {
        var output = new Argument<FileInfo>("FILE") { Description = "File to write: one event a line, as JSON, with its hash." };
        return Verb.Create("export", "The event log as a file that can be checked and counted again anywhere.", "kpis export events.ndjson")
            .With(output)
            .Run(async (parsed, settings, ct) =>
            {
                var file = parsed.GetRequiredValue(output);
                var reached = await PlatformClient.ReachAsync(settings, ct);
                if (!reached.Succeeded) return Terminal.Refuse(reached.Refusal);
                await using var platform = reached.Value;
                using var response = await platform.Http.GetAsync("api/v1/kpis/log", HttpCompletionOption.ResponseHeadersRead, ct);
                if (!response.IsSuccessStatusCode) return Terminal.Refuse(await PlatformClient.ProblemAsync(response, ct));
                await using (var target = File.Create(file.FullName)) await response.Content.CopyToAsync(target, ct);
                file.Refresh();
                Console.WriteLine($"{file.FullName}, {file.Length} bytes");
                return Terminal.Success;
            });
    }

    private static Command Check()
    {
        var number = new Option<long?>("--number") { Description = "Number of a head that was kept elsewhere.", HelpName = "NUMBER" };
        var hash = new Option<string?>("--hash") { Description = "Its hash.", HelpName = "HEX" };
        var events = new Option<FileInfo?>("--events") { Description = "Check an exported file instead of the platform's own log.", HelpName = "FILE" };
        return Verb.Create("check", "Whether any event was changed, taken away, added or moved. Exit code 1 when so.", "kpis check", "kpis check --events events.ndjson --number 1204 --hash 5f0c…")
            .With(number, hash, events, Verb.Json)
            .Run(async (parsed, settings, ct) =>
            {
                if (parsed.GetValue(number) is null != parsed.GetValue(hash) is null) return Terminal.Misused("--number and --hash belong together: both of a head that was kept");
                var kept = parsed.GetValue(number) is { } n ? new LogHead(n, parsed.GetValue(hash)!) : null;
                var check = parsed.GetValue(events) is { } file
                    ? await CheckFileAsync(file, kept, ct)
                    : await AskAsync<LogCheck>(settings, "api/v1/kpis/log/check" + (kept is null ? "" : string.Create(CultureInfo.InvariantCulture, $"?number={kept.Number}&hash={Uri.EscapeDataString(kept.Hash)}")), ct);
                return check.Succeeded ? Print(check.Value, parsed.GetValue(Verb.Json)) : Terminal.Refuse(check.Refusal);
            });
    }

    private static Command Replay()
    {
        var events = new Argument<FileInfo>("FILE") { Description = "An event log that kpis export has written." };
        return Verb.Create("replay", "The figures again, from an exported event log alone.", "kpis replay events.ndjson --from 2026-01-01 --to 2026-02-01")
            .With(events, From, To, Verb.Json)
            .Run(async (parsed, _, ct) =>
            {
                var read = await ReadAsync(parsed.GetRequiredValue(events), ct);
                if (!read.Succeeded) return Terminal.Refuse(read.Refusal);
                var log = read.Value;
                if (log.Count == 0) return Terminal.Fail("the file has no event: there is nothing to measure");
                var check = CheckOf(log, null);
                if (!check.Whole) return Print(check, parsed.GetValue(Verb.Json));
                var to = parsed.GetValue(To)?.At ?? log[^1].At.AddMilliseconds(1);
                var from = parsed.GetValue(From)?.At ?? to.AddDays(-30);
                if (from >= to) return Terminal.Misused("--from must be before --to");
                return Print(new KpiAnswer(from, to, ServiceFigures.Measure(log, from, to), check.Head), parsed.GetValue(Verb.Json));
            });
    }

    private static async Task<Outcome<T>> AskAsync<T>(PlatformSettings settings, string path, CancellationToken ct)
    {
        var reached = await PlatformClient.ReachAsync(settings, ct);
        if (!reached.Succeeded) return reached.Refusal;
        await using var platform = reached.Value;
        using var answer = await platform.Http.GetAsync(path, ct);
        return await PlatformClient.ReadAsync<T>(answer, ct);
    }

    private static async Task<Outcome<LogCheck>> CheckFileAsync(FileInfo file, LogHead? kept, CancellationToken ct)
    {
        var read = await ReadAsync(file, ct);
        return read.Succeeded ? CheckOf(read.Value, kept) : read.Refusal;
    }

    private static LogCheck CheckOf(List<LoggedEvent> log, LogHead? kept)
    {
        var check = new ChainCheck(kept);
        foreach (var happened in log) check.Take(happened);
        return check.Result();
    }

    private static async Task<Outcome<List<LoggedEvent>>> ReadAsync(FileInfo file, CancellationToken ct)
    {
        if (!file.Exists) return Refusal.Invalid($"{file.FullName}: there is no such file");
        var log = new List<LoggedEvent>();
        await foreach (var line in File.ReadLinesAsync(file.FullName, ct))
        {
            try
            {
                log.Add(JsonSerializer.Deserialize<LoggedEvent>(line, ApiJson.Options) ?? throw new JsonException("it is null"));
            }
            catch (JsonException wrong)
            {
                return Refusal.Invalid($"{file.FullName}:{log.Count + 1}: no event of an event log ({wrong.Message}); kpis export writes such files");
            }
        }
        return log;
    }

    private static int Print(LogCheck check, bool json)
    {
        if (json) Terminal.PrintJson(check);
        else if (check.Whole) Console.WriteLine($"whole: {check.Events} events; keep this head elsewhere: --number {check.Head.Number} --hash {check.Head.Hash}");
        else Console.Error.WriteLine($"not whole: {check.Why}");
        return check.Whole ? Terminal.Success : Terminal.Failure;
    }

    private static int Print(KpiAnswer answer, bool json)
    {
        if (json)
        {
            Terminal.PrintJson(answer);
            return Terminal.Success;
        }
        Terminal.PrintTable(["FIGURE", "VALUE", "UNIT", "95 % FROM", "TO", "TARGET", "SAMPLES"], answer.Items.Select(k => (IReadOnlyList<string>)
            [k.Code, Number(k.Value), k.Unit, Number(k.Low), Number(k.High), Number(k.Target), k.Samples.ToString(CultureInfo.InvariantCulture)]));
        Console.WriteLine($"{answer.From:u} to {answer.To:u}, from event log up to number {answer.Head.Number} ({answer.Head.Hash})");
        return Terminal.Success;
    }

    private static string Number(double? value) => value?.ToString("0.####", CultureInfo.InvariantCulture) ?? "-";
}
