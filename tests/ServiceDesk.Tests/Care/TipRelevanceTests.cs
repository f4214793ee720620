using Seamless.Fleet.Registry;
using Seamless.ServiceDesk.Care.Contacts;
using Seamless.ServiceDesk.Care.Tips;
using Seamless.ServiceDesk.Notifications;
using Seamless.ServiceDesk.Notifications.Recipients;
using Seamless.Telemetry;

namespace Seamless.ServiceDesk.Tests.Care;

/// <summary>Which machines a campaign is about, and who has its tips.</summary>
public sealed class TipRelevanceTests
{
    private static readonly DateTimeOffset Tuesday = new(2026, 3, 3, 8, 0, 0, TimeSpan.Zero);
    private static readonly NodaTime.DateTimeZone Utc = NodaTime.DateTimeZone.Utc;

    [Theory]
    [InlineData(TipSide.Above, 2.6, true, "above 2.5")]
    [InlineData(TipSide.Above, 2.5, false, "not above 2.5")]   // the limit itself does not count
    [InlineData(TipSide.Below, 2.4, true, "below 2.5")]
    [InlineData(TipSide.Below, 2.5, false, "not below 2.5")]
    public void A_metric_is_held_against_its_limit_and_the_reason_says_so(TipSide side, double value, bool holds, string why)
    {
        var condition = new TipCondition(TipTest.Metric, side, 2.5, "vibration");
        var judged = TipRelevance.Of([condition], Machine() with { Values = new Dictionary<MetricAsked, double> { [MetricAsked.Of(condition)!.Value] = value } });
        Assert.Equal((holds, true), (judged.Holds, judged.Why.En.EndsWith(why, StringComparison.Ordinal)));
    }

    [Fact]
    public void Without_a_value_no_limit_is_passed_on_either_side() =>
        Assert.All(Enum.GetValues<TipSide>(), side => Assert.False(TipRelevance.Of([new TipCondition(TipTest.Metric, side, 0, "vibration")], Machine()).Holds));

    [Fact]
    public void All_conditions_must_hold()
    {
        TipCondition old = new(TipTest.Age, TipSide.Above, 365), young = new(TipTest.Age, TipSide.Below, 30), uncovered = new(TipTest.Cover, Covered: false), covered = new(TipTest.Cover);
        Assert.True(TipRelevance.Of([], Machine()).Holds);
        Assert.True(TipRelevance.Of([old, uncovered], Machine()).Holds);
        Assert.False(TipRelevance.Of([old, young], Machine()).Holds);
        Assert.False(TipRelevance.Of([covered, old], Machine()).Holds);
    }

    [Theory]
    [InlineData("seal-leak", null, true)]
    [InlineData("seal-leak", 29, true)]
    [InlineData("seal-leak", 31, false)]
    [InlineData("bearing-wear", null, false)]
    public void A_fault_counts_while_its_ticket_is_open_and_for_a_while_afterwards(string fault, int? daysAgo, bool holds) => Assert.Equal(holds, TipRelevance.Of(
        [new TipCondition(TipTest.Fault, Fault: "seal-leak", Days: 30)], Machine() with { Faults = [new FaultSeen(fault, daysAgo is { } d ? Tuesday.AddDays(-d) : null)] }).Holds);

    [Fact]
    public void A_scope_holds_what_fits_every_list_and_a_machine_without_a_model_fits_no_model()
    {
        var pump = Machine().Device;
        Assert.True(new TipScope().Holds(pump));
        Assert.True(new TipScope(["pump"], ["CR-95"], ["works"], ["acme"]).Holds(pump));
        Assert.False(new TipScope(["pump"], ["CR-32"]).Holds(pump));
        Assert.False(new TipScope(["fan"]).Holds(pump));
        Assert.False(new TipScope(Sites: ["elsewhere"]).Holds(pump));
        Assert.False(new TipScope(Customers: ["bohai"]).Holds(pump));
        Assert.False(new TipScope(Models: ["CR-95"]).Holds(pump with { Tags = new Dictionary<string, string>() }));
    }

