using System.Text.Json.Nodes;
using Seamless.EndToEnd.Tests.Rig;
using static Seamless.EndToEnd.Tests.Rig.PartsStory;

namespace Seamless.EndToEnd.Tests.Scenarios;

/// <summary>The replacement leaves before the defective part is back; what does not come back is asked for, and then billed.</summary>
public sealed class AdvanceReplacementTests
{
    private static readonly DateTimeOffset Morning = new(2026, 3, 2, 8, 0, 0, TimeSpan.Zero);

    [Fact]
    [Trait("Scenario", "44")]
    public async Task An_unreturned_part_is_reminded_of_escalated_and_billed_and_the_wrong_serial_is_refused()
    {
        await using var platform = await SimulatedPlatform.StartAsync(Morning);
        await platform.PutAsync("/api/v1/notifications/recipients/acme", new
        {
            title = "Acme", audience = "customer", customer = "acme", channel = "webhook", address = "https://acme.invalid/hook", secrets = (string[])["whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"],
        });
        await platform.AddPumpAsync("pump-1", Paris);
        await platform.AddPumpAsync("pump-2", Paris);
        var kept = await platform.OpenAsync("pump-1");
        var honest = await platform.OpenAsync("pump-2");
        var (first, second) = (await ReplaceAsync(platform, kept, "OLD-1"), await ReplaceAsync(platform, honest, "OLD-2"));
        Assert.Equal(first.Text("id"), (await ReplaceAsync(platform, kept, "OLD-1")).Text("id"));   // twice is once
        var shipment = await platform.ShipmentAsync(kept);
        Assert.Equal((string)shipment["serials"]![0]!, first["advance"]!.Text("replacement"));
        Assert.Equal(86m, (decimal)first["advance"]!["charge"]!);
        var due = first.Instant("dueAt");
        Assert.Equal(shipment.Instant("eta").AddDays(10), due);

        await platform.PassAsync(due.AddDays(-5) - platform.Now, TimeSpan.FromDays(1));
        Assert.Equal(["advance-replacement", "return-reminder"], await StepsAsync(platform, kept));
        // The honest one: no other serial than the one that is due, and somebody has to look.
        var box = $"/api/v1/returns/{second.Text("number")}/receive";
        Assert.Contains("OLD-9 is another", (await platform.PostAsync(box, new { disposition = "repair", serial = "OLD-9" }, 409)).Text("detail"), StringComparison.Ordinal);
        await platform.PostAsync(box, new { disposition = "repair" }, 400);
        await platform.PostAsync(box, new { disposition = "repair", serial = "OLD-2" });

        await platform.PassAsync(TimeSpan.FromDays(9), TimeSpan.FromHours(12));
        Assert.Equal(["advance-replacement", "return-reminder", "return-reminder", "return-overdue", "return-billed"], await StepsAsync(platform, kept));
        Assert.Contains((await platform.TicketAsync(kept))["timeline"]!.AsArray(), step => step!.Text("kind") == "escalated" && step!.Text("text").Contains("did not come back", StringComparison.Ordinal));
        Assert.Equal(due.AddDays(3), (await ReturnAsync(platform, "OLD-1"))["advance"]!.Instant("billedAt"), TimeSpan.FromHours(12));
        Assert.Equal(["advance-replacement"], (await StepsAsync(platform, honest)).Distinct().Except(["return-reminder"]));
        Assert.Null((await ReturnAsync(platform, "OLD-2"))["advance"]!["billedAt"]);
        var told = (await platform.ItemsAsync($"/api/v1/notifications/outbox?ticket={kept}&limit=100")).Select(message => message.Text("milestone")).ToList();
        Assert.Equal((2, 1), (told.Count(m => m == "return-reminder"), told.Count(m => m == "return-billed")));

        // It comes after all: refunded.
        await platform.PostAsync($"/api/v1/returns/{first.Text("number")}/receive", new { disposition = "scrap", serial = "OLD-1" });
        Assert.NotNull((await ReturnAsync(platform, "OLD-1"))["advance"]!["refundedAt"]);
        await platform.AssertConservedAsync();
    }

    private static Task<JsonNode> ReplaceAsync(SimulatedPlatform platform, string ticket, string serial) => platform.PostAsync($"/api/v1/tickets/{ticket}/advance-replacement", new { sku = Bearing, serial });

    private static async Task<JsonNode> ReturnAsync(SimulatedPlatform platform, string serial) => (await platform.ItemsAsync("/api/v1/returns")).Single(r => r.Text("serial") == serial);

    private static async Task<List<string>> StepsAsync(SimulatedPlatform platform, string ticket) =>
        [.. (await platform.TicketAsync(ticket))["timeline"]!.AsArray().Select(step => step!.Text("kind")).Where(kind => kind.StartsWith("return-", StringComparison.Ordinal) || kind.StartsWith("advance", StringComparison.Ordinal))];
}
