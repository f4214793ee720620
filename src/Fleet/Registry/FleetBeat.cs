using System.Diagnostics;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Seamless.Fleet.Limits;

namespace Seamless.Fleet.Registry;

/// <summary>Loads the registry and the limits before the doors open; from then on, once a second, takes over other processes' writes and writes presence behind.</summary>
internal sealed partial class FleetBeat(DeviceRegistry registry, LimitBook limits, TimeProvider time, IOptions<FleetOptions> options, ILogger<FleetBeat> logger) : BackgroundService
{
    private long _writtenAt;   // on the machine's clock, whatever the platform's: this paces a disk

    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        await registry.LoadAsync(cancellationToken);
        await limits.LoadAsync(cancellationToken);
        await base.StartAsync(cancellationToken);
    }

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        try
        {
            await registry.Board.WriteAsync(cancellationToken);
        }
        catch (Exception failure) when (failure is not OperationCanceledException)
        {
            BeatFailed(failure);   // when a device was last seen is not worth an unclean stop
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(options.Value.RefreshEvery, time);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken)) await BeatAsync(stoppingToken);
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The host is stopping.
        }
    }

    private async Task BeatAsync(CancellationToken ct)
    {
        try
        {
            await registry.RefreshAsync(ct);
            await WritePresenceAsync(ct);
        }
        catch (Exception failure) when (failure is not OperationCanceledException)
        {
            // A locked or full disk: the door goes on with what memory knows, and the next beat tries again.
            BeatFailed(failure);
        }
    }

    /// <summary>Not with every beat of a platform time that runs faster than the machine's.</summary>
    private async Task WritePresenceAsync(CancellationToken ct)
    {
        if (Stopwatch.GetElapsedTime(_writtenAt) < options.Value.RefreshEvery / 2) return;
        await registry.Board.WriteAsync(ct);
        _writtenAt = Stopwatch.GetTimestamp();
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The device registry could not be refreshed; trying again")]
    private partial void BeatFailed(Exception failure);
}
