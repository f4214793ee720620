using System.IO.Compression;
using System.Net;
using System.Text.Json.Nodes;
using Seamless.EndToEnd.Tests.Rig;

namespace Seamless.EndToEnd.Tests.Scenarios;

/// <summary>Somebody far away works on a customer's machine, and the customer decides whether, how far and how long, and sees it.</summary>
public sealed class RemoteSessionTests : IAsyncLifetime
{
    private SimulatedPlatform _platform = null!;   // started before each test
    private ScriptedMachine _machine = null!;
    private string _ticket = "";
    private string _code = "";

    [Fact]
    [Trait("Scenario", "42")]
    public async Task Without_consent_refused_with_it_done_and_written_down_and_refused_again_once_the_time_is_over()
    {
        await AskAsync("R1", 30);
        Assert.Equal("session-waiting", Code(await CommandAsync("self-test", 409)));
        Assert.Empty(_machine.Commands);

        // Who guesses learns nothing; the customer reads what is asked, by a role and no name, and allows it.
        var (unknown, said) = await _platform.GuestAsync(HttpMethod.Post, "/api/v1/track/no-such-code/sessions/1/consent");
        var (other, same) = await _platform.GuestAsync(HttpMethod.Post, $"/api/v1/track/{_code}/sessions/9/consent");
        Assert.Equal((HttpStatusCode.NotFound, HttpStatusCode.NotFound, (string)said!["detail"]!), (unknown, other, (string)same!["detail"]!));
        var seen = (await _platform.GuestAsync(HttpMethod.Get, $"/api/v1/track/{_code}/sessions")).Body!.ToJsonString();
        Assert.Contains("hear why it is loud", seen, StringComparison.Ordinal);
        Assert.DoesNotContain("lin", seen, StringComparison.Ordinal);
        Assert.Equal("open", (string)(await _platform.GuestAsync(HttpMethod.Post, $"/api/v1/track/{_code}/sessions/1/consent")).Body!["state"]!);

        // It runs on the machine, and its result stands in the transcript.
        await CommandAsync("self-test", 202);
        var session = await UntilAsync("result");
        Assert.Equal(["self-test"], _machine.Commands);
        Assert.Equal(["asked", "consented", "command", "result"], KindsOf(session));
        Assert.Equal(("succeeded", true), ((string)session["transcript"]![3]!["data"]!["state"]!, (bool)session["intact"]!));
        Assert.Equal(["session-class", "session-class"], [Code(await CommandAsync("reboot", 403)), Code(await CommandAsync("self-test", 403, "R2"))]);

        // The policy ties all commands of people to sessions.
        await _platform.PutAsync("/api/v1/remote/policy", new { commandsOnlyInSessions = "R1" });
        Assert.Equal("session-needed", Code(await _platform.PostAsync("/api/v1/devices/pump-1/commands", new { name = "reboot", riskClass = "R0" }, 403, "lin")));
        await _platform.PostAsync("/api/v1/devices/pump-1/commands", new { name = "restart-service" }, 202, "lin");   // their own session allows it
        Assert.Equal("session-needed", Code(await _platform.PostAsync("/api/v1/devices/pump-1/commands", new { name = "restart-service" }, 403, "mo")));

        // Time alone ends it.
        await _platform.PassAsync(TimeSpan.FromMinutes(30), TimeSpan.FromMinutes(5));
        Assert.Equal("session-over", Code(await CommandAsync("self-test", 409)));
        session = await SessionAsync();
        Assert.Equal(("ended", "expired"), ((string)session["session"]!["state"]!, (string)session["session"]!["ending"]!));
        Assert.Equal(["session-asked", "session-opened", "session-ended"], (await _platform.GuestAsync(HttpMethod.Get, $"/api/v1/track/{_code}")).Body!["milestones"]!.AsArray().Select(m => (string)m!["kind"]!).Where(k => k.StartsWith("session", StringComparison.Ordinal)));

        await TranscriptIsEvidenceAsync((string)session["transcript"]!.AsArray()[^1]!["hash"]!);
        await _platform.TamperAsync("UPDATE desk_session_entries SET Actor = 'nobody' WHERE Kind = 'command'");
        Assert.False((bool)(await SessionAsync())["intact"]!);
    }

