using System.Text.Json.Nodes;
using Seamless.EndToEnd.Tests.Rig;
using static Seamless.EndToEnd.Tests.Rig.PartsStory;

namespace Seamless.EndToEnd.Tests.Scenarios;

/// <summary>Tracking is exact at every step of the flow: who has it, who gave it, and what is missing says so itself.</summary>
public sealed class CustodyTests(MorningPlatform morning) : IClassFixture<MorningPlatform>
{
    private const int ToleranceHours = 6;

    [Fact]
    [Trait("Scenario", "18")]
    public async Task What_is_shipped_and_not_received_is_lost_within_the_carriers_promise_valued_and_sent_again()
    {
        var platform = morning.Platform;
        await platform.WaitForReportsAsync(ToleranceHours);
        await platform.AddPumpAsync("pump-1", Paris);
        var ticket = await platform.OpenAsync("pump-1", "bearing-wear");
        var lost = await platform.ShipmentAsync(ticket);
        var serial = (string)lost["serials"]![0]!;
        await platform.ReportAsync(lost, "picked-up");
        var eta = lost.Instant("eta");

        await platform.PassAsync(eta.AddHours(ToleranceHours).AddMinutes(-1) - platform.Now);
        Assert.Equal("inTransit", (await platform.UnitAsync(serial)).Text("state"));
        Assert.Empty((await platform.GetAsync("/api/v1/parts/losses?open=true"))["items"]!.AsArray());

        await platform.PassAsync(TimeSpan.FromMinutes(1));
        var loss = Assert.Single((await platform.GetAsync("/api/v1/parts/losses?open=true"))["items"]!.AsArray())!;
        Assert.Equal((serial, Courier, 86m, "EUR"), (loss.Text("serial"), loss.Text("carrier"), (decimal)loss["value"]!, loss.Text("currency")));
        Assert.Equal(eta, loss.Instant("expectedAt"));
        Assert.Equal("lost", (await platform.UnitAsync(serial)).Text("state"));
        var part = await platform.OnlyPartAsync(ticket);
        Assert.Equal(("reserved", loss.Text("replacement")), (part.Text("status"), (string)part["serials"]!.AsArray().Single()!));
        Assert.NotEqual(serial, loss.Text("replacement"));
        var second = await platform.ShipmentAsync(ticket);
        Assert.NotEqual(lost.Text("id"), second.Text("id"));
        Assert.True((await platform.TicketAsync(ticket))["visit"]!.Instant("start") >= second.Instant("eta"), "the technician would be there before the parts");
        Assert.Contains((await platform.TicketAsync(ticket))["timeline"]!.AsArray(), step => step!.Text("kind") == "lost-in-transit");

        // It arrives after all, and goes back: found, due, and no unit too many.
        await platform.ReportAsync(second, "delivered");
        await platform.ReportAsync(lost, "delivered");
        Assert.Equal("found", ((await platform.GetAsync("/api/v1/parts/losses"))["items"]![0]!).Text("state"));
        Assert.Equal("returnDue", (await platform.UnitAsync(serial)).Text("state"));
        await platform.AssertConservedAsync();
    }

    [Fact]
    [Trait("Scenario", "18")]
    public async Task A_hand_over_takes_two_every_step_is_signed_and_an_altered_one_is_found_out()
    {
        var platform = morning.Platform;
        await platform.AddPumpAsync("pump-2", Paris);
        var (store, courier) = (await platform.KeyAsync("store-paris", "dispatcher"), await platform.KeyAsync("tech-07", "technician"));
        const string Unit = "/api/v1/parts/units/BRG-77";
        await platform.PostAsAsync(store, "/api/v1/parts/units", new { serial = "BRG-77", sku = Bearing, depot = "regional-paris" }, 201);

        var offer = (await platform.PostAsAsync(store, $"{Unit}/hand-overs", new { to = "technician:tech-07" }, 201)).Text("id");
        var decide = $"/api/v1/parts/hand-overs/{offer}/actions";
        Assert.Equal("depot:regional-paris", (await platform.UnitAsync("BRG-77"))["history"]!.AsArray()[^1]!.Text("to"));   // nobody has said yet that he has it
        await platform.PostAsAsync(store, $"{decide}/confirm", new { }, 403);
        await platform.PostAsAsync(store, $"{Unit}/actions/scrap", new { reason = "bent" }, 409);
        await platform.PostAsAsync(courier, $"{decide}/confirm", new { }, 200);
        await platform.PostAsAsync(courier, $"{decide}/confirm", new { }, 200);   // twice is once
        await platform.PostAsAsync(courier, $"{Unit}/actions/install", new { device = "pump-2" });
        await platform.PostAsAsync(courier, $"{Unit}/actions/remove", new { }, 400);
        await platform.PostAsAsync(courier, $"{Unit}/actions/remove", new { reason = "noisy" });
        await platform.PostAsAsync(courier, $"{Unit}/actions/return", new { depot = "regional-paris" });
        var back = (await platform.ItemsAsync("/api/v1/returns")).Single(r => r.Text("serial") == "BRG-77");
        await platform.PostAsAsync(store, $"/api/v1/returns/{back.Text("number")}/receive", new { disposition = "scrap", serial = "BRG-77" });

        var unit = await platform.UnitAsync("BRG-77");
        Assert.Equal(["received", "handed-over", "installed", "removed", "sent-back", "returned", "scrapped"], unit["history"]!.AsArray().Select(move => move!.Text("kind")));
        Assert.Equal(("store-paris", "tech-07"), (unit["history"]![1]!.Text("giver").Split(':')[^1], unit["history"]![1]!.Text("actor").Split(':')[^1]));
        await platform.AssertConservedAsync();

        // Nobody answers: the offer is on the work list a day later.
        await platform.EnterAsync("BRG-78", Bearing, "regional-paris");
        await platform.PostAsAsync(store, "/api/v1/parts/units/BRG-78/hand-overs", new { to = "technician:tech-07" }, 201);
        await platform.PassAsync(TimeSpan.FromHours(25));
        Assert.Equal("overdue", Assert.Single(await platform.ItemsAsync("/api/v1/parts/hand-overs?open=true")).Text("state"));

        // Whoever has the database but not the key cannot change what happened.
        Assert.Equal(1, await platform.TamperAsync("UPDATE desk_unit_moves SET Actor = 'somebody else' WHERE Serial = 'BRG-77' AND Number = 2"));
        Assert.Equal(("BRG-77", 2), await BreakAsync(platform));
        await platform.TamperAsync("UPDATE desk_unit_moves SET Actor = (SELECT Actor FROM desk_unit_moves WHERE Serial = 'BRG-77' AND Number = 3) WHERE Serial = 'BRG-77' AND Number = 2");
        Assert.True((bool)(await platform.GetAsync("/api/v1/parts/custody/check"))["whole"]!);
        await platform.TamperAsync("UPDATE desk_unit_moves SET Tenant = 'nowhere' WHERE Serial = 'BRG-77' AND Number = 7");
        Assert.Equal(("BRG-77", 7), await BreakAsync(platform));
        await platform.TamperAsync("UPDATE desk_unit_moves SET Tenant = 'default' WHERE Serial = 'BRG-77' AND Number = 7");
    }

    private static async Task<(string, int)> BreakAsync(SimulatedPlatform platform)
    {
        var broken = (await platform.GetAsync("/api/v1/parts/custody/check"))["break"];
        return broken is null ? ("", 0) : (broken.Text("serial"), (int)broken["number"]!);
    }
}
