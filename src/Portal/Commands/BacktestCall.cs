using System.Net.Http.Json;
using Seamless.Portal.Api;
using Seamless.Rules.Backtests;
using Seamless.Telemetry;

namespace Seamless.Portal.Commands;

/// <summary>Starts a backtest on the platform and waits for its end; who breaks off cancels it.</summary>
internal sealed class BacktestCall(HttpClient platform)
{
    private const string Runs = "/api/v1/rules/backtests";
    private static readonly TimeSpan Between = TimeSpan.FromMilliseconds(200);

    public async Task<Outcome<BacktestReport>> RunAsync(BacktestOrder order, IProgress<string> progress, CancellationToken ct)
    {
        using var started = await platform.PostAsJsonAsync(Runs, await NamedAsync(order, ct), ApiJson.Options, ct);
        var run = await PlatformClient.ReadAsync<BacktestRunView>(started, ct);
        try
        {
            while (run is { Succeeded: true, Value.State: BacktestState.Running })
            {
                progress.Report($"{run.Value.Done} of {run.Value.Devices} devices");
                await Task.Delay(Between, TimeProvider.System, ct);
                using var answer = await platform.GetAsync(new Uri($"{Runs}/{run.Value.Id}", UriKind.Relative), ct);
                run = await PlatformClient.ReadAsync<BacktestRunView>(answer, ct);
            }
        }
        catch (OperationCanceledException) when (run.Succeeded)
        {
            using var cancelled = await platform.DeleteAsync(new Uri($"{Runs}/{run.Value.Id}", UriKind.Relative), CancellationToken.None);
            throw;
        }
        if (!run.Succeeded) return run.Refusal;
        return run.Value switch
        {
            { Report: { } report } => report,
            { Problem: { } problem } => problem,
            _ => Refusal.Because("the backtest was cancelled"),
        };
    }

    /// <summary>A file that the pack in force does not have stands in for none.</summary>
    private async Task<BacktestOrder> NamedAsync(BacktestOrder order, CancellationToken ct)
    {
        if (order.Name is null) return order;
        using var answer = await platform.GetAsync(new Uri($"/api/v1/rules?type={Uri.EscapeDataString(order.Type)}&limit=1000", UriKind.Relative), ct);
        var files = await PlatformClient.ReadAsync<Page<RuleFileView>>(answer, ct);
        return files.Succeeded && files.Value.Items.Any(file => file.Name == order.Name) ? order : order with { Name = null };
    }
}
