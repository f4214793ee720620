using Seamless.Machines.Chance;
using Seamless.Machines.Equipment;
using Seamless.Machines.Faults;

namespace Seamless.Machines.Fleet;

/// <summary>What goes wrong in the demonstration: three fixed accidents in the first minute, told to their end within three, then one at random every two.</summary>
internal sealed class Accidents(World world, Seed seed, double speed)
{
    private static readonly TimeSpan Pause = TimeSpan.FromMinutes(2);
    private static readonly TimeSpan OpeningWear = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan SpellLength = TimeSpan.FromMinutes(3);
    private readonly Dice _dice = new(seed);
    private int _number;

    public async Task StrikeAsync(TimeProvider time, CancellationToken ct)
    {
        await Wait(TimeSpan.FromSeconds(10));
        Strike("service-hang", time.GetUtcNow());
        await Wait(TimeSpan.FromSeconds(5));
        Strike("bearing-wear", time.GetUtcNow(), OpeningWear / speed);
        await Wait(TimeSpan.FromSeconds(30));
        Strike("supply-undervoltage", time.GetUtcNow());
        while (!ct.IsCancellationRequested)
        {
            await Wait(Pause);
            Strike(_dice.Pick(FaultKinds.All, kind => kind.Weight).Code, time.GetUtcNow());
        }

        Task Wait(TimeSpan pause) => Task.Delay(pause / speed, time, ct);
    }

    /// <summary>Strikes a machine or site that is well; when all are busy, nobody.</summary>
    private void Strike(string code, DateTimeOffset now, TimeSpan? length = null)
    {
        var kind = FaultKinds.Find(code)!;  // from the list of kinds
        var troubled = world.Faults.Where(fault => fault.IsActive(now)).ToList();
        var well = world.Machines.Values.Where(machine => kind.Types.Contains(machine.Type)).Where(machine => !IsTroubled(machine, kind, troubled)).ToList();
        if (well.Count == 0) return;
        var machine = _dice.Pick(well);
        world.Inject($"D-{++_number:D3}", kind, kind.SiteWide ? null : machine.Id, machine.Site.Id, now, length ?? Length(kind));
    }

    private bool IsTroubled(Machine machine, FaultKind kind, List<Fault> troubled)
    {
        // A site fault shows in several machines; and the site must be calm, so that a visitor can tell one story from the other.
        if (kind.SiteWide) return troubled.Any(fault => fault.Site == machine.Site.Id) || world.Machines.Values.Count(other => other.Site == machine.Site && kind.Types.Contains(other.Type)) < 2;
        return troubled.Any(fault => fault.Device == machine.Id || (fault.Device is null && fault.Site == machine.Site.Id));
    }

    private TimeSpan Length(FaultKind kind) => kind.Growth switch
    {
        Growth.Spell => SpellLength,
        Growth.Step => TimeSpan.FromMinutes(10),
        _ => _dice.Between(TimeSpan.FromSeconds(80), TimeSpan.FromSeconds(150)) / speed,
    };
}
