using Seamless.Portal.Tests.Stage;

namespace Seamless.Portal.Tests.Pages;

/// <summary>Kinds of spare of the owner's own, and a part that a ticket turned out to need, in a real browser, on the stage.</summary>
public sealed class OwnPartPageTests(Rig rig)
{
    [Fact]
    public async Task An_alternate_is_approved_and_what_is_refused_loses_nothing()
    {
        var (page, complaints) = await rig.OpenAsync("/parts", new Look(Role: "admin"));
        Assert.Contains("not approved yet", await page.InnerTextAsync("#own-parts"), StringComparison.Ordinal);
        await page.ClickAsync("#own-parts a[href*='own=LOC-BRG-6309']");
        await page.CheckAsync("#own-parts input[name=approved]");
        await page.FillAsync("#own-parts input[name=unitCost]", "43,5");
        await page.ClickAsync("#own-parts form[action$='/save'] button");
        Assert.Contains("write it with a point, such as 86.50", await page.Locator("#own-parts .notice.refused").InnerTextAsync(), StringComparison.Ordinal);
        Assert.True(await page.IsCheckedAsync("#own-parts input[name=approved]"));
        complaints.RemoveAll(c => c.Contains("409", StringComparison.Ordinal));   // the browser's own note on the refusal

        await page.FillAsync("#own-parts input[name=unitCost]", "43.5");
        await page.ClickAsync("#own-parts form[action$='/save'] button");
        await page.Locator("main > .notice", new() { HasText = "in the catalogue" }).WaitForAsync();

        Assert.Contains("LOC-BRG-6309 Local bearing 6309 VB 3 43.5 EUR pump PMP-BRG-6309 True grade P6", rig.Stage.Compatibility.Done);
        Assert.Empty(complaints);
        await page.Context.CloseAsync();
    }

    [Fact]
    public async Task A_dispatcher_reads_the_parts_and_changes_none()
    {
        var (page, _) = await rig.OpenAsync("/parts", new Look(Role: "dispatcher"));
        Assert.Contains("PMP-CPL-45", await page.InnerTextAsync("#own-parts"), StringComparison.Ordinal);
        Assert.Equal(0, await page.Locator("#own-parts form").CountAsync());
        await page.Context.CloseAsync();
    }

    [Fact]
    public async Task Another_part_is_asked_for_on_the_ticket_of_those_that_fit_and_are_not_there_yet()
    {
        var (page, _) = await rig.OpenAsync("/tickets/T-1042", new Look(Role: "technician"));
        await page.ClickAsync("#ticket-parts summary");
        var offered = await page.Locator("#ticket-parts select[name=sku] option").EvaluateAllAsync<string[]>("options => options.map(o => o.value)");
        Assert.Contains("PMP-SEAL-45", offered);
        Assert.DoesNotContain("PMP-BRG-6309", offered);   // it is on its way
        Assert.All(offered, sku => Assert.StartsWith("PMP-", sku, StringComparison.Ordinal));

        await page.SelectOptionAsync("#ticket-parts select[name=sku]", "PMP-SEAL-45");
        await page.ClickAsync("#ticket-parts form button");
        await page.Locator(".notice", new() { HasText = "asked for" }).WaitForAsync();

        Assert.Contains("T-1042 1 PMP-SEAL-45", rig.Stage.Parts.Asked);
        await page.Context.CloseAsync();

        (page, _) = await rig.OpenAsync("/tickets/T-1042", new Look(Role: "viewer"));
        Assert.Equal(0, await page.Locator("#ticket-parts form").CountAsync());
        await page.Context.CloseAsync();
    }
}
