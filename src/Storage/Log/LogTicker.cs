using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Seamless.Storage.Log;

/// <summary>Appends a tick each second of platform time, so that silence is a fact in the log and not a race with a clock.</summary>
public sealed class LogTicker(ITelemetryLog log, IOptions<StorageOptions> options, TimeProvider time, ILogger<LogTicker> logger) : BackgroundService
{
    public static readonly TimeSpan Period = TimeSpan.FromSeconds(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (!options.Value.Log.Ticks) return;
        using var timer = new PeriodicTimer(Period, time);
        var failing = false;
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken)) failing = !await TryTickAsync(failing, stoppingToken);
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // the host stops
        }
    }

    private async Task<bool> TryTickAsync(bool failing, CancellationToken ct)
    {
        try
        {
            await log.AppendAsync([LogEntry.Tick(time.GetUtcNow().ToUnixTimeMilliseconds())], ct);
            return true;
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            if (!failing) logger.LogError(e, "The log takes no ticks; missing data will not be noticed until it does");
            return false;
        }
    }
}
