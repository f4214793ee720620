using Deque.AxeCore.Playwright;
using Seamless.Portal.Pages.Customers;
using Seamless.Portal.Tests.Stage;

namespace Seamless.Portal.Tests.Pages;

/// <summary>What customers say and see, in a real browser.</summary>
public sealed class CustomerPageTests(Rig rig)
{
    [Fact]
    public async Task Who_is_called_first_is_who_is_there_and_nearest_to_the_machine()
    {
        var (page, _) = await rig.OpenAsync("/contacts", new Look(Role: "viewer"));
        var rows = await page.Locator("main tbody tr").AllInnerTextsAsync();
        Assert.Equal(["1 Liu Yang", "2 Wei Zhang", "– Chen Hao"], rows.Select(row => $"{row.Split('\t')[0].Trim()} {row.Split('\t')[1].Split('\n')[0].Trim()}"));
        Assert.Contains("07:00–22:00 Asia/Shanghai", rows[1], StringComparison.Ordinal);
        Assert.Contains("has left", rows[2], StringComparison.Ordinal);
        Assert.Equal(0, await page.Locator("main form[method=post]").CountAsync());
        var csv = await (await page.APIRequest.GetAsync($"{rig.Stage.Url}/contacts.csv")).TextAsync();
        Assert.Contains("\"Bohai Water\",2,bohai-wei,\"Wei Zhang\",Management", csv, StringComparison.Ordinal);
        await page.Context.CloseAsync();
    }

    [Fact]
    public async Task A_contact_is_entered_and_a_bad_one_says_what_to_write_and_loses_nothing()
    {
        var (page, _) = await rig.OpenAsync("/contacts", new Look(Role: "dispatcher"));
        await page.FillAsync("#contact-form input[name=id]", "bohai-sun");
        await page.FillAsync("#contact-form input[name=name]", "Sun Li");
        await page.FillAsync("#contact-form input[name=customer]", "Bohai Water");
        await page.FillAsync("#contact-form input[name=from]", "2026-05-01");
        await page.ClickAsync("#contact-form button.primary");
        Assert.Contains("roles: at least one of", await page.Locator("#contact-form .notice.refused").InnerTextAsync(), StringComparison.Ordinal);
        Assert.Equal("Sun Li", await page.InputValueAsync("#contact-form input[name=name]"));

        await page.CheckAsync("#contact-form input[value=Site]");
        await page.ClickAsync("#contact-form button.primary");
        await page.Locator("main > .notice", new() { HasText = "The contact is saved." }).WaitForAsync();
        Assert.Contains("put bohai-sun Sun Li Site 2026-04-30 16:00:00Z ", rig.Stage.Contacts.Done);   // midnight in Shanghai
        await page.Context.CloseAsync();
    }

    [Fact]
    public async Task A_contact_who_leaves_is_followed_by_another()
    {
        var (page, _) = await rig.OpenAsync("/contacts?edit=bohai-wei", new Look(Role: "dispatcher"));
        await page.Locator("#contact-leaves select[name=successor]").SelectOptionAsync("bohai-liu");
        await page.ClickAsync("#contact-leaves button");
        await page.Locator("main > .notice", new() { HasText = "Handed over." }).WaitForAsync();
        Assert.Contains("bohai-wei > bohai-liu ", rig.Stage.Contacts.Done);
        await page.Context.CloseAsync();
    }

    [Theory]
    [InlineData("en", 1440, "dark")]
    [InlineData("zh-CN", 390, "light")]
    public async Task A_customer_rates_without_a_login_and_is_told_so(string language, int width, string theme)
    {
        var (page, complaints) = await rig.OpenAsync("/track/TRK-T-1037", new Look(width, language, theme), role: "");
        await page.ClickAsync("#rate label:has(input[name=recommend][value='9'])");
        await page.ClickAsync("#rate label:has(input[name=effort][value='7'])");
        await page.ClickAsync("#rate label:has(input[name=satisfaction][value='5'])");
        await page.FillAsync("#rate textarea", $"fine in {language}");
        await page.SendAsync("#rate button");

        await page.WaitForSelectorAsync(".notice:not(.refused)");
        Assert.Contains(rig.Stage.Ratings.Given, a => a is { Recommend: 9, Effort: 7, Satisfaction: 5 } && a.Comment == $"fine in {language}");
        Assert.DoesNotContain($"fine in {language}", await page.ContentAsync(), StringComparison.Ordinal);   // nobody else reads it here
        Assert.Empty((await page.RunAxe(PageTests.Wcag22Aa)).Violations);
        Assert.Empty(complaints);
        await page.Context.CloseAsync();
    }

