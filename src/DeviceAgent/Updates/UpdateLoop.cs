using System.Text.Json;
using System.Threading.Channels;
using Seamless.DeviceAgent.Link;
using Seamless.Telemetry;
using Seamless.Telemetry.Updates;

namespace Seamless.DeviceAgent.Updates;

/// <summary>Takes the updater from step to step beside the measuring, and reports each change in the shadow.</summary>
public sealed class UpdateLoop
{
    private readonly Updater _updater;
    private readonly ILink _link;
    private readonly DeviceKey _device;
    private readonly UpdaterOptions _options;
    private readonly TimeProvider _time;
    private readonly Action _restart;
    private readonly Channel<bool> _news = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });

    /// <param name="restart">Ends this program so that the launcher reads the pointer again.</param>
    public UpdateLoop(Updater updater, ILink link, DeviceKey device, UpdaterOptions options, TimeProvider time, Action restart)
    {
        (_updater, _link, _device, _options, _time, _restart) = (updater, link, device, options, time, restart);
        updater.Changed += () => _news.Writer.TryWrite(true);
    }

    public async Task RunAsync(CancellationToken ct)
    {
        try
        {
            while (await StepAsync(ct)) { }
        }
        catch (OperationCanceledException) when (ct.IsCancellationRequested)
        {
            // what was in hand is on disk
        }
    }

    /// <summary>Also on each connection: what the platform did not hear is said again.</summary>
    public Task ReportAsync(CancellationToken ct) =>
        _link.PublishAsync(Topic.ShadowReported(_device), JsonSerializer.SerializeToUtf8Bytes(_updater.Report(), UpdateJson.Default.ReportedShadow), retain: false, ct);

    /// <returns>False when the program ends.</returns>
    private async Task<bool> StepAsync(CancellationToken ct)
    {
        await ReportAsync(ct);
        var next = await TryStepAsync(ct);
        if (next is NextStep.Restart)
        {
            _restart();
            return false;
        }
        if (next is NextStep.AtOnce) return true;
        using var wait = CancellationTokenSource.CreateLinkedTokenSource(ct);
        var news = _news.Reader.ReadAsync(wait.Token).AsTask();
        await Task.WhenAny(news, next is NextStep.Later ? Task.Delay(_options.RetryEvery, _time, wait.Token) : Task.Delay(Timeout.InfiniteTimeSpan, wait.Token));
        await wait.CancelAsync();
        ct.ThrowIfCancellationRequested();
        return true;
    }

    private async Task<NextStep> TryStepAsync(CancellationToken ct)
    {
        try
        {
            return await _updater.StepAsync(ct);
        }
        catch (Exception disk) when (disk is IOException or UnauthorizedAccessException)
        {
            return NextStep.Later;   // full or slow: the phase is still on disk, and what it asks for is begun again
        }
    }
}
