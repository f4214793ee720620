using System.Threading.Channels;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Seamless.Rules.Packs;
using Seamless.Storage;
using Seamless.Storage.Space;
using Seamless.Telemetry;

namespace Seamless.Rules.Alarms;

/// <summary>Alarms whose asset is the platform itself: its disk runs full. Raised before senders have to wait, graver once they do, cleared by itself.</summary>
/// <remarks>No telemetry makes them, so nothing that is replayed makes them again. They belong to the default tenant, whose people run the platform.</remarks>
internal sealed partial class PlatformFaults(IDiskWatch disk, AlarmBook book, IOptions<StorageOptions> storage, TimeProvider time, ILogger<PlatformFaults> logger) : BackgroundService
{
    private const string Disk = "disk";
    private const string DiskRule = "platform-disk";
    private const string DiskKey = "platform:disk";
    private const string Version = "built-in";
    private static readonly TimeSpan TryAgain = TimeSpan.FromSeconds(5);
    private static readonly LocalizedText Message = new("The platform's disk is nearly full", "平台磁盘空间即将用尽");

    private readonly Channel<DiskState> _changed = Channel.CreateBounded<DiskState>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropOldest });

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (!storage.Value.Log.Durable) return;   // a simulation's alarms are those of its machines, whatever disk it runs on
        disk.Changed += Wake;
        try
        {
            var track = await ActiveAsync(stoppingToken);
            while (true)
            {
                track = await FollowAsync(track, stoppingToken);
                await _changed.Reader.ReadAsync(stoppingToken);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // the host stops
        }
        finally
        {
            disk.Changed -= Wake;
        }
    }

    private void Wake() => _changed.Writer.TryWrite(disk.Report.State);

    /// <summary>The alarm of the run before, if it was not over.</summary>
    private Task<AlarmTrack?> ActiveAsync(CancellationToken ct) => TryAsync(() => book.ActiveAsync(DeviceKey.DefaultTenant, DiskKey, ct), ct);

    private async Task<AlarmTrack?> FollowAsync(AlarmTrack? track, CancellationToken ct)
    {
        if (NextOf(track?.Alarm, disk.Report) is not { } next) return track;
        var (before, at) = (track is { Alarm.IsActive: true } ? track : new AlarmTrack(next.Alarm, 0), time.GetUtcNow());
        // The same change until it is written, also when the disk has room again by then: what happened is to be seen.
        return await TryAsync(async () =>
        {
            var after = new AlarmTrack(before.Alarm, before.Ordinal);
            await book.ApplyAsync([after.Change(next.Kind, at, next.Alarm)], ct);
            return after;
        }, ct);
    }

    /// <summary>Until it succeeds: the databases have the reserve, yet somebody else may have taken that too.</summary>
    private async Task<T> TryAsync<T>(Func<Task<T>> act, CancellationToken ct)
    {
        while (true)
        {
            try
            {
                return await act();
            }
            catch (Exception e) when (e is not OperationCanceledException)   // the edge of this loop
            {
                NotWritten(e);
                await Task.Delay(TryAgain, TimeProvider.System, ct);
            }
        }
    }

    private (AlarmChangeKind Kind, Alarm Alarm)? NextOf(Alarm? alarm, DiskReport report) => (alarm, report.State) switch
    {
        (not { IsActive: true }, DiskState.Ample) => null,
        (not { IsActive: true }, _) => (AlarmChangeKind.Raised, Raised(report)),
        (_, DiskState.Ample) => (AlarmChangeKind.Cleared, alarm with { IsActive = false, ClearedAt = time.GetUtcNow(), Evidence = [alarm.Evidence[0] with { To = time.GetUtcNow() }] }),
        (_, DiskState.Full) when alarm.Severity != Severity.Critical => (AlarmChangeKind.EvidenceChanged, alarm with { Severity = Severity.Critical, Evidence = [Evidence(report, alarm.OnsetAt)] }),
        _ => null,
    };

    private Alarm Raised(DiskReport report)
    {
        var now = time.GetUtcNow();
        return PlatformAlarms.New(Disk, report.State is DiskState.Full ? Severity.Critical : Severity.High, Message, Evidence(report, now), now);
    }

    private static Evidence Evidence(DiskReport report, DateTimeOffset from)
    {
        var (free, reserve, total) = (report.FreeBytes >> 20, report.Levels.ReserveBytes >> 20, report.Levels.TotalBytes >> 20);
        var text = report.State is DiskState.Full
            ? new LocalizedText($"{free} MB of {total} MB are free: senders wait until there is more", $"{total} MB 中仅剩 {free} MB：设备需等待空间释放")
            : new LocalizedText($"{free} MB of {total} MB are free; below {reserve} MB senders have to wait", $"{total} MB 中仅剩 {free} MB；低于 {reserve} MB 时设备须等待");
        return new Evidence("rule", DiskRule, "disk-space", Metric: null, from, To: null, free, (report.State is DiskState.Full ? report.Levels.ReserveBytes : report.Levels.WarnBytes) >> 20, Score: null, text, Version, new Dictionary<string, double>());
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The alarm about the disk could not be written; it is tried again")]
    private partial void NotWritten(Exception failure);
}
