using System.Diagnostics.Metrics;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Seamless.Storage.Log;
using Seamless.Storage.TimeSeries;

namespace Seamless.Storage.Space;

/// <param name="SendersWait">Nothing is taken in until there is room.</param>
public sealed record DiskReport(DiskState State, long FreeBytes, DiskLevels Levels, bool SendersWait);

/// <summary>How much room the disk with the data has left. Whoever must tell people follows <see cref="Changed"/>.</summary>
public interface IDiskWatch
{
    DiskReport Report { get; }

    /// <summary>The state is another one. Return soon.</summary>
    event Action? Changed;
}

/// <summary>Looks at the disk every few seconds, and whenever the log has taken a piece of it; once it runs low, has what can be written smaller written smaller.</summary>
internal sealed class DiskWatch : BackgroundService, IDiskWatch
{
    public static readonly TimeSpan Period = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan BetweenSeals = TimeSpan.FromMinutes(1);

    private readonly string _directory;
    private readonly DiskLevels _levels;
    private readonly ILogHealth _log;
    private readonly ITimeSeriesStore _store;
    private readonly TimeProvider _pace;
    private readonly ILogger _logger;
    private readonly Func<string, long> _freeBytes;
    private readonly SemaphoreSlim _look = new(0, 1);
    private readonly Meter _meter;
    private volatile DiskReport _report;
    private long _sealedAt;

    /// <param name="pace">The machine's clock: it paces a disk, also while simulated time flies.</param>
    public DiskWatch(
        string directory, DiskLevels levels, ILogHealth log, ITimeSeriesStore store, TimeProvider pace, ILogger<DiskWatch> logger, IMeterFactory? meters = null, Func<string, long>? freeBytes = null)
    {
        (_directory, _levels, _log, _store, _pace, _logger, _freeBytes) = (directory, levels, log, store, pace, logger, freeBytes ?? Disk.FreeBytes);
        var free = _freeBytes(directory);
        _report = new DiskReport(levels.Next(DiskState.Ample, free, log.WaitsForDisk), free, levels, log.WaitsForDisk);
        _meter = meters?.Create("Seamless.Storage") ?? new Meter("Seamless.Storage");
        _meter.CreateObservableGauge("seamless.disk.free", () => _freeBytes(_directory), "By", "Free space where the data lies");
        _meter.CreateObservableGauge("seamless.disk.state", () => (int)_report.State, description: "0 ample, 1 low (an alarm is raised), 2 full (senders wait)");
    }

    public event Action? Changed;

    /// <summary>As it was at the last look.</summary>
    public DiskReport Report => _report;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (_report.State is not DiskState.Ample) await TellAsync(stoppingToken);
        _log.SpaceChanged += LookNow;
        try
        {
            while (true)
            {
                await NextLookAsync(stoppingToken);
                await LookAsync(stoppingToken);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // the host stops
        }
        finally
        {
            _log.SpaceChanged -= LookNow;
        }
    }

    private async Task NextLookAsync(CancellationToken ct)
    {
        using var enough = CancellationTokenSource.CreateLinkedTokenSource(ct);
        await Task.WhenAny(Task.Delay(Period, _pace, enough.Token), _look.WaitAsync(enough.Token));
        await enough.CancelAsync();
        ct.ThrowIfCancellationRequested();
    }

    private void LookNow()
    {
        try
        {
            _look.Release();
        }
        catch (SemaphoreFullException)
        {
            // asked for already
        }
    }

    private async Task LookAsync(CancellationToken ct)
    {
        var (before, free, wait) = (_report.State, 0L, _log.WaitsForDisk);
        try
        {
            free = _freeBytes(_directory);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            SpaceMessages.NotSeen(_logger, e, _directory);
            return;
        }
        _report = new DiskReport(_levels.Next(before, free, wait), free, _levels, wait);
        if (_report.State != before) await TellAsync(ct);
        else if (before is not DiskState.Ample && _pace.GetElapsedTime(_sealedAt) >= BetweenSeals) await SealAsync(ct);
    }

    private async Task TellAsync(CancellationToken ct)
    {
        var report = _report;
        switch (report.State)
        {
            case DiskState.Full: SpaceMessages.Full(_logger, _directory, report.FreeBytes, _levels.ResumeBytes); break;
            case DiskState.Low: SpaceMessages.Low(_logger, _directory, report.FreeBytes, _levels.ReserveBytes); break;
            default: SpaceMessages.Ample(_logger, _directory, report.FreeBytes); break;
        }
        Changed?.Invoke();
        if (report.State is not DiskState.Ample) await SealAsync(ct);
    }

    /// <summary>Rows take a tenth of the space in the store that they take in the log, and the log lets go of them once they are there.</summary>
    private async Task SealAsync(CancellationToken ct)
    {
        _sealedAt = _pace.GetTimestamp();
        try
        {
            await _store.FlushAsync(ct);
        }
        catch (Exception e) when (e is not OperationCanceledException)   // the edge of this loop: it is tried again, and the log keeps what the store could not take
        {
            SpaceMessages.NotSealed(_logger, e);
        }
    }

    public override void Dispose()
    {
        _meter.Dispose();
        _look.Dispose();
        base.Dispose();
    }
}
