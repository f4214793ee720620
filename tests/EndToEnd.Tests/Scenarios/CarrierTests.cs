using System.Text.Json.Nodes;
using Seamless.EndToEnd.Tests.Rig;
using static Seamless.EndToEnd.Tests.Rig.PartsStory;

namespace Seamless.EndToEnd.Tests.Scenarios;

/// <summary>Parts reach the user the same day, whoever brings them: cut-off times by carrier and depot, and another carrier when one fails.</summary>
public sealed class CarrierTests
{
    private static readonly DateTimeOffset Morning = new(2026, 3, 2, 8, 0, 0, TimeSpan.Zero);   // 9 o'clock in Paris

    [Fact]
    [Trait("Scenario", "76")]
    public async Task The_same_day_share_follows_from_the_cut_off_and_an_outage_fails_over_to_the_next_carrier()
    {
        await using var platform = await SimulatedPlatform.StartAsync(Morning);
        await platform.PutAsync("/api/v1/carriers/city-bike", new { cutOffs = new Dictionary<string, string> { ["regional-paris"] = "16:00:00" }, roadPrice = 5, farthestKm = 100 });
        await platform.PutAsync("/api/v1/carriers/road-express", new { roadPrice = 40, roadKmPerHour = 80 });
        await platform.PutAsync("/api/v1/carriers/wrong", new { firstPickUp = "18:00:00", cutOff = "12:00:00" }, 400);
        foreach (var number in Enumerable.Range(1, 6)) await platform.AddPumpAsync($"pump-{number}", Paris);
        await PromiseAsync(platform, arrive: "24h");   // so that the next morning's tour is early enough

        // 15:20 in Paris: collected today, there today. 15:40: half an hour later the last tour has left.
        var quotes = await platform.ItemsAsync($"/api/v1/carriers/quotes?depot=regional-paris&km=10&at=2026-03-02T14:20:00Z");
        Assert.Equal([("city-bike", 14.83), ("road-express", 14.83)], quotes.Select(q => (q.Text("carrier"), Math.Round(q.Instant("pickUpAt").TimeOfDay.TotalHours, 2))));
        Assert.Equal("2026-03-03T05:00:00.000Z", (await platform.ItemsAsync("/api/v1/carriers/quotes?depot=regional-paris&km=10&at=2026-03-02T14:40:00Z"))[0].Text("pickUpAt"));
        Assert.Equal(["road-express"], (await platform.ItemsAsync("/api/v1/carriers/quotes?depot=regional-paris&km=400")).Select(q => q.Text("carrier")));

        await platform.PassAsync(TimeSpan.FromHours(6.3));   // 14:18 UTC
        await BookedWithAsync(platform, "pump-1", "city-bike");
        await platform.PassAsync(TimeSpan.FromMinutes(30));
        await BookedWithAsync(platform, "pump-2", "city-bike");
        await platform.PassAsync(TimeSpan.FromHours(8.5));   // 00:18 in Paris: there in the morning, which is the same day there and not in UTC
        await BookedWithAsync(platform, "pump-5", "city-bike");
        await platform.PassAsync(TimeSpan.FromDays(1), TimeSpan.FromHours(1));
        var figures = Assert.Single(await platform.ItemsAsync("/api/v1/carriers/figures"));
        Assert.Equal((3, 3, 2 / 3.0, 1.0), ((int)figures["booked"]!, (int)figures["delivered"]!, (double)figures["sameDay"]!, (double)figures["onTime"]!));

        // Booked and not yet collected, when the carrier drops out: somebody else collects, and the ticket knows.
        var waiting = await platform.OpenAsync("pump-3", "bearing-wear");
        var before = await platform.ShipmentAsync(waiting);
        await platform.PostAsync("/api/v1/carriers/city-bike/outage", new { reason = "" }, 400);
        await platform.PostAsync("/api/v1/carriers/city-bike/outage", new { reason = "strike" });
        var after = await platform.ShipmentAsync(waiting);
        Assert.Equal((before.Text("id"), "city-bike", "road-express"), (after.Text("id"), before.Text("carrier"), after.Text("carrier")));
        Assert.NotEqual(before.Text("waybill"), after.Text("waybill"));
        Assert.Equal(after.Text("eta"), (await platform.OnlyPartAsync(waiting)).Text("eta"));
        Assert.Contains((await platform.TicketAsync(waiting))["timeline"]!.AsArray(), step => step!.Text("kind") == "carrier-changed");
        await platform.PassAsync(TimeSpan.FromDays(1), TimeSpan.FromHours(1));
        Assert.Equal("delivered", (await platform.OnlyPartAsync(waiting)).Text("status"));
        // New ones go with the other at once, until the outage is over.
        await BookedWithAsync(platform, "pump-4", "road-express");
        await platform.DeleteAsync("/api/v1/carriers/city-bike/outage");

        // The last tour has left, and somebody is promised in two hours: the dearer one that still collects.
        await platform.PassAsync(platform.Now.Date.AddDays(1).AddHours(15) - platform.Now.UtcDateTime);
        await PromiseAsync(platform, arrive: "2h");
        await BookedWithAsync(platform, "pump-6", "road-express");
        Assert.Equal("city-bike", (await platform.ItemsAsync("/api/v1/carriers/quotes?depot=regional-paris&km=10"))[0].Text("carrier"));
    }

    private static Task PromiseAsync(SimulatedPlatform platform, string arrive) =>
        platform.PutAsync("/api/v1/agreements", new { text = $"policies:\n  round: {{ respond: 15m, arrive: {arrive}, resolve: 48h }}\ntiers: {{ default: round }}\n" });

    private static async Task BookedWithAsync(SimulatedPlatform platform, string device, string carrier)
    {
        var shipment = await platform.ShipmentAsync(await platform.OpenAsync(device, "bearing-wear"));
        Assert.Equal(("regional-paris", carrier), (shipment.Text("fromDepot"), shipment.Text("carrier")));
    }
}
