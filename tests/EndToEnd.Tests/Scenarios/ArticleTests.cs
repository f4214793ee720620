using System.Text.Json.Nodes;
using Seamless.EndToEnd.Tests.Rig;

namespace Seamless.EndToEnd.Tests.Scenarios;

/// <summary>What a case has taught becomes an article, in two languages, over the public interface.</summary>
public sealed class ArticleTests(ArticleTests.House house) : IClassFixture<ArticleTests.House>
{
    private readonly SimulatedPlatform _platform = house.Platform;

    [Fact]
    [Trait("Scenario", "63")]
    public async Task A_case_without_a_match_cannot_close_without_an_article_or_a_reason()
    {
        // Nobody has written about leaking seals: closing makes the draft, and who closes is its author.
        var first = await RepairedAsync();
        await CloseAsync(first, "seal-leak", new { article = "maybe" }, 400);
        var closed = await CloseAsync(first, "seal-leak", new { note = "The spring had come off; a new one is in the kit" });
        Assert.Contains(closed["timeline"]!.AsArray(), e => (string)e!["kind"]! == "article-drafted");
        var draft = Assert.Single(await ArticlesAsync("faultCode=seal-leak"))!;
        Assert.Equal(("draft", "lin", "pump"), (Text(draft, "status"), Text(draft, "author"), Text(draft, "type")));
        Assert.Contains("The spring had come off", Text(draft, "resolution"), StringComparison.Ordinal);
        Assert.Equal([first], draft["cases"]!.AsArray().Select(c => (string)c!));

        // Another case of it joins the draft.
        var second = await RepairedAsync();
        await CloseAsync(second, "seal-leak", new { });
        Assert.Equal(2, Assert.Single(await ArticlesAsync("faultCode=seal-leak"))!["cases"]!.AsArray().Count);

        // Who refuses the draft says why.
        var third = await RepairedAsync();
        var refused = await CloseAsync(third, "bearing-wear", new { article = "none" }, 409);
        Assert.Contains("articleReason", Text(refused, "detail"), StringComparison.Ordinal);
        var because = await CloseAsync(third, "bearing-wear", new { article = "none", articleReason = "the manual says it all" });
        Assert.Contains(because["timeline"]!.AsArray(), e => Text(e!, "text").Contains("the manual says it all", StringComparison.Ordinal));

        // A tenant that asks each time gets an answer each time.
        await _platform.PutAsync("/api/v1/articles/policy", new { closureGate = "ask" });
        var fourth = await RepairedAsync();
        await CloseAsync(fourth, "winding-degradation", new { }, 409);
        await CloseAsync(fourth, "winding-degradation", new { article = "draft" });
        await CloseAsync(await RepairedAsync(), "no-fault-found", new { });   // nothing was found: nothing to tell
        await CloseAsync(await RepairedAsync(), "seal-leak", new { });        // being written: nothing to ask
        await _platform.PutAsync("/api/v1/articles/policy", new { });

        // Reviewed by somebody else, it counts for its author, and so does each time that it helps.
        var number = Text(draft, "id");
        await ActAsync(number, "submit", "lin");
        Assert.Contains("somebody else", Text(await ActAsync(number, "publish", "lin", 409), "detail"), StringComparison.Ordinal);
        Assert.Equal("published", Text(await ActAsync(number, "publish", "mo"), "status"));
        await CloseAsync(await RepairedAsync(), "seal-leak", new { });
        var lin = (await _platform.GetAsync("/api/v1/articles/contributions"))["items"]!.AsArray().Single(c => Text(c!, "person") == "lin")!;
        Assert.Equal((2, 1, 1, 4), ((int)lin["drafted"]!, (int)lin["published"]!, (int)lin["reused"]!, (int)lin["score"]!));
    }

