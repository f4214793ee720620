using System.Text.Json.Nodes;
using Seamless.EndToEnd.Tests.Rig;

namespace Seamless.EndToEnd.Tests.Scenarios;

/// <summary>Every link of the customer's way must hold: one bad one spoils all.</summary>
public sealed class CustomerJourneyTests
{
    private const string Journey = "/api/v1/customers/acme/journey";

    [Fact]
    [Trait("Scenario", "1")]
    public async Task One_bad_install_turns_the_account_red_although_all_else_is_green_and_its_repair_turns_it_green_again()
    {
        await using var platform = await SimulatedPlatform.StartAsync(new DateTimeOffset(2026, 3, 2, 8, 0, 0, TimeSpan.Zero));
        foreach (var id in (string[])["m1", "m2"]) await platform.PostAsync("/api/v1/devices", new { id, type = "pump", site = "s1", customer = "acme" });
        await RefusedAsync(platform);
        foreach (var stage in (string[])["awareness", "order", "brand"]) await EnterAsync(platform, null, stage, 90);
        foreach (var device in (string[])["m1", "m2"])
            foreach (var stage in (string[])["delivery", "install", "training", "operation"]) await EnterAsync(platform, device, stage, 95);
        Assert.Equal("green account awareness 90", await WeakestAsync(platform));

        await EnterAsync(platform, "m2", "install", 30, "The foundation was not level");
        var journey = await platform.GetAsync(Journey);
        Assert.Equal("red m2 install 30", Weakest(journey));
        Assert.Equal(("m2", "The foundation was not level"), ((string)journey["assets"]![0]!["device"]!, (string)journey["weakest"]!["note"]!));
        var stages = journey["assets"]!.AsArray().SelectMany(a => a!["stages"]!.AsArray()).ToList();
        Assert.Equal((11, 10), (stages.Count, stages.Count(s => (string)s!["colour"]! == "green")));
        Assert.True(stages.Average(s => (double)s!["score"]!) > 80, "the mean hides it");

        await EnterAsync(platform, "m2", "install", 85, "Levelled");
        Assert.Equal("green m2 install 85", await WeakestAsync(platform));
        var installs = (await platform.GetAsync(Journey))["timeline"]!.AsArray().Where(s => (string)s!["stage"]! == "install" && (string?)s["device"] == "m2");
        Assert.Equal([85, 30, 95], installs.Select(s => (double)s!["score"]!));
    }

    [Fact]
    [Trait("Scenario", "1")]
    public async Task The_service_stage_follows_from_the_clocks_and_ratings_of_the_machines_tickets_of_the_last_ninety_days()
    {
        await using var platform = await SimulatedPlatform.StartAsync(new DateTimeOffset(2026, 3, 2, 8, 0, 0, TimeSpan.Zero));
        foreach (var id in (string[])["m1", "m2"]) await platform.PostAsync("/api/v1/devices", new { id, type = "pump", site = "s1", customer = "acme" });
        await EnterAsync(platform, null, "order", 85);

        var prompt = await RepairAsync(platform, "m1", TimeSpan.Zero);
        Assert.Equal("green account order 85", await WeakestAsync(platform));   // in time, and nobody has complained
        await platform.PostAsync("/api/v1/surveys/ratings", new { ticket = prompt, satisfaction = 5, effort = 1 });
        Assert.Equal("red m1 service 0", await WeakestAsync(platform));         // in time, but hard work for the customer
        await platform.PostAsync("/api/v1/surveys/ratings", new { ticket = prompt, satisfaction = 5, effort = 7 });
        Assert.Equal("green account order 85", await WeakestAsync(platform));

        await RepairAsync(platform, "m2", TimeSpan.FromDays(5));
        Assert.Equal("red m2 service 0", await WeakestAsync(platform));         // not a clock was kept
        await platform.PassAsync(TimeSpan.FromDays(91), TimeSpan.FromDays(7));
        Assert.Equal("green account order 85", await WeakestAsync(platform));
    }

    private static async Task RefusedAsync(SimulatedPlatform platform)
    {
        await platform.IntroduceAsync("eve", "viewer");
        await platform.PostAsync(Journey, new { stage = "order", score = 90 }, 403, by: "eve");
        foreach (var (entry, status, words) in new (object, int, string)[]
        {
            (new { stage = "service", score = 90 }, 400, "follows from the clocks and ratings"), (new { stage = "order" }, 400, "'score', 0 to 100"), (new { stage = "order", score = 101 }, 400, "'score' is 0"),
            (new { stage = "install", score = 90, device = "m3" }, 404, "has no device 'm3'"),
        })
            Assert.Contains(words, (string)(await platform.PostAsync(Journey, entry, status))["detail"]!, StringComparison.Ordinal);
        Assert.Contains("nothing is known", (string)(await platform.GetProblemAsync("/api/v1/customers/nobody/journey"))["detail"]!, StringComparison.Ordinal);
        Assert.Null((await platform.GetAsync(Journey))["weakest"]);
    }

    private static async Task<string> RepairAsync(SimulatedPlatform platform, string device, TimeSpan after)
    {
        var number = (string)(await platform.PostAsync("/api/v1/tickets", new { device, priority = "p2", title = "It is loud" }))["id"]!;
        await platform.PassAsync(after, TimeSpan.FromDays(1));
        foreach (var action in (string[])["acknowledge", "depart", "arrive", "resolve"]) await platform.PostAsync($"/api/v1/tickets/{number}/actions/{action}", new { });
        return number;
    }

    private static Task<JsonNode> EnterAsync(SimulatedPlatform platform, string? device, string stage, double score, string? note = null) => platform.PostAsync(Journey, new { device, stage, score, note });

    private static async Task<string> WeakestAsync(SimulatedPlatform platform) => Weakest(await platform.GetAsync(Journey));

    private static string Weakest(JsonNode journey)
    {
        var stage = journey["weakest"]!;
        return $"{stage["colour"]} {stage["device"] ?? "account"} {stage["stage"]} {stage["score"]}";
    }
}
