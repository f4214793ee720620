using Seamless.Fleet.Commands;
using Seamless.Rules.Alarms;
using Seamless.ServiceDesk;

namespace Seamless.Portal.Commands;

/// <summary>One beat of the platform: what depends on the passing of time rather than on telemetry.</summary>
public sealed class Beat(ICommands commands, IAlarms alarms, IServiceDesk desk)
{
    public async Task AdvanceAsync(DateTimeOffset now, CancellationToken ct)
    {
        await commands.AdvanceAsync(now, ct);
        await alarms.AdvanceAsync(now, ct);
        await desk.AdvanceAsync(now, ct);
    }
}

/// <summary>Beats once a second. In simulated time the driver beats instead.</summary>
internal sealed partial class Heartbeat(Beat beat, TimeProvider time, ILogger<Heartbeat> logger) : BackgroundService
{
    private static readonly TimeSpan Period = TimeSpan.FromSeconds(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Period, time);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken)) await TryBeatAsync(stoppingToken);
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // the platform stops
        }
    }

    private async Task TryBeatAsync(CancellationToken ct)
    {
        try
        {
            await beat.AdvanceAsync(time.GetUtcNow(), ct);
        }
        catch (Exception failure) when (failure is not OperationCanceledException)
        {
            // Everything a beat does is idempotent and due again at the next one.
            Missed(failure);
        }
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "A beat failed; the next one tries again")]
    private partial void Missed(Exception failure);
}
