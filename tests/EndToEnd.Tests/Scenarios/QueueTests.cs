using System.Globalization;
using System.Text.Json.Nodes;
using Seamless.EndToEnd.Tests.Rig;

namespace Seamless.EndToEnd.Tests.Scenarios;

/// <summary>Who is served next: the urgent first, nobody never, and a customer's tier within bounds.</summary>
public sealed class QueueTests
{
    private static readonly DateTimeOffset Morning = new(2026, 3, 2, 8, 0, 0, TimeSpan.Zero);
    private static readonly TimeSpan Work = TimeSpan.FromMinutes(20);

    [Fact]
    [Trait("Scenario", "66")]
    public async Task The_urgent_pre_empts_and_the_least_urgent_is_served_within_its_bound_under_permanent_load()
    {
        await using var platform = await SimulatedPlatform.StartAsync(Morning);
        await platform.PutAsync("/api/v1/queue/policy", new { policy = new { waitMinutes = new { P2 = 60, P3 = 120, P4 = 240 } } });
        var patient = await OpenAsync(platform, "low", "machine");
        Assert.Equal(("P4", "low", "machine"), (await PriorityAsync(platform, patient), (string)(await platform.TicketAsync(patient))["grading"]!["urgency"]!, (string)(await platform.TicketAsync(patient))["grading"]!["impact"]!));
        for (var i = 0; i < 3; i++) await OpenAsync(platform, "high", "machine");

        // One person, twenty minutes a case, and every twenty minutes a new urgent one: strict priority would never come to the patient one.
        DateTimeOffset? served = null;
        string? accident = null;
        for (var round = 0; round < 24 && served is null; round++)
        {
            await OpenAsync(platform, "high", "machine");
            if (round == 12) accident = await OpenAsync(platform, "critical", "site");
            var next = await NextAsync(platform);
            if (round == 12) Assert.Equal(accident, (string)next["ticket"]!);
            if ((string)next["ticket"]! == patient)
            {
                served = platform.Now;
                Assert.Contains("has waited longest", $"{next["reasons"]}", StringComparison.Ordinal);
            }
            await ResolveAsync(platform, (string)next["ticket"]!);
            await platform.PassAsync(Work);
        }
        Assert.NotNull(served);
        Assert.InRange((served - Morning).Value.TotalMinutes, 120, 240 + 5 * Work.TotalMinutes);   // its wait, and what was ahead of it then
        Assert.Equal((await platform.GetAsync("/api/v1/queue?limit=5"))["items"]!.AsArray().Select(p => (string)p!["ticket"]!), (await platform.GetAsync("/api/v1/tickets?sort=queue&limit=5"))["items"]!.AsArray().Select(t => (string)t!["id"]!));
    }

    [Fact]
    [Trait("Scenario", "79")]
    public async Task A_tier_has_its_service_level_adviser_plan_and_a_head_start_that_stays_within_the_fairness_bound()
    {
        await using var platform = await SimulatedPlatform.StartAsync(Morning);
        await platform.PutAsync("/api/v1/agreements", new { text = "policies:\n  basic: { respond: 2h, arrive: 8h, resolve: 20h }\n  round: { respond: 15m, arrive: 2h, resolve: 24h }\ntiers: { default: basic, premium: round }\n" });
        await platform.PutAsync("/api/v1/queue/policy", new { policy = new { tiers = new { premium = new { headStartMinutes = 90, adviser = "wang" } }, fairnessBoundMinutes = 60 } }, 400);
        await platform.PutAsync("/api/v1/queue/policy", new { policy = new { tiers = new { premium = new { headStartMinutes = 60, adviser = "wang" } }, fairnessBoundMinutes = 60, advisers = new { tank = "chen" } } });
        await platform.PutAsync("/api/v1/care/plans/premium", new { title = "Premium care", scope = new { tier = "premium" }, per = "customer", rule = "FREQ=MONTHLY;BYMONTHDAY=10", objectives = new[] { new { id = "review", text = "Review" } } });
        foreach (var (device, tier, customer) in new[] { ("pump-1", "standard", "acme"), ("pump-2", "premium", "globex"), ("pump-3", "premium", "tank") })
            await platform.PostAsync("/api/v1/devices", new { id = device, type = "pump", site = $"at-{device}", tier, customer });
        var terms = await platform.GetAsync("/api/v1/queue/terms?customer=globex&tier=premium");
        Assert.Equal(("round@1", 60, "wang", "premium"), ((string)terms["slaPolicy"]!, (int)terms["headStartMinutes"]!, (string)terms["adviser"]!, (string)terms["carePlans"]![0]!));
        Assert.Equal(("chen", "basic@1"), ((string)(await platform.GetAsync("/api/v1/queue/terms?customer=tank&tier=premium"))["adviser"]!, (string)(await platform.GetAsync("/api/v1/queue/terms?customer=acme&tier=standard"))["slaPolicy"]!));

        var first = await OpenAsync(platform, "medium", "machine", "pump-1");
        await platform.PassAsync(TimeSpan.FromMinutes(59));
        var within = await OpenAsync(platform, "medium", "machine", "pump-2");
        await platform.PassAsync(TimeSpan.FromMinutes(2));
        var beyond = await OpenAsync(platform, "medium", "machine", "pump-3");
        Assert.Equal("P2", await PriorityAsync(platform, within));   // the clocks run by the tier …
        var queue = (await platform.GetAsync("/api/v1/queue"))["items"]!.AsArray();
        Assert.Equal([within, first, beyond], queue.Select(p => (string)p!["ticket"]!));   // … the order keeps to the bound
        Assert.Equal(["wang", null, "chen"], queue.Select(p => (string?)p!["adviser"]));
        Assert.Contains("60 min head start", $"{queue[0]!["reasons"]}", StringComparison.Ordinal);
    }

    private static async Task<string> OpenAsync(SimulatedPlatform platform, string urgency, string impact, string? device = null) =>
        (string)(await platform.PostAsync("/api/v1/tickets", new { device, site = device is null ? "s1" : null, urgency, impact, title = new { en = "Pump is loud", zhCN = "水泵噪声大" } }))["id"]!;

    private static async Task<string> PriorityAsync(SimulatedPlatform platform, string ticket) => ((string)(await platform.TicketAsync(ticket))["priority"]!).ToUpper(CultureInfo.InvariantCulture);

    private static async Task<JsonNode> NextAsync(SimulatedPlatform platform) => (await platform.GetAsync("/api/v1/queue?limit=1"))["items"]![0]!;

    private static Task<JsonNode> ResolveAsync(SimulatedPlatform platform, string ticket) =>
        platform.PostAsync($"/api/v1/tickets/{ticket}/actions/resolve", new { mode = "VIB", mechanism = "2.4 Wear", cause = "3.4 Expected wear and tear", faultCode = "other" });
}