    [Fact]
    public void One_recipient_has_one_tip_a_week_and_another_customer_has_nothing_of_it()
    {
        var selection = Selection([Owner("a"), Owner("other", "bohai"), Owner("staff", null, Audience.Staff)]);
        Assert.Equal(["a Now"], Told(selection.Of(Machine("p1"), Utc, Tuesday)));
        Assert.Equal(["a WeekFull"], Told(selection.Of(Machine("p2"), Utc, Tuesday)));
        Assert.Equal([" NobodyThere"], Told(Selection([Owner("other", "bohai")]).Of(Machine(), Utc, Tuesday)));
    }

    [Fact]
    public void Over_random_weeks_nobody_has_more_than_the_cap_nor_the_same_tip_too_soon()
    {
        var random = new Random(50);
        for (var run = 0; run < 50; run++)
        {
            var (most, repeat) = (random.Next(1, 4), random.Next(0, 40));
            var sent = new List<TipSentRow>();
            for (var week = 0; week < 20; week++)
            {
                var at = Tuesday.AddDays(7 * week);
                foreach (var campaign in (string[])["one", "two"])
                    foreach (var machine in (string[])["p1", "p2", "p3"])
                        foreach (var choice in Selection([Owner("a"), Owner("b")], sent, most, repeat, campaign).Of(Machine(machine), Utc, at).Where(c => c.Goes))
                            sent.Add(new TipSentRow { Id = "", Tenant = "default", Campaign = campaign, Device = machine, Site = "works", Recipient = choice.Recipient!.Id, Week = choice.Week, At = at });
            }
            Assert.All(sent.GroupBy(s => (s.Recipient, s.Week)), g => Assert.InRange(g.Count(), 1, most));
            foreach (var same in sent.GroupBy(s => (s.Campaign, s.Device, s.Recipient)))
                Assert.All(same.Zip(same.Skip(1)), pair => Assert.True((pair.Second.At - pair.First.At).Days >= Math.Max(repeat, 7)));
        }
    }

    [Fact]
    public void Who_unsubscribed_is_switched_off_or_quiet_is_told_apart()
    {
        var quiet = Owner("quiet");
        (quiet.QuietFrom, quiet.QuietTo) = (new TimeOnly(7, 0), new TimeOnly(10, 0));
        var off = Owner("off");
        off.Enabled = false;
        var choices = Selection([Owner("gone"), off, quiet], optedOut: "gone").Of(Machine(), Utc, Tuesday).ToList();
        Assert.Equal(["gone Unsubscribed", "off NoChannel", "quiet Later"], Told(choices));
        Assert.Equal(Tuesday.AddHours(2), choices[2].At);
    }

    private static MachineFacts Machine(string id = "p1") => new(
        new Device(new DeviceKey("default", id), "pump", "works", "acme", null, null, new Dictionary<string, string> { ["model"] = "CR-95" }, "standard", null, null, Tuesday.AddDays(-400), 1), Tuesday,
        new Dictionary<MetricAsked, double>(), [], IsCovered: false);

    private static RecipientRow Owner(string id, string? customer = "acme", Audience audience = Audience.Customer) => new()
    {
        Tenant = "default", Id = id, Title = id, Audience = audience, Customer = customer, Channel = Channel.Email, Sealed = "", Shown = "", Language = "en", Zone = "UTC", Milestones = [], Sites = [], Enabled = true,
    };

    private static TipSelection Selection(IReadOnlyList<RecipientRow> recipients, IEnumerable<TipSentRow>? sent = null, int most = 1, int repeat = 90, string campaign = "one", params string[] optedOut) => new(
        new TipCampaignRow { Tenant = "default", Id = campaign, Title = new("t", "t"), Subject = new("s", "s"), Body = new("b", "b"), Scope = new TipScope(), Conditions = [], RepeatDays = repeat },
        most, recipients, new ContactRouting([], recipients), optedOut.ToHashSet(), sent ?? []);

    private static IEnumerable<string> Told(IEnumerable<TipChoice> choices) => choices.Select(c => $"{c.Recipient?.Id} {c.Fate}");
}
