using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Seamless.Fleet.Limits;

namespace Seamless.Fleet.Registry;

/// <summary>Loads the registry and the limits before the doors open; from then on, once a second, takes over other processes' writes and writes presence behind.</summary>
internal sealed partial class FleetBeat(DeviceRegistry registry, LimitBook limits, IOptions<FleetOptions> options, ILogger<FleetBeat> logger) : BackgroundService
{
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
        // The machine's clock, whatever the platform's: other processes live by it, and this paces a disk.
        using var timer = new PeriodicTimer(options.Value.RefreshEvery, TimeProvider.System);
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
            await registry.Board.WriteAsync(ct);
        }
        catch (Exception failure) when (failure is not OperationCanceledException)
        {
            // A locked or full disk: the door goes on with what memory knows, and the next beat tries again.
            BeatFailed(failure);
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The device registry could not be refreshed; trying again")]
    private partial void BeatFailed(Exception failure);
}
