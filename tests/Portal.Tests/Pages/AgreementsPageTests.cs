using Seamless.Portal.Tests.Stage;

namespace Seamless.Portal.Tests.Pages;

/// <summary>Service agreements in a real browser, on the stage.</summary>
public sealed class AgreementsPageTests(Rig rig)
{
    [Fact]
    public async Task What_cannot_be_put_in_force_stays_in_the_form_with_what_is_wrong_and_mended_it_is_in_force()
    {
        var (page, complaints) = await rig.OpenAsync("/agreements", new Look(Role: "admin"));
        const string text = "policies:\n  slow: { respond: 1h, arrive: 2h, resolve: soon }\ntiers: { default: slow }\n";
        await page.FillAsync("textarea[name=given]", text);
        await page.ClickAsync("main button.primary");
        Assert.Contains("agreements.yaml:2:45: 'resolve: soon' is not a duration", await page.InnerTextAsync(".notice.refused"), StringComparison.Ordinal);
        Assert.Equal(text.Trim(), (await page.InputValueAsync("textarea[name=given]")).Trim());

        await page.FillAsync("textarea[name=given]", text.Replace("soon", "3h", StringComparison.Ordinal));
        await page.ClickAsync("main button.primary");
        await page.Locator(".notice", new() { HasText = "is in force for tickets opened from now on" }).WaitForAsync();
        Assert.Contains("resolve: 3h", await page.InputValueAsync("textarea[name=given]"), StringComparison.Ordinal);
        Assert.Empty(complaints);
        await page.Context.CloseAsync();
    }

    [Fact]
    public async Task Who_may_not_change_them_reads_them()
    {
        var (page, _) = await rig.OpenAsync("/agreements?tier=premium", new Look(Role: "viewer"));
        Assert.Equal(0, await page.Locator("main button.primary").CountAsync());
        Assert.NotNull(await page.GetAttributeAsync("textarea[name=given]", "readonly"));
        Assert.Contains("round@1", await page.InnerTextAsync("#promise"), StringComparison.Ordinal);
        await page.Context.CloseAsync();
    }
}
