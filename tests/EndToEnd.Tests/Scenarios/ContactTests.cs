using Seamless.EndToEnd.Tests.Rig;

namespace Seamless.EndToEnd.Tests.Scenarios;

/// <summary>People at customers' move on; what is meant for them still arrives.</summary>
public sealed class ContactTests
{
    private static readonly DateTimeOffset Morning = new(2026, 3, 2, 8, 0, 0, TimeSpan.Zero);

    [Fact]
    [Trait("Scenario", "69")]
    public async Task Mail_for_a_contact_who_has_left_goes_to_the_successor()
    {
        await using var platform = await SimulatedPlatform.StartAsync(Morning);
        await platform.PostAsync("/api/v1/devices", new { id = "pump-1", type = "pump", site = "s1", customer = "acme" });
        await PutAsync(platform, "first", ["opened"]);
        await PutAsync(platform, "second", []);
        await PutAsync(platform, "third", ["opened"]);
        Assert.Equal(["first", "third"], await ToldAsync(platform));

        await platform.PostAsync("/api/v1/contacts/first/hand-over", new { }, 400);
        await platform.PostAsync("/api/v1/contacts/first/hand-over", new { successor = "nobody" }, 400);
        await platform.PostAsync("/api/v1/contacts/first/hand-over", new { successor = "second", at = $"{Morning.AddDays(1):O}" });
        Assert.Equal(["first", "third"], await ToldAsync(platform));   // not yet
        await platform.PassAsync(TimeSpan.FromDays(1));
        Assert.Equal(["second", "third"], await ToldAsync(platform));
        var left = await platform.GetAsync("/api/v1/contacts/first");
        Assert.Equal((true, "mail-second"), ((bool)left["departed"]!, (string)Assert.Single(left["reached"]!.AsArray())!));

        // The second leaves in turn, to the third, who would have been told anyway: once.
        await platform.PostAsync("/api/v1/contacts/third/hand-over", new { successor = "first", at = $"{Morning.AddDays(9):O}" });
        await platform.PostAsync("/api/v1/contacts/second/hand-over", new { successor = "third" }, 400);   // a circle
        await platform.PutAsync("/api/v1/contacts/third", Contact("third"));
        await platform.PostAsync("/api/v1/contacts/second/hand-over", new { successor = "third" });
        Assert.Equal(["third"], await ToldAsync(platform));
    }

    private static async Task PutAsync(SimulatedPlatform platform, string name, string[] milestones)
    {
        await platform.PutAsync($"/api/v1/notifications/recipients/mail-{name}", new { title = "Operations", audience = "customer", customer = "acme", channel = "email", address = $"{name}@example.com", milestones });
        await platform.PutAsync($"/api/v1/contacts/{name}", Contact(name));
    }

    private static object Contact(string name) => new { customer = "acme", name = $"Contact {name}", roles = new[] { "operations" }, recipients = new[] { $"mail-{name}" } };

    /// <summary>Who has the mail about a ticket opened now.</summary>
    private static async Task<IEnumerable<string>> ToldAsync(SimulatedPlatform platform)
    {
        var ticket = (string)(await platform.PostAsync("/api/v1/tickets", new { device = "pump-1", title = new { en = "Pump is loud", zhCN = "水泵噪声大" } }))["id"]!;
        return (await platform.GetAsync($"/api/v1/notifications/outbox?ticket={ticket}"))["items"]!.AsArray().Select(m => ((string)m!["recipient"]!)["mail-".Length..]).Order(StringComparer.Ordinal);
    }
}
