using Microsoft.Extensions.DependencyInjection;
using Seamless.ServiceDesk.Continuity;
using Seamless.ServiceDesk.Kpis;
using Seamless.ServiceDesk.Tickets;

namespace Seamless.ServiceDesk.Tests.Continuity;

public sealed class TeamWatchTests
{
    [Fact]
    public async Task A_restart_takes_no_team_down_twice_and_counts_no_silence_that_it_could_not_hear()
    {
        await using var house = await House.OpenAsync();
        await PutAsync(house, new Team("manila", [], ["mobile"], 45), new Team("mobile", [], [], 3600));
        var number = await OpenAsync(house);
        await house.PassAsync(TimeSpan.FromSeconds(44));
        Assert.Equal("manila", await TeamOfAsync(house, number));

        // The platform is away for an hour; after its start the team has its 45 seconds.
        house.Clock.Advance(TimeSpan.FromHours(1));
        await using var restarted = house.Another();
        await restarted.BeatAsync();
        await restarted.PassAsync(TimeSpan.FromSeconds(44));
        Assert.Equal("manila", await TeamOfAsync(restarted, number));
        await restarted.PassAsync(TimeSpan.FromSeconds(1));
        Assert.Equal("mobile", await TeamOfAsync(restarted, number));

        await using var again = house.Another();
        await again.PassAsync(TimeSpan.FromMinutes(2));
        Assert.Equal((1, 1), (await CountAsync(again, EventKind.TeamDown), await CountAsync(again, EventKind.Rerouted)));
        Assert.Single((await again.OnlyTicketAsync()).Timeline, e => e.Kind == "rerouted");
    }

    [Fact]
    public async Task Tickets_opened_before_there_were_teams_get_one_and_without_teams_they_have_none_again()
    {
        await using var house = await House.OpenAsync();
        var number = await OpenAsync(house);
        Assert.Null(await TeamOfAsync(house, number));
        await PutAsync(house, new Team("manila", [], [], 45));
        Assert.Equal("manila", await TeamOfAsync(house, number));
        await PutAsync(house);
        Assert.Null(await TeamOfAsync(house, number));
        Assert.DoesNotContain((await house.OnlyTicketAsync()).Timeline, e => e.Kind == "rerouted");   // nobody has taken over from anybody
    }

    [Fact]
    public async Task What_is_taken_back_after_its_team_fell_is_with_who_took_over()
    {
        await using var house = await House.OpenAsync();
        await PutAsync(house, new Team("manila", [], ["mobile"], 45), new Team("mobile", [], [], 3600));
        var number = await OpenAsync(house);
        await house.ActAsync(number, "resolve");
        await house.PassAsync(TimeSpan.FromMinutes(1));
        await house.ActAsync(number, "reopen", ("note", "leaks again"));
        Assert.Equal("mobile", await TeamOfAsync(house, number));
    }

    [Theory]
    [InlineData("no id!", "", "", 45, "is no id")]
    [InlineData("manila", "s1", "", 45, "one team has no 'sites'")]
    [InlineData("manila", "", "manila", 45, "cannot fall back on 'manila'")]
    [InlineData("manila", "", "", 5, "silenceSeconds is 5; it must be 10 to 3600")]
    public async Task What_could_leave_a_ticket_without_a_team_is_refused(string id, string sites, string fallback, int silence, string reason)
    {
        await using var house = await House.OpenAsync();
        var refused = await Teams(house).PutAsync(House.Tenant, [new Team(id, Words(sites), Words(fallback), silence)], "anna", default);
        Assert.Contains(reason, refused.Refusal!.Reason, StringComparison.Ordinal);
    }

    private static string[] Words(string text) => text.Split(' ', StringSplitOptions.RemoveEmptyEntries);

    private static ITeams Teams(House house) => house.Services.GetRequiredService<ITeams>();

    private static async Task PutAsync(House house, params Team[] teams) => Assert.True((await Teams(house).PutAsync(House.Tenant, teams, "anna", default)).Succeeded);

    private static async Task<string> OpenAsync(House house) =>
        (await house.Tickets.OpenAsync(new NewTicket(House.Tenant, null, "works", Priority.P2, new("Pump is loud", "水泵噪声大"), null, null), "anna", default)).Value!.Number;

    private static async Task<string?> TeamOfAsync(House house, string number) => (await house.Tickets.FindAsync(House.Tenant, number, default))!.Team;

    private static async Task<int> CountAsync(House house, string kind)
    {
        var count = 0;
        await foreach (var happened in house.Services.GetRequiredService<IEventLog>().ReadAsync(House.Tenant, 0, default)) count += happened.Kind == kind ? 1 : 0;
        return count;
    }
}
