using Seamless.Portal.Tests.Stage;

namespace Seamless.Portal.Tests.Pages;

/// <summary>Rates in a real browser, on the stage.</summary>
public sealed class ReliabilityPageTests(Rig rig)
{
    [Fact]
    public async Task With_hardly_any_operating_time_there_are_counts_and_no_rates()
    {
        var (page, _) = await rig.OpenAsync("/reliability?by=mode", new Look());
        var told = await page.InnerTextAsync("#pareto");
        Assert.Contains("not enough operating time yet (< 0.01 device-months)", told, StringComparison.Ordinal);
        Assert.Contains("VIB", told, StringComparison.Ordinal);
        Assert.DoesNotContain("375,000", told, StringComparison.Ordinal);
        await page.GotoAsync("/reliability?by=batch");
        told = await page.InnerTextAsync("#pareto");
        Assert.Contains("116.7", told, StringComparison.Ordinal);
        Assert.Contains("not enough operating time yet (4.5 device-months)", told, StringComparison.Ordinal);
        Assert.DoesNotContain("444.4", told, StringComparison.Ordinal);
        await page.Context.CloseAsync();
    }
}
