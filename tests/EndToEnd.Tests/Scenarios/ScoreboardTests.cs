using System.Text.Json.Nodes;
using Seamless.EndToEnd.Tests.Rig;

namespace Seamless.EndToEnd.Tests.Scenarios;

/// <summary>Pay depends on the scoreboard: what counts as a fix is strict, the past cannot be changed unseen, and it gives the same figures again.</summary>
public sealed class ScoreboardTests
{
    private const string Year = "from=2026-01-01T00:00:00Z&to=2027-01-01T00:00:00Z";
    private static readonly DateTimeOffset Morning = new(2026, 3, 2, 8, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData(29, 0)]
    [InlineData(31, 1)]
    [Trait("Scenario", "3")]
    public async Task The_same_fault_within_thirty_days_voids_the_first_time_fix(int days, double share)
    {
        await using var platform = await SimulatedPlatform.StartAsync(Morning);
        await RepairAsync(platform, await OpenAsync(platform));
        Assert.Equal(1, await FigureAsync(platform, "firstTimeFix"));

        await platform.PassAsync(TimeSpan.FromDays(days), TimeSpan.FromDays(1));
        await OpenAsync(platform);
        Assert.Equal(share, await FigureAsync(platform, "firstTimeFix"));
    }

    [Fact]
    [Trait("Scenario", "6")]
    public async Task The_scoreboard_of_any_past_date_comes_out_again_bit_for_bit_and_a_changed_history_is_found_out()
    {
        await using var platform = await SimulatedPlatform.StartAsync(Morning);
        await RepairAsync(platform, await OpenAsync(platform));
        var then = await platform.GetAsync($"/api/v1/kpis?{Year}");
        await platform.PassAsync(TimeSpan.FromDays(9), TimeSpan.FromDays(1));
        await OpenAsync(platform);
        Assert.NotEqual($"{then["items"]}", $"{(await platform.GetAsync($"/api/v1/kpis?{Year}"))["items"]}");
        Assert.Equal($"{then}", $"{await platform.GetAsync($"/api/v1/kpis?{Year}&upTo={then["head"]!["number"]}")}");

        // From the exported log alone, on another machine.
        var file = Path.GetTempFileName();
        var lines = (await platform.TextAsync("/api/v1/kpis/log")).TrimEnd('\n').Split('\n');
        await File.WriteAllLinesAsync(file, lines.Take((int)then["head"]!["number"]!));
        var replayed = JsonNode.Parse(await Programs.RunAsync("seamless", "kpis", "replay", file, "--from", "2026-01-01", "--to", "2027-01-01", "--json"))!;
        Assert.Equal($"{then["items"]}", $"{replayed["items"]}");
        Assert.Equal($"{then["head"]}", $"{replayed["head"]}");

        await File.WriteAllLinesAsync(file, lines.Select(line => line.Replace("\"value\":0", "\"value\":1", StringComparison.Ordinal)));
        Assert.Contains("is not the one that was recorded", await Programs.FailAsync("seamless", "kpis", "check", "--events", file), StringComparison.Ordinal);
        await File.WriteAllLinesAsync(file, lines.SkipLast(1));
        Assert.Contains("is missing", await Programs.FailAsync("seamless", "kpis", "check", "--events", file, "--number", $"{lines.Length}", "--hash", (string)JsonNode.Parse(lines[^1])!["hash"]!), StringComparison.Ordinal);
        File.Delete(file);
    }

