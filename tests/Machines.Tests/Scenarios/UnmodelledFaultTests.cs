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
    public void The_years_draw_them_and_the_other_scenarios_do_not()
    {
        string[] years = ["year", "region"];
        foreach (var name in years) Assert.Contains(Drawn(name), fault => FaultKinds.Find(fault.Code)!.IsUnmodelled);
        foreach (var name in ScenarioFile.BuiltIn.Except(years)) Assert.DoesNotContain(Drawn(name), fault => FaultKinds.Find(fault.Code)!.IsUnmodelled);

        static IReadOnlyList<ScenarioFault> Drawn(string name) => RandomFaults.Draw(ScenarioFile.Load(name).Value!, new Seed(7));
    }
}
