using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Seamless.Portal.Tests.Api;

/// <summary>The door for gateways of mail and chat, and the thread behind it.</summary>
public sealed class MessagesTests(RunningPlatform running)
{
    [Fact]
    public async Task A_gateway_delivers_and_reads_nothing()
    {
        var gateway = await KeyAsync("messenger");
        var ticket = await TicketAsync("msg-a", "messages-a");
        var mail = new { channel = "email", externalId = "<1@a.example>", from = "Lena <LENA@msg-a.example>", subject = $"Re: [{ticket}] loud", text = "It rattles." };
        var first = await PostAsync(gateway, "/api/v1/messages", mail);
        Assert.Equal((HttpStatusCode.OK, true, ticket), (first.Status, (bool)first.Body["verified"]!, (string)first.Body["ticket"]!));
        Assert.Equal(first.Body.ToJsonString(), (await PostAsync(gateway, "/api/v1/messages", mail)).Body.ToJsonString());
        foreach (var path in (string[])["/api/v1/messages", $"/api/v1/messages/{(string)first.Body["id"]!}", $"/api/v1/tickets/{ticket}", $"/api/v1/tickets/{ticket}/thread"])
            Assert.Equal(HttpStatusCode.Forbidden, (await gateway.GetAsync(path)).StatusCode);
        Assert.Equal(HttpStatusCode.Forbidden, (await PostAsync(gateway, $"/api/v1/tickets/{ticket}/replies", new { text = "hello" })).Status);

        var thread = (await GetAsync($"/api/v1/tickets/{ticket}/thread"))!;
        var entry = Assert.Single(thread["entries"]!.AsArray())!;
        Assert.Equal(("in", "email", "Contact msg-a", "l…@msg-a.example", true, "It rattles."), ((string)entry["side"]!, (string)entry["channel"]!, (string)entry["who"]!, (string)entry["address"]!, (bool)entry["verified"]!, (string)entry["text"]!));
        Assert.Equal("recipient:msg-a", (string)thread["suggested"]!);
        Assert.Contains((await GetAsync("/api/v1/audit"))!["items"]!.AsArray(), e => (string)e!["action"]! == "message.receive" && (string)e["subject"]! == $"message:{(string)first.Body["id"]!}");
    }

    [Fact]
    public async Task To_nobody_known_a_right_number_and_a_wrong_one_get_the_same_answer()
    {
        var gateway = await KeyAsync("messenger");
        var ticket = await TicketAsync("msg-b", "messages-b");
        var right = await PostAsync(gateway, "/api/v1/messages", new { channel = "email", externalId = "<r@x>", from = "who@x.example", subject = $"[{ticket}]", ticket });
        var wrong = await PostAsync(gateway, "/api/v1/messages", new { channel = "email", externalId = "<w@x>", from = "who@x.example", subject = "[T-999999]", ticket = "T-999999" });
        foreach (var (status, body) in ((HttpStatusCode, JsonNode)[])[right, wrong])
        {
            Assert.Equal((HttpStatusCode.OK, false), (status, (bool)body["verified"]!));
            Assert.Null(body["ticket"]);
        }
        Assert.False((bool)Assert.Single((await GetAsync($"/api/v1/tickets/{ticket}/thread"))!["entries"]!.AsArray())!["verified"]!);
        var waits = (await GetAsync("/api/v1/messages"))!["items"]!.AsArray().Single(m => (string)m!["id"]! == (string)wrong.Body["id"]!)!;
        Assert.Equal(("waiting", "who@x.example"), ((string)waits["state"]!, (string)waits["from"]!));
        using var clerk = await KeyAsync("dispatcher");
        Assert.Equal((HttpStatusCode.OK, ticket), await PostAsync(clerk, $"/api/v1/messages/{(string)wrong.Body["id"]!}/assign", new { ticket }) is var put ? (put.Status, (string)put.Body["ticket"]!) : default);
        Assert.Equal((HttpStatusCode.Conflict, "message-decided"), await PostAsync(clerk, $"/api/v1/messages/{(string)wrong.Body["id"]!}/dismiss", new { reason = "advertising" }) is var again ? (again.Status, (string)again.Body["code"]!) : default);
    }