    [Fact]
    [Trait("Scenario", "62")]
    public async Task A_guest_looks_on_by_a_link_of_their_own_and_it_is_written_down_and_audited()
    {
        await AskAsync("R2", 60);
        Assert.Equal("session-waiting", Code(await _platform.PostAsync($"{Path}/1/links", new { name = "Bearing works" }, 409, "lin")));
        Assert.Equal("session-four-eyes", Code(await _platform.PostAsync($"{Path}/1/consent", new { by = "Mr Weber", how = "phone" }, 403, "lin")));
        await _platform.PostAsync($"{Path}/1/consent", new { by = "Mr Weber", how = "phone" }, by: "mo");
        var link = (string)(await _platform.PostAsync($"{Path}/1/links", new { name = "Bearing works" }, 201, "lin"))["path"]!;

        await CommandAsync("self-test", 202);
        await UntilAsync("result");
        for (var i = 0; i < 2; i++)
        {
            var (status, page) = await _platform.AsGuestAsync(link);
            Assert.Equal(HttpStatusCode.OK, status);
            Assert.Contains("self-test: done", page, StringComparison.Ordinal);
            foreach (var kept in (string[])["acme", "Weber", "lin<"]) Assert.DoesNotContain(kept, page, StringComparison.Ordinal);
        }
        Assert.Equal(["asked", "consented", "link", "command", "result", "guest"], KindsOf(await SessionAsync()));
        Assert.Single(await _platform.ItemsAsync("/api/v1/audit?limit=1000"), e => ((string)e["action"]!, (string)e["actor"]!) == ("session.visit", "guest:Bearing works"));
        Assert.Equal(0, await _platform.TamperAsync($"UPDATE desk_session_links SET Name = Name WHERE Hash LIKE '%{link[^32..]}%'"));   // only a hash of it is kept

        // The customer ends it at any time, and with it everybody's view.
        Assert.Equal("withdrawn", (string)(await _platform.GuestAsync(HttpMethod.Post, $"/api/v1/track/{_code}/sessions/1/end")).Body!["ending"]!);
        Assert.DoesNotContain("self-test", (await _platform.AsGuestAsync(link)).Text, StringComparison.Ordinal);
        Assert.Equal("session-over", Code(await CommandAsync("self-test", 409)));
    }

    public async ValueTask InitializeAsync()
    {
        _platform = await SimulatedPlatform.StartAsync(new DateTimeOffset(2026, 3, 16, 8, 0, 0, TimeSpan.Zero));
        foreach (var name in (string[])["lin", "mo"]) await _platform.IntroduceAsync(name, "engineer");
        await _platform.PostAsync("/api/v1/devices", new { id = "pump-1", type = "pump", site = "works", customer = "acme" });
        _machine = await ScriptedMachine.ConnectAsync(_platform.MqttPort, "pump-1", (string)(await _platform.PostAsync("/api/v1/devices/pump-1/token", new { }))["token"]!);
        var ticket = await _platform.PostAsync("/api/v1/tickets", new { device = "pump-1", title = "Loud" });
        (_ticket, _code) = ((string)ticket["id"]!, (string)ticket["trackingCode"]!);
    }

    public async ValueTask DisposeAsync()
    {
        await _machine.DisposeAsync();
        await _platform.DisposeAsync();
    }

    private string Path => $"/api/v1/tickets/{_ticket}/sessions";

    private static string Code(JsonNode problem) => (string)problem["code"]!;
    private static IEnumerable<string> KindsOf(JsonNode session) => session["transcript"]!.AsArray().Select(e => (string)e!["kind"]!);

    private Task<JsonNode> AskAsync(string upTo, int minutes) => _platform.PostAsync(Path, new { reason = "To hear why it is loud", upTo, minutes }, 201, "lin");
    private Task<JsonNode> CommandAsync(string name, int status, string? riskClass = null) => _platform.PostAsync($"{Path}/1/commands", new { name, riskClass }, status, "lin");
    private Task<JsonNode> SessionAsync() => _platform.GetAsync($"{Path}/1");

    /// <summary>The machine answers in its own time.</summary>
    private async Task<JsonNode> UntilAsync(string kind)
    {
        for (var i = 0; i < 100; i++)
        {
            await _platform.PassAsync(TimeSpan.FromSeconds(1));
            if (await SessionAsync() is { } session && KindsOf(session).Contains(kind)) return session;
            await Task.Delay(100);
        }
        throw new TimeoutException($"no {kind} in {await SessionAsync()}");
    }

    private async Task TranscriptIsEvidenceAsync(string head)
    {
        using var zip = new ZipArchive(new MemoryStream(await _platform.BytesAsync($"/api/v1/tickets/{_ticket}/evidence")));
        using var reader = new StreamReader(zip.GetEntry("sessions.json")!.Open());
        var record = Assert.Single(JsonNode.Parse(await reader.ReadToEndAsync())!.AsArray())!;
        Assert.Equal((true, head), ((bool)record["intact"]!, (string)record["transcript"]!.AsArray()[^1]!["hash"]!));
        Assert.Contains(head, await _platform.TextAsync("/api/v1/kpis/log"), StringComparison.Ordinal);   // the log of the platform holds the end of it
    }
}
