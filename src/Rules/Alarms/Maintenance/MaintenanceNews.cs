using System.Runtime.CompilerServices;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Seamless.Analytics.MachineState;
using Seamless.Fleet.Registry;
using Seamless.Rules.Labels;
using Seamless.Rules.Packs;
using Seamless.Storage;
using Seamless.Storage.Log;
using Seamless.Telemetry;

namespace Seamless.Rules.Alarms.Maintenance;

/// <summary>Tells the log that work on a machine is over: a maintenance window has ended, or a ticket was closed with a fault that was found. Rules learn anew what is normal of it.</summary>
/// <remarks>
/// A fact in the log and not a look at the windows: judged again, the same telemetry gives the same alarms. Each is told once while the platform runs, and once more
/// after a start; who has heard of it already is not moved by hearing it again. A window that was cancelled while it ran tells nothing: nobody knows whether work was done.
/// </remarks>
internal sealed partial class MaintenanceNews(
    MaintenanceCalendar calendar, AlarmBook alarms, IEnumerable<IClosures> closures, IDeviceRegistry registry, IPacks packs, ITelemetryLog log,
    IOptions<StorageOptions> storage, TimeProvider time, ILogger<MaintenanceNews> logger) : BackgroundService
{
    public static readonly TimeSpan Period = TimeSpan.FromMinutes(1);

    /// <summary>How far a start looks back: what ended while the platform was down is told late.</summary>
    public static readonly TimeSpan LooksBack = TimeSpan.FromDays(7);

    private readonly HashSet<(DeviceKey Device, long AtMs)> _told = [];

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (!storage.Value.Log.Durable) return;   // in a simulation nobody waits for a clock
        using var timer = new PeriodicTimer(Period, time);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken)) await TryTellAsync(stoppingToken);
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // the host stops
        }
    }

    private async Task TryTellAsync(CancellationToken ct)
    {
        try
        {
            await TellAsync(ct);
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            NotTold(e);   // the next time
        }
    }

    /// <summary>Tells what is over by now and has not been told.</summary>
    public async Task TellAsync(CancellationToken ct)
    {
        var types = packs.All.Where(pack => pack.Rules.Any(rule => rule.State is { IsResetByMaintenance: true })).Select(pack => pack.Type).ToHashSet(StringComparer.Ordinal);
        if (types.Count == 0) return;
        await alarms.LoadAsync(ct);
        var now = time.GetUtcNow();
        var news = new List<(DeviceKey Device, DateTimeOffset At, string Why)>();
        foreach (var tenant in calendar.Tenants.ToArray()) await FindWindowsAsync(tenant, types, now, news, ct);
        foreach (var room in closures) await FindRepairsAsync(room, types, now, news, ct);
        var entries = news.Where(one => !_told.Contains((one.Device, one.At.ToUnixTimeMilliseconds())))
            .Select(one => LogEntry.Of(new DeviceEvent(one.Device, one.At.ToUnixTimeMilliseconds(), StateSpec.Maintained, EventSeverity.Info, one.Why, null), now.ToUnixTimeMilliseconds())).ToList();
        if (entries.Count > 0) await log.AppendAsync(entries, ct);
        foreach (var (device, at, _) in news) _told.Add((device, at.ToUnixTimeMilliseconds()));
        _told.RemoveWhere(one => one.AtMs < (now - 2 * LooksBack).ToUnixTimeMilliseconds());
    }

    private async Task FindWindowsAsync(string tenant, HashSet<string> types, DateTimeOffset now, List<(DeviceKey, DateTimeOffset, string)> news, CancellationToken ct)
    {
        var since = now - LooksBack;
        var over = calendar.Of(tenant)
            .SelectMany(window => window.Between(since, now).Where(time => time.To > since && time.To <= now && time.To != window.CancelledAt).Select(time => (Window: window, time.To))).ToList();
        if (over.Count == 0) return;
        foreach (var type in types)
            await foreach (var device in DevicesAsync(new DeviceFilter(tenant, type), ct))
                news.AddRange(over.Where(one => one.Window.Scope.Holds(device.Key.Device, device.Site, device.Type)).Select(one => (device.Key, one.To, one.Window.Reason)));
    }

    private async IAsyncEnumerable<Device> DevicesAsync(DeviceFilter filter, [EnumeratorCancellation] CancellationToken ct)
    {
        while (await registry.ListAsync(filter, ct) is { Count: > 0 } page)
        {
            foreach (var device in page) yield return device;
            filter = filter with { After = page[^1].Id };
        }
    }

    private async Task FindRepairsAsync(IClosures room, HashSet<string> types, DateTimeOffset now, List<(DeviceKey, DateTimeOffset, string)> news, CancellationToken ct)
    {
        foreach (var ticket in await room.ListAsync(now - LooksBack, ct))
        {
            if (!ticket.IsFault || ticket.Device is not { } id) continue;
            var device = await registry.FindAsync(new DeviceKey(ticket.Tenant, id), ct);
            if (device is not null && types.Contains(device.Type)) news.Add((device.Key, ticket.At, ticket.Number));
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "That machines were worked on could not be told to the rules; it is tried again")]
    private partial void NotTold(Exception failure);
}
