using Seamless.Machines.Chance;
using Seamless.Machines.Faults;

namespace Seamless.Machines.Scenarios;

/// <summary>Draws faults from the seed, by the weights of their kinds, so that no two trouble the same machine at once.</summary>
public static class RandomFaults
{
    /// <summary>Time the machine is left alone after a failure, for the repair and for health to be seen.</summary>
    private static readonly TimeSpan Recovery = TimeSpan.FromDays(2);
    /// <summary>Between a machine's fault and one of its whole site: they may meet in a month, but not in an hour.</summary>
    private static readonly TimeSpan Apart = TimeSpan.FromHours(3);
    private static readonly TimeSpan QuietStart = TimeSpan.FromHours(12);
    private static readonly TimeSpan QuietEnd = TimeSpan.FromHours(30);
    private const int Attempts = 400;

    /// <summary>The listed faults and the drawn ones, by onset.</summary>
    public static IReadOnlyList<ScenarioFault> Draw(Scenario scenario, Seed seed)
    {
        var drawn = new List<ScenarioFault>(scenario.Faults);
        for (var i = 0; i < scenario.RandomFaults; i++)
        {
            var dice = new Dice(seed.Split(i));
            for (var attempt = 0; attempt < Attempts; attempt++)
            {
                if (TryDraw($"R-{i + 1:D3}", scenario, drawn, dice) is not { } fault) continue;
                drawn.Add(fault);
                break;
            }
        }
        return [.. drawn.OrderBy(fault => fault.Onset).ThenBy(fault => fault.Id, StringComparer.Ordinal)];
    }

    private static ScenarioFault? TryDraw(string id, Scenario scenario, List<ScenarioFault> others, Dice dice)
    {
        var types = scenario.Machines.Select(machine => machine.Type).ToHashSet();
        var kinds = scenario.Unmodelled ? FaultKinds.All.Concat(FaultKinds.Unmodelled) : FaultKinds.All;
        var kind = dice.Pick(kinds.Where(kind => kind.Types.Any(types.Contains)).ToList(), kind => kind.Weight);
        var machine = dice.Pick(scenario.Machines.Where(machine => kind.Types.Contains(machine.Type)).ToList());
        var length = dice.Between(kind.Shortest, kind.Longest);
        var latest = scenario.Duration - QuietEnd - (kind.IsProgressive ? length : TimeSpan.Zero);
        if (latest <= QuietStart) return null;
        // One machine alone cannot show that its whole site suffers.
        if (kind.SiteWide && scenario.Machines.Count(other => other.Site == machine.Site && kind.Types.Contains(other.Type)) < 2) return null;
        var fault = new ScenarioFault(id, kind.Code, kind.SiteWide ? null : machine.Id, machine.Site, dice.Between(QuietStart, latest), length);
        return others.Any(other => Disturbs(other, fault)) ? null : fault;
    }

    private static bool Disturbs(ScenarioFault one, ScenarioFault other)
    {
        if (one.Device is null != other.Device is null) return one.Site == other.Site && Overlap(one, other, Apart);
        return one.Device == other.Device && (one.Device is not null || one.Site == other.Site) && Overlap(one, other, Recovery);
    }

    private static bool Overlap(ScenarioFault one, ScenarioFault other, TimeSpan apart) =>
        one.Onset < other.Onset + other.TimeToFailure + apart && other.Onset < one.Onset + one.TimeToFailure + apart;
}
