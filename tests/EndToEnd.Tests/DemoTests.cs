using System.Text.Json.Nodes;
using Deque.AxeCore.Commons;
using Deque.AxeCore.Playwright;
using Microsoft.Playwright;
using Seamless.EndToEnd.Tests.Rig;

namespace Seamless.EndToEnd.Tests;

/// <summary>What a visitor sees: the demonstration, untouched for three minutes, then its five main pages in a real browser.</summary>
public sealed class DemoTests
{
    private const long MaxResidentBytes = 600L * 1024 * 1024;

    private static readonly AxeRunOptions Wcag22Aa = new() { RunOnly = new() { Type = "tag", Values = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"] } };

    [Fact]
    public async Task In_three_minutes_a_fault_is_fixed_remotely_a_part_is_on_its_way_and_a_power_line_is_named_and_the_pages_show_it()
    {
        await using var platform = await PlatformProcess.DemoAsync();
        var began = TimeProvider.System.GetTimestamp();

        await platform.UntilAsync("/api/v1/devices", devices => devices.Count(device => device["location"] is not null) >= 30);
        await platform.UntilAsync("/api/v1/tickets", tickets => tickets.Any(NamesThePowerLine) && tickets.Any(HasAPartOnItsWay), seconds: 180);
        var run = (await platform.UntilAsync("/api/v1/remedies?limit=200", runs => runs.Any(IsFixed), seconds: 180)).First(IsFixed);
        var tickets = await platform.ListAsync("/api/v1/tickets");
        Assert.DoesNotContain(tickets, ticket => ticket["alarms"]!.AsArray().Any(alarm => (string?)alarm == run.Text("alarmId")));
        Assert.True(TimeProvider.System.GetElapsedTime(began) < TimeSpan.FromMinutes(3), $"it took {TimeProvider.System.GetElapsedTime(began)}");
        Assert.InRange(ResidentBytes(platform), 1, MaxResidentBytes);

        await using var browser = await Browser.StartAsync();
        var repair = tickets.First(HasAPartOnItsWay);
        (string Name, string Path)[] pages = [("fleet", "/"), ("device", $"/devices/{repair.Text("device")}"), ("alerts", $"/alerts?id={(string?)repair["alarms"]![0]}"), ("ticket", $"/tickets/{repair.Text("id")}"), ("parts", "/parts"), ("kpis", "/kpis")];
        await ShowAsync(platform, browser, pages, "en", 1440, "light");
        await ShowAsync(platform, browser, pages, "zh-CN", 390, "light");
        await ShowAsync(platform, browser, pages, "en", 390, "dark");
        await ShowAsync(platform, browser, pages, "zh-CN", 1440, "dark");
        Assert.InRange(ResidentBytes(platform), 1, MaxResidentBytes);
    }

    private static async Task ShowAsync(PlatformProcess platform, Browser browser, (string Name, string Path)[] pages, string language, int width, string theme)
    {
        var page = await browser.LogInAsync(platform, language, width, theme, "engineer", "demo");
        foreach (var (name, path) in pages)
        {
            await page.GotoAsync(path, new() { WaitUntil = WaitUntilState.DOMContentLoaded });
            await page.WaitForTimeoutAsync(1500);
            var result = await page.RunAxe(Wcag22Aa);
            Assert.True(result.Violations.Length == 0, $"{path} {language} {width}: " + string.Join("\n", result.Violations.SelectMany(v => v.Nodes.Select(node => $"{v.Id}: {node.Html}"))));
            if (Environment.GetEnvironmentVariable("SEAMLESS_SCREENSHOTS") is { Length: > 0 } folder)
                await page.ScreenshotAsync(new() { Path = Path.Combine(folder, $"{name}-{language.Split('-')[0]}-{width}.png") });
        }
        await page.Context.CloseAsync();
    }

    private static bool NamesThePowerLine(JsonNode ticket) => ticket.Text("device").Length == 0 && ticket["causes"]![0]!.Text("code") == "supply-undervoltage" && ticket["parts"]!.AsArray().Count == 0;

    private static bool HasAPartOnItsWay(JsonNode ticket) => ticket["parts"]!.AsArray().Any(part => part!["serials"]!.AsArray().Count > 0 && part!.Text("shipment").Length > 0);

    private static bool IsFixed(JsonNode run) => run.Text("state") == "fixed";

    private static long ResidentBytes(PlatformProcess platform)
    {
        platform.Process.Refresh();
        return platform.Process.WorkingSet64;
    }
}
