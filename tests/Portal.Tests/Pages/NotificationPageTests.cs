using Deque.AxeCore.Playwright;
using Seamless.Portal.Tests.Stage;

namespace Seamless.Portal.Tests.Pages;

/// <summary>Who is told what, in a real browser, on the stage.</summary>
public sealed class NotificationPageTests(Rig rig)
{
    [Theory]
    [InlineData("en", 1440, "light", "The receiver has taken the test message.")]
    [InlineData("zh-CN", 390, "dark", "接收方已收下测试消息。")]
    public async Task A_recipient_is_entered_tried_and_changed(string language, int width, string theme, string taken)
    {
        var (page, complaints) = await rig.OpenAsync("/notifications", new Look(width, language, theme, Role: "admin"));
        var id = $"team-{language}";
        await page.FillAsync("input[name=id]", id);
        await page.FillAsync("input[name=title]", "Pump team");
        await page.SelectOptionAsync("#recipient-form select[name=channel]", "Sms");
        await page.FillAsync("input[name=address]", "+4917012345678");
        await page.PressAsync("input[name=address]", "Enter");
        Assert.Contains("optedIn", await page.InnerTextAsync(".notice.refused"), StringComparison.Ordinal);

        // What was filled in stands there, but for the address, which goes into no address bar.
        Assert.Equal((id, "Pump team", "Sms", ""), (await page.InputValueAsync("input[name=id]"), await page.InputValueAsync("input[name=title]"),
            await page.InputValueAsync("#recipient-form select[name=channel]"), await page.InputValueAsync("input[name=address]")));
        Assert.DoesNotContain("4917", page.Url, StringComparison.Ordinal);
        await page.FillAsync("input[name=address]", "+4917012345678");
        await page.CheckAsync("input[name=optedIn]");
        await page.PressAsync("input[name=address]", "Enter");
        await page.WaitForSelectorAsync($"#recipient-{id}");
        await page.ClickAsync($"#recipient-{id} form[action$='/test'] button");
        await page.Locator(".notice", new() { HasText = taken }).WaitForAsync();
        await page.ClickAsync("#recipient-crm form[action$='/test'] button");
        await page.Locator(".notice.refused", new() { HasText = "HTTP 410" }).WaitForAsync();   // what the receiver said
        Assert.Contains(rig.Stage.Audit.All, entry => entry is { Action: "recipient.test", Subject: "recipient:crm", Detail: "HTTP 410" });

        await page.ClickAsync($"#recipient-{id} a.button");
        Assert.Equal("Pump team", await page.InputValueAsync("input[name=title]"));
        Assert.Equal("", await page.InputValueAsync("input[name=address]"));   // never sent back
        await page.EvaluateAsync("() => scrollTo(0, 0)");   // nothing half under the bar
        var axe = await page.RunAxe(PageTests.Wcag22Aa);
        Assert.True(axe.Violations.Length == 0, string.Join("\n", axe.Violations.SelectMany(v => v.Nodes.Select(n => $"{v.Id}: {n.Html}"))));
        Assert.Equal("", await page.EvaluateAsync<string>("() => document.documentElement.scrollWidth <= innerWidth ? '' : 'the page scrolls across'"));
        Assert.Empty(complaints);
        await page.Context.CloseAsync();
    }

    [Fact]
    public async Task A_message_is_sent_again_and_who_may_not_decide_sees_no_form()
    {
        var (page, _) = await rig.OpenAsync("/notifications?state=Failed", new Look(Role: "dispatcher"));
        Assert.Equal(0, await page.Locator("#recipient-form").CountAsync());
        Assert.Equal(["Tips again for ACME operations"], await page.Locator("#recipients button").EvaluateAllAsync<string[]>("all => all.map(b => b.getAttribute('aria-label') ?? b.textContent)"));   // what a customer says on the telephone, and nothing else
        await page.ClickAsync("#message-msg_2 button");
        await page.WaitForSelectorAsync(".notice:not(.refused)");
        Assert.Contains(rig.Stage.Audit.All, entry => entry is { Action: "message.resend", Subject: "message:msg_2", Result: "ok" });
        await page.Context.CloseAsync();

        (page, _) = await rig.OpenAsync("/notifications", new Look(Role: "viewer"));
        Assert.Equal(0, await page.Locator("main form[method=post]").CountAsync());
        Assert.Equal(3, await page.Locator("#outbox tbody tr").CountAsync());
        await page.Context.CloseAsync();
    }
}
