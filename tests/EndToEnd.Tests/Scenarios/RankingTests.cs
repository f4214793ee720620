using System.Text.Json.Nodes;
using Seamless.EndToEnd.Tests.Rig;

namespace Seamless.EndToEnd.Tests.Scenarios;

/// <summary>Who ranks where is arguable only when it cannot be counted again; where skills are missing decides who is trained.</summary>
public sealed class RankingTests(SharedPlatform shared) : IClassFixture<SharedPlatform>
{
    private const string Year = "from=2026-01-01T00:00:00Z&to=2027-01-01T00:00:00Z";

    private readonly SimulatedPlatform _platform = shared.Platform;

    [Fact]
    [Trait("Scenario", "57")]
    public async Task The_ranking_of_a_past_date_comes_out_again_bit_for_bit_after_later_events_and_an_altered_log_ranks_nobody()
    {
        foreach (var id in (string[])["fast", "slow", "new"]) await PutTechnicianAsync(id, ["s1"]);
        for (var n = 0; n < 5; n++) await RepairAsync($"pump-{n}", "fast", minutes: 60, satisfaction: 5);
        for (var n = 5; n < 10; n++) await RepairAsync($"pump-{n}", "slow", minutes: 240, satisfaction: 3);
        await RepairAsync("pump-10", "new", minutes: 10, satisfaction: 5);

        var then = await _platform.GetAsync($"/api/v1/kpis/ranking?{Year}");
        Assert.Equal([("fast", 1), ("slow", 2), ("new", null)], Ranks(then));
        Assert.Equal((0.5, 0.3, 0.2, 5), ((double)then["weights"]!["firstTimeFix"]!, (double)then["weights"]!["turnaround"]!, (double)then["weights"]!["satisfaction"]!, (int)then["weights"]!["leastVisits"]!));
        Assert.Equal("1 visits; a rank needs 5", (string)then["items"]![2]!["unranked"]!);

        // The same faults come back: none of the fast repairs was a fix, and who was slow was thorough.
        for (var n = 0; n < 5; n++) await OpenAsync($"pump-{n}");
        var now = await _platform.GetAsync($"/api/v1/kpis/ranking?{Year}");
        Assert.Equal([("slow", 1), ("fast", 2), ("new", null)], Ranks(now));
        var head = then["head"]!;
        Assert.Equal($"{then}", $"{await _platform.GetAsync($"/api/v1/kpis/ranking?{Year}&upTo={head["number"]}&hash={head["hash"]}")}");
        Assert.Contains("has another hash", Reason(await _platform.GetProblemAsync($"/api/v1/kpis/ranking?{Year}&upTo={head["number"]}&hash={now["head"]!["hash"]}")), StringComparison.Ordinal);
        Assert.Contains("has no event 99999", Reason(await _platform.GetProblemAsync($"/api/v1/kpis/ranking?{Year}&upTo=99999")), StringComparison.Ordinal);

        Assert.Equal(1, await _platform.TamperAsync("UPDATE desk_events SET \"Value\" = 1 WHERE \"Id\" = (SELECT MIN(\"Id\") FROM desk_events WHERE \"Kind\" = 'turnaround')"));
        Assert.Contains("nobody is ranked by it", Reason(await _platform.GetProblemAsync($"/api/v1/kpis/ranking?{Year}")), StringComparison.Ordinal);
    }

    [Fact]
    [Trait("Scenario", "57")]
    public async Task A_skill_that_is_asked_for_where_nobody_or_only_one_brings_it_is_a_gap()
    {
        Assert.Empty(await GapsAsync());

        // Those who work everywhere leave.
        foreach (var technician in (await _platform.ItemsAsync("/api/v1/technicians")).Where(t => t["sites"]!.AsArray().Count == 0)) await _platform.DeleteAsync($"/api/v1/technicians/{technician["id"]}");
        await OpenAsync("gap-1", "g1");
        await OpenAsync("gap-2", "g2");
        await OpenAsync("gap-3", "g2");
        Assert.Equal([("g2", "none", 2), ("g1", "none", 1)], await GapsAsync());

        await PutTechnicianAsync("ann", ["g1"]);
        await PutTechnicianAsync("ben", ["g2"]);
        await PutTechnicianAsync("cam", ["g2"]);
        await PutTechnicianAsync("dan", ["g2"], expires: _platform.Now.AddDays(-1));
        await PutTechnicianAsync("eve", ["g1"], skill: "it");
        Assert.Equal([("g1", "single", 1)], await GapsAsync());
        Assert.Equal("""["eve"]""", (await DemandsAsync())[0]["trainable"]!.ToJsonString());
        var shared = (await DemandsAsync("?all=true"))[1];
        Assert.Equal(("shared", """["ben","cam"]""", """["dan"]"""), ((string)shared["cover"]!, shared["holders"]!.ToJsonString(), shared["lapsed"]!.ToJsonString()));
    }

    private async Task RepairAsync(string device, string technician, int minutes, int satisfaction)
    {
        var number = await OpenAsync(device);
        await _platform.PostAsync($"/api/v1/tickets/{number}/actions/assign", new { technician });
        await _platform.PostAsync($"/api/v1/tickets/{number}/actions/acknowledge", new { });
        await _platform.PostAsync($"/api/v1/tickets/{number}/actions/depart", new { });
        await _platform.PostAsync($"/api/v1/tickets/{number}/actions/arrive", new { });
        await _platform.PassAsync(TimeSpan.FromMinutes(minutes));
        await _platform.PostAsync($"/api/v1/tickets/{number}/actions/resolve", new { });
        await _platform.PostAsync($"/api/v1/tickets/{number}/actions/close", new { mode = "VIB", mechanism = "2.4 Wear", cause = "Expected wear and tear", faultCode = "bearing-wear" });
        await _platform.PostAsync("/api/v1/surveys/ratings", new { ticket = number, recommend = 9, satisfaction });
    }

    private async Task<string> OpenAsync(string device, string site = "s1")
    {
        if (await _platform.StatusAsync($"/api/v1/devices/{device}") is System.Net.HttpStatusCode.NotFound) await _platform.PostAsync("/api/v1/devices", new { id = device, type = "pump", site });
        return (string)(await _platform.PostAsync("/api/v1/tickets", new { device, faultCode = "bearing-wear", priority = "p2", title = new { en = "Pump is loud", zhCN = "水泵噪声大" } }))["id"]!;
    }

    private Task PutTechnicianAsync(string id, string[] sites, string skill = "mechanical", DateTimeOffset? expires = null) =>
        _platform.PutAsync($"/api/v1/technicians/{id}", new
        {
            latitude = 39.9, longitude = 116.4, sites, skills = new Dictionary<string, int> { [skill] = 1 },
            certificates = expires is { } at ? new[] { new { code = "C-1", skills = new[] { skill }, expiresAt = $"{at:O}" } } : [],
        });

    private async Task<IEnumerable<(string, string, int)>> GapsAsync() => (await DemandsAsync()).Select(g => ((string)g["site"]!, (string)g["cover"]!, (int)g["tickets"]!));

    /// <summary>Of this story's sites.</summary>
    private async Task<List<JsonNode>> DemandsAsync(string query = "") =>
        [.. (await _platform.ItemsAsync($"/api/v1/technicians/gaps{query}")).Where(d => ((string)d["site"]!).StartsWith('g'))];

    private static IEnumerable<(string, int?)> Ranks(JsonNode answer) => answer["items"]!.AsArray().Select(line => ((string)line!["technician"]!, (int?)line["rank"]));

    private static string Reason(JsonNode problem) => (string)problem["detail"]!;
}
