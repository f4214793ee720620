using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Seamless.Ingest.Dialects.Sparkplug;

/// <summary>Says that the host is there and that it goes, and asks nodes for the rebirths that are due.</summary>
internal sealed partial class SparkplugHost(
    SparkplugDialect dialect, SparkplugNodes nodes, SparkplugOutlet outlet, Rebirths rebirths, TimeProvider time, IOptions<IngestOptions> options, ILogger<SparkplugHost> logger)
    : BackgroundService, IHostedLifecycleService
{
    private static readonly TimeSpan Beat = TimeSpan.FromMilliseconds(250);

    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>Once every room works: nodes that wait for their primary host send their births at once.</summary>
    public Task StartedAsync(CancellationToken cancellationToken) => outlet.SayStateAsync(true, cancellationToken);

    public async Task StoppingAsync(CancellationToken cancellationToken)
    {
        dialect.Stopping();
        await outlet.SayStateAsync(false, cancellationToken);
    }

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var beat = new PeriodicTimer(Beat, time);
        try
        {
            while (await beat.WaitForNextTickAsync(stoppingToken)) await AskAsync(stoppingToken);
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The host is stopping.
        }
    }

    private async Task AskAsync(CancellationToken ct)
    {
        foreach (var node in nodes.All)
            if (node.IsGapOverdue(time.GetUtcNow())) rebirths.Want(node);
        var atMost = Math.Max(1, (int)(options.Value.Sparkplug.RebirthsPerSecond * Beat.TotalSeconds));
        foreach (var node in rebirths.TakeDue(atMost))
        {
            var heard = await outlet.RequestRebirthAsync(node, ct);
            Asked(node.Key, heard ? "asked" : "not listening when asked");
        }
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "{Node} is {Asked} for a rebirth")]
    private partial void Asked(Telemetry.DeviceKey node, string asked);
}

internal static class SparkplugRoom
{
    public static IServiceCollection AddSparkplug(this IServiceCollection services)
    {
        services.AddSingleton<SparkplugNodes>();
        services.AddSingleton<SparkplugOutlet>();
        services.AddSingleton<SparkplugCommands>();
        services.AddSingleton(provider => new Rebirths(provider.GetRequiredService<TimeProvider>(), provider.GetRequiredService<IOptions<IngestOptions>>().Value.Sparkplug));
        services.AddSingleton<SparkplugDialect>();
        services.AddSingleton<IDialect>(provider => provider.GetRequiredService<SparkplugDialect>());
        services.AddHostedService<SparkplugHost>();
        return services;
    }
}
