using System.Globalization;
using System.Text.Json.Nodes;
using Seamless.EndToEnd.Tests.Rig;

namespace Seamless.EndToEnd.Tests.Scenarios;

/// <summary>Who waits for a part that nobody has is not forgotten: after a day it is got another way, and the customer hears of it once.</summary>
public sealed class BackOrderTests(SharedPlatform shared) : IClassFixture<SharedPlatform>
{
    private const string AirEnd = "CMP-AIREND-75";   // one in the whole network
    private const string GearStage = "GBX-STAGE-IMS";   // so is this
    private readonly SimulatedPlatform _platform = shared.Platform;

    [Fact]
    [Trait("Scenario", "24")]
    public async Task A_back_order_older_than_a_day_is_sent_on_from_another_site_and_the_customer_hears_once()
    {
        await _platform.PutAsync("/api/v1/notifications/recipients/customer", new { title = "Customer", audience = "customer", customer = "waits", channel = "webhook", address = "https://customer.example/hook", secrets = new[] { "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw" }, milestones = new[] { "back-order" } });
        var first = await OpenAsync("compressor-1", "has");
        Assert.Equal("reserved", (string)(await PartAsync(first))["status"]!);
        var waiting = await OpenAsync("compressor-2", "waits");
        Assert.Equal("unavailable", (string)(await PartAsync(waiting))["status"]!);
        var queued = (await BackOrdersAsync(AirEnd)).Single();
        Assert.Equal((waiting, AirEnd, null), ((string)queued["ticket"]!, (string)queued["sku"]!, (string?)queued["resourced"]));

        // The one there is arrives at the first site, where it turns out not to be needed.
        await _platform.PassAsync(TimeSpan.FromHours(20), TimeSpan.FromHours(1));
        await _platform.PostAsync($"/api/v1/tickets/{first}/actions/cancel", new { reason = "no fault found" });
        await _platform.PassAsync(TimeSpan.FromHours(3), TimeSpan.FromHours(1));
        Assert.Equal("unavailable", (string)(await PartAsync(waiting))["status"]!);   // 23 hours: the usual way still has its time

        await _platform.PassAsync(TimeSpan.FromHours(3), TimeSpan.FromHours(1));
        Assert.Empty(await BackOrdersAsync(AirEnd));
        var shipment = (await _platform.GetAsync($"/api/v1/shipments?ticket={waiting}"))["items"]!.AsArray().Single()!;
        Assert.Equal("site:site-compressor-1", (string)shipment["fromDepot"]!);

        await _platform.PassAsync(TimeSpan.FromDays(3), TimeSpan.FromHours(1));
        Assert.Equal("delivered", (string)(await PartAsync(waiting))["status"]!);
        var moves = (await _platform.GetAsync($"/api/v1/parts/units/{shipment["serials"]![0]}"))["history"]!.AsArray().Select(move => (string)move!["kind"]!);
        Assert.Equal(["received", "reserved", "picked-up", "delivered", "return-due", "picked-up", "delivered"], moves);
        Assert.Single((await _platform.TicketAsync(waiting))["timeline"]!.AsArray(), entry => (string)entry!["kind"]! == "back-order");
        Assert.Single((await _platform.GetAsync($"/api/v1/notifications/outbox?ticket={waiting}"))["items"]!.AsArray());
    }

    [Fact]
    public async Task With_no_unit_anywhere_the_suppliers_next_delivery_is_hastened_once()
    {
        await OpenAsync("gear-1", "first", "gearbox", "gear-tooth-damage");
        var late = await OpenAsync("gear-2", "second", "gearbox", "gear-tooth-damage");
        var expected = At((await BackOrdersAsync(GearStage)).Single()["expected"]!);
        await _platform.PassAsync(TimeSpan.FromHours(26), TimeSpan.FromHours(1));
        var queued = (await BackOrdersAsync(GearStage)).Single();
        Assert.Equal((late, "express"), ((string)queued["ticket"]!, (string)queued["resourced"]!));
        Assert.InRange((At(queued["expected"]!) - _platform.Now) / (expected - _platform.Now), 0.45, 0.55);
        await _platform.PassAsync(TimeSpan.FromHours(26), TimeSpan.FromHours(1));
        Assert.Equal(queued["expected"]!.ToJsonString(), (await BackOrdersAsync(GearStage)).Single()["expected"]!.ToJsonString());
    }

    private async Task<string> OpenAsync(string device, string customer, string type = "compressor", string faultCode = "air-end-bearing")
    {
        await _platform.PostAsync("/api/v1/devices", new { id = device, type, site = $"site-{device}", customer });
        var number = (string)(await _platform.PostAsync("/api/v1/tickets", new { device, faultCode, priority = "p2", title = new { en = "Machine is loud", zhCN = "设备噪声大" } }))["id"]!;
        await _platform.PassAsync(TimeSpan.FromSeconds(1));
        return number;
    }

    private async Task<JsonNode> PartAsync(string ticket) => (await _platform.TicketAsync(ticket))["parts"]!.AsArray().Single()!;
    private async Task<List<JsonNode>> BackOrdersAsync(string sku) => [.. (await _platform.GetAsync("/api/v1/parts/back-orders"))["items"]!.AsArray().Select(line => line!).Where(line => (string)line["sku"]! == sku)];
    private static DateTimeOffset At(JsonNode text) => DateTimeOffset.Parse((string)text!, CultureInfo.InvariantCulture);
}
