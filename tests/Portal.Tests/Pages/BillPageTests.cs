using Seamless.Portal.Tests.Stage;

namespace Seamless.Portal.Tests.Pages;

/// <summary>The bill of materials is entered in the console, one part at a time.</summary>
public sealed class BillPageTests(Rig rig)
{
    [Fact]
    public async Task A_part_that_a_ticket_misses_is_entered_and_leads_back_to_the_ticket()
    {
        var (page, complaints) = await rig.OpenAsync("/bom?part=PMP-BRG-9000&ticket=T-1042", new Look());
        Assert.Equal("PMP-BRG-9000", await page.InputValueAsync("input[name=part]"));
        await page.FillAsync("input[name=nameEn]", "Bearing set 9000");
        await page.FillAsync("input[name=nameZh]", "9000 轴承组");
        await page.SelectOptionAsync("select[name=within]", "PMP-HEAD-2");
        await page.FillAsync("input[name=cost]", "many");
        await page.ClickAsync("#bill-form button.primary");

        Assert.Contains("'many' is no amount", await page.InnerTextAsync("#bill-form .notice.refused"), StringComparison.Ordinal);
        Assert.Equal("Bearing set 9000", await page.InputValueAsync("input[name=nameEn]"));
        await page.FillAsync("input[name=cost]", "86.50");
        await page.ClickAsync("#bill-form button.primary");
        await page.WaitForURLAsync("**/tickets/T-1042**");
        Assert.Contains("The bill of materials is saved", await page.InnerTextAsync(".notice[role=status] >> nth=0"), StringComparison.Ordinal);

        await page.GotoAsync("/bom");
        Assert.Contains("86.50 EUR", await page.InnerTextAsync("#row-PMP-BRG-9000"), StringComparison.Ordinal);
        Assert.DoesNotContain(complaints, c => !c.Contains("409", StringComparison.Ordinal));
        await page.Context.CloseAsync();
    }

    [Fact]
    public async Task Removing_a_part_can_be_taken_back_and_an_assembly_with_parts_cannot_be_removed()
    {
        var (page, _) = await rig.OpenAsync("/bom", new Look());
        Assert.Equal(0, await page.Locator("#row-PMP-HEAD-2 form").CountAsync());
        await page.ClickAsync("#row-PMP-BRG-6309 form button");
        await page.ClickAsync("#toasts .toast button");

        Assert.Equal(0, await page.Locator("#toasts .toast").CountAsync());
        await page.ReloadAsync();
        Assert.Equal(1, await page.Locator("#row-PMP-BRG-6309").CountAsync());
        await page.Context.CloseAsync();
    }

    [Fact]
    public async Task Who_only_reads_sees_the_bill_and_no_form()
    {
        var (page, _) = await rig.OpenAsync("/bom", new Look(Role: "viewer"));

        Assert.Contains("Pump head", await page.InnerTextAsync("#bill-items"), StringComparison.Ordinal);
        Assert.Equal(0, await page.Locator("main form[method=post]").CountAsync());
        await page.Context.CloseAsync();
    }
}
