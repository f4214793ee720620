using System.Text.Json.Nodes;
using Seamless.EndToEnd.Tests.Rig;

namespace Seamless.EndToEnd.Tests.Scenarios;

/// <summary>Somebody new handles cases alone, within limits that a supervisor can lift one case at a time.</summary>
public sealed class SupervisionTests : IAsyncLifetime
{
    private SimulatedPlatform _platform = null!;   // started before each test

    [Fact]
    [Trait("Scenario", "68")]
    public async Task Who_is_new_closes_and_commands_within_limits_and_beyond_them_once_the_supervisor_says_so()
    {
        await _platform.PutAsync("/api/v1/articles/policy", new { supervision = new { novices = new { xu = "xu2", xu2 = "mo" } } }, 400);
        await _platform.PutAsync("/api/v1/articles/policy", new { supervision = new { novices = new { xu = "mo" } } });

        // Within the limits: not urgent, and the cause is the one of the diagnosis.
        var plain = await RepairedAsync("p3", "seal-leak");
        await CloseAsync(plain, "seal-leak", "xu");

        // Another cause than the diagnosis says: not alone, unless a test has shown it.
        var doubtful = await RepairedAsync("p4", "seal-leak");
        Assert.Contains("mo releases", Detail(await CloseAsync(doubtful, "bearing-wear", "xu", 403)), StringComparison.Ordinal);
        var tested = await OpenAsync("p4", "seal-leak");
        await _platform.PostAsync($"/api/v1/tickets/{tested}/guidance/tests", new { faultCode = "bearing-wear", found = true }, by: "xu");
        await ActAsync(tested, "resolve", Codes("bearing-wear"), "xu");
        await CloseAsync(tested, "bearing-wear", "xu");

        // Urgent: repaired, but neither confirmed, closed nor called off by them; nor does it close by itself meanwhile.
        var urgent = await OpenAsync("p1", "seal-leak");
        await ActAsync(urgent, "resolve", Codes("seal-leak"), "xu", 403);
        await ActAsync(urgent, "cancel", [], "xu", 403);
        await ActAsync(urgent, "resolve", [], "xu");
        await CloseAsync(urgent, "seal-leak", "xu", 403);
        await _platform.PatchAsync($"/api/v1/tickets/{urgent}", new { priority = "p4" }, 403, "xu");
        await CommandAsync("R1", 403);
        await CommandAsync("R0", 202);

        // Only the supervisor releases, and only this ticket with its device.
        await _platform.PostAsync($"/api/v1/tickets/{urgent}/releases", new { }, by: "xu");
        await _platform.PutAsync($"/api/v1/tickets/{urgent}/releases/xu", new { }, 403, "lin");
        await _platform.PutAsync($"/api/v1/tickets/{urgent}/releases/xu", new { }, 403, "xu");
        await _platform.PutAsync($"/api/v1/tickets/{urgent}/releases/xu", new { note = "I have seen it" }, by: "mo");
        await CommandAsync("R1", 202);
        await CommandAsync("R1", 403, "pump-2");
        await CloseAsync(urgent, "seal-leak", "xu");
        await CommandAsync("R1", 403);   // the case is over, and so is its release
        await CloseAsync(doubtful, "bearing-wear", "xu", 403);
        await _platform.PostAsync($"/api/v1/tickets/{urgent}/releases", new { }, 409, "xu");
        Assert.Equal(["release-asked", "released"], (await _platform.TicketAsync(urgent))["timeline"]!.AsArray().Select(e => (string)e!["kind"]!).Where(k => k.StartsWith("release", StringComparison.Ordinal)));

        // Whoever is not new is not limited.
        await CloseAsync(await RepairedAsync("p1", "seal-leak"), "bearing-wear", "lin");
        await _platform.PostAsync($"/api/v1/tickets/{doubtful}/releases", new { }, 409, "lin");
    }

    public async ValueTask InitializeAsync()
    {
        _platform = await SimulatedPlatform.StartAsync(new DateTimeOffset(2026, 3, 16, 8, 0, 0, TimeSpan.Zero));
        foreach (var name in (string[])["xu", "lin", "mo"]) await _platform.IntroduceAsync(name, "engineer");
        foreach (var id in (string[])["pump-1", "pump-2"]) await _platform.PostAsync("/api/v1/devices", new { id, type = "pump", site = "works" });
    }

    public ValueTask DisposeAsync() => _platform.DisposeAsync();

    private static string Detail(JsonNode problem) => (string)problem["detail"]!;

    private static Dictionary<string, string> Codes(string faultCode) => new() { ["mode"] = "ELU", ["mechanism"] = "1.1 Leakage", ["cause"] = "Expected wear and tear", ["faultCode"] = faultCode };

    private async Task<string> OpenAsync(string priority, string faultCode) => (string)(await _platform.PostAsync("/api/v1/tickets", new { device = "pump-1", title = "Leaks", priority, faultCode }))["id"]!;

    private async Task<string> RepairedAsync(string priority, string faultCode)
    {
        var ticket = await OpenAsync(priority, faultCode);
        await ActAsync(ticket, "resolve", [], "xu");
        return ticket;
    }

    private Task<JsonNode> ActAsync(string ticket, string action, Dictionary<string, string> args, string by, int? status = null) => _platform.PostAsync($"/api/v1/tickets/{ticket}/actions/{action}", args, status, by);

    private Task<JsonNode> CloseAsync(string ticket, string faultCode, string by, int? status = null) => ActAsync(ticket, "close", Codes(faultCode), by, status);

    private Task<JsonNode> CommandAsync(string riskClass, int status, string device = "pump-1") => _platform.PostAsync($"/api/v1/devices/{device}/commands", new { name = "backflush-strainer", riskClass }, status, "xu");
}
