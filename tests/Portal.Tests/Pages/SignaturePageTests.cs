using Seamless.Portal.Tests.Stage;

namespace Seamless.Portal.Tests.Pages;

public sealed class SignaturePageTests(Rig rig)
{
    [Theory]
    [InlineData("en", "Against its own last weeks, in its usual spreads: Vibration velocity (RMS) +7.6, Bearing temperature +2.6, Motor current −2.0; 46 % of it was there three hours before.")]
    [InlineData("zh-CN", "与自身前几周相比（以平常波动为单位）：振动速度（有效值） +7.6，轴承温度 +2.6，电机电流 −2.0；三小时前已达其中的 46%。")]
    public async Task A_ticket_says_how_its_machine_departed_from_its_usual(string language, string told)
    {
        var (page, complaints) = await rig.OpenAsync("/tickets/T-1042", new Look(Language: language));
        Assert.Equal(told, (await page.Locator("#ticket-signature").InnerTextAsync()).Trim());
        Assert.Empty(complaints);
        await page.Context.CloseAsync();

        (page, _) = await rig.OpenAsync("/tickets/T-1041", new Look(Language: language));
        Assert.Equal(0, await page.Locator("#ticket-signature").CountAsync());
        await page.Context.CloseAsync();
    }
}
