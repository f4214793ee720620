using System.Globalization;
using Seamless.Rules.Alarms.Routing;

namespace Seamless.Rules.Tests.Alarms.Routing;

/// <summary>Alertmanager's semantics as scripts: seconds and what happens, then every delivery with its second.</summary>
public sealed class AlertRouterTests
{
    private static readonly DateTimeOffset Noon = RulesRoom.Noon;

    /// <remarks><c>+a</c> fires (again), <c>-a</c> is over; a letter is an alert of site s1, a capital one of site s2. A delivery is <c>second receiver:firing/resolved</c>.</remarks>
    [Theory]
    [InlineData("0 +a", 400, "30 desk:a/")]                                                  // group_wait
    [InlineData("0 +a 20 -a", 1000, "")]                                                     // over before anybody was told: nothing is sent
    [InlineData("0 +a 29 +b", 100, "30 desk:ab/")]                                           // what comes while it waits comes along
    [InlineData("0 +a 40 +b", 700, "30 desk:a/ 330 desk:ab/")]                               // group_interval for what is new
    [InlineData("0 +a 40 -a", 700, "30 desk:a/ 330 desk:/a")]                                // and for what is over
    [InlineData("0 +a 40 -a 50 +a", 1000, "30 desk:a/")]                                     // over and back between two looks is no news
    [InlineData("0 +a 0 +b 40 -a", 700, "30 desk:ab/ 330 desk:b/a")]
    [InlineData("0 +a 0 +A", 100, "30 desk:a/ 30 desk:A/")]                                  // group_by site
    [InlineData("0 +a", 15000, "30 desk:a/ 14430 desk:a/")]                                  // repeat_interval 4 h
    [InlineData("0 +a 40 -a 400 +a", 1000, "30 desk:a/ 330 desk:/a 430 desk:a/")]            // a group that was empty waits anew
    public void Groups_wait_and_repeat(string script, int until, string deliveries) =>
        Assert.Equal(deliveries, Play(Plan(new Route("desk", GroupBy: ["site"])), script, until));

    [Theory]
    [InlineData(3 * 60, 0, 20, "30 desk:a/ 330 desk:a/ 630 desk:a/")]          // rounded up to one group interval
    [InlineData(7 * 60, 0, 21, "30 desk:a/ 630 desk:a/ 1230 desk:a/")]         // to two
    public void The_repeat_interval_is_rounded_up_to_a_multiple_of_the_group_interval(int repeatSeconds, int from, int minutes, string deliveries)
    {
        var plan = Plan(new Route("desk", GroupBy: ["site"], RepeatInterval: TimeSpan.FromSeconds(repeatSeconds)));
        Assert.Equal(deliveries, string.Join(' ', Play(plan, $"{from} +a", minutes * 60 + 30).Split(' ').Take(6)));
    }

    [Fact]
    public void An_alert_that_is_not_told_again_is_over_after_the_resolve_timeout()
    {
        var plan = Plan(new Route("desk", GroupBy: ["site"])) with { ResolveTimeout = TimeSpan.FromMinutes(5) };
        Assert.Equal("30 desk:a/ 330 desk:/a", Play(plan, "0 +a", 900));
        Assert.Equal("30 desk:a/ 630 desk:/a", Play(plan, "0 +a 200 +a", 900));
    }

    [Fact]
    public void One_that_has_waited_long_enough_before_it_was_heard_of_does_not_wait_again()
    {
        var router = new AlertRouter(Plan(new Route("desk")));
        router.Take(new RoutedAlert(Labels('a'), Noon.AddMinutes(-10)), Noon);
        Assert.Single(router.Advance(Noon));
    }

