using System.Globalization;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Seamless.Rules.Packs.Testing;
using Seamless.ServiceDesk.Database;
using Seamless.Telemetry;

namespace Seamless.ServiceDesk.Mystery;

/// <summary>When a check begins, and which; the <see cref="MysteryShopper"/> plays it.</summary>
internal sealed class MysteryChecks(Workbench workbench, DescribedFaults faults, MysteryShopper shopper, IOptions<ServiceDeskOptions> options, TimeProvider clock) : IMysteryChecks, IDisposable
{
    private const int MostPerPage = 1001;
    private const string Clock = "clock";

    private readonly SemaphoreSlim _beat = new(1, 1);
    private MysteryRow? _running;
    private bool _looked;
    private DateOnly _lastDay;

    private MysteryOptions Options => options.Value.Mystery;

    public Task<IReadOnlyList<MysteryCheck>> ListAsync(string tenant, long? before, int limit, CancellationToken ct) => workbench.ReadAsync<IReadOnlyList<MysteryCheck>>(async db =>
    {
        var rows = await db.Mystery.Where(m => m.Tenant == tenant && (before == null || m.Number < before)).OrderByDescending(m => m.Number).Take(Math.Clamp(limit, 1, MostPerPage)).ToListAsync(ct);
        return [.. rows.Select(r => r.ToCheck())];
    }, ct);

    public async Task<Outcome<MysteryCheck>> RunAsync(string tenant, string? type, string actor, CancellationToken ct)
    {
        if (tenant != DeviceKey.DefaultTenant) return Refusal.Forbidden($"the platform is tried by whoever runs it, tenant '{DeviceKey.DefaultTenant}'");
        await _beat.WaitAsync(ct);
        try
        {
            await LookAsync(ct);
            if (_running is { } running) return Refusal.Conflict($"the check {running.Key} is still running ({running.Phase}); one at a time");
            var now = clock.GetUtcNow();
            var key = string.Create(CultureInfo.InvariantCulture, $"hand-{now:yyyyMMdd'T'HHmmss.fff}");
            if (Choose(key, type) is not { } fault) return Refusal.Invalid(type is null ? "no pack describes a fault to play" : $"no pack of type '{type}' describes a fault to play");
            _running = await BeginAsync(key, fault, actor, now, ct);
            return _running is null ? Refusal.Conflict("another check has just begun") : _running.ToCheck();
        }
        finally
        {
            _beat.Release();
        }
    }

    public async Task AdvanceAsync(DateTimeOffset now, CancellationToken ct)
    {
        await _beat.WaitAsync(ct);
        try
        {
            await LookAsync(ct);
            if (_running is null && IsTime(now)) await BeginDailyAsync(now, ct);
            if (_running is { } row) await TakeOnAsync(row, now, ct);
        }
        finally
        {
            _beat.Release();
        }
    }

    public void Dispose() => _beat.Dispose();

    /// <summary>Once in a process: what the one before left running goes on, with time anew for its phase, for nothing was judged while we were down.</summary>
    private async Task LookAsync(CancellationToken ct)
    {
        if (_looked) return;
        _running = await workbench.ReadAsync(db => db.Mystery.Where(m => m.Phase != MysteryPhase.Done).OrderBy(m => m.Number).FirstOrDefaultAsync(ct), ct);
        if (_running is { } left) left.DueAt = clock.GetUtcNow() + (left.Phase is MysteryPhase.Recovering ? Options.Recovery : Options.Within);
        _looked = true;
    }

    private bool IsTime(DateTimeOffset now) =>
        Options.Enabled && _lastDay != DateOnly.FromDateTime(now.UtcDateTime) && TimeOnly.FromDateTime(now.UtcDateTime) >= Options.At;

    private async Task BeginDailyAsync(DateTimeOffset now, CancellationToken ct)
    {
        var day = DateOnly.FromDateTime(now.UtcDateTime);
        var key = day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
        if (Choose(key, null) is { } fault) _running = await BeginAsync(key, fault, Clock, now, ct);
        _lastDay = day;
    }

    /// <summary>The same on every machine for the same key, so that what a day plays can be told beforehand.</summary>
    private DescribedFault? Choose(string key, string? type)
    {
        var candidates = faults.All.Where(f => type is null || f.Type == type).ToList();
        return candidates.Count == 0 ? null : candidates[(int)(StableHash.Of(new DeviceKey(MysteryDevice.Site, key)) % (ulong)candidates.Count)];
    }

    /// <returns>Null when this check has been begun before, by the process before a restart or by another node.</returns>
    private Task<MysteryRow?> BeginAsync(string key, DescribedFault fault, string actor, DateTimeOffset now, CancellationToken ct) => workbench.CommitAsync(now, async work =>
    {
        if (await work.Db.Mystery.AnyAsync(m => m.Key == key, ct)) return null;
        var device = MysteryDevice.KeyOf(fault.Type);
        var row = new MysteryRow
        {
            Key = key, Tenant = device.Tenant, StartedAt = now, Actor = actor, Type = fault.Type, Device = device.Device, Test = fault.Test, Fault = fault.Fault.Code,
            RaisedWithinSeconds = fault.RaisedWithin.TotalSeconds, Phase = MysteryPhase.Sending, DueAt = now + Options.Within, Verdict = MysteryVerdict.Running,
        };
        work.Db.Mystery.Add(row);
        return row;
    }, ct);

    private async Task TakeOnAsync(MysteryRow row, DateTimeOffset now, CancellationToken ct)
    {
        var fault = faults.All.FirstOrDefault(f => f.Type == row.Type && f.Test == row.Test);
        await shopper.StepAsync(row, fault, now, ct);
        if (!await SaveAsync(row, now, ct))
        {
            (_running, _looked) = (null, false);   // another node has taken it on: read it again
            return;
        }
        row.Version++;
        if (row.Phase is MysteryPhase.Done) _running = null;
    }

    /// <returns>False when somebody else has changed it.</returns>
    private Task<bool> SaveAsync(MysteryRow row, DateTimeOffset now, CancellationToken ct) => workbench.CommitAsync(now, async work =>
    {
        if (await work.Db.Mystery.FindAsync([row.Number], ct) is not { } stored || stored.Version != row.Version) return false;
        work.Db.Entry(stored).CurrentValues.SetValues(row);
        stored.Version++;
        return true;
    }, ct);
}
