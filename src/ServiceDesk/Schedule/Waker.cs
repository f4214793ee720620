using System.Threading.Channels;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Seamless.ServiceDesk.Schedule;

/// <summary>Beats the desk at once when an alarm changes or a person acts, without waiting for the next second.</summary>
internal sealed class Waker(IServiceDesk desk, DeskSignals signals, TimeProvider clock, ILogger<Waker> logger) : BackgroundService
{
    /// <summary>One waiting signal says as much as many.</summary>
    private readonly Channel<bool> _woken = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite, SingleReader = true });

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        signals.Woken += Wake;
        try
        {
            await foreach (var _ in _woken.Reader.ReadAllAsync(stoppingToken)) await BeatAsync(stoppingToken);
        }
        finally
        {
            signals.Woken -= Wake;
        }
    }

    private async Task BeatAsync(CancellationToken ct)
    {
        try
        {
            await desk.AdvanceAsync(clock.GetUtcNow(), ct);
        }
        catch (Exception failure) when (failure is not OperationCanceledException)
        {
            logger.LogError(failure, "the desk could not take a change; the next beat tries again");
        }
    }

    private void Wake() => _woken.Writer.TryWrite(true);
}
