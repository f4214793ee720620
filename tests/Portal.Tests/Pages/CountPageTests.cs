using Deque.AxeCore.Playwright;
using Seamless.Portal.Tests.Stage;

namespace Seamless.Portal.Tests.Pages;

/// <summary>A depot is counted in a real browser, on the stage.</summary>
public sealed class CountPageTests(Rig rig)
{
    [Theory]
    [InlineData("en", "missing at regional-beijing: 1, not 0", "on another shelf")]
    [InlineData("zh-CN", "缺少 1 件", "在其他仓库")]
    public async Task What_was_read_is_compared_looked_at_and_settled_only_with_the_right_number(string language, string refusal, string finding)
    {
        var (page, complaints) = await rig.OpenAsync("/parts/count", new Look(Role: "dispatcher", Language: language));
        await page.SelectOptionAsync("select[name=depot]", "regional-beijing");
        await page.FillAsync("textarea[name=tags]", "BRG-0113\n(01)09506000134352(21)X-1\nBRG-0102\n");
        await page.SendAsync("form[action='/parts/counts'] button");
        Assert.Contains("BRG-0101", await page.InnerTextAsync("#count-found"), StringComparison.Ordinal);
        Assert.Contains(finding, await page.InnerTextAsync("#count-found tr:has-text('BRG-0113')"), StringComparison.Ordinal);
        Assert.Equal("regional-beijing", await page.Locator("select[name=depot]").InputValueAsync());   // where one counts one goes on counting
        Assert.Empty((await page.RunAxe(PageTests.Wcag22Aa)).Violations);

        await page.FillAsync("input[name=missing]", "0");
        await page.ClickAsync("form[action='/parts/counts/settle'] button");
        var said = page.Locator("#count-found .notice.refused");
        await said.WaitForAsync();
        Assert.Contains(refusal, await said.InnerTextAsync(), StringComparison.Ordinal);
        complaints.RemoveAll(c => c.Contains("409", StringComparison.Ordinal));   // the browser's own note on the refusal

        await page.FillAsync("input[name=missing]", "1");
        await page.SendAsync("form[action='/parts/counts/settle'] button");
        Assert.Equal(2, await page.Locator("#count-found .tag.on").CountAsync());
        Assert.Equal(0, await page.Locator("form[action='/parts/counts/settle']").CountAsync());   // what is left needs a person
        Assert.Empty(complaints);
        await page.Context.CloseAsync();
    }

    [Fact]
    public async Task Who_only_looks_counts_nothing()
    {
        var (page, _) = await rig.OpenAsync("/parts/count", new Look(Role: "viewer"));
        Assert.Equal(0, await page.Locator("main form").CountAsync());
        await page.Context.CloseAsync();
    }
}
