using Seamless.Machines.Chance;
using Seamless.Machines.Faults;
using Seamless.Machines.Scenarios;

namespace Seamless.Machines.Tests.Scenarios;

/// <summary>The simulator is not the detector's friend: it plays faults that no pack has heard of.</summary>
public sealed class UnmodelledFaultTests
{
    [Fact]
    public void A_fifth_of_the_kinds_of_faults_stand_in_no_pack()
    {
        var packs = string.Concat(Directory.EnumerateFiles(Path.Combine(AppContext.BaseDirectory, "packs"), "*.yaml", SearchOption.AllDirectories).Select(File.ReadAllText));
        Assert.All(FaultKinds.Unmodelled, kind => Assert.DoesNotContain(kind.Code, packs, StringComparison.Ordinal));
        Assert.All(FaultKinds.All, kind => Assert.Contains(kind.Code, packs, StringComparison.Ordinal));
        Assert.InRange((double)FaultKinds.Unmodelled.Count / (FaultKinds.All.Count + FaultKinds.Unmodelled.Count), 0.2, 0.4);
    }

    [Fact]
    public void The_year_draws_them_and_the_other_scenarios_do_not()
    {
        var year = ScenarioFile.Load("year").Value!;
        Assert.Contains(RandomFaults.Draw(year, new Seed(7)), fault => FaultKinds.Find(fault.Code)!.IsUnmodelled);
        foreach (var name in ScenarioFile.BuiltIn.Where(name => name != "year"))
            Assert.DoesNotContain(RandomFaults.Draw(ScenarioFile.Load(name).Value!, new Seed(7)), fault => FaultKinds.Find(fault.Code)!.IsUnmodelled);
    }
}
