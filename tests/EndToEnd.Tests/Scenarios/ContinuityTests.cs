using System.Text.Json.Nodes;
using Seamless.EndToEnd.Tests.Rig;

namespace Seamless.EndToEnd.Tests.Scenarios;

/// <summary>A typhoon takes a call centre: its cases are answered from other seats within the minute, in the same order, and none is lost.</summary>
public sealed class ContinuityTests(SharedPlatform shared) : IClassFixture<SharedPlatform>
{
    private static readonly TimeSpan BeatEvery = TimeSpan.FromSeconds(15);

    private readonly SimulatedPlatform _platform = shared.Platform;

    [Fact]
    [Trait("Scenario", "84")]
    public async Task A_call_centre_that_is_killed_loses_no_case_and_all_are_taken_over_within_a_minute_in_the_same_order()
    {
        await _platform.PutAsync("/api/v1/teams", new { teams = new object[] { new { id = "manila", fallback = new[] { "cebu", "mobile" } }, new { id = "cebu", sites = new[] { "cebu-works" }, fallback = new[] { "mobile" } }, new { id = "mobile" } } });
        var priorities = new[] { "p3", "p1", "p4", "p2", "p2", "p1" };
        var opened = new List<string>();
        foreach (var priority in priorities)
        {
            opened.Add(await OpenAsync(priority));
            await LiveAsync(TimeSpan.FromSeconds(30), "manila", "cebu", "mobile");
        }
        var begun = opened[0];
        await _platform.PostAsync($"/api/v1/tickets/{begun}/actions/acknowledge", new { });
        var order = await QueueAsync("manila");
        Assert.Equal(opened.Order(), order.Order());

        // The power fails in Manila and in Cebu, the first fallback.
        await LiveAsync(TimeSpan.FromSeconds(30), "mobile");
        Assert.Equal(order, await QueueAsync("manila"));   // not yet: 30 seconds are within the limit
        await LiveAsync(TimeSpan.FromSeconds(30), "mobile");
        Assert.Equal([("manila", false, 0), ("cebu", false, 0), ("mobile", true, opened.Count)], await TeamsAsync());
        Assert.Equal(order, await QueueAsync("mobile"));
        var during = await OpenAsync("p2");
        Assert.Equal("mobile", await TeamOfAsync(during));

        // Beats that are repeated and time that passes tell nothing twice.
        await LiveAsync(TimeSpan.FromMinutes(5), "mobile", "mobile");
        foreach (var number in opened.Append(during)) Assert.Equal(["manila is down: mobile takes over"], await ReroutesAsync(number));
        Assert.Equal((2, opened.Count + 1), (await EventsAsync("team-down"), await EventsAsync("rerouted")));
        var late = (await LogAsync("rerouted")).Max(e => (double)e["value"]!);
        Assert.InRange(late, 45, 60 + 1);

        // Manila is back: the new ones are its own, and those that nobody has begun.
        await LiveAsync(TimeSpan.FromSeconds(15), "manila", "mobile");
        var after = await OpenAsync("p3");
        Assert.Equal(("manila", "mobile", "manila"), (await TeamOfAsync(after), await TeamOfAsync(begun), await TeamOfAsync(opened[1])));
        Assert.Equal([.. order.Where(n => n != begun)], (await QueueAsync("manila")).Where(opened.Contains));
        Assert.Equal(opened.Count + 2, (await TeamsAsync()).Sum(t => t.OpenTickets));
        Assert.Equal(1, await EventsAsync("team-back"));
        Assert.Contains("cannot fall back on 'atlantis'", (string)(await _platform.PutAsync("/api/v1/teams", new { teams = new[] { new { id = "manila", fallback = new[] { "atlantis" } } } }, 400))["detail"]!, StringComparison.Ordinal);
    }

    /// <summary>Time passes while only these teams send their heartbeats.</summary>
    private async Task LiveAsync(TimeSpan time, params string[] up)
    {
        for (var passed = TimeSpan.Zero; passed < time; passed += BeatEvery)
        {
            await _platform.PassAsync(BeatEvery, TimeSpan.FromSeconds(5));
            foreach (var team in up) await _platform.PostAsync($"/api/v1/teams/{team}/heartbeat", new { });
        }
    }

    private async Task<string> OpenAsync(string priority) =>
        (string)(await _platform.PostAsync("/api/v1/tickets", new { site = "s1", priority, title = new { en = "Pump house flooded", zhCN = "泵房进水" } }))["id"]!;

    private async Task<List<string>> QueueAsync(string team) => (await _platform.ItemsAsync($"/api/v1/queue?team={team}&limit=100")).ConvertAll(p => (string)p["ticket"]!);

    private async Task<string> TeamOfAsync(string number) => (string)(await _platform.TicketAsync(number))["team"]!;

    private async Task<List<(string Id, bool Up, int OpenTickets)>> TeamsAsync() => (await _platform.ItemsAsync("/api/v1/teams")).ConvertAll(t => ((string)t["id"]!, (bool)t["up"]!, (int)t["openTickets"]!));

    private async Task<IEnumerable<string>> ReroutesAsync(string number) =>
        (await _platform.TicketAsync(number))["timeline"]!.AsArray().Where(e => (string)e!["kind"]! == "rerouted").Select(e => (string)e!["text"]!);

    private async Task<int> EventsAsync(string kind) => (await LogAsync(kind)).Count;

    private async Task<List<JsonNode>> LogAsync(string kind) =>
        [.. (await _platform.TextAsync("/api/v1/kpis/log")).TrimEnd('\n').Split('\n').Select(line => JsonNode.Parse(line)!).Where(e => (string)e["kind"]! == kind)];
}
