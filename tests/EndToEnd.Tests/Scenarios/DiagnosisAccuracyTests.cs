using Seamless.EndToEnd.Tests.Rig;

namespace Seamless.EndToEnd.Tests.Scenarios;

/// <summary>The cause is written down before anyone travels, and confirmed at closure; the difference is a figure.</summary>
public sealed class DiagnosisAccuracyTests
{
    [Fact]
    [Trait("Scenario", "30")]
    public async Task Accuracy_is_the_share_of_closed_tickets_whose_dispatched_cause_was_confirmed()
    {
        await using var platform = await PlatformProcess.ServeAsync();
        var confirmed = await TicketOf(platform, "pump-1");
        var mistaken = await TicketOf(platform, "pump-2");

        Assert.Equal("bearing-wear", confirmed["causes"]![0]!.Text("code"));
        Assert.NotEmpty(confirmed["parts"]!.AsArray());
        await Close(platform, confirmed.Text("number") is { Length: > 0 } number ? number : confirmed.Text("id"), "bearing-wear");
        await Close(platform, mistaken.Text("number") is { Length: > 0 } other ? other : mistaken.Text("id"), "seal-leak");

        var kpis = await platform.GetAsync("/api/v1/kpis?from=2000-01-01T00:00:00Z&to=2100-01-01T00:00:00Z");
        var accuracy = kpis["items"]!.AsArray().Single(kpi => kpi!.Text("code") == "diagnosisTop1")!;
        Assert.Equal(0.5, (double)accuracy["value"]!, 3);
        Assert.Equal(2, (int)accuracy["samples"]!);
    }

    private static async Task<System.Text.Json.Nodes.JsonNode> TicketOf(PlatformProcess platform, string device)
    {
        await using var pump = await ScriptedMachine.ConnectAsync(platform, device, "pump", $"site-{device}");
        await pump.SendAsync(TimeSpan.FromMinutes(4), TimeSpan.FromSeconds(10), ("vibration", 9.4), ("bearingTemperature", 96.0), ("running", true));
        return (await platform.UntilAsync($"/api/v1/tickets?device={device}", tickets => tickets.Count > 0))[0];
    }

    private static async Task Close(PlatformProcess platform, string number, string faultCode)
    {
        foreach (var action in (string[])["acknowledge", "depart", "arrive"]) await platform.PostAsync($"/api/v1/tickets/{number}/actions/{action}", new { });
        await platform.PostAsync($"/api/v1/tickets/{number}/actions/resolve", new { note = "repaired" });
        await platform.PostAsync($"/api/v1/tickets/{number}/actions/close", new { mode = "VIB", mechanism = "2.4 Wear", cause = "Expected wear and tear", faultCode });
    }
}
