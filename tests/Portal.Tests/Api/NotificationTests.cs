using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Seamless.Portal.Accounts;
using Microsoft.Extensions.DependencyInjection;

namespace Seamless.Portal.Tests.Api;

public sealed class NotificationTests(RunningPlatform running)
{
    private const string Recipients = "/api/v1/notifications/recipients";
    private const string Secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

    [Fact]
    public async Task A_recipient_is_added_changed_shown_without_its_address_and_removed()
    {
        var id = $"crm-{Guid.CreateVersion7():n}"[..20];
        using var put = await running.Admin.PutAsJsonAsync($"{Recipients}/{id}", new { title = "Service programs", channel = "webhook", address = "https://hooks.invalid/in?token=t0p", secrets = new[] { Secret }, quietFrom = "22:00", quietTo = "07:00", zone = "Europe/Berlin" });
        Assert.Equal(HttpStatusCode.OK, put.StatusCode);
        using var changed = await running.Admin.PutAsJsonAsync($"{Recipients}/{id}", new { title = "All programs", channel = "webhook", milestones = new[] { "opened" } });
        Assert.Equal(HttpStatusCode.OK, changed.StatusCode);   // address and secret are kept

        var listed = await running.Admin.GetStringAsync($"{Recipients}?limit=1000");
        var mine = JsonNode.Parse(listed)!["items"]!.AsArray().Single(r => (string?)r!["id"] == id)!;
        Assert.Equal(("All programs", "https://hooks.invalid/…", 1), ((string)mine["title"]!, (string)mine["address"]!, (int)mine["secrets"]!));
        using var test = await running.Admin.PostAsync($"{Recipients}/{id}/test", null);
        Assert.False((bool)JsonNode.Parse(await test.Content.ReadAsStringAsync())!["delivered"]!);
        using var removed = await running.Admin.DeleteAsync($"{Recipients}/{id}");
        Assert.Equal(HttpStatusCode.OK, removed.StatusCode);
        using var gone = await running.Admin.DeleteAsync($"{Recipients}/{id}");
        Assert.Equal(HttpStatusCode.NotFound, gone.StatusCode);

        var audit = await running.Admin.GetStringAsync("/api/v1/audit?limit=1000");
        Assert.Contains("recipient.put", audit, StringComparison.Ordinal);
        foreach (var text in (string[])[listed, audit])
            foreach (var secret in (string[])["t0p", Secret]) Assert.DoesNotContain(secret, text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{\"title\":\"x\",\"channel\":\"email\",\"address\":\"nobody\"}", "e-mail address")]
    [InlineData("{\"title\":\"x\",\"channel\":\"slack\",\"address\":\"https://10.0.0.1/x\"}", "not a public address")]
    [InlineData("{\"title\":\"x\",\"channel\":\"sms\",\"address\":\"+4917012345678\"}", "optedIn")]
    [InlineData("{\"title\":\"x\",\"channel\":\"email\",\"address\":\"a@example.com\",\"milestones\":[\"tea\"]}", "'tea' is not one of")]
    [InlineData("{\"title\":\"x\",\"channel\":\"email\",\"address\":\"a@example.com\",\"quietFrom\":\"ten\"}", "no time of day")]
    [InlineData("{\"title\":\"x\",\"channel\":\"email\",\"address\":\"a@example.com\",\"audience\":\"customer\"}", "name the customer")]
    [InlineData("{\"title\":\"x\",\"channel\":\"email\",\"address\":\"a@example.com\",\"rung\":\"king\"}", "'king' is not one of owner")]
    public async Task What_does_not_fit_is_refused_in_words(string body, string expected)
    {
        using var put = await running.Admin.PutAsync($"{Recipients}/odd", new StringContent(body, System.Text.Encoding.UTF8, "application/json"));
        Assert.Equal(HttpStatusCode.BadRequest, put.StatusCode);
        Assert.Equal("application/problem+json", put.Content.Headers.ContentType!.MediaType);
        Assert.Contains(expected, (string)JsonNode.Parse(await put.Content.ReadAsStringAsync())!["detail"]!, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Only_administrators_decide_who_is_told_and_the_outbox_is_filtered()
    {
        var key = await running.Platform.Services.GetRequiredService<IApiKeys>().IssueAsync("default", "dispatch", Roles.Dispatcher, null, "test", default);
        using var dispatcher = running.Client(key.Value!.Secret);
        using var put = await dispatcher.PutAsJsonAsync($"{Recipients}/x", new { title = "x", channel = "email", address = "a@example.com" });
        Assert.Equal(HttpStatusCode.Forbidden, put.StatusCode);
        using var test = await dispatcher.PostAsync($"{Recipients}/x/test", null);
        Assert.Equal(HttpStatusCode.Forbidden, test.StatusCode);
        Assert.NotNull(JsonNode.Parse(await dispatcher.GetStringAsync("/api/v1/notifications/outbox?state=sent&ticket=T-1"))!["items"]);
        using var resend = await dispatcher.PostAsync("/api/v1/notifications/outbox/msg_nobody/resend", null);
        Assert.Equal(HttpStatusCode.NotFound, resend.StatusCode);
        foreach (var query in (string[])["state=lost", "cursor=abc"])
        {
            using var bad = await dispatcher.GetAsync($"/api/v1/notifications/outbox?{query}");
            Assert.Equal(HttpStatusCode.BadRequest, bad.StatusCode);
        }
    }
}
