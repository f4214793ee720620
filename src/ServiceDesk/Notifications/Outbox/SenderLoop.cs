using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Seamless.ServiceDesk.Notifications.Outbox;

/// <summary>Sends when a message is written, and when one is due again; looks at nothing in between.</summary>
internal sealed class SenderLoop(IOutboxSender sender, OutboxSignal signal, TimeProvider clock, ILogger<SenderLoop> logger) : BackgroundService
{
    private static readonly TimeSpan AfterFailure = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan LongestSleep = TimeSpan.FromHours(1);   // a timer takes no more than 49 days, and a clock may be set

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            var written = signal.Written;
            await SleepAsync(await RoundAsync(stoppingToken), written, stoppingToken);
        }
    }

    /// <returns>How long nothing is due.</returns>
    private async Task<TimeSpan> RoundAsync(CancellationToken ct)
    {
        try
        {
            var next = await sender.SendDueAsync(ct);
            return next is { } at && at - clock.GetUtcNow() is var wait && wait < LongestSleep ? wait : LongestSleep;
        }
        catch (Exception failure) when (failure is not OperationCanceledException)
        {
            logger.LogError(failure, "messages could not be sent; tried again in {Wait}", AfterFailure);
            return AfterFailure;
        }
    }

    private async Task SleepAsync(TimeSpan wait, Task written, CancellationToken ct)
    {
        if (wait <= TimeSpan.Zero || ct.IsCancellationRequested) return;
        using var awake = CancellationTokenSource.CreateLinkedTokenSource(ct);
        await Task.WhenAny(written, Task.Delay(wait, clock, awake.Token));
        await awake.CancelAsync();
    }
}
