using System.Text.Json.Nodes;
using Seamless.EndToEnd.Tests.Rig;

namespace Seamless.EndToEnd.Tests.Scenarios;

/// <summary>Standard promises by tier, and personal ones by customer, each on its own calendar.</summary>
public sealed class AgreementTests
{
    private static readonly DateTimeOffset Friday = new(2026, 3, 6, 16, 30, 0, TimeSpan.Zero);

    private const string Template = """
        calendars:
          office: { timeZone: Etc/UTC, hours: { mon-fri: [08:00-18:00] } }
        policies:
          basic: { respond: 2h, arrive: 8h, resolve: 20h, calendar: office }
          round: { respond: 15m, arrive: 2h, resolve: 24h }
        tiers: { default: basic, premium: round }
        """;

    [Fact]
    [Trait("Scenario", "39")]
    public async Task The_tier_of_the_device_decides_which_clock_runs()
    {
        await using var platform = await SimulatedPlatform.StartAsync(Friday);
        await platform.PutAsync("/api/v1/agreements", new { text = Template });
        Assert.Equal(("basic@1", Friday.AddDays(2).AddHours(16).AddMinutes(0)), await TicketAsync(platform, "pump-1", "standard", "acme"));   // Monday 08:30
        Assert.Equal(("round@1", Friday.AddMinutes(15)), await TicketAsync(platform, "pump-2", "premium", "acme"));
    }

    [Fact]
    [Trait("Scenario", "2")]
    public async Task What_one_customer_has_instead_changes_that_customer_alone_and_taken_away_the_template_counts_again()
    {
        await using var platform = await SimulatedPlatform.StartAsync(Friday);
        await platform.PutAsync("/api/v1/agreements", new { text = Template });
        var standard = await TicketAsync(platform, "pump-1", "standard", "acme");
        await platform.PutAsync("/api/v1/agreements", new { text = Template + "\ncustomers: { acme: round }\n" });
        Assert.Equal(("round@2", Friday.AddMinutes(15)), await TicketAsync(platform, "pump-2", "standard", "acme"));
        Assert.Equal(("basic@2", standard.RespondBy), await TicketAsync(platform, "pump-3", "standard", "globex"));
        await platform.PutAsync("/api/v1/agreements", new { text = Template });
        Assert.Equal(("basic@3", standard.RespondBy), await TicketAsync(platform, "pump-4", "standard", "acme"));

        var versions = (await platform.GetAsync("/api/v1/agreements/versions"))["items"]!.AsArray();
        Assert.Equal([3, 2, 1, 0], versions.Select(version => (int)version!["version"]!));
        Assert.Contains("agreements.yaml:5:", (string)(await platform.PutAsync("/api/v1/agreements", new { text = Template.Replace("respond: 15m", "respond: soon", StringComparison.Ordinal) }, 400))["detail"]!, StringComparison.Ordinal);
    }

    private static async Task<(string Policy, DateTimeOffset RespondBy)> TicketAsync(SimulatedPlatform platform, string device, string tier, string customer)
    {
        await platform.PostAsync("/api/v1/devices", new { id = device, type = "pump", site = "s1", tier, customer });
        var ticket = await platform.PostAsync("/api/v1/tickets", new { device, priority = "p3", title = new { en = "Pump is loud", zhCN = "水泵噪声大" } });
        return ((string)ticket["sla"]!["policy"]!, At(ticket["sla"]!));
    }

    private static DateTimeOffset At(JsonNode sla) => DateTimeOffset.Parse((string)sla["respondBy"]!, System.Globalization.CultureInfo.InvariantCulture);
}
