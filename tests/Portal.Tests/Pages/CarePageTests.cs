using Seamless.Portal.Tests.Stage;

namespace Seamless.Portal.Tests.Pages;

public sealed class CarePageTests(Rig rig)
{
    [Fact]
    public async Task A_visit_is_reported_item_by_item_and_a_reader_only_reads()
    {
        var (page, complaints) = await rig.OpenAsync("/care", new Look(390));
        await page.Locator("#V-1003 > summary").ClickAsync();
        await page.SelectOptionAsync("#V-1003 [name=item-clean]", "true");
        await page.FillAsync("#V-1003 [name=item-bearing]", "64.5");
        await page.FillAsync("#V-1003 [name=item-label]", "photos/17.jpg");
        await page.SelectOptionAsync("#V-1003 [name=objective-train]", "Reached");
        await page.Locator("#V-1003 form[action$=complete] button").ClickAsync();
        await page.WaitForSelectorAsync(".notice:not(.refused)");
        Assert.Contains("V-1003 clean=True bearing=64.5 label=photos/17.jpg train=Reached", rig.Stage.Visits.Done);
        Assert.Empty(complaints);
        await page.Context.CloseAsync();

        var (reader, _) = await rig.OpenAsync("/care", new Look(Role: "viewer"));
        Assert.Equal(0, await reader.Locator("#care-visits form").CountAsync());
        await reader.Context.CloseAsync();
    }
}
