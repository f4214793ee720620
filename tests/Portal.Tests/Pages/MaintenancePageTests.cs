using Deque.AxeCore.Playwright;
using Microsoft.Playwright;
using Seamless.Portal.Tests.Stage;

namespace Seamless.Portal.Tests.Pages;

/// <summary>Planned maintenance in a real browser, on the stage.</summary>
public sealed class MaintenancePageTests(Rig rig)
{
    private const string SticksOut = "() => document.documentElement.scrollWidth <= innerWidth ? '' : 'the page scrolls across'";

    [Theory]
    [InlineData("en", 1440)]
    [InlineData("zh-CN", 390)]
    public async Task A_window_is_entered_by_keyboard_taken_back_and_ended(string language, int width)
    {
        var (page, complaints) = await rig.OpenAsync("/maintenance?device=pump-004", new Look(width, language));
        var reason = $"New seal {language}";
        Assert.Equal("pump-004", await page.InputValueAsync("input[name=device]"));
        await page.FillAsync("input[name=begin]", "2026-01-01T08:00");
        await page.FillAsync("input[name=end]", "2099-01-01T18:00");
        await page.FillAsync("input[name=reason]", reason);
        await page.PressAsync("input[name=reason]", "Enter");
        var row = page.Locator("#maintenance-now li", new() { HasText = reason });
        await row.WaitForAsync();
        Assert.Contains("pump-004", await row.InnerTextAsync(), StringComparison.Ordinal);
        Assert.Contains(rig.Stage.Audit.All, entry => entry is { Action: "maintenance.add", Actor: "li", Result: "ok" } && entry.Detail == reason);

        var axe = await page.RunAxe(PageTests.Wcag22Aa);
        Assert.True(axe.Violations.Length == 0, string.Join("\n", axe.Violations.SelectMany(v => v.Nodes.Select(n => $"{v.Id}: {n.Html}"))));
        Assert.Equal("", await page.EvaluateAsync<string>(SticksOut));

        await row.Locator("form[action$='/end'] button").FocusAsync();
        await page.Keyboard.PressAsync("Enter");
        await page.ClickAsync(".toast button");   // taken back
        await page.WaitForTimeoutAsync(3500);
        Assert.Equal(1, await row.CountAsync());

        await row.Locator("form[action$='/end'] button").ClickAsync();
        await page.Locator("#maintenance-past li", new() { HasText = reason }).WaitForAsync();   // by itself
        Assert.Equal(0, await row.CountAsync());
        Assert.Empty(complaints);
        await page.Context.CloseAsync();
    }

    [Fact]
    public async Task What_does_not_fit_is_said_and_who_may_not_act_sees_no_form()
    {
        var (page, _) = await rig.OpenAsync("/maintenance", new Look());
        await page.FillAsync("input[name=reason]", "something");
        await page.PressAsync("input[name=reason]", "Enter");
        Assert.Contains("name the device, the site", await page.InnerTextAsync("main .notice, .notice"), StringComparison.Ordinal);
        await page.Context.CloseAsync();

        (page, _) = await rig.OpenAsync("/maintenance", new Look(Role: "viewer"));
        Assert.Equal((0, 0), (await page.Locator("#maintenance-new").CountAsync(), await page.Locator("#maintenance-now button").CountAsync()));
        Assert.True(await page.Locator("#maintenance-now li").CountAsync() > 0);
        await page.Context.CloseAsync();
    }

    [Theory]
    [InlineData("en", 1440, "Under maintenance")]
    [InlineData("zh-CN", 390, "正在维护")]
    public async Task A_device_and_its_alarm_say_that_they_are_under_maintenance_why_and_until_when(string language, int width, string words)
    {
        var (page, complaints) = await rig.OpenAsync("/devices/pump-019", new Look(width, language));
        Assert.Contains("Coupling aligned", await page.InnerTextAsync("#device-maintenance"), StringComparison.Ordinal);
        Assert.Contains(words, await page.InnerTextAsync("#device-maintenance"), StringComparison.Ordinal);
        await page.GotoAsync("/alerts/alm-maintained");
        Assert.Contains(words, await page.InnerTextAsync(".alert-head"), StringComparison.Ordinal);
        Assert.Equal("/maintenance#row-mw-running", await page.GetAttributeAsync(".next a.button", "href"));
        await page.GotoAsync("/alerts?view=maintenance");
        Assert.Equal(["row-alm-maintained"], await page.Locator(".alerts li").EvaluateAllAsync<string[]>("rows => rows.map(row => row.id)"));
        await page.GotoAsync("/alerts");
        Assert.Equal(0, await page.Locator("#row-alm-maintained").CountAsync());   // it reaches nobody
        Assert.Empty(complaints);
        await page.Context.CloseAsync();
    }
}
