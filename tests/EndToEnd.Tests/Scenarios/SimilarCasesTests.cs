using System.Text.Json.Nodes;
using Seamless.EndToEnd.Tests.Rig;

namespace Seamless.EndToEnd.Tests.Scenarios;

/// <summary>Whoever looks at an alarm sees what it was the last time, and what helped.</summary>
public sealed class SimilarCasesTests
{
    [Fact]
    [Trait("Scenario", "61")]
    public async Task An_alarm_comes_with_the_closed_ticket_that_is_like_it()
    {
        await using var platform = await PlatformProcess.ServeAsync();
        var ticket = await TicketOf(platform, "pump-1");
        var number = ticket.Text("id");
        foreach (var action in (string[])["acknowledge", "depart", "arrive"]) await platform.PostAsync($"/api/v1/tickets/{number}/actions/{action}", new { });
        await platform.PostAsync($"/api/v1/tickets/{number}/actions/resolve", new { note = "repaired" });
        await platform.PostAsync($"/api/v1/tickets/{number}/actions/close",
            new { mode = "VIB", mechanism = "2.4 Wear", cause = "Expected wear and tear", faultCode = "bearing-wear", note = "outer ring worn, shaft realigned" });

        var again = await TicketOf(platform, "pump-2");
        var alarm = (string)again["alarms"]![0]!;
        var similar = (await platform.GetAsync($"/api/v1/alarms/{alarm}/similar"))["items"]!.AsArray();

        var past = Assert.Single(similar)!;
        Assert.Equal((number, "pump-1", "bearing-wear", "outer ring worn, shaft realigned"), (past.Text("ticket"), past.Text("device"), past.Text("cause"), past.Text("note")));
        Assert.InRange((double)past["similarity"]!, 0.8, 1);
        Assert.Contains(past["why"]!.AsArray(), words => ((string)words!).Contains("Vibration high", StringComparison.Ordinal));
    }

    private static async Task<JsonNode> TicketOf(PlatformProcess platform, string device)
    {
        await using var pump = await ScriptedMachine.ConnectAsync(platform, device, "pump", $"site-{device}");
        await pump.SendAsync(TimeSpan.FromMinutes(4), TimeSpan.FromSeconds(10), ("vibration", 9.4), ("bearingTemperature", 96.0), ("running", true));
        return (await platform.UntilAsync($"/api/v1/tickets?device={device}", tickets => tickets.Count > 0))[0];
    }
}
