using Deque.AxeCore.Playwright;
using Seamless.Portal.Tests.Stage;

namespace Seamless.Portal.Tests.Pages;

/// <summary>The knowledge base and the guided diagnosis in a real browser.</summary>
public sealed class KnowledgePageTests(Rig rig)
{
    [Fact]
    public async Task A_stale_translation_says_so_and_leads_to_the_fresh_text()
    {
        var (page, complaints) = await rig.OpenAsync("/knowledge/KB-1001", new Look(390, "zh-CN"));
        Assert.Contains("原文在翻译之后已有修改", await page.InnerTextAsync("#article .notice"), StringComparison.Ordinal);
        Assert.Contains("出口压力下降", await page.InnerTextAsync("#article-text"), StringComparison.Ordinal);
        Assert.Empty((await page.RunAxe(PageTests.Wcag22Aa)).Violations);
        await page.ClickAsync("#article .notice a");
        Assert.Contains("Look at the seal's drain", await page.InnerTextAsync("#article-text"), StringComparison.Ordinal);
        Assert.Empty(complaints);
        await page.Context.CloseAsync();
    }

    [Fact]
    public async Task An_article_is_written_reviewed_and_sent_back_with_a_reason()
    {
        var (page, _) = await rig.OpenAsync("/knowledge", new Look());
        await page.ClickAsync("details:has(form[action='/knowledge/write']) summary");
        await page.FillAsync("form[action='/knowledge/write'] input[name=title]", "Pump hums");
        await page.FillAsync("form[action='/knowledge/write'] textarea[name=problem]", "It hums and does not turn");
        await page.FillAsync("form[action='/knowledge/write'] textarea[name=steps]", "Switch off\nTurn it by hand");
        await page.FillAsync("form[action='/knowledge/write'] textarea[name=resolution]", "Replace the capacitor");
        await page.SendAsync("form[action='/knowledge/write'] button");
        await page.WaitForSelectorAsync(".notice:not(.refused)");
        Assert.Contains("write Pump hums: Switch off|Turn it by hand", rig.Stage.Articles.Done);
        await page.ClickAsync("#article-actions details:first-of-type summary");
        await page.FillAsync("#article-actions details:first-of-type textarea", "which pump?");
        await page.SendAsync("#article-actions details:first-of-type button");
        await page.WaitForSelectorAsync(".notice:not(.refused)");
        Assert.Contains("return which pump?", rig.Stage.Articles.Done);
        await page.Context.CloseAsync();

        var (viewer, _) = await rig.OpenAsync("/knowledge/KB-1001", new Look(Role: "viewer"));
        Assert.Equal(0, await viewer.Locator("main form[method=post]").CountAsync());
        await viewer.Context.CloseAsync();
    }

    [Theory]
    [InlineData("en", "light")]
    [InlineData("zh-CN", "dark")]
    public async Task A_technician_makes_the_next_test_on_a_telephone(string language, string theme)
    {
        var (page, complaints) = await rig.OpenAsync("/tickets/T-1042", new Look(390, language, theme));
        Assert.Contains(language == "en" ? "Listen to the bearing" : "听轴承座", await page.InnerTextAsync("#next-test"), StringComparison.Ordinal);
        Assert.Contains("2.4.1", await page.InnerTextAsync("#ticket-context"), StringComparison.Ordinal);
        Assert.Empty((await page.RunAxe(PageTests.Wcag22Aa)).Violations);
        await page.ClickAsync("#ticket-guidance details summary");
        await page.CheckAsync("#ticket-guidance input[name='symptom.flow-low'][value=absent]");
        await page.SendAsync("#ticket-guidance details button");
        await page.WaitForSelectorAsync(".notice:not(.refused)");
        await page.FillAsync("#ticket-guidance input[name=note]", $"dry in {language}");
        await page.SendAsync("#ticket-guidance button[value=false]");
        await page.WaitForSelectorAsync(".notice:not(.refused)");
        Assert.Contains("see + -flow-low", rig.Stage.Guidance.Done);
        Assert.Contains($"test bearing-wear False dry in {language}", rig.Stage.Guidance.Done);
        Assert.Empty(complaints);
        await page.Context.CloseAsync();
    }

    [Fact]
    public async Task A_customer_reads_follows_and_downloads_on_the_status_page()
    {
        var (page, complaints) = await rig.OpenAsync("/track/TRK-T-1037", new Look(390), role: "");
        Assert.Contains("Replace the mechanical seal", await page.InnerTextAsync("#solution"), StringComparison.Ordinal);
        Assert.Contains("The newest is 1.4.0", await page.InnerTextAsync("#versions"), StringComparison.Ordinal);
        Assert.EndsWith("/downloads/abc", await page.GetAttributeAsync("#versions a", "href"), StringComparison.Ordinal);
        await page.ClickAsync("#self-help details summary");
        Assert.Empty((await page.RunAxe(PageTests.Wcag22Aa)).Violations);
        await page.SendAsync("#self-help details button");
        await page.WaitForSelectorAsync(".notice:not(.refused)");
        Assert.Contains("KB-1002 True", rig.Stage.Support.Followed);
        Assert.Empty(complaints);
        await page.Context.CloseAsync();
    }
}
