using Deque.AxeCore.Playwright;
using Seamless.Portal.Tests.Stage;

namespace Seamless.Portal.Tests.Pages;

/// <summary>Campaigns in a real browser, on the stage.</summary>
public sealed class UpdatesPageTests(Rig rig)
{
    private const string SticksOut = "() => document.documentElement.scrollWidth <= innerWidth ? '' : 'the page scrolls across'";

    [Theory]
    [InlineData("en", 1440, "Canary", "light")]
    [InlineData("zh-CN", 390, "首批", "dark")]
    public async Task Waves_their_health_and_versions_are_there_for_everybody(string language, int width, string canary, string theme)
    {
        var (page, complaints) = await rig.OpenAsync("/updates", new Look(width, language, theme, Role: "viewer"));
        var june = page.Locator("#campaign-uc-june");
        Assert.Contains(canary, await june.InnerTextAsync(), StringComparison.Ordinal);
        Assert.Equal(4, await june.Locator("tbody tr").CountAsync());
        Assert.Equal(1, await page.Locator("#campaign-uc-may p .tag.alert").CountAsync());   // the alarms that are more than elsewhere
        Assert.Equal(3, await page.Locator("#versions tbody tr").CountAsync());
        Assert.Equal(2, await page.Locator("#artefacts tbody tr").CountAsync());
        Assert.Equal(0, await page.Locator("main form[action^='/updates']").CountAsync());

        var axe = await page.RunAxe(PageTests.Wcag22Aa);
        Assert.True(axe.Violations.Length == 0, string.Join("\n", axe.Violations.SelectMany(v => v.Nodes.Select(n => $"{v.Id}: {n.Html}"))));
        Assert.Equal("", await page.EvaluateAsync<string>(SticksOut));
        Assert.Empty(complaints);
        await page.Context.CloseAsync();
    }

    [Fact]
    public async Task An_engineer_starts_pauses_and_goes_on()
    {
        var (page, complaints) = await rig.OpenAsync("/updates", new Look());
        var july = page.Locator("#campaign-uc-july");
        foreach (var what in (string[])["start", "pause", "resume"])
        {
            await july.Locator($"form[action$='/{what}'] button").ClickAsync();
            await july.Locator($"form[action$='/{(what == "pause" ? "resume" : "pause")}'] button").WaitForAsync();
            Assert.Contains(rig.Stage.Audit.All, entry => entry.Action == $"updates.{what}" && entry is { Subject: "campaign:uc-july", Result: "ok" });
        }
        Assert.Empty(complaints);
        await page.Context.CloseAsync();
    }
}
