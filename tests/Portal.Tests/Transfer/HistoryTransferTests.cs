using System.Globalization;
using System.Net;
using System.Text;
using Seamless.Portal.Transfer;

namespace Seamless.Portal.Tests.Transfer;

/// <summary>Files in and out of a real platform.</summary>
public sealed class HistoryTransferTests(RunningPlatform running)
{
    private const long Start = 1_750_000_000_000;

    [Fact]
    public async Task Line_protocol_goes_in_and_comes_out_the_same_and_a_second_import_changes_nothing()
    {
        await AddAsync("lp-1");
        await AddAsync("lp-2");
        var lines = Enumerable.Range(0, 25_000).Select(i => string.Create(
            CultureInfo.InvariantCulture, $"pump,tenant=default,device=lp-{1 + i % 2} vibration={i}.5{(i % 5000 == 0 ? ",mode=\"a \\\"b\\\"\"" : "")} {Start + i}")).ToList();
        for (var time = 0; time < 2; time++)
        {
            var tally = await ImportAsync(string.Join('\n', lines));
            Assert.Equal((25_000, 0), (tally.Samples, tally.Bad));
        }

        var exported = await running.Admin.GetStringAsync($"/api/v1/history?device=lp-1,lp-2&from={Start}&to={Start + 30_000}&format=lp&precision=ms");
        var (want, got) = (lines.Order(StringComparer.Ordinal).ToList(), exported.TrimEnd('\n').Split('\n').Select(Sorted).Order(StringComparer.Ordinal).ToList());
        Assert.Equal(want.Select(Sorted).Order(StringComparer.Ordinal), got);

        using var target = new MemoryStream();
        var progress = new Said();
        var copied = await HistoryExport.CopyAsync(
            new MemoryStream(Encoding.UTF8.GetBytes(exported)), target, DateTimeOffset.FromUnixTimeMilliseconds(Start), DateTimeOffset.FromUnixTimeMilliseconds(Start + 25_000),
            HistoryExport.TimeOfLine(Precision.Ms), progress, TestContext.Current.CancellationToken);
        Assert.Equal(25_000, copied);
        Assert.Equal(exported, Encoding.UTF8.GetString(target.ToArray()));
        Assert.Contains("100", progress.Last);
    }

    [Fact]
    public async Task Bad_rows_are_named_with_their_line_and_the_others_go_in()
    {
        await AddAsync("lp-3");
        var future = TimeProvider.System.GetUtcNow().AddDays(400).ToUnixTimeMilliseconds();
        var tally = await ImportAsync($"""
            pump,device=lp-3 vibration=1 {Start}
            pump,device=lp-3 vibration=oops {Start + 1}
            pump,device=lp-3 vibration=3 {future}
            pump,device=lp-3 vibration=4 {Start + 3}
            """);

        Assert.Equal((2, 2), (tally.Samples, tally.Bad));
        Assert.Equal([2, 3], tally.Listed.Select(bad => bad.Line));   // the first by the reader, the second by the platform
    }

    [Fact]
    public async Task A_device_that_is_not_registered_ends_the_import_with_words_and_an_unknown_format_is_refused()
    {
        using var reader = Reader($"pump,device=lp-unknown vibration=1 {Start}");
        var refusal = await new HistoryImport(running.Admin, new ImportTally()).RunAsync("f.lp", reader, new Said(), TestContext.Current.CancellationToken);
        Assert.Contains("lp-unknown", refusal!.Reason);

        foreach (var query in (string[])["format=xml", "format=lp&precision=weeks", "format=lp&precision=3"])
        {
            using var answer = await running.Admin.GetAsync($"/api/v1/history?from=1&to=2&{query}");
            Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        }
    }

    private async Task<ImportTally> ImportAsync(string text)
    {
        var tally = new ImportTally();
        using var reader = Reader(text);
        Assert.Null(await new HistoryImport(running.Admin, tally).RunAsync("f.lp", reader, new Said(), TestContext.Current.CancellationToken));
        return tally;
    }

    private async Task AddAsync(string device)
    {
        using var added = await running.Admin.PostAsync("/api/v1/devices", RunningPlatform.Json($$"""{"id":"{{device}}","type":"pump"}"""));
        Assert.Equal(HttpStatusCode.Created, added.StatusCode);
    }

    private static LineProtocolFile Reader(string text) => new("f.lp", new MemoryStream(Encoding.UTF8.GetBytes(text)), Precision.Ms, null);

    /// <summary>The fields of a line may come in any order.</summary>
    private static string Sorted(string line)
    {
        var first = line.IndexOf(' ', StringComparison.Ordinal);
        var last = line.LastIndexOf(' ');
        return $"{line[..first]} {string.Join(',', line[(first + 1)..last].Split(',').Order(StringComparer.Ordinal))}{line[last..]}";
    }

    private sealed class Said : IProgress<string>
    {
        public string Last { get; private set; } = "";
        public void Report(string value) => Last = value;
    }
}
