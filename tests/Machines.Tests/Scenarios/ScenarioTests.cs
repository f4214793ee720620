using Seamless.Machines.Chance;
using Seamless.Machines.Faults;
using Seamless.Machines.Scenarios;

namespace Seamless.Machines.Tests.Scenarios;

public sealed class ScenarioTests
{
    [Fact]
    public void Every_built_in_scenario_can_be_read()
    {
        Assert.Equal(["demo", "five-hundred", "ninety-days", "quick", "real-time", "region", "thirty-days", "year"], ScenarioFile.BuiltIn);
        Assert.All(ScenarioFile.BuiltIn, name => Assert.Null(ScenarioFile.Load(name).Refusal));
    }

    [Fact]
    public void Thirty_days_has_sixty_machines_and_forty_faults_within_its_time()
    {
        var scenario = ScenarioFile.Load("thirty-days").Value!;
        foreach (var seed in (ulong[])[1, 2, 3, 4, 5])
        {
            var faults = RandomFaults.Draw(scenario, new Seed(seed));
            Assert.Equal((60, 40), (scenario.Machines.Count, faults.Count));
            Assert.All(faults, fault => Assert.InRange(fault.Onset + fault.TimeToFailure, TimeSpan.Zero, scenario.Duration));
        }
    }

    [Fact]
    public void No_machine_has_two_random_faults_at_once()
    {
        var faults = RandomFaults.Draw(ScenarioFile.Load("thirty-days").Value!, new Seed(11));

        Assert.All(faults.GroupBy(fault => fault.Device ?? fault.Site), group =>
            Assert.All(group.Zip(group.Skip(1)), pair => Assert.True(pair.First.Onset + pair.First.TimeToFailure < pair.Second.Onset)));
    }

    [Fact]
    public void The_same_seed_draws_the_same_faults_and_another_seed_others()
    {
        var scenario = ScenarioFile.Load("thirty-days").Value!;

        Assert.Equal(RandomFaults.Draw(scenario, new Seed(1)), RandomFaults.Draw(scenario, new Seed(1)));
        Assert.NotEqual(RandomFaults.Draw(scenario, new Seed(1)), RandomFaults.Draw(scenario, new Seed(2)));
    }

    [Theory]
    [InlineData("name: x\nduration: 3 weeks\nsites: [{ id: a }]\nmachines: [{ type: pump, sites: [a] }]", "3 weeks")]
    [InlineData("name: x\nduration: 3d\nsites: [{ id: a }]\nmachines: [{ type: boat, sites: [a] }]", "boat")]
    [InlineData("name: x\nduration: 3d\nsites: [{ id: a }]\nmachines: [{ type: pump, sites: [b] }]", "'b'")]
    [InlineData("name: x\nduration: 3d\ncolour: red", "line 3")]
    [InlineData("name: x\nduration: 3d\nsites: [{ id: a }]\nmachines: [{ type: pump, sites: [a] }]\nfaults: [{ fault: fan-failure, device: pump-01, onset: 1h, timeToFailure: 1h }]", "a pump cannot have fan-failure")]
    [InlineData("name: x\nduration: 3d\nsites: [{ id: a }]\nmachines: [{ type: pump, sites: [a] }]\nfaults: [{ fault: rust, device: pump-01, onset: 1h, timeToFailure: 1h }]", "bearing-wear")]
    [InlineData("name: x\nduration: 3d\nsites: [{ id: a }]\nmachines: [{ type: pump, sites: [a] }]\ntechnicians: [{ sites: [b], skills: [it] }]", "technicians: site 'b' is not among the sites")]
    [InlineData("name: x\nduration: 3d\nsites: [{ id: a }]\nmachines: [{ type: pump, sites: [a] }]\ntechnicians: [{ sites: [a] }]", "technicians: skills are missing")]
    [InlineData("name: x\nduration: 3d\nsites: [{ id: a }]\nmachines: [{ type: pump, sites: [a] }]\ntechnicians: [{ sites: [a], skills: [it] }, { sites: [a], skills: [network] }]", "technicians: 'a' is there twice")]
    [InlineData("", "empty")]
    public void A_mistake_is_refused_in_words_that_help(string yaml, string words) =>
        Assert.Contains(words, ScenarioFile.Parse("x.yaml", yaml).Refusal!.Reason, StringComparison.Ordinal);

    [Fact]
    public void The_demonstration_has_as_many_machines_as_asked_for()
    {
        Assert.Equal(36, DemoScenario.Of(36).Machines.Select(machine => machine.Id).Distinct().Count());
        Assert.Equal(["pump", "server", "tv", "pump"], DemoScenario.Of(4).Machines.Select(machine => machine.Type));
        Assert.All(FaultKinds.All.Where(kind => kind.SiteWide), kind => Assert.Contains(
            DemoScenario.Of(36).Machines.Where(machine => kind.Types.Contains(machine.Type)).GroupBy(machine => machine.Site), site => site.Count() > 1));
    }
}
