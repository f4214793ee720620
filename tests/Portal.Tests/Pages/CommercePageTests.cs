using Seamless.Portal.Tests.Stage;

namespace Seamless.Portal.Tests.Pages;

/// <summary>Quotes, contracts and prices in a real browser, on the stage.</summary>
public sealed class CommercePageTests(Rig rig)
{
    [Fact]
    public async Task The_customer_answers_a_quote_on_the_status_page_without_a_login()
    {
        var (page, complaints) = await rig.OpenAsync("/track/TRK-T-1042", new Look());
        Assert.Contains("50.00 EUR", await page.InnerTextAsync("#quote"), StringComparison.Ordinal);
        await page.CheckAsync("#quote input[value=true]");
        await page.ClickAsync("#quote button");
        await page.Locator(".notice", new() { HasText = "your answer is noted" }).WaitForAsync();
        Assert.Contains("customer TRK-T-1042 1 True", rig.Stage.Quotes.Done);
        Assert.Empty(complaints);
        await page.Context.CloseAsync();
    }

    [Fact]
    public async Task The_desk_records_the_customers_answer_and_a_viewer_only_reads()
    {
        var (page, _) = await rig.OpenAsync("/tickets/T-1042", new Look(Role: "dispatcher"));
        var form = page.Locator("#ticket-charges details", new() { Has = page.Locator("select[name=channel]") });
        await form.Locator("summary").ClickAsync();
        await form.Locator("select[name=channel]").SelectOptionAsync("email");
        await form.Locator("button").ClickAsync();
        await page.Locator(".notice", new() { HasText = "The answer is recorded." }).WaitForAsync();
        Assert.Contains("decide T-1042 1 True email", rig.Stage.Quotes.Done);
        await page.Context.CloseAsync();

        (page, _) = await rig.OpenAsync("/tickets/T-1042", new Look(Role: "viewer"));
        Assert.Equal(0, await page.Locator("#ticket-charges form").CountAsync());
        await page.Context.CloseAsync();
    }

    [Fact]
    public async Task A_price_is_changed_and_a_bad_one_says_what_to_write_and_loses_nothing()
    {
        var (page, complaints) = await rig.OpenAsync("/prices", new Look(Role: "admin"));
        Assert.Contains("Starter prices", await page.InnerTextAsync("main"), StringComparison.Ordinal);
        await page.ClickAsync("a[href*='edit=labour']");
        await page.FillAsync("input[name=price]", "92,5");
        await page.FillAsync("input[name=nameEn]", "Technician on site, hour");
        await page.ClickAsync("#price-form form[action$='/save'] button");
        var refused = await page.Locator("#price-form .notice.refused").InnerTextAsync();
        Assert.Contains("write it with a point, such as 86.50", refused, StringComparison.Ordinal);
        Assert.Equal("Technician on site, hour", await page.InputValueAsync("input[name=nameEn]"));
        complaints.RemoveAll(c => c.Contains("409", StringComparison.Ordinal));   // the browser's own note on the refusal

        await page.FillAsync("input[name=price]", "92.5");
        await page.ClickAsync("#price-form form[action$='/save'] button");
        await page.Locator("main > .notice", new() { HasText = "in force for new quotes" }).WaitForAsync();
        Assert.Contains("3 PMP-BRG-6309=99.10 labour=92.5 travel=50", rig.Stage.Prices.Done);
        Assert.Empty(complaints);
        await page.Context.CloseAsync();

        (page, _) = await rig.OpenAsync("/prices", new Look(Role: "engineer"));
        Assert.Equal(0, await page.Locator("form[action*='/prices/']").CountAsync());
        await page.Context.CloseAsync();
    }

    [Fact]
    public async Task A_contract_that_is_refused_keeps_what_was_typed()
    {
        var (page, _) = await rig.OpenAsync("/contracts", new Look(Role: "dispatcher"));
        await page.ClickAsync("#contract-forms summary >> nth=0");
        await page.FillAsync("input[name=device]", "pump-404");
        await page.FillAsync("#contract-forms input[name=end] >> nth=0", "2030-01-31");
        await page.ClickAsync("#contract-forms form[action='/contracts/add'] button");
        Assert.Contains("there is no device pump-404", await page.Locator("#contract-forms .notice.refused").InnerTextAsync(), StringComparison.Ordinal);
        Assert.Equal(("pump-404", "2030-01-31"), (await page.InputValueAsync("input[name=device]"), await page.InputValueAsync("#contract-forms input[name=end] >> nth=0")));
        await page.Context.CloseAsync();
    }

