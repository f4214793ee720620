using Deque.AxeCore.Playwright;
using Microsoft.Playwright;
using Seamless.Portal.Tests.Stage;

namespace Seamless.Portal.Tests.Pages;

/// <summary>The dispatch board in a real browser, on the stage.</summary>
public sealed class DispatchPageTests(Rig rig)
{
    private const string SticksOut = "() => document.documentElement.scrollWidth <= innerWidth ? '' : [...document.querySelectorAll('main *')].filter(e => e.getBoundingClientRect().right > innerWidth + 1).map(e => e.tagName + '.' + e.className).join(' ')";

    [Theory]
    [InlineData("/dispatch", "en", 1440, "light")]
    [InlineData("/dispatch", "zh-CN", 390, "dark")]
    [InlineData("/dispatch/preview", "en", 390, "light")]
    [InlineData("/dispatch/preview", "zh-CN", 1440, "dark")]
    public async Task The_board_is_accessible_in_both_languages_widths_and_themes(string path, string language, int width, string theme)
    {
        var (page, complaints) = await rig.OpenAsync(path, new Look(width, language, theme));
        var axe = await page.RunAxe(PageTests.Wcag22Aa);
        Assert.True(axe.Violations.Length == 0, string.Join("\n", axe.Violations.SelectMany(v => v.Nodes.Select(n => $"{v.Id}: {n.Html}"))));
        Assert.Equal("", await page.EvaluateAsync<string>(SticksOut));
        Assert.Empty(complaints);
        await page.Context.CloseAsync();
    }

    [Fact]
    public async Task A_visit_is_moved_by_a_form_and_a_new_plan_is_looked_at_before_it_is_put_in_force()
    {
        var (page, _) = await rig.OpenAsync("/dispatch", new Look());
        var board = page.Locator("#board");
        Assert.Contains("Pinned", await board.Locator(".stops > li", new() { HasText = "T-1042" }).InnerTextAsync(), StringComparison.Ordinal);
        Assert.Equal(0, await board.GetByText("tech-03").CountAsync());   // idle: not shown unless asked for
        Assert.Contains("nobody has the skill", await page.InnerTextAsync("#waiting"), StringComparison.Ordinal);
        Assert.Contains("HV-1", await page.InnerTextAsync("#certificates"), StringComparison.Ordinal);
        Assert.Equal(0, await board.Locator("li", new() { HasText = "T-1039" }).Locator("form").CountAsync());   // under way: not to be moved

        await board.Locator(".stops > li", new() { HasText = "T-1042" }).Locator("summary").ClickAsync();
        await board.Locator("form[action='/tickets/T-1042/actions/schedule'] button").ClickAsync();
        await page.WaitForURLAsync("**/dispatch*");
        Assert.Contains(rig.Stage.Audit.All, e => e is { Action: "ticket.action", Subject: "ticket:T-1042", Detail: "schedule" });

        await page.ClickAsync("a[href='/dispatch/preview']");
        Assert.Contains("tech-03", await page.InnerTextAsync("#changes"), StringComparison.Ordinal);
        await page.ClickAsync("form[action='/dispatch/plan/apply'] button");
        await page.WaitForURLAsync("**/dispatch");
        Assert.Contains("in force", await page.InnerTextAsync("main .notice"), StringComparison.Ordinal);
        await page.Context.CloseAsync();
    }

    [Fact]
    public async Task Who_may_only_read_sees_no_form_and_takes_the_table_away()
    {
        var (page, _) = await rig.OpenAsync("/dispatch?show=all", new Look(Role: "viewer"));
        Assert.Equal((0, 0), (await page.Locator("#board form").CountAsync(), await page.Locator("a[href='/dispatch/preview']").CountAsync()));
        Assert.Equal(1, await page.Locator("#board").GetByText("tech-03").CountAsync());
        var csv = await (await page.APIRequest.GetAsync(new Uri(new Uri(rig.Stage.Url), "/dispatch.csv").ToString())).TextAsync();
        Assert.Contains("tech-01,north-service,T-1042,tianjin,P2,Scheduled", csv, StringComparison.Ordinal);
        await page.Context.CloseAsync();
    }
}
