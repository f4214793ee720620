using Seamless.Portal.Tests.Stage;
using Seamless.ServiceDesk.Care.Tips;

namespace Seamless.Portal.Tests.Pages;

public sealed class TipsPageTests(Rig rig)
{
    [Fact]
    public async Task A_campaign_is_written_on_a_phone_and_keeps_what_was_typed_when_it_is_refused()
    {
        var (page, complaints) = await rig.OpenAsync("/care/tips", new Look(390));
        foreach (var (name, text) in new[] { ("id", "seal"), ("titleEn", "Seals"), ("titleZh", "密封"), ("subjectEn", "Look at the seal"), ("subjectZh", "请检查密封"), ("bodyEn", "It may leak."), ("bodyZh", "可能泄漏。"), ("types", "pump, fan"), ("limit0", "2.5") })
            await page.FillAsync($"#tip-form [name={name}]", text);
        await page.SelectOptionAsync("[name=test0]", "Metric");
        await page.SelectOptionAsync("[name=side0]", "Above");
        await page.ClickAsync("#tip-form button.primary");
        await page.WaitForSelectorAsync("#tip-form .notice.refused");
        Assert.Equal("It may leak.", await page.InputValueAsync("[name=bodyEn]"));

        await page.FillAsync("[name=name0]", "vibration");
        await page.ClickAsync("#tip-form button.primary");
        await page.WaitForURLAsync("**/care/tips/seal");
        var saved = rig.Stage.Tips.Campaigns["seal"];
        Assert.Equal(new TipCondition(TipTest.Metric, TipSide.Above, 2.5, "vibration"), Assert.Single(saved.Conditions));
        Assert.Equal(["pump", "fan"], saved.Scope.Types!);
        Assert.Equal((DayOfWeek.Tuesday, new TimeOnly(9, 0), 90), (saved.Day, saved.At, saved.RepeatDays));
        Assert.DoesNotContain(complaints, c => !c.Contains("409", StringComparison.Ordinal));   // the refusal itself
        await page.Context.CloseAsync();
    }

    [Fact]
    public async Task A_draft_shows_who_would_have_it_is_started_and_paused_and_a_reader_only_reads()
    {
        var (page, _) = await rig.OpenAsync("/care/tips/winter", new Look());
        var preview = await page.InnerTextAsync("#tip-preview");
        foreach (var said in (string[])["pump-004", "has it", "above 2.5", "unsubscribed", "not relevant"]) Assert.Contains(said, preview, StringComparison.OrdinalIgnoreCase);
        await page.ClickAsync("form[action$='/start'] button");
        await page.ClickAsync("dialog[open] button.primary");
        await page.WaitForSelectorAsync("form[action$='/pause'] button");
        Assert.Equal(TipState.Running, rig.Stage.Tips.Campaigns["winter"].State);
        Assert.Equal(0, await page.Locator("#tip-form").CountAsync());
        await page.ClickAsync("form[action$='/pause'] button");
        await page.WaitForSelectorAsync("#tip-form");
        await page.Context.CloseAsync();

        var (reader, _) = await rig.OpenAsync("/care/tips/winter", new Look(Role: "viewer"));
        Assert.Equal(0, await reader.Locator("main form[method=post]").CountAsync());
        await reader.Context.CloseAsync();
    }

    [Theory]
    [InlineData("en", "You have no more tips.")]
    [InlineData("zh-CN", "您将不再收到提示。")]
    public async Task A_link_unsubscribes_only_when_the_button_is_pressed_and_the_page_takes_it_back(string language, string said)
    {
        var token = $"ours-{language}";
        var (page, complaints) = await rig.OpenAsync($"/tips/{token}", new Look(390, language), role: "");
        Assert.DoesNotContain(token, rig.Stage.TipDoor.Left);
        await page.ClickAsync("section.gate button.primary");
        await page.WaitForSelectorAsync(".notice:not(.refused)");
        Assert.Contains(said, await page.InnerTextAsync(".notice"), StringComparison.Ordinal);
        Assert.Contains(token, rig.Stage.TipDoor.Left);
        await page.ReloadAsync();
        await page.ClickAsync("section.gate button");
        await page.WaitForSelectorAsync("section.gate button.primary");
        Assert.DoesNotContain(token, rig.Stage.TipDoor.Left);
        Assert.Empty(complaints);
        await page.Context.CloseAsync();
    }

    [Fact]
    public async Task A_mail_program_unsubscribes_by_one_post_without_a_cookie_and_a_get_changes_nothing()
    {
        using var http = new HttpClient { BaseAddress = new Uri(rig.Stage.Url) };
        using var opened = await http.GetAsync("/tips/ours-mail/one-click");
        Assert.Equal("/tips/ours-mail", opened.RequestMessage!.RequestUri!.AbsolutePath);
        Assert.DoesNotContain("ours-mail", rig.Stage.TipDoor.Left);
        using var posted = await http.PostAsync("/tips/ours-mail/one-click", new FormUrlEncodedContent([new("List-Unsubscribe", "One-Click")]));
        Assert.Equal(System.Net.HttpStatusCode.OK, posted.StatusCode);
        Assert.Contains("ours-mail", rig.Stage.TipDoor.Left);
        using var forged = await http.PostAsync("/tips/theirs/one-click", null);
        Assert.Equal(System.Net.HttpStatusCode.NotFound, forged.StatusCode);
    }

    [Fact]
    public async Task One_of_us_sees_who_wants_no_tips_and_switches_them_on_again()
    {
        var (page, _) = await rig.OpenAsync("/notifications", new Look());
        Assert.Contains("no tips since", await page.InnerTextAsync("#recipient-acme"), StringComparison.Ordinal);
        await page.ClickAsync("#recipient-acme form[action$='/tips'] button");
        await page.WaitForSelectorAsync("#recipient-acme form[action$='/no-tips'] button");
        Assert.Empty(await rig.Stage.Tips.OptOutsAsync("default", default));
        await page.ClickAsync("#recipient-acme form[action$='/no-tips'] button");
        await page.WaitForSelectorAsync("#recipient-acme form[action$='/tips'] button");
        await page.Context.CloseAsync();
    }
}
