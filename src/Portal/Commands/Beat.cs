using Seamless.Fleet.Commands;
using Seamless.Fleet.Updates;
using Seamless.Rules.Alarms;
using Seamless.ServiceDesk;

namespace Seamless.Portal.Commands;

/// <summary>One beat of the platform: what depends on the passing of time rather than on telemetry. The desk's scheduler beats when serving; a simulation beats here.</summary>
public sealed class Beat(ICommands commands, IAlarms alarms, IServiceDesk desk, IUpdates updates)
{
    public async Task AdvanceAsync(DateTimeOffset now, CancellationToken ct)
    {
        await commands.AdvanceAsync(now, ct);
        await alarms.AdvanceAsync(now, ct);
        await desk.AdvanceAsync(now, ct);
        await updates.AdvanceAsync(now, ct);
    }
}