    [Theory]
    [InlineData("""{"externalId":"a","from":"a@x.example","text":"x"}""", 400, "'channel' is missing")]
    [InlineData("""{"channel":"fax","externalId":"a","from":"a@x.example","text":"x"}""", 400, "does not fit")]
    [InlineData("""{"channel":"email","from":"a@x.example","text":"x"}""", 400, "'externalId'")]
    [InlineData("""{"channel":"phone","externalId":"a","from":"withheld","text":"x"}""", 400, "'from' is no sender")]
    [InlineData("""{"channel":"email","externalId":"a","from":"flood","text":"x"}""", 400, "'from' is no sender")]
    [InlineData("""{"channel":"email","externalId":"a","from":"a@x.example"}""", 400, "a 'text'")]
    [InlineData("""{"channel":"email","externalId":"a","from":"a@x.example","text":"LONG"}""", 413, "20000 are taken")]
    public async Task What_is_wrong_with_a_message_is_said(string body, int status, string said)
    {
        using var answer = await running.Admin.PostAsync("/api/v1/messages", RunningPlatform.Json(body.Replace("LONG", new string('x', 20_001), StringComparison.Ordinal)));
        Assert.Equal((HttpStatusCode)status, answer.StatusCode);
        Assert.Contains(said, (string)(await RunningPlatform.BodyAsync(answer))["detail"]!, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Who_writes_without_end_is_told_to_wait()
    {
        using var answer = await LastOfAsync(31);
        Assert.Equal(HttpStatusCode.TooManyRequests, answer.StatusCode);
    }

    private async Task<HttpResponseMessage> LastOfAsync(int count)
    {
        for (var n = 1; ; n++)
        {
            var answer = await running.Admin.PostAsync("/api/v1/messages", RunningPlatform.Json($$"""{"channel":"chat","externalId":"flood-{{n}}","from":"flood","text":"hello"}"""));
            if (n == count) return answer;
            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
            answer.Dispose();
        }
    }

    /// <summary>A customer of their own with a contact, a recipient and one open ticket.</summary>
    private async Task<string> TicketAsync(string name, string customer)
    {
        await SendAsync(HttpMethod.Post, "/api/v1/devices", new { id = $"{name}-pump", type = "pump", site = name, customer });
        await SendAsync(HttpMethod.Put, $"/api/v1/notifications/recipients/{name}", new { title = "Plant", audience = "customer", customer, channel = "email", address = $"lena@{name}.example", milestones = Array.Empty<string>() });
        await SendAsync(HttpMethod.Put, $"/api/v1/contacts/{name}", new { customer, name = $"Contact {name}", roles = new[] { "operations" }, recipients = new[] { name }, writesFrom = new[] { $"{name}-chat" } });
        return (string)(await SendAsync(HttpMethod.Post, "/api/v1/tickets", new { device = $"{name}-pump", title = new { en = "Loud", zhCN = "噪声" } }))["id"]!;
    }

    private async Task<HttpClient> KeyAsync(string role) => running.Client((string)(await SendAsync(HttpMethod.Post, "/api/v1/keys", new { name = $"messages {role}", role }))["secret"]!);

    private async Task<JsonNode> SendAsync(HttpMethod method, string path, object body)
    {
        using var request = new HttpRequestMessage(method, path) { Content = RunningPlatform.Json(JsonSerializer.Serialize(body)) };
        using var answer = await running.Admin.SendAsync(request);
        Assert.True(answer.IsSuccessStatusCode, $"{path}: {await answer.Content.ReadAsStringAsync()}");
        return await RunningPlatform.BodyAsync(answer);
    }

    private static async Task<(HttpStatusCode Status, JsonNode Body)> PostAsync(HttpClient client, string path, object body)
    {
        using var answer = await client.PostAsync(path, RunningPlatform.Json(JsonSerializer.Serialize(body)));
        return (answer.StatusCode, await RunningPlatform.BodyAsync(answer));
    }

    private async Task<JsonNode?> GetAsync(string path) => JsonNode.Parse(await running.Admin.GetStringAsync(path));
}
