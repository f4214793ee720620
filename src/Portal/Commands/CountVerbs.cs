using System.CommandLine;
using System.Globalization;
using System.Net.Http.Json;
using Seamless.Portal.Api;
using Seamless.ServiceDesk.Parts.Counting;

namespace Seamless.Portal.Commands;

/// <summary><c>parts count</c>: a depot's shelves beside the ledger.</summary>
internal static class CountVerbs
{
    public static Command Count()
    {
        var depot = new Option<string>("--depot") { Description = "Where it was read.", HelpName = "ID", Required = true };
        var file = new Option<FileInfo>("--file") { Description = "What was read, a tag on each line; - for standard input.", HelpName = "FILE", Required = true };
        var readAt = new Option<DateTimeOffset?>("--read-at") { Description = "When the reading began; now when not given.", HelpName = "TIME" };
        var settle = new Option<bool>("--settle") { Description = "Move the ledger to what was counted." };
        var missing = new Option<int>("--missing") { Description = "With --settle: how many units you know to be missing.", HelpName = "N" };
        return Verb.Create("count", "Compares what was read in a depot with the ledger, and moves the ledger to it when asked; exit code 1 while they differ.", "parts count --depot regional-paris --file shelf.txt", "parts count --depot regional-paris --file shelf.txt --settle --missing 2")
            .With(depot, file, readAt, settle, missing, Verb.Json)
            .Run(async (parsed, settings, ct) =>
            {
                var tags = await ReadAsync(parsed.GetValue(file)!, ct);
                var (at, where) = (parsed.GetValue(readAt), $"api/v1/depots/{Uri.EscapeDataString(parsed.GetValue(depot)!)}/counts");
                var agree = false;
                var asked = await PlatformClient.AskAsync<StockCount>(
                    settings,
                    (http, token) => parsed.GetValue(settle)
                        ? http.PostAsJsonAsync($"{where}/settle", new SettleRequest(tags, at, parsed.GetValue(missing)), ApiJson.Options, token)
                        : http.PostAsJsonAsync(where, new CountRequest(tags, at), ApiJson.Options, token),
                    count =>
                    {
                        agree = count.Differences.All(line => line.Settled) && count.Unreadable.Count == 0;
                        if (parsed.GetValue(Verb.Json)) Terminal.PrintJson(count);
                        else Print(count, parsed.GetValue(settle));
                    }, ct);
                return asked == Terminal.Success && !agree ? Terminal.Failure : asked;
            });
    }

    private static async Task<List<string>> ReadAsync(FileInfo file, CancellationToken ct)
    {
        using var reader = file.Name == "-" ? Console.In : file.OpenText();
        List<string> tags = [];
        while (await reader.ReadLineAsync(ct) is { } line)
            if (!string.IsNullOrWhiteSpace(line)) tags.Add(line.Trim());
        return tags;
    }

    private static void Print(StockCount count, bool settling)
    {
        if (count.Differences.Count > 0)
            Terminal.PrintTable(["UNIT", "PART", "FINDING", "LEDGER", "SETTLED"], count.Differences.Select(IReadOnlyList<string> (l) => [l.Serial, l.Sku ?? "", ApiJson.NameOf(l.Finding), l.Place ?? "", l.Settled ? "yes" : "no"]));
        foreach (var tag in count.Unreadable) Console.WriteLine($"no serial number in: {tag}");
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{count.Read} read, {count.Present} as in the ledger, {count.Differences.Count} differ, {count.MovedSince} moved meanwhile"));
        if (!settling && count.Differences.Count > 0) Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"When you have looked at them: the same with --settle --missing {count.Missing}"));
    }
}
