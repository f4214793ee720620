using Seamless.ServiceDesk.Customers.Complaints;
using Seamless.ServiceDesk.Sessions;

namespace Seamless.ServiceDesk.Tests.Sessions;

public sealed class SessionRulesTests
{
    private static readonly DateTimeOffset Now = House.Start;

    // Each act in each state: what it is refused with, '-' when it may be done.
    [Theory]
    [InlineData("asked", "- - session-not-open - session-waiting - session-waiting")]
    [InlineData("asked, too late", "session-over session-over session-over session-over session-over session-over session-over")]
    [InlineData("open", "session-open session-open - - - - -")]
    [InlineData("open, too late", "session-over session-over session-over session-over session-over session-over session-over")]
    [InlineData("ended", "session-over session-over session-over session-over session-over session-over session-over")]
    public void Every_act_is_allowed_or_refused_in_every_state(string state, string expected)
    {
        SessionMoment session = state switch
        {
            "asked" => new("T-1", 1, SessionState.Asked, null, Now.AddMilliseconds(1), null),
            "asked, too late" => new("T-1", 1, SessionState.Asked, null, Now, null),
            "open" => new("T-1", 1, SessionState.Open, null, null, Now.AddMilliseconds(1)),
            "open, too late" => new("T-1", 1, SessionState.Open, null, null, Now),
            _ => new("T-1", 1, SessionState.Ended, SessionEnding.Finished, null, Now.AddHours(1)),
        };
        var said = Enum.GetValues<SessionAct>().Select(act => SessionRules.WhyNot(session, act, Now)?.Why ?? "-");

        Assert.Equal(expected, string.Join(' ', said));
    }

    [Theory]
    [InlineData("backflush-strainer", null, CommandRisk.R1)]   // as the pack's playbook says
    [InlineData("backflush-strainer", CommandRisk.R0, CommandRisk.R1)]
    [InlineData("backflush-strainer", CommandRisk.R2, CommandRisk.R2)]
    [InlineData("self-test", null, CommandRisk.R0)]
    [InlineData("set-interval", null, CommandRisk.R1)]
    [InlineData("restart-service", null, CommandRisk.R1)]
    [InlineData("reboot", null, CommandRisk.R2)]
    [InlineData("reboot", CommandRisk.R0, CommandRisk.R2)]
    [InlineData("whatever", CommandRisk.R0, CommandRisk.R2)]   // nobody has rated it
    [InlineData("whatever", CommandRisk.R3, CommandRisk.R3)]
    public void A_caller_can_only_raise_what_a_command_is_rated(string command, CommandRisk? said, CommandRisk risk) =>
        Assert.Equal(risk, KnownCommands.RiskOf(new MemoryPacks().Find("pump"), command, said));

    [Theory]
    [InlineData("self-test", CommandRisk.R0, CommandRisk.R0, null, null)]
    [InlineData("reboot", CommandRisk.R2, CommandRisk.R1, null, "session-class")]
    [InlineData("reboot", CommandRisk.R2, CommandRisk.R2, "self-test", "session-scope")]
    [InlineData("reboot", CommandRisk.R2, CommandRisk.R2, "self-test reboot", null)]
    [InlineData("wipe", CommandRisk.R3, CommandRisk.R2, null, "session-class")]
    public void What_was_not_allowed_is_refused(string command, CommandRisk risk, CommandRisk upTo, string? names, string? why) =>
        Assert.Equal(why, SessionRules.WhyBeyond(command, risk, upTo, names?.Split(' '))?.Why);

    [Fact]
    public void A_command_never_outlives_its_session()
    {
        var chance = new Random(42);
        for (var i = 0; i < 2000; i++)
        {
            var (now, ends) = (Now.AddSeconds(chance.Next(0, 4000)), Now.AddSeconds(4000 + chance.Next(0, 30_000)));
            var expiry = SessionRules.ExpiryOf(now, TimeSpan.FromSeconds(chance.Next(1, 700_000)), ends);

            Assert.InRange(expiry, now.AddMilliseconds(1), ends);
        }
    }

    [Theory]
    [InlineData("", CommandRisk.R0, 60, null, "session-reason")]
    [InlineData("why", CommandRisk.R3, 60, null, "session-irreversible")]
    [InlineData("why", CommandRisk.R0, 4, null, "session-length")]
    [InlineData("why", CommandRisk.R0, 121, null, "session-length")]   // the tenant's longest is two hours
    [InlineData("why", CommandRisk.R1, 120, "reboot", "session-command-class")]
    [InlineData("why", CommandRisk.R1, 120, "not a name!", "session-commands")]
    [InlineData("why", CommandRisk.R2, 5, "reboot", null)]
    public void A_request_that_could_not_be_kept_is_refused(string reason, CommandRisk upTo, int minutes, string? name, string? why) =>
        Assert.Equal(why, SessionRules.FaultOf(new SessionRequest(reason, upTo, name is null ? null : [name], minutes), new RemotePolicy { LongestMinutes = 120 }, null)?.Why);

    [Theory]
    [InlineData(CommandRisk.R0, "works", CommandRisk.R0, null)]
    [InlineData(CommandRisk.R1, "works", CommandRisk.R0, "policy")]
    [InlineData(CommandRisk.R1, "works", CommandRisk.R1, null)]
    [InlineData(CommandRisk.R0, "mill", CommandRisk.R1, "contract")]
    [InlineData(CommandRisk.R0, "mill", CommandRisk.R2, null)]   // what interrupts the machine is asked for each time
    public void A_policy_or_a_contract_opens_at_once(CommandRisk consentFrom, string site, CommandRisk upTo, string? how) =>
        Assert.Equal(how, new RemotePolicy { ConsentFrom = consentFrom, Standing = new Dictionary<string, string> { ["mill"] = "C-7 §4" } }.Beforehand(site, upTo, Now)?.How);
}
