using Deque.AxeCore.Playwright;
using Microsoft.Playwright;
using Seamless.Portal.Tests.Stage;

namespace Seamless.Portal.Tests.Pages;

/// <summary>The customer's thread on the ticket and the messages without a case, in a real browser.</summary>
public sealed class CorrespondencePageTests(Rig rig)
{
    [Theory]
    [InlineData("en", 390, "dark", "sender not verified", "Customer waits for an answer", "Visit planned")]
    [InlineData("zh-CN", 1440, "light", "发送者未核实", "客户等待答复", "已安排上门")]
    public async Task The_thread_shows_what_was_said_by_every_channel_in_order(string language, int width, string theme, string unverified, string waits, string told)
    {
        var (page, complaints) = await rig.OpenAsync("/tickets/T-1042", new Look(width, language, theme));
        var thread = page.Locator("#ticket-thread");
        var ids = await thread.Locator("li").EvaluateAllAsync<string[]>("all => all.map(li => li.id)");
        Assert.Equal(["said-M-1001", "said-R-1001", "said-msg_9", "said-A-1001", "said-N-1", "said-M-1003", "said-M-1004", "said-M-1005"], ids.Where(id => !id.StartsWith("said-A-", StringComparison.Ordinal) || id == "said-A-1001"));
        Assert.Contains(unverified, await thread.Locator("#said-M-1004").InnerTextAsync(), StringComparison.Ordinal);
        Assert.Contains(waits, await thread.InnerTextAsync(), StringComparison.Ordinal);
        if (await thread.Locator("details summary").CountAsync() > 0) await thread.Locator("details summary").First.ClickAsync();
        Assert.Contains(told, await thread.Locator("#said-msg_9").InnerTextAsync(), StringComparison.Ordinal);
        Assert.Contains("Zhao Min", await thread.InnerTextAsync(), StringComparison.Ordinal);
        Assert.Empty((await page.RunAxe(PageTests.Wcag22Aa)).Violations);
        Assert.Empty(complaints);
        await page.Context.CloseAsync();
    }

    [Fact]
    public async Task A_reply_goes_by_the_customers_channel_and_what_is_refused_stays_typed()
    {
        var (page, _) = await rig.OpenAsync("/tickets/T-1042", new Look(390, Role: "dispatcher"));
        var form = page.Locator("#ticket-thread form");
        Assert.Equal("recipient:liu-mail", await form.Locator("select[name=by]").InputValueAsync());
        var long1 = new string('x', 80);
        await form.Locator("textarea").FillAsync(long1);
        await form.Locator("select[name=by]").SelectOptionAsync("recipient:liu-sms");
        await form.Locator("button").ClickAsync();
        Assert.Contains("80 characters do not fit", await form.Locator(".notice.refused").InnerTextAsync(), StringComparison.Ordinal);
        Assert.Equal(long1, await form.Locator("textarea").InputValueAsync());

        await form.Locator("select[name=by]").SelectOptionAsync("recipient:liu-mail");
        await form.Locator("textarea").FillAsync("At four.");
        await form.Locator("button").FocusAsync();
        await page.Keyboard.PressAsync("Enter");   // no mouse needed
        await page.Locator("main > .notice", new() { HasText = "The customer is answered." }).WaitForAsync();
        Assert.Contains("reply T-1042 recipient:liu-mail At four.", rig.Stage.Correspondence.Done);
        Assert.Contains("At four.", await page.InnerTextAsync("#ticket-thread"), StringComparison.Ordinal);
        await page.Context.CloseAsync();
    }

    [Fact]
    public async Task A_viewer_reads_the_thread_and_neither_answers_nor_sees_what_waits()
    {
        var (page, _) = await rig.OpenAsync("/tickets/T-1042", new Look(Role: "viewer"));
        Assert.Equal((8, 0), (await page.Locator("#ticket-thread li:not([id^=said-A-]), #said-A-1001").CountAsync(), await page.Locator("#ticket-thread form").CountAsync()));
        await page.GotoAsync("/messages");
        Assert.DoesNotContain("liu@bohai.example", await page.ContentAsync(), StringComparison.Ordinal);
        await page.Context.CloseAsync();
    }

    /// <summary>In one go, as each takes a message away: what is left at the end says what to do next.</summary>
    [Fact]
    public async Task Messages_without_a_case_are_put_on_one_or_aside_until_none_waits()
    {
        var (page, complaints) = await rig.OpenAsync("/messages", new Look(390, "zh-CN", "dark"));
        Assert.Contains("发送者未核实", await page.InnerTextAsync("#message-M-1009"), StringComparison.Ordinal);
        Assert.Empty((await page.RunAxe(PageTests.Wcag22Aa)).Violations);
        await page.FillAsync("#message-M-1007 input[name=ticket]", "T-404");
        await page.Locator("#message-M-1007 form.one-line button").ClickAsync();
        Assert.Contains("T-404", await page.InnerTextAsync("#message-M-1007 .notice.refused"), StringComparison.Ordinal);
        await page.FillAsync("#message-M-1007 input[name=ticket]", "");
        await page.SelectOptionAsync("#message-M-1007 select[name=candidate]", "T-1041");
        await page.Locator("#message-M-1007 form.one-line button").ClickAsync();
        await page.Locator("main > .notice").WaitForAsync();
        Assert.Contains("assign M-1007 T-1041", rig.Stage.Correspondence.Done);

        await page.Locator("#message-M-1009 summary", new() { HasText = "搁置" }).PressAsync("Enter");
        await page.FillAsync("#message-M-1009 input[name=reason]", "广告");
        await page.PressAsync("#message-M-1009 input[name=reason]", "Enter");
        await page.Locator("#messages .empty").WaitForAsync();
        Assert.Contains("dismiss M-1009 广告", rig.Stage.Correspondence.Done);
        Assert.Empty((await page.RunAxe(PageTests.Wcag22Aa)).Violations);
        Assert.All(complaints, c => Assert.Contains("409", c, StringComparison.Ordinal));   // the refusal
        await page.Context.CloseAsync();
    }
}
