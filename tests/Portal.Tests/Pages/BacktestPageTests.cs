using Deque.AxeCore.Playwright;
using Microsoft.Playwright;
using Seamless.Portal.Pages.Backtests;
using Seamless.Portal.Tests.Stage;
using Seamless.Rules.Backtests;

namespace Seamless.Portal.Tests.Pages;

/// <summary>A backtest from the order to the result, in a real browser.</summary>
public sealed class BacktestPageTests(Rig rig)
{
    private const string Path = "/rules/pump/limits/backtest";
    private const string SticksOut = "() => document.documentElement.scrollWidth <= innerWidth ? '' : 'the page scrolls across'";

    [Theory]
    [InlineData("en", 1440, "viewer")]
    [InlineData("zh-CN", 390, "engineer")]
    public async Task Is_ordered_runs_and_shows_its_result_by_itself(string language, int width, string role)
    {
        var (page, complaints) = await rig.OpenAsync(Path, new Look(width, language, Role: role));
        await page.FillAsync("input[name=devices]", "pump-004, pump-005");
        await page.SelectOptionAsync("select[name=days]", "90");
        await page.ClickAsync("button.primary");
        await page.WaitForSelectorAsync("#backtest-figures");   // by itself; what is seen meanwhile is the next test's

        Assert.Contains("12,960,000", await page.InnerTextAsync("#backtest-figures"), StringComparison.Ordinal);
        Assert.Equal(2, await page.Locator("#backtest-rules tbody tr").CountAsync());
        Assert.Equal("/devices/pump-004", await page.GetAttributeAsync("#backtest-alarms tbody a", "href"));
        Assert.Equal(1, await page.Locator("#backtest-old tbody tr").CountAsync());
        Assert.Equal(2, await page.Locator("#backtest-outcomes tbody tr").CountAsync());
        Assert.Equal("pump-004, pump-005", await page.InputValueAsync("input[name=devices]"));
        await page.WaitForSelectorAsync("#backtest-plots canvas");
        var axe = await page.RunAxe(PageTests.Wcag22Aa);
        Assert.True(axe.Violations.Length == 0, string.Join("\n", axe.Violations.SelectMany(v => v.Nodes.Select(n => $"{v.Id}: {n.Html}"))));
        Assert.Equal("", await page.EvaluateAsync<string>(SticksOut));
        Assert.Empty(complaints);
        await page.Context.CloseAsync();
    }

    [Fact]
    public async Task Is_cancelled_while_it_runs_and_keeps_what_was_written()
    {
        var (page, _) = await rig.OpenAsync(Path, new Look());
        await page.FillAsync("input[name=devices]", "slow");
        await page.FillAsync("textarea[name=yaml]", "rules: []   # setpoint tried");
        await page.ClickAsync("button.primary");
        await page.WaitForSelectorAsync("[data-backtest-running]");
        Assert.Contains("3 of 60 devices", await page.InnerTextAsync("#backtest-run"), StringComparison.Ordinal);
        await page.ClickAsync("[data-backtest-running] button");
        await page.WaitForSelectorAsync("#backtest-run:has-text('cancelled')");
        Assert.Equal("rules: []   # setpoint tried", await page.InputValueAsync("textarea[name=yaml]"));
        await page.Context.CloseAsync();
    }

    [Fact]
    public async Task What_is_wrong_with_the_rules_is_said_beside_them()
    {
        var (page, _) = await rig.OpenAsync(Path, new Look());
        await page.FillAsync("textarea[name=yaml]", "rules: [{ id: wrong }]");
        await page.ClickAsync("button.primary");
        await page.WaitForSelectorAsync("#backtest-run:has-text('a rule needs a')");
        Assert.Equal("rules: [{ id: wrong }]", await page.InputValueAsync("textarea[name=yaml]"));
        await page.GotoAsync("/rules/pump/nothing/backtest");
        Assert.Contains("There is no rule file pump/nothing", await page.InnerTextAsync("main"), StringComparison.Ordinal);
        await page.Context.CloseAsync();
    }

    [Fact]
    public void The_export_has_a_line_for_each_alarm_of_both_sides()
    {
        var at = DateTimeOffset.UnixEpoch;
        BacktestAlarm Alarm(string device, bool old) => new(device, "hot", at, at.AddSeconds(30), old ? at.AddHours(1) : null, 91.5, old);
        var rate = new AlarmRate(2, 1, null, 0);
        var csv = BacktestExport.Csv(new BacktestReport(
            10, 2, [Alarm("p1", true), Alarm("p2", false)], 2, at, at.AddDays(1), new BacktestComparison("in-force", 1, 1, 1, [], [Alarm("p3", true)]), new BacktestLoad(1, 6, rate, rate), null, []));
        Assert.Equal(
            """
            raisedBy,device,rule,onsetAt,raisedAt,clearedAt,value
            both,p1,hot,1970-01-01T00:00:00.000Z,1970-01-01T00:00:30.000Z,1970-01-01T01:00:00.000Z,91.5
            new,p2,hot,1970-01-01T00:00:00.000Z,1970-01-01T00:00:30.000Z,,91.5
            old,p3,hot,1970-01-01T00:00:00.000Z,1970-01-01T00:00:30.000Z,1970-01-01T01:00:00.000Z,91.5

            """.ReplaceLineEndings("\r\n"), csv);
    }
}
