using Seamless.Machines.People;
using Seamless.Machines.Scenarios;

namespace Seamless.Machines.Fleet;

/// <summary>Moves clock, machines, platform and people forward together: measure, send, settle, beat, answer commands, act.</summary>
/// <remarks>Steps are long while nothing is happening and short while something is being watched: the effect of a command, or what an agent has reported as an exception.</remarks>
internal sealed class LockstepRun(
    Scenario scenario, GatewayFleet fleet, ServicePeople people, SimulatedClock clock, Func<CancellationToken, Task> settle, Func<DateTimeOffset, CancellationToken, Task> beat)
{
    private static readonly TimeSpan ShortStep = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan AttentiveSampling = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan WatchFor = TimeSpan.FromMinutes(8);
    private DateTimeOffset _watchUntil;

    public async Task RunAsync(DateTimeOffset end, IProgress<double> progress, CancellationToken ct)
    {
        var start = clock.GetUtcNow();
        var coarse = start;
        for (var now = start; now < end;)
        {
            // Long steps stay on their grid, so that a watched command does not shift all that follows.
            if (now >= coarse) coarse += scenario.Step;
            var next = now < _watchUntil && now + ShortStep < coarse ? now + ShortStep : coarse;
            foreach (var member in fleet.Members)
                if (member.NextLook(now, AttentiveSampling) is { } look && look < next) next = look;
            await StepAsync(next < end ? next : end, ct);
            now = next;
            if (now < coarse) continue;
            await people.ActAsync(now, ct);
            progress.Report((now - start) / (end - start));
        }
    }

    private async Task StepAsync(DateTimeOffset now, CancellationToken ct)
    {
        var exceptions = fleet.Exceptions;
        foreach (var member in fleet.Members) member.MeasureUntil(now, scenario.Sampling, AttentiveSampling);
        clock.AdvanceTo(now);
        await fleet.FlushAsync(ct);
        await settle(ct);
        var commands = fleet.Commands;
        await beat(now, ct);
        await fleet.DrainCommandsAsync(ct);
        if (fleet.Commands > commands || fleet.Exceptions > exceptions) _watchUntil = now + WatchFor;
    }
}
