using System.CommandLine;
using System.Globalization;
using Seamless.Portal.Api;
using Seamless.ServiceDesk.Parts;
using Seamless.ServiceDesk.Parts.Custody;

namespace Seamless.Portal.Commands;

/// <summary><c>parts unit</c>, <c>parts losses</c>, <c>parts check</c>: the custody ledger from the shell.</summary>
internal static class CustodyVerbs
{
    public static Command Unit()
    {
        var serial = new Argument<string>("SERIAL") { Description = "What is written on the unit." };
        return Verb.Create("unit", "Where a unit is, its whole history, and whether its moves are the signed ones.", "parts unit PMP-BRG-6309-000012")
            .With(serial, Verb.Json)
            .Run((parsed, settings, ct) => PlatformClient.AskAsync<UnitView>(settings, (http, token) => http.GetAsync($"api/v1/parts/units/{Uri.EscapeDataString(parsed.GetValue(serial)!)}", token),
                unit => Answer(parsed.GetValue(Verb.Json), unit, () => Print(unit)), ct));
    }

    public static Command Losses()
    {
        var all = new Option<bool>("--all") { Description = "Also what was found or written off." };
        return Verb.Create("losses", "What was shipped and not received, or not found by a count, and what it is worth.", "parts losses --all --json")
            .With(all, Verb.Json)
            .Run((parsed, settings, ct) => PlatformClient.AskAsync<LossList>(settings, (http, token) => http.GetAsync($"api/v1/parts/losses?open={(parsed.GetValue(all) ? "false" : "true")}", token),
                losses => Answer(parsed.GetValue(Verb.Json), losses, () => Print(losses)), ct));
    }

    public static Command Check() =>
        Verb.Create("check", "Computes the signatures of the custody ledger anew; exit code 1 when a move was altered.", "parts check")
            .With(Verb.Json)
            .Run(async (parsed, settings, ct) =>
            {
                var whole = true;
                var asked = await PlatformClient.AskAsync<CustodyCheck>(settings, (http, token) => http.GetAsync("api/v1/parts/custody/check", token), check =>
                {
                    whole = check.Whole;
                    Answer(parsed.GetValue(Verb.Json), check, () => Console.WriteLine(check.Break is { } broken
                        ? $"altered: unit {broken.Serial}, {broken.Why}"
                        : string.Create(CultureInfo.InvariantCulture, $"whole: {check.Moves} moves of {check.Units} units are as they were signed")));
                }, ct);
                return asked == Terminal.Success && !whole ? Terminal.Failure : asked;
            });

    private static void Answer<T>(bool json, T value, Action print)
    {
        if (json) Terminal.PrintJson(value);
        else print();
    }

    private static void Print(UnitView unit)
    {
        Terminal.PrintTable(["AT", "WHAT", "FROM", "TO", "BY", "TICKET", "WHY"], unit.History.Select(IReadOnlyList<string> (m) =>
            [m.At.ToString("u", CultureInfo.InvariantCulture), m.Kind, m.From ?? "", m.To ?? "", m.Giver is { } giver ? $"{giver} > {m.Actor}" : m.Actor, m.Ticket ?? "", m.Reason ?? ""]));
        Console.WriteLine($"{unit.Serial} ({unit.Sku}, {unit.Quality}) is {ApiJson.NameOf(unit.State)}; {(unit.Custody.Break is { } broken ? broken.Why : "every move is as it was signed")}");
    }

    private static void Print(LossList losses)
    {
        Terminal.PrintTable(["SERIAL", "PART", "CARRIER", "FROM", "TO", "EXPECTED", "VALUE", "INSTEAD", "STATE"], losses.Items.Select(IReadOnlyList<string> (l) =>
            [l.Serial, l.Sku, l.Carrier, l.From, l.To, l.ExpectedAt.ToString("u", CultureInfo.InvariantCulture), $"{Money(l.Value)} {l.Currency}", l.Replacement ?? "", ApiJson.NameOf(l.State)]));
        foreach (var total in losses.Totals) Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{total.Units} missing, {Money(total.Value)} {total.Currency}"));
    }

    private static string Money(decimal value) => value.ToString("0.00", CultureInfo.InvariantCulture);
}
