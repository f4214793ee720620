using System.Net;
using System.Text.Json.Nodes;
using Seamless.EndToEnd.Tests.Rig;

namespace Seamless.EndToEnd.Tests.Scenarios;

/// <summary>A customer learns how the repair stands with what stands on the machine, without a login; who guesses learns nothing.</summary>
public sealed class StatusLookupTests
{
    [Fact]
    [Trait("Scenario", "34")]
    public async Task The_right_repair_is_found_by_code_or_by_ticket_and_serial_and_guessing_is_stopped()
    {
        await using var platform = await SimulatedPlatform.StartAsync(new DateTimeOffset(2026, 3, 2, 8, 0, 0, TimeSpan.Zero));
        await platform.PostAsync("/api/v1/devices", new { id = "pump-1", type = "pump", site = "s1", serial = "SN-4711", customer = "acme" });
        var ticket = await platform.PostAsync("/api/v1/tickets", new { device = "pump-1", faultCode = "bearing-wear", title = new { en = "Pump is loud", zhCN = "水泵噪声大" } });
        var (number, code) = ((string)ticket["id"]!, (string)ticket["trackingCode"]!);

        var byCode = await platform.AsGuestAsync($"/api/v1/track/{code}");
        var bySerial = await platform.AsGuestAsync($"/api/v1/track/{number}?serial=SN-4711");
        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.OK), (byCode.Status, bySerial.Status));
        Assert.Equal(byCode.Text, bySerial.Text);
        Assert.Equal(number, (string)JsonNode.Parse(byCode.Text)!["number"]!);
        foreach (var secret in (string[])["pump-1", "SN-4711", "bearing", "acme", "tech-", "PMP-"]) Assert.DoesNotContain(secret, byCode.Text, StringComparison.OrdinalIgnoreCase);

        var unknown = await platform.AsGuestAsync("/api/v1/track/T-9999?serial=SN-4711");
        foreach (var guess in (string[])[$"/api/v1/track/{number}", $"/api/v1/track/{number}?serial=SN-4712"]) Assert.Equal(unknown, await platform.AsGuestAsync(guess));
        Assert.Equal(HttpStatusCode.NotFound, unknown.Status);

        var tries = 5;
        while ((await platform.AsGuestAsync($"/api/v1/track/T-{2000 + tries}?serial=SN-4711")).Status is not HttpStatusCode.TooManyRequests) Assert.InRange(++tries, 1, 60);
        Assert.Equal(HttpStatusCode.TooManyRequests, (await platform.AsGuestAsync($"/api/v1/track/{code}")).Status);
        Assert.Equal(HttpStatusCode.TooManyRequests, (await platform.AsGuestAsync("/tips/guessed")).Status);
    }
}
