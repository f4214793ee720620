using Seamless.Portal.Tests.Stage;

namespace Seamless.Portal.Tests.Pages;

public sealed class NamingPageTests(Rig rig)
{
    [Theory]
    [InlineData("en", "Not certain: Bearing wear or Unknown cause")]
    [InlineData("zh-CN", "尚不能确定： 轴承磨损或未知原因")]
    public async Task Where_no_cause_is_probable_enough_the_page_says_so(string language, string told)
    {
        var (page, complaints) = await rig.OpenAsync("/alerts/alm-known", new Look(Language: language));
        Assert.Equal(told, (await page.Locator(".uncertain").InnerTextAsync()).Trim());
        Assert.Empty(complaints);
        await page.Context.CloseAsync();

        (page, _) = await rig.OpenAsync("/alerts/alm-bearing", new Look(Language: language));
        Assert.Equal(0, await page.Locator(".uncertain").CountAsync());
        await page.Context.CloseAsync();
    }
}