    /// <summary>Routes: c → critical only; m → medium, and on; then everything with a site → sites; else root.</summary>
    [Theory]
    [InlineData("severity=critical", "pager")]
    [InlineData("severity=critical site=s1", "pager")]                  // the first that fits
    [InlineData("severity=medium site=s1", "mail sites")]               // continue
    [InlineData("severity=medium", "mail")]
    [InlineData("site=s7", "south")]                                    // deepest wins over its parent
    [InlineData("site=s1", "sites")]
    [InlineData("severity=low", "desk")]                                // nothing fits: the root
    [InlineData("severity=criticality", "desk")]                        // an expression fits the whole value
    public void The_routing_tree_takes_the_first_match_unless_it_says_continue(string labels, string receivers)
    {
        var plan = Plan(new Route("desk", GroupBy: [], Routes:
        [
            new Route("pager", [new Matcher("severity", "crit.*l", MatchKind.Regex)]),
            new Route("mail", [new Matcher("severity", "medium")], Continue: true),
            new Route("sites", [new Matcher("site", "", MatchKind.NotEqual)], Routes: [new Route("south", [new Matcher("site", "s7")])]),
        ]));
        var router = new AlertRouter(plan);
        router.Take(new RoutedAlert(Parse(labels), Noon), Noon);
        Assert.Equal(receivers, string.Join(' ', router.Advance(Noon.AddSeconds(30)).Select(d => d.Receiver)));
    }

    [Theory]
    [InlineData("kind=gateway site=s1", "kind=silent site=s1", "gateway")]           // muted by its gateway
    [InlineData("kind=gateway site=s1", "kind=silent site=s2", "gateway silent")]    // another site
    [InlineData("kind=gateway", "kind=silent", "gateway silent", "kind=hot")]        // no source of the other side: both told
    [InlineData("kind=gateway", "kind=silent", "gateway")]                           // missing equals missing
    [InlineData("kind=gateway site=s1", "kind=silent", "gateway silent")]            // missing is empty, not any
    [InlineData("kind=both x=1 site=s1", "kind=both x=2 site=s1", "both both")]      // two that match both sides do not silence each other
    [InlineData("kind=gateway site=s1", "kind=both x=1 site=s1", "gateway")]         // one that matches both sides is silenced by one that does not
    public void A_target_is_mute_while_a_source_fires(string first, string second, string told, string? source = null)
    {
        var sources = source is null ? new Matcher("kind", "gateway|both", MatchKind.Regex) : new Matcher("kind", source.Split('=')[1]);
        var inhibition = new Inhibition([sources], [new Matcher("kind", "silent|both", MatchKind.Regex)], ["site"]);
        var router = new AlertRouter(Plan(new Route("desk", GroupBy: [])) with { Inhibitions = [inhibition] });
        router.Take(new RoutedAlert(Parse(second), Noon), Noon);
        router.Take(new RoutedAlert(Parse(first), Noon), Noon);
        Assert.Equal(told, string.Join(' ', router.Advance(Noon.AddSeconds(30)).SelectMany(d => d.Firing).Select(l => l["kind"]).Order()));
    }

    [Fact]
    public void What_a_source_muted_is_told_when_the_source_is_over()
    {
        var inhibition = new Inhibition([new Matcher("name", "a")], [new Matcher("name", "b")], ["site"]);
        Assert.Equal("30 desk:a/ 330 desk:b/a", Play(Plan(new Route("desk", GroupBy: ["site"])) with { Inhibitions = [inhibition] }, "0 +a 0 +b 40 -a", 700));
    }

    [Fact]
    public void A_silence_mutes_from_its_begin_to_its_end()
    {
        var router = new AlertRouter(Plan(new Route("desk", GroupBy: ["site"])));
        router.Silence(new Silence([new Matcher("name", "a")], Noon, Noon.AddSeconds(600)));
        Assert.Equal("630 desk:a/", Play(router, "0 +a", 900));
    }