    [Fact]
    [Trait("Scenario", "33")]
    public async Task A_milestone_entered_sixteen_minutes_late_is_flagged_and_a_wrong_clock_is_allowed_for()
    {
        await using var platform = await SimulatedPlatform.StartAsync(Morning);
        var number = await OpenAsync(platform);
        await platform.PassAsync(TimeSpan.FromMinutes(30));
        await platform.PostAsync($"/api/v1/tickets/{number}/actions/acknowledge", new { at = $"{platform.Now.AddMinutes(-15):O}" });
        await platform.PostAsync($"/api/v1/tickets/{number}/actions/depart", new { });
        await platform.PassAsync(TimeSpan.FromMinutes(40));
        await platform.PostAsync($"/api/v1/tickets/{number}/actions/arrive", new { at = $"{platform.Now.AddMinutes(-16):O}" });
        var fast = platform.Now.AddMinutes(9);   // the telephone's clock
        await platform.PostAsync($"/api/v1/tickets/{number}/actions/resolve", new { at = $"{fast.AddMinutes(-2):O}", sentAt = $"{fast:O}", latitude = "39.9", longitude = "116.4" });

        var ticket = await platform.TicketAsync(number);
        Assert.Equal([("acknowledged", false), ("on-site", true), ("resolved", false)], Entered(ticket));
        Assert.Equal(platform.Now.AddMinutes(-2), DateTimeOffset.Parse((string)ticket["sla"]!["resolvedAt"]!, System.Globalization.CultureInfo.InvariantCulture));
        Assert.Equal(0.75, await FigureAsync(platform, "timePointsOnTime"));
    }

    [Fact]
    [Trait("Scenario", "83")]
    public async Task Turnaround_is_told_by_stage_and_ranks_those_who_had_it_in_hand()
    {
        await using var platform = await SimulatedPlatform.StartAsync(Morning);
        await RepairAsync(platform, await OpenAsync(platform));
        var answer = (await platform.GetAsync($"/api/v1/kpis/turnaround?{Year}"))["items"]!.AsArray();
        Assert.Equal([("respond", 10.0), ("travel", 60.0), ("work", 90.0), ("total", 160.0)], answer.Select(line => ((string)line!["stage"]!, (double)line["medianMinutes"]!)));
        Assert.Single(answer.Select(line => (string)line!["by"]!).Distinct(), by => by.StartsWith("tech-", StringComparison.Ordinal));
        Assert.Equal("s1", (string)(await platform.GetAsync($"/api/v1/kpis/turnaround?{Year}&by=site"))["items"]![0]!["by"]!);
    }

    private static async Task<string> OpenAsync(SimulatedPlatform platform)
    {
        if ((await platform.GetAsync("/api/v1/devices"))["items"]!.AsArray().Count == 0) await platform.PostAsync("/api/v1/devices", new { id = "pump-1", type = "pump", site = "s1" });
        var ticket = await platform.PostAsync("/api/v1/tickets", new { device = "pump-1", faultCode = "bearing-wear", priority = "p2", title = new { en = "Pump is loud", zhCN = "水泵噪声大" } });
        await platform.PassAsync(TimeSpan.FromSeconds(1));
        return (string)ticket["id"]!;
    }

    private static async Task RepairAsync(SimulatedPlatform platform, string number)
    {
        await platform.PassAsync(TimeSpan.FromMinutes(10) - TimeSpan.FromSeconds(1));
        await platform.PostAsync($"/api/v1/tickets/{number}/actions/acknowledge", new { });
        await platform.PassAsync(TimeSpan.FromHours(1));
        await platform.PostAsync($"/api/v1/tickets/{number}/actions/arrive", new { });
        await platform.PassAsync(TimeSpan.FromMinutes(90));
        await platform.PostAsync($"/api/v1/tickets/{number}/actions/resolve", new { });
        await platform.PostAsync($"/api/v1/tickets/{number}/actions/close", new { mode = "VIB", mechanism = "2.4 Wear", cause = "Expected wear and tear", faultCode = "bearing-wear" });
    }

    private static async Task<double?> FigureAsync(SimulatedPlatform platform, string code) =>
        (double?)(await platform.GetAsync($"/api/v1/kpis?{Year}"))["items"]!.AsArray().Single(kpi => (string)kpi!["code"]! == code)!["value"];

    private static IEnumerable<(string, bool)> Entered(JsonNode ticket) =>
        ticket["timeline"]!.AsArray().Where(entry => entry!["occurredAt"] is not null).Select(entry => ((string)entry!["kind"]!, (bool)entry["late"]!));
}