    [Fact]
    public async Task Postings_are_read_by_account_and_of_one_contract_and_exported()
    {
        var (page, _) = await rig.OpenAsync("/ledger", new Look(Role: "dispatcher"));
        Assert.Contains("1,406.50", await page.InnerTextAsync("#balances-EUR tfoot"), StringComparison.Ordinal);
        Assert.Contains("Parts used", await page.InnerTextAsync("#entries"), StringComparison.Ordinal);
        await page.ClickAsync("#entries a[href*='contract=CT-1003']");
        await page.Locator("#entries .count", new() { HasText = "1" }).WaitForAsync();
        Assert.DoesNotContain("Parts used", await page.InnerTextAsync("main"), StringComparison.Ordinal);
        var csv = await (await page.APIRequest.GetAsync($"{rig.Stage.Url}{await page.GetAttributeAsync("a[download]", "href")}")).TextAsync();
        Assert.Equal(3, csv.TrimEnd().Split("\r\n").Length);   // its head, a debit, a credit
        Assert.Contains("\"CT-1003:sold\",,\"pump-011\",CT-1003,Receivables,1200,0,EUR", csv, StringComparison.Ordinal);
        await page.Context.CloseAsync();

        (page, _) = await rig.OpenAsync("/contracts", new Look(Role: "viewer"));
        Assert.Equal(0, await page.Locator("a[href^='/ledger']").CountAsync());
        foreach (var path in (string[])["/ledger", "/ledger.csv"]) Assert.Equal(403, (await page.APIRequest.GetAsync(rig.Stage.Url + path)).Status);
        await page.Context.CloseAsync();
    }

    [Fact]
    public async Task A_ticket_shows_the_ways_to_repair_it_and_why_one_is_advised()
    {
        var (page, _) = await rig.OpenAsync("/tickets/T-1042", new Look());
        var told = await page.InnerTextAsync("#ticket-repair");
        foreach (var words in (string[])["286.00 EUR", "too late", "912.50 EUR", "to spare", "to be got", "PMP-BRG-6309 would save up to 626.50 EUR and be too late"]) Assert.Contains(words, told, StringComparison.Ordinal);
        Assert.Contains("Pump head", await page.InnerTextAsync("#ticket-repair tr.chosen"), StringComparison.Ordinal);
        await page.Context.CloseAsync();
    }

    [Theory]
    [InlineData("en")]
    [InlineData("zh-CN")]
    public async Task Times_in_the_desks_texts_are_in_the_readers_zone(string language)
    {
        var (page, _) = await rig.OpenAsync("/tickets/T-1042", new Look(Language: language));
        Assert.DoesNotMatch(@"\d{4}-\d\d-\d\d \d\d:\d\d:\d\dZ", await page.InnerTextAsync("main"));
        Assert.NotEqual(0, await page.Locator("#ticket-timeline .what time[datetime]").CountAsync());
        Assert.NotEqual(0, await page.Locator("#ticket-promise .rows time[datetime]").CountAsync());
        await page.Context.CloseAsync();
    }

    [Fact]
    public async Task A_contract_is_entered_and_its_profit_is_read()
    {
        var (page, complaints) = await rig.OpenAsync("/contracts?profit=CT-1003", new Look(Role: "dispatcher"));
        Assert.Contains("1,451.74 EUR", await page.InnerTextAsync("#contract-profit"), StringComparison.Ordinal);
        await page.ClickAsync("#contract-forms summary >> nth=0");
        await page.FillAsync("input[name=device]", "pump-013");
        await page.FillAsync("#contract-forms input[name=end] >> nth=0", "2030-01-31");
        await page.ClickAsync("#contract-forms form[action='/contracts/add'] button");
        await page.Locator(".notice", new() { HasText = "The contract is entered." }).WaitForAsync();
        Assert.Contains("add pump-013 Warranty 2030-01-30 16:00:00Z", rig.Stage.Contracts.Done);   // midnight in Shanghai
        Assert.Empty(complaints);
        await page.Context.CloseAsync();
    }
}