    [Fact]
    public void What_could_not_be_delivered_comes_again_with_the_next_interval()
    {
        var router = new AlertRouter(Plan(new Route("desk", GroupBy: ["site"])));
        router.Take(new RoutedAlert(Labels('a'), Noon), Noon);
        router.Failed(Assert.Single(router.Advance(Noon.AddSeconds(30))));
        Assert.Equal(Noon.AddSeconds(330), router.NextAt);
        router.Take(new RoutedAlert(Labels('a'), Noon, Noon.AddSeconds(400)), Noon.AddSeconds(400));
        // It was never told, so its end is no news.
        Assert.Empty(router.Advance(Noon.AddSeconds(630)));

        router.Take(new RoutedAlert(Labels('b'), Noon.AddSeconds(700)), Noon.AddSeconds(700));
        Assert.Single(router.Advance(Noon.AddSeconds(730)));
        router.Take(new RoutedAlert(Labels('b'), Noon.AddSeconds(700), Noon.AddSeconds(800)), Noon.AddSeconds(800));
        router.Failed(Assert.Single(router.Advance(Noon.AddSeconds(1030))));
        Assert.Equal("b", Assert.Single(Assert.Single(router.Advance(Noon.AddSeconds(1330))).Resolved)["name"]);
    }

    [Fact]
    public void Identity_is_the_label_set_in_any_order_and_an_empty_label_is_none()
    {
        Assert.Equal(Parse("a=1 b=2"), Parse("b=2 a=1"));
        Assert.Equal(Parse("a=1"), new LabelSet([new("a", "1"), new("b", "")]));
        Assert.NotEqual(Parse("a=1"), Parse("a=2"));
        var router = new AlertRouter(Plan(new Route("desk", GroupBy: Route.EachAlone)));
        foreach (var labels in new[] { "a=1 b=2", "b=2 a=1", "a=2" }) router.Take(new RoutedAlert(Parse(labels), Noon), Noon);
        Assert.Equal(2, router.Advance(Noon.AddSeconds(30)).Count);
    }

    [Fact]
    public void A_plan_that_cannot_work_is_refused_in_words()
    {
        var plan = Plan(new Route(null, [new Matcher("a", "1")], Routes: [new Route("x", GroupInterval: TimeSpan.Zero)]));
        Assert.Equal(3, plan.Problems().Count);
        Assert.Contains("routes[0]: groupInterval", Assert.Throws<ArgumentException>(() => new AlertRouter(plan)).Message, StringComparison.Ordinal);
    }

    private static RoutingPlan Plan(Route root) => new(root, [], TimeSpan.FromDays(1));

    private static string Play(RoutingPlan plan, string script, int until) => Play(new AlertRouter(plan), script, until);

    private static string Play(AlertRouter router, string script, int until)
    {
        var words = script.Split(' ');
        var steps = words.Chunk(2).Select(w => (At: int.Parse(w[0], CultureInfo.InvariantCulture), Begins: w[1][0] == '+', Alert: w[1][1])).ToList();
        var told = new List<string>();
        for (var second = 0; second <= until; second += 5)
        {
            var now = Noon.AddSeconds(second);
            foreach (var step in steps.Where(s => s.At > second - 5 && s.At <= second))
            {
                var at = Noon.AddSeconds(step.At);
                router.Take(new RoutedAlert(Labels(step.Alert), at, step.Begins ? null : at), at);
            }
            told.AddRange(router.Advance(now).Select(d => $"{second} {d.Receiver}:{Names(d.Firing)}/{Names(d.Resolved)}"));
        }
        return string.Join(' ', told);
    }

    private static string Names(IEnumerable<LabelSet> labels) => string.Concat(labels.Select(l => l["name"]).Order(StringComparer.Ordinal));

    private static LabelSet Labels(char name) => Parse($"name={name} site={(char.IsUpper(name) ? "s2" : "s1")}");

    private static LabelSet Parse(string text) => new(text.Split(' ').Select(pair => pair.Split('=')).Select(pair => new KeyValuePair<string, string>(pair[0], pair[1])));
}