    [Fact]
    public async Task What_is_wrong_is_said_and_what_was_typed_stays()
    {
        var (page, _) = await rig.OpenAsync("/track/TRK-T-1037", new Look(390), role: "");
        await page.FillAsync("#rate textarea", "three questions and I answered none");
        await page.SendAsync("#rate button");
        await page.WaitForSelectorAsync(".notice.refused");
        Assert.Equal("three questions and I answered none", await page.InputValueAsync("#rate textarea"));

        await page.ClickAsync("#say details:first-of-type summary");
        await page.SelectOptionAsync("#say select[name=type]", "Safety");
        await page.FillAsync("#say textarea[name=complaintText]", "oh");
        await page.SendAsync("#say details:first-of-type button");
        await page.WaitForSelectorAsync(".notice.refused");
        Assert.Equal(("oh", "Safety"), (await page.InputValueAsync("#say textarea[name=complaintText]"), await page.InputValueAsync("#say select[name=type]")));
        Assert.Equal("", await page.GetAttributeAsync("#say details:first-of-type", "open"));
        Assert.Empty((await page.RunAxe(PageTests.Wcag22Aa)).Violations);
        await page.FillAsync("#say textarea[name=complaintText]", "sparks at the switch");
        await page.SendAsync("#say details:first-of-type button");
        await page.WaitForSelectorAsync(".notice:not(.refused)");
        Assert.Contains("lodge Safety: sparks at the switch", rig.Stage.Complaints.Done);
        await page.Context.CloseAsync();
    }

    [Fact]
    public async Task A_customer_chooses_among_the_alternatives()
    {
        var (page, _) = await rig.OpenAsync("/track/TRK-T-1037", new Look(390), role: "");
        Assert.Contains("Money back (120.00 EUR)", await page.InnerTextAsync("main"), StringComparison.Ordinal);
        await page.CheckAsync("input[name=alternative][value='2']");
        await page.SendAsync("section[aria-labelledby='C-1000'] button");
        await page.WaitForSelectorAsync(".notice:not(.refused)");
        Assert.Contains("decide C-1000 2", rig.Stage.Complaints.Done);
        await page.Context.CloseAsync();
    }

    [Fact]
    public async Task The_owner_makes_an_offer_and_a_viewer_only_reads()
    {
        var (page, _) = await rig.OpenAsync("/complaints/C-1001", new Look());
        Assert.Contains("the manager decides", await page.InnerTextAsync("#offers"), StringComparison.Ordinal);
        await page.Locator("details:has(input[name=text1]) summary").ClickAsync();
        await page.FillAsync("input[name=text1]", "A new seal");
        await page.FillAsync("input[name=money1]", "12.50");
        await page.CheckAsync("input[name=part1]");
        await page.SendAsync("details:has(input[name=text1]) button");
        await page.WaitForSelectorAsync(".notice:not(.refused)");
        Assert.Contains(rig.Stage.Complaints.Done, d => d.StartsWith("offer", StringComparison.Ordinal) && d.Contains("A new seal, Money = 12.50, GoodwillPart = True", StringComparison.Ordinal));
        await page.Context.CloseAsync();

        var (viewer, _) = await rig.OpenAsync("/complaints/C-1001", new Look(Role: "viewer"));
        Assert.Equal(0, await viewer.Locator("main form[method=post]").CountAsync());
        await viewer.Context.CloseAsync();
    }

    [Fact]
    public async Task The_customers_page_flags_who_is_unhappy_behind_green_clocks_and_goes_into_a_spreadsheet()
    {
        var (page, _) = await rig.OpenAsync("/customers", new Look());
        Assert.Contains("Green, but unhappy", await page.InnerTextAsync("#customers tbody tr:first-child"), StringComparison.Ordinal);
        Assert.DoesNotContain("Green, but unhappy", await page.InnerTextAsync("#customers tbody tr:nth-child(2)"), StringComparison.Ordinal);
        Assert.Contains("<b>each time</b>", await page.InnerTextAsync("#comments"), StringComparison.Ordinal);   // as text
        var table = await (await page.APIRequest.GetAsync($"{rig.Stage.Url}/customers.csv")).TextAsync();
        Assert.Contains("\"Delta Tank\",-100,", table, StringComparison.Ordinal);
        Assert.Contains("C-1001,T-1037,\"Delta Tank\",Parts,Escalated", await (await page.APIRequest.GetAsync($"{rig.Stage.Url}/complaints.csv")).TextAsync(), StringComparison.Ordinal);
        await page.Context.CloseAsync();
        var (stranger, _) = await rig.OpenAsync("/customers", new Look(), role: "");
        Assert.Contains("/login", stranger.Url, StringComparison.Ordinal);
        await stranger.Context.CloseAsync();
    }

    [Theory]
    [InlineData("plain", "\"plain\"")]
    [InlineData("say \"so\"", "\"say \"\"so\"\"\"")]
    [InlineData("=1+1", "\"'=1+1\"")]
    [InlineData("@x", "\"'@x\"")]
    [InlineData(null, "")]
    public void A_cell_is_quoted_and_no_formula(string? text, string cell) => Assert.Equal(cell, CustomersExport.Cell(text));
}
