using System.Text.Json.Nodes;
using Seamless.EndToEnd.Tests.Rig;

namespace Seamless.EndToEnd.Tests.Scenarios;

/// <summary>Answer in 15 minutes, on site in 2 hours, repaired in 24, every day of the year; and nobody is forgotten.</summary>
public sealed class PromiseTests
{
    // A Sunday night in the spring festival: the clocks never sleep.
    private static readonly DateTimeOffset Night = new(2026, 2, 15, 23, 50, 0, TimeSpan.Zero);

    [Fact]
    [Trait("Scenario", "73")]
    public async Task Three_stopwatches_run_around_the_clock_and_a_breach_is_foretold_before_it_happens()
    {
        await using var platform = await SimulatedPlatform.StartAsync(Night);
        var kept = await platform.OpenTicketAsync();
        var broken = await platform.OpenTicketAsync();
        var sla = (await platform.TicketAsync(kept))["sla"]!;
        Assert.Equal(Night.AddMinutes(15), Instant(sla, "respondBy"));
        Assert.Equal(Night.AddHours(2), Instant(sla, "arriveBy"));
        Assert.Equal(Night.AddHours(24), Instant(sla, "resolveBy"));

        await platform.PassAsync(TimeSpan.FromMinutes(10));
        await platform.PostAsync($"/api/v1/tickets/{kept}/actions/acknowledge", new { });
        await platform.PassAsync(TimeSpan.FromMinutes(3));
        Assert.Contains("sla-warning", Kinds(await platform.TicketAsync(broken)));
        Assert.DoesNotContain("sla-breached", Kinds(await platform.TicketAsync(broken)));
        await platform.PassAsync(TimeSpan.FromMinutes(3));

        Assert.True((bool)(await platform.TicketAsync(kept))["sla"]!["respondMet"]!);
        Assert.False((bool)(await platform.TicketAsync(broken))["sla"]!["respondMet"]!);
        Assert.Contains("sla-breached", Kinds(await platform.TicketAsync(broken)));
        await platform.PostAsync($"/api/v1/tickets/{kept}/actions/depart", new { });
        await platform.PassAsync(TimeSpan.FromMinutes(60));
        await platform.PostAsync($"/api/v1/tickets/{kept}/actions/arrive", new { });
        await platform.PassAsync(TimeSpan.FromHours(3));
        await platform.PostAsync($"/api/v1/tickets/{kept}/actions/resolve", new { note = "pumped dry" });

        sla = (await platform.TicketAsync(kept))["sla"]!;
        Assert.True((bool)sla["arriveMet"]!);
        Assert.True((bool)sla["resolveMet"]!);
        var kpis = (await platform.GetAsync("/api/v1/kpis?from=2026-01-01T00:00:00Z&to=2027-01-01T00:00:00Z"))["items"]!.AsArray();
        Assert.Equal(0.5, (double)kpis.Single(kpi => (string)kpi!["code"]! == "respondMet")!["value"]!, 3);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    [Trait("Scenario", "48")]
    public async Task After_ten_days_without_a_step_the_system_itself_raises_the_alarm_paused_cases_included(bool paused)
    {
        await using var platform = await SimulatedPlatform.StartAsync(Night);
        var number = await platform.OpenTicketAsync();
        await platform.PostAsync($"/api/v1/tickets/{number}/actions/acknowledge", new { });
        if (paused) await platform.PostAsync($"/api/v1/tickets/{number}/actions/pause", new { reason = "waiting-for-customer" });

        await platform.PassAsync(TimeSpan.FromDays(9.9), TimeSpan.FromHours(6));
        Assert.DoesNotContain("stalled", Kinds(await platform.TicketAsync(number)));
        await platform.PassAsync(TimeSpan.FromDays(4), TimeSpan.FromHours(6));

        var kinds = Kinds(await platform.TicketAsync(number));
        Assert.Contains("stalled", kinds);
        Assert.Contains("escalated", kinds.SkipWhile(kind => kind != "stalled"));
    }

    private static List<string> Kinds(JsonNode ticket) => [.. ticket["timeline"]!.AsArray().Select(entry => (string)entry!["kind"]!)];

    private static DateTimeOffset Instant(JsonNode node, string property) => DateTimeOffset.Parse((string)node[property]!, System.Globalization.CultureInfo.InvariantCulture);
}
