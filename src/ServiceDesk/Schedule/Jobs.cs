using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Quartz;
using Seamless.Fleet.Commands;
using Seamless.Rules.Alarms;
using Seamless.ServiceDesk.Database;
using Seamless.ServiceDesk.Mystery;
using Seamless.ServiceDesk.Notifications.Outbox;
using Seamless.ServiceDesk.Parts.Planning;
using Seamless.Storage.DeadLetters;
using Seamless.Storage.TimeSeries;

namespace Seamless.ServiceDesk.Schedule;

/// <summary>Each second: ends what has expired among commands and alarms, then lets the desk do what is due.</summary>
internal sealed class HeartbeatJob(
    IAlarms alarms, ICommands commands, IServiceDesk desk, DeskSignals signals, TimeProvider clock, ILogger<HeartbeatJob> logger) : IJob
{
    /// <summary>Changes made by another process raise no event here.</summary>
    private const int LookForOthersEverySeconds = 5;

    public async ValueTask Execute(IJobExecutionContext context, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        try
        {
            await commands.AdvanceAsync(now, cancellationToken);
            await alarms.AdvanceAsync(now, cancellationToken);
            if (now.ToUnixTimeSeconds() % LookForOthersEverySeconds == 0) signals.AlarmsChanged();
            await desk.AdvanceAsync(now, cancellationToken);
        }
        catch (Exception failure) when (failure is not OperationCanceledException)
        {
            logger.LogError(failure, "the desk's beat at {Now} failed; the next one tries again", now);
        }
    }
}

/// <summary>Each second: begins the mystery check of the day when it is time, and takes a running one on.</summary>
internal sealed class MysteryJob(IMysteryChecks checks, TimeProvider clock, ILogger<MysteryJob> logger) : IJob
{
    public async ValueTask Execute(IJobExecutionContext context, CancellationToken cancellationToken)
    {
        try
        {
            await checks.AdvanceAsync(clock.GetUtcNow(), cancellationToken);
        }
        catch (Exception failure) when (failure is not OperationCanceledException)
        {
            logger.LogError(failure, "a step of the mystery check failed; the next beat tries again");
        }
    }
}

/// <summary>Each night: removes what is older than we keep.</summary>
internal sealed class RetentionJob(
    ITimeSeriesStore store, IDeadLetters deadLetters, Workbench workbench, IOptions<ServiceDeskOptions> options, TimeProvider clock, ILogger<RetentionJob> logger) : IJob
{
    public async ValueTask Execute(IJobExecutionContext context, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        var rows = await store.DeleteBeforeAsync(now - options.Value.KeepSamples, cancellationToken);
        var letters = await deadLetters.DeleteBeforeAsync(now - options.Value.KeepDeadLetters, cancellationToken);
        var messages = await workbench.CommitAsync(now, work => OutboxRetention.SweepAsync(work, cancellationToken), cancellationToken);
        logger.LogInformation("retention: {Rows} rows, {Letters} dead letters and {Messages} messages removed", rows, letters, messages);
    }
}

/// <summary>Each night: plans the stock of every tenant's depots.</summary>
internal sealed class StockPlanJob(INightlyPlan plan) : IJob
{
    public async ValueTask Execute(IJobExecutionContext context, CancellationToken cancellationToken) => await plan.RunAsync(cancellationToken);
}
