using Seamless.Fleet.Commands;
using Seamless.Fleet.Updates;
using Seamless.Rules.Alarms;
using Seamless.ServiceDesk;
using Seamless.ServiceDesk.Parts.Planning;

namespace Seamless.Portal.Commands;

/// <summary>One beat of the platform: what depends on the passing of time rather than on telemetry. The desk's scheduler beats when serving; a simulation beats here.</summary>
public sealed class Beat(ICommands commands, IAlarms alarms, IServiceDesk desk, IUpdates updates, INightlyPlan stock)
{
    private DateTimeOffset? _planAt;

    public async Task AdvanceAsync(DateTimeOffset now, CancellationToken ct)
    {
        await commands.AdvanceAsync(now, ct);
        await alarms.AdvanceAsync(now, ct);
        await desk.AdvanceAsync(now, ct);
        await updates.AdvanceAsync(now, ct);
        if (now >= (_planAt ??= NextNight(now))) await PlanStockAsync(now, ct);
    }

    private async Task PlanStockAsync(DateTimeOffset now, CancellationToken ct)
    {
        _planAt = NextNight(now);
        await stock.RunAsync(ct);
    }

    private static DateTimeOffset NextNight(DateTimeOffset now) =>
        new DateTimeOffset(now.UtcDateTime.Date, TimeSpan.Zero).Add(INightlyPlan.At.ToTimeSpan()) is var today && today > now ? today : today.AddDays(1);
}
