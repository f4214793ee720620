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