    [Fact]
    [Trait("Scenario", "65")]
    public async Task A_translation_older_than_its_source_is_flagged_and_served_with_a_notice()
    {
        var written = await _platform.PostAsync("/api/v1/articles", new { language = "en", title = "Strainer clogged", problem = "Suction pressure falls", steps = new[] { "Close the valve" }, resolution = "Clean it", type = "pump", faultCode = "strainer-clogged", audience = "public" }, by: "wu");
        var number = Text(written, "id");
        Assert.Contains("尚无", Text(await ReadAsync(number, "zh"), "notice"), StringComparison.Ordinal);
        await _platform.PutAsync($"/api/v1/articles/{number}/texts/zh-CN", new { title = "滤网堵塞", problem = "入口压力下降", steps = new[] { "关闭阀门" }, resolution = "清洗滤网" }, by: "wu");
        await PublishAsync(number);
        var fresh = await ReadAsync(number, "zh");
        Assert.Equal(("zh-CN", "滤网堵塞", false), (Text(fresh, "language"), Text(fresh, "title"), (bool)fresh["stale"]!));
        Assert.Empty(await ArticlesAsync("stale=true"));

        // The English text is mended. Until that is approved, everybody reads what was approved.
        await _platform.PutAsync($"/api/v1/articles/{number}/texts/en", new { title = "Strainer clogged", problem = "Suction pressure falls", steps = new[] { "Stop the pump", "Close the valve" }, resolution = "Clean it" }, by: "wu");
        Assert.Single((await ReadAsync(number, "en"))["steps"]!.AsArray());
        await PublishAsync(number);
        Assert.Equal(2, (await ReadAsync(number, "en"))["steps"]!.AsArray().Count);

        var stale = await ReadAsync(number, "zh");
        Assert.Equal(("zh-CN", "滤网堵塞", true, "en"), (Text(stale, "language"), Text(stale, "title"), (bool)stale["stale"]!, Text(stale, "freshIn")));
        Assert.Contains("原文", Text(stale, "notice"), StringComparison.Ordinal);
        Assert.Equal(number, Text(Assert.Single(await ArticlesAsync("stale=true"))!, "id"));

        // Translated again: fresh again, and found by Chinese words.
        await _platform.PutAsync($"/api/v1/articles/{number}/texts/zh-CN", new { title = "滤网堵塞", problem = "入口压力下降", steps = new[] { "停泵", "关闭阀门" }, resolution = "清洗滤网" }, by: "wu");
        await PublishAsync(number);
        Assert.False((bool)(await ReadAsync(number, "zh"))["stale"]!);
        Assert.Empty(await ArticlesAsync("stale=true"));
        Assert.Equal(number, Text((await ArticlesAsync($"q={Uri.EscapeDataString("泵的滤网堵了")}"))[0]!, "id"));
    }

    /// <summary>One platform for both stories: they are about other causes and other people.</summary>
    public sealed class House : IAsyncLifetime
    {
        public SimulatedPlatform Platform { get; private set; } = null!;   // started before the first test

        public async ValueTask InitializeAsync()
        {
            Platform = await SimulatedPlatform.StartAsync(new DateTimeOffset(2026, 3, 16, 8, 0, 0, TimeSpan.Zero));
            foreach (var (name, role) in ((string, string)[])[("lin", "technician"), ("wu", "technician"), ("mo", "engineer")]) await Platform.IntroduceAsync(name, role);
            await Platform.PostAsync("/api/v1/devices", new { id = "pump-1", type = "pump", site = "works", customer = "acme" });
        }

        public ValueTask DisposeAsync() => Platform.DisposeAsync();
    }

    private static string Text(JsonNode node, string name) => (string)node[name]!;

    private async Task<string> RepairedAsync()
    {
        var ticket = Text(await _platform.PostAsync("/api/v1/tickets", new { device = "pump-1", title = "Leaks" }), "id");
        await _platform.PostAsync($"/api/v1/tickets/{ticket}/actions/resolve", new { });
        return ticket;
    }

    private Task<JsonNode> CloseAsync(string ticket, string faultCode, object more, int? status = null)
    {
        var args = new Dictionary<string, string> { ["mode"] = "ELU", ["mechanism"] = "1.1 Leakage", ["cause"] = "Expected wear and tear", ["faultCode"] = faultCode };
        foreach (var property in more.GetType().GetProperties()) args[property.Name] = (string)property.GetValue(more)!;
        return _platform.PostAsync($"/api/v1/tickets/{ticket}/actions/close", args, status, by: "lin");
    }

    private async Task<JsonArray> ArticlesAsync(string query) => (await _platform.GetAsync($"/api/v1/articles?{query}"))["items"]!.AsArray();

    private Task<JsonNode> ReadAsync(string number, string language) => _platform.GetAsync($"/api/v1/articles/{number}", language);

    private Task<JsonNode> ActAsync(string number, string action, string by, int? status = null) => _platform.PostAsync($"/api/v1/articles/{number}/actions/{action}", new { }, status, by);

    private async Task PublishAsync(string number)
    {
        await ActAsync(number, "submit", "wu");
        await ActAsync(number, "publish", "mo");
    }
}
