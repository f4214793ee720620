using System.Net;
using System.Text.Json.Nodes;
using Seamless.EndToEnd.Tests.Rig;

namespace Seamless.EndToEnd.Tests.Scenarios;

/// <summary>Whatever a customer writes, by whichever channel, is on the one case, and is answered from there.</summary>
public sealed class OneThreadTests
{
    private static readonly DateTimeOffset Morning = new(2026, 3, 2, 8, 0, 0, TimeSpan.Zero);

    [Fact]
    [Trait("Scenario", "38")]
    public async Task Four_channels_land_on_one_case_and_the_answer_goes_back_by_the_channel()
    {
        await using var platform = await SimulatedPlatform.StartAsync(Morning);
        foreach (var pump in (string[])["pump-1", "pump-2"]) await platform.PostAsync("/api/v1/devices", new { id = pump, type = "pump", site = "s1", customer = "acme" });
        await RecipientAsync(platform, "plant-mail", "email", "plant@example.com");
        await RecipientAsync(platform, "plant-sms", "sms", "+491701234567");
        await platform.PutAsync("/api/v1/contacts/plant", new { customer = "acme", name = "Plant office", roles = new[] { "operations" }, recipients = new[] { "plant-mail", "plant-sms" }, writesFrom = new[] { "plant_chat" } });
        var gateway = await platform.KeyAsync("mail and chat", "messenger");
        var ticket = await platform.PostAsync("/api/v1/tickets", new { device = "pump-1", title = new { en = "Pump is loud", zhCN = "水泵噪声大" } });
        var number = (string)ticket["id"]!;
        await platform.PostAsync("/api/v1/tickets", new { device = "pump-2", title = new { en = "Pump is hot", zhCN = "水泵过热" } });
        var told = Assert.Single(await platform.ItemsAsync($"/api/v1/notifications/outbox?ticket={number}&recipient=plant-mail"));

        // Each by its own clue, some of them twice, the last first; and one on the status page.
        await platform.PassAsync(TimeSpan.FromHours(1));
        var at = platform.Now;
        object[] messages =
        [
            new { channel = "email", externalId = "<1@example.com>", from = "Plant <Plant@example.com>", subject = "Re: your message", text = "It is loud.", inReplyTo = $"<{(string)told["id"]!}@example.com>", at = at.AddMinutes(-50) },
            new { channel = "chat", externalId = "c-1", from = "plant_chat", text = "pump-1 is hot too", at = at.AddMinutes(-40) },
            new { channel = "phone", externalId = "call-1", from = "0049 170 1234567", text = "Asks when we come.", ticket = number, at = at.AddMinutes(-30) },
            new { channel = "sms", externalId = "s-1", from = "+491701234567", text = $"{number} please hurry", at = at.AddMinutes(-20) },
        ];
        foreach (var message in messages.Reverse().Append(messages[0]).Append(messages[3]))
            Assert.Equal((true, number), await platform.PostAsAsync(gateway, "/api/v1/messages", message, 200) is var receipt ? ((bool)receipt["verified"]!, (string)receipt["ticket"]!) : default);
        var door = await platform.GuestAsync(HttpMethod.Post, $"/api/v1/track/{(string)ticket["trackingCode"]!}/requests", new { text = "May we run it slowly?" });
        Assert.Equal(HttpStatusCode.Created, door.Status);
        // Somebody unknown has guessed the number, and learns nothing; which of two cases is meant, nobody can know.
        Assert.Null((await platform.PostAsAsync(gateway, "/api/v1/messages", new { channel = "email", externalId = "<x@example.org>", from = "who@example.org", subject = $"[{number}] status?", at = at.AddMinutes(-10) }))["ticket"]);
        Assert.Null((await platform.PostAsAsync(gateway, "/api/v1/messages", new { channel = "email", externalId = "<2@example.com>", from = "plant@example.com", text = "Thanks." }))["ticket"]);
        Assert.Equal(2, Assert.Single(await platform.ItemsAsync("/api/v1/messages"))["candidates"]!.AsArray().Count);

        var thread = await ThreadAsync(platform, number);
        Assert.Equal(
            ["in email It is loud.", "in chat pump-1 is hot too", "in phone Asks when we come.", "in sms " + number + " please hurry", "in email ?", "in status-page May we run it slowly?"],
            EntriesOf(thread).Where(e => (string)e["side"]! == "in").Select(e => $"{(string)e["side"]!} {(string)e["channel"]!} {((bool)e["verified"]! ? (string)e["text"]! : "?")}"));
        Assert.Null((await platform.TicketAsync(number))["sla"]!["respondedAt"]);   // what the customer says is no answer of ours

        // The page was last, so the answer is on the page; then a text message, so the answer is one, once, in the name of the owner.
        await platform.PostAsync($"/api/v1/tickets/{number}/replies", new { text = "Yes, at half speed." });
        Assert.Equal("Yes, at half speed.", (string)(await platform.GuestAsync(HttpMethod.Get, $"/api/v1/track/{(string)ticket["trackingCode"]!}/voice")).Body!["requests"]![0]!["answer"]!);
        await platform.PassAsync(TimeSpan.FromMinutes(5));
        await platform.PostAsAsync(gateway, "/api/v1/messages", new { channel = "sms", externalId = "s-2", from = "+491701234567", text = $"{number} and when?" });
        for (var twice = 0; twice < 2; twice++) thread = await platform.PostAsync($"/api/v1/tickets/{number}/replies", new { text = "At four." });
        var sent = Assert.Single(await platform.ItemsAsync($"/api/v1/notifications/outbox?ticket={number}"), m => (string)m["milestone"]! == "reply");
        Assert.Equal(("plant-sms", "sms"), ((string)sent["recipient"]!, (string)sent["channel"]!));
        var answer = EntriesOf(thread).Last();
        Assert.Equal(("out", "sms", "At four.", (string)thread["owner"]!, "pending"), ((string)answer["side"]!, (string)answer["channel"]!, (string)answer["text"]!, (string)answer["who"]!, (string)answer["delivery"]!));
        Assert.Null(thread["awaitsAnswerSince"]);
    }

    private static Task<JsonNode> ThreadAsync(SimulatedPlatform platform, string ticket) => platform.GetAsync($"/api/v1/tickets/{ticket}/thread");

    private static IEnumerable<JsonNode> EntriesOf(JsonNode thread) => thread["entries"]!.AsArray().Select(e => e!);

    private static Task RecipientAsync(SimulatedPlatform platform, string id, string channel, string address) =>
        platform.PutAsync($"/api/v1/notifications/recipients/{id}", new { title = "Plant office", audience = "customer", customer = "acme", channel, address, optedIn = true, milestones = new[] { "opened" } });
}
