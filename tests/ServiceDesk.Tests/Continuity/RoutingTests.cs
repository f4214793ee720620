using Seamless.ServiceDesk.Continuity;

namespace Seamless.ServiceDesk.Tests.Continuity;

public sealed class RoutingTests
{
    private static readonly Team Manila = new("manila", [], ["cebu", "mobile"], 45);
    private static readonly Team Cebu = new("cebu", ["cebu-works"], ["mobile"], 45);
    private static readonly Team Mobile = new("mobile", [], [], 45);

    [Theory]
    [InlineData("", "works", null, false, "manila")]                 // its own
    [InlineData("", "cebu-works", null, false, "cebu")]
    [InlineData("manila", "works", "manila", true, "cebu")]          // down: the first fallback, also for what was begun
    [InlineData("manila cebu", "works", "manila", true, "mobile")]   // that is up
    [InlineData("manila cebu mobile", "works", "manila", true, "manila")]
    [InlineData("manila cebu mobile", "works", null, false, "manila")]
    [InlineData("", "works", "mobile", true, "mobile")]              // back: what was begun stays
    [InlineData("", "works", "mobile", false, "manila")]
    [InlineData("cebu", "works", "gone", true, "manila")]            // a team that is no more
    public void A_ticket_is_with_its_home_or_the_first_fallback_that_is_up(string down, string site, string? current, bool begun, string expected) =>
        Assert.Equal(expected, RoutingOf(down.Split(' ')).TeamOf(site, current, begun));

    [Fact]
    public void Whatever_falls_and_comes_back_a_ticket_is_with_somebody_who_is_there_and_asking_twice_moves_nothing()
    {
        var random = new Random(84);
        var current = new string?[20];
        for (var step = 0; step < 2000; step++)
        {
            var down = new[] { "manila", "cebu", "mobile" }.Where(_ => random.Next(3) == 0).ToArray();
            var routing = RoutingOf(down);
            for (var ticket = 0; ticket < current.Length; ticket++)
            {
                var (site, begun) = (ticket % 2 == 0 ? "works" : "cebu-works", random.Next(2) == 0);
                var team = current[ticket] = routing.TeamOf(site, current[ticket], begun);
                Assert.True(team is not null && (routing.IsUp(team) || !routing.IsUp("mobile")));   // mobile stands in for everybody
                Assert.Equal(team, routing.TeamOf(site, team, begun));
            }
        }
    }

    [Fact]
    public void Without_teams_a_ticket_is_with_nobody_in_particular() => Assert.Null(new Routing([]).TeamOf("works", "manila", true));

    private static Routing RoutingOf(string[] down) => new([.. new[] { Manila, Cebu, Mobile }.Select(t => (t, !down.Contains(t.Id)))]);
}
