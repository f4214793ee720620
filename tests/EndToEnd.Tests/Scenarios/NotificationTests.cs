using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Seamless.EndToEnd.Tests.Rig;
using Seamless.ServiceDesk.Tests.Notifications;

namespace Seamless.EndToEnd.Tests.Scenarios;

/// <summary>A customer hears of each step by text message, once, whatever happens to the receiver or to us; and each message says who answers for it.</summary>
public sealed class NotificationTests
{
    private const string Signature = "Night desk, ext. 7";

    [Fact]
    [Trait("Scenario", "45")]
    [Trait("Scenario", "56")]
    public async Task From_the_fault_to_the_repair_five_messages_once_each_through_a_kill_an_error_and_a_silence()
    {
        await using var gateway = new Receiver();
        await using var program = new Receiver();
        await using var platform = await PlatformProcess.ServeAsync(settings: new Dictionary<string, string>
        {
            ["SEAMLESS__NOTIFICATIONS__ALLOWPRIVATEADDRESSES"] = "true", ["SEAMLESS__NOTIFICATIONS__SMS__URL"] = gateway.Url, ["SEAMLESS__NOTIFICATIONS__SMS__KEY"] = "gateway-key",
            ["SEAMLESS__NOTIFICATIONS__SIGNATURE"] = Signature, ["SEAMLESS__PORTAL__PUBLICURL"] = "https://service.example.com",
        });
        string[] milestones = ["opened", "acknowledged", "en-route", "on-site", "resolved"];
        await PutAsync(platform, "owner", new { title = "Owner", channel = "sms", audience = "customer", address = "+8613912345678", sites = new[] { "lhasa" }, language = "zh", optedIn = true, milestones });
        await PutAsync(platform, "crm", new { title = "Service programs", channel = "webhook", address = program.Url, secrets = new[] { "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw" }, milestones });

        gateway.Answers(0);
        await BrownOutAsync(platform);
        var taken = await gateway.NextAsync();   // it has the message, we do not know yet
        await platform.KillAsync();
        await platform.StartAsync();
        var again = await gateway.NextAsync();
        Assert.Equal((taken["webhook-id"], taken.Text), (again["webhook-id"], again.Text));

        var ticket = Assert.Single(await platform.ListAsync("/api/v1/tickets")).Text("id");
        gateway.Answers(500, 200);
        await ActAsync(platform, ticket, "acknowledge");
        Assert.Equal((await gateway.NextAsync())["webhook-id"], (await gateway.NextAsync())["webhook-id"]);
        gateway.Answers(0, 200);
        await ActAsync(platform, ticket, "depart");
        Assert.Equal((await gateway.NextAsync())["webhook-id"], (await gateway.NextAsync())["webhook-id"]);
        foreach (var action in (string[])["arrive", "resolve"])
        {
            await ActAsync(platform, ticket, action);
            _ = await gateway.NextAsync();
        }

        await platform.UntilAsync("/api/v1/notifications/outbox", messages => messages.Count == 10 && messages.All(m => m.Text("state") == "sent"));
        Assert.Equal(8, gateway.All.Count);   // five, and one more for each thing that went wrong
        Assert.Equal(5, gateway.All.Select(r => r["webhook-id"]).Distinct().Count());
        Assert.Equal(5, program.All.Select(r => r["webhook-id"]).Distinct().Count());
        // Until somebody is assigned the desk signs, then whoever comes.
        var assignee = (await platform.Http.GetFromJsonAsync<JsonNode>($"/api/v1/tickets/{ticket}"))!.Text("assignee");
        Assert.StartsWith("tech-", assignee, StringComparison.Ordinal);
        foreach (var (sms, name) in gateway.All.DistinctBy(r => r["webhook-id"]).Zip((string[])[Signature, assignee, assignee, assignee, assignee])) AssertIsForTheOwner((string)JsonNode.Parse(sms.Text)!["text"]!, ticket, name);
        Assert.All(program.All, hook => Assert.Contains((string)JsonNode.Parse(hook.Text)!["data"]!["accountable"]!, (string[])[Signature, assignee]));
    }

    private static void AssertIsForTheOwner(string text, string ticket, string name)
    {
        Assert.StartsWith(ticket, text, StringComparison.Ordinal);
        Assert.Contains(name, text, StringComparison.Ordinal);
        Assert.InRange(text.Length, 10, 70);
        foreach (var cause in (string[])["undervoltage", "电压", "ENV"]) Assert.DoesNotContain(cause, text, StringComparison.OrdinalIgnoreCase);
    }

    private static async Task BrownOutAsync(PlatformProcess platform)
    {
        await using var first = await ScriptedMachine.ConnectAsync(platform, "srv-1", "server", "lhasa");
        await using var second = await ScriptedMachine.ConnectAsync(platform, "srv-2", "server", "lhasa");
        await using var third = await ScriptedMachine.ConnectAsync(platform, "srv-3", "server", "lhasa");
        var now = TimeProvider.System.GetUtcNow();
        for (var ago = 180; ago > 0; ago -= 5)
            foreach (var server in (ScriptedMachine[])[first, second, third])
                await server.SendAtAsync(now.AddSeconds(-ago), ("supplyVoltage", ago > 90 ? 230.0 : 188.0), ("cpuTemperature", 55.0), ("serviceUp", true), ("running", true));
        await platform.UntilAsync("/api/v1/tickets", tickets => tickets.Count > 0);
    }

    private static async Task PutAsync(PlatformProcess platform, string id, object recipient)
    {
        using var answer = await platform.Http.PutAsJsonAsync($"/api/v1/notifications/recipients/{id}", recipient);
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync());
    }

    private static async Task ActAsync(PlatformProcess platform, string ticket, string action)
    {
        using var answer = await platform.Http.PostAsJsonAsync($"/api/v1/tickets/{ticket}/actions/{action}", new { });
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync());
    }
}
