using Microsoft.Playwright;
using Seamless.Portal.Tests.Stage;

namespace Seamless.Portal.Tests.Pages;

/// <summary>For people: pictures of the pages, into the folder that SEAMLESS_SHOTS names (<c>SEAMLESS_SHOTS_ONLY</c>: parts of names).</summary>
public sealed class Screenshots(Rig rig)
{
    private static readonly (string Name, string Path)[] All =
    [
        ("fleet", "/"), ("device", "/devices/pump-004"), ("alerts", "/alerts?id=alm-bearing"), ("alert", "/alerts/alm-cooling"), ("alert-doubtful", "/alerts/alm-known"), ("tickets", "/tickets?view=all"), ("ticket", "/tickets/T-1042"),
        ("parts", "/parts"), ("unit", "/parts/units/BRG-0113"), ("kpis", "/kpis"), ("performance", "/alarm-performance"), ("agreements", "/agreements?tier=premium&customer=acme"), ("contracts", "/contracts?profit=CT-1003"), ("prices", "/prices"), ("bom", "/bom?part=PMP-BRG-6309"), ("limits", "/limits"), ("maintenance", "/maintenance"), ("maintenance-alert", "/alerts/alm-maintained"), ("maintenance-alerts", "/alerts?view=maintenance"), ("maintenance-device", "/devices/pump-019"), ("dead", "/dead-letters"), ("audit", "/audit"), ("evaluation", "/evaluation"), ("stock-plan", "/parts/plan"), ("count", "/parts/count"), ("models", "/models"), ("model-worse", $"/models/{Uri.EscapeDataString(StageModels.Worse)}"), ("model-life", $"/models/{Uri.EscapeDataString(StageModels.Life)}"), ("model-trial", $"/models/{Uri.EscapeDataString(StageModels.Challenger)}"), ("model-train", "/models/train?file=TABLE"), ("rules", "/rules"), ("rule", "/rules/pump/limits"),
        ("login", "/login"), ("setup", "/setup"), ("track", "/track/TRK-T-1042"), ("guest", $"/session/{StageSessions.Secret}"), ("track-done", "/track/TRK-T-1037"), ("customers", "/customers"), ("messages", "/messages"), ("contact", "/contacts?edit=bohai-wei"), ("reliability", "/reliability?by=batch"), ("complaints", "/complaints"), ("complaint", "/complaints/C-1001"), ("care", "/care"), ("tips", "/care/tips"), ("tip-draft", "/care/tips/winter"), ("tip-running", "/care/tips/pump-vibration"), ("tip-door", "/tips/ours-shot"), ("notify", "/notifications"), ("queue", "/tickets?view=queue"), ("knowledge", "/knowledge"), ("article", "/knowledge/KB-1001?language=zh-CN"), ("missing", "/nowhere"),
    ];

    [Fact]
    public async Task Are_taken_when_asked_for()
    {
        var folder = Environment.GetEnvironmentVariable("SEAMLESS_SHOTS");
        Assert.SkipWhen(folder is null, "set SEAMLESS_SHOTS to a folder to get pictures");
        var only = (Environment.GetEnvironmentVariable("SEAMLESS_SHOTS_ONLY") ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries);
        foreach (var look in new Look[] { new(), new(390), new(Theme: "dark", Language: "zh-CN"), new(390, "zh-CN", "dark") })
        {
            foreach (var (name, path) in All)
            {
                var file = $"{name}-{look.Width}-{look.Theme}-{look.Language}.png";
                if (only.Length > 0 && !only.Any(file.Contains)) continue;
                var (page, complaints) = await rig.OpenAsync(path.Replace("TABLE", rig.Stage.Table, StringComparison.Ordinal), look);
                await page.WaitForTimeoutAsync(1200);
                await page.ScreenshotAsync(new() { Path = Path.Combine(folder!, file), FullPage = look.Width < 500 });
                foreach (var complaint in complaints) TestContext.Current.SendDiagnosticMessage("{0}: {1}", file, complaint);
                await page.Context.CloseAsync();
            }
        }
    }
}
