using Deque.AxeCore.Playwright;
using Microsoft.Playwright;
using Seamless.Portal.Tests.Stage;

namespace Seamless.Portal.Tests.Pages;

/// <summary>What was learned from labels, in a real browser, on the stage.</summary>
public sealed class EvaluationPageTests(Rig rig)
{
    private const string SticksOut = "() => document.documentElement.scrollWidth <= innerWidth ? '' : 'the page scrolls across'";

    [Theory]
    [InlineData("en", 1440, "4.5 → 4.71 mm/s", "would have silenced 3 of 6")]
    [InlineData("zh-CN", 390, "4.5 → 4.71 mm/s", "可消除 6 条误报中的 3 条")]
    public async Task A_proposal_shows_its_cases_is_applied_by_keyboard_and_undone(string language, int width, string numbers, string words)
    {
        var (page, complaints) = await rig.OpenAsync("/evaluation", new Look(width, language));
        var card = page.Locator("#tp-zone-c");
        var text = await card.InnerTextAsync();
        Assert.Contains(numbers, text, StringComparison.Ordinal);
        Assert.Contains(words, text, StringComparison.Ordinal);
        await card.Locator("summary").FocusAsync();
        await page.Keyboard.PressAsync("Enter");
        Assert.Equal(7, await card.Locator("tbody tr").CountAsync());

        var axe = await page.RunAxe(PageTests.Wcag22Aa);
        Assert.True(axe.Violations.Length == 0, string.Join("\n", axe.Violations.SelectMany(v => v.Nodes.Select(n => $"{v.Id}: {n.Html}"))));
        Assert.Equal("", await page.EvaluateAsync<string>(SticksOut));

        await card.Locator("form[action$='/apply'] button").FocusAsync();
        await page.Keyboard.PressAsync("Enter");
        await page.Keyboard.PressAsync("Enter");   // the question
        var change = page.Locator("#evaluation-proposals .rows li", new() { Has = page.Locator("form") });
        await change.WaitForAsync();
        Assert.Equal(0, await card.CountAsync());
        Assert.Contains(rig.Stage.Audit.All, entry => entry is { Action: "threshold.apply", Actor: "li", Result: "ok" } && entry.Detail!.Contains("4.5 → 4.71", StringComparison.Ordinal));
        await change.Locator("button").FocusAsync();
        await page.Keyboard.PressAsync("Enter");
        await card.WaitForAsync();
        Assert.Contains(rig.Stage.Audit.All, entry => entry is { Action: "threshold.undo", Result: "ok" });
        Assert.Empty(complaints);
        await page.Context.CloseAsync();
    }

    [Fact]
    public async Task Figures_are_sorted_exported_and_those_who_may_not_act_see_no_form()
    {
        var (page, complaints) = await rig.OpenAsync("/evaluation", new Look(Role: "viewer"));
        Assert.Equal((1, 0, 0), (await page.Locator("form[action$='/backtest/start']").CountAsync(), await page.Locator("form[action$='/apply']").CountAsync(), await page.Locator("form[action$='/strike']").CountAsync()));
        var rules = page.Locator("#evaluation-rules tbody th .mono");
        Assert.Equal(["vibration-zone-c", "bearing-temperature-high", "flow-low"], await rules.AllInnerTextsAsync());
        await page.ClickAsync("#evaluation-rules thead a[href*='sort=precision']");
        await page.Locator("#evaluation-rules th[aria-sort=ascending]").WaitForAsync();
        Assert.Equal(["vibration-zone-c", "bearing-temperature-high", "flow-low"], await rules.AllInnerTextsAsync());
        await page.ClickAsync("#evaluation-rules thead a[href*='sort=precision']");
        await page.Locator("#evaluation-rules th[aria-sort=descending]").WaitForAsync();
        Assert.Equal(["bearing-temperature-high", "vibration-zone-c", "flow-low"], await rules.AllInnerTextsAsync());
        Assert.Contains("95 %: 3", await page.Locator("#evaluation-rules tbody").InnerTextAsync(), StringComparison.Ordinal);
        Assert.Equal(4, await page.Locator("#evaluation-causes .point").CountAsync());
        Assert.Contains("T-1037", await page.InnerTextAsync("#lb-true"), StringComparison.Ordinal);
        Assert.Empty(complaints);

        var csv = await page.APIRequest.GetAsync($"{rig.Stage.Url}/evaluation.csv?days=90");
        var lines = (await csv.TextAsync()).TrimStart('\uFEFF').Split("\r\n");
        Assert.StartsWith("type,rule,kind,model,modelVersion,alarms,confirmed,false,known,precision", lines[0], StringComparison.Ordinal);
        Assert.StartsWith("pump,bearing-temperature-high,rule,,,12,9,1,0,0.9,", lines[1], StringComparison.Ordinal);
        await page.Context.CloseAsync();
    }
}
