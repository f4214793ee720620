using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Seamless.Rules.Alarms.Maintenance;
using Seamless.Rules.Packs;
using Seamless.Telemetry;

namespace Seamless.Rules.Alarms;

/// <summary>The alarms and their journal. Telemetry and people both write here, one at a time, each change in one transaction.</summary>
/// <remarks>
/// What telemetry did is identified by (alarm, ordinal): replaying the log after a crash finds what was written and adds only what is new,
/// and never touches what people did in between.
/// </remarks>
internal sealed partial class AlarmBook(IDbContextFactory<RulesContext> contexts, IOptions<RulesOptions> options, TimeProvider time, MaintenanceCalendar calendar) : IAlarms, IDisposable
{
    public const string Telemetry = "telemetry";
    private const string Clock = "clock";

    private static readonly Meter Meter = new("Seamless.Rules");
    private static readonly Counter<long> Changes = Meter.CreateCounter<long>("seamless.alarms.changes", description: "Changes written to the alarm journal, by kind");

    private readonly SemaphoreSlim _writing = new(1, 1);
    private readonly ConcurrentDictionary<DeviceKey, IReadOnlyList<Alarm>> _open = new();
    private readonly ConcurrentDictionary<string, int> _closedAt = new(StringComparer.Ordinal);
    private long _lastNumber;
    private long _nextOverMs = long.MinValue;   // no shelving and no chatter is over before; whoever writes keeps it
    private bool _loaded;

    public event Action? Changed;

    /// <summary>Reads what is open, so that health and the map need no query. Safe to call again.</summary>
    public async Task LoadAsync(CancellationToken ct)
    {
        await _writing.WaitAsync(ct);
        try
        {
            if (_loaded) return;
            await using var context = await contexts.CreateDbContextAsync(ct);
            _lastNumber = await context.Changes.MaxAsync(c => (long?)c.Number, ct) ?? 0;
            var open = await context.Alarms.AsNoTracking().Where(a => a.ClosedAtOrdinal == null && (a.IsActive || !a.IsAcknowledged || a.IsLatched)).ToListAsync(ct);
            foreach (var device in open.Where(a => a.Device is not null).GroupBy(a => new DeviceKey(a.Tenant, a.Device!)))
                _open[device.Key] = [.. device.Select(a => a.ToAlarm())];
            foreach (var closed in await context.Alarms.Where(a => a.ClosedAtOrdinal != null).Select(a => new { a.Id, a.ClosedAtOrdinal }).ToListAsync(ct))
                _closedAt[closed.Id] = closed.ClosedAtOrdinal!.Value;
            foreach (var window in await context.Maintenance.AsNoTracking().ToListAsync(ct)) calendar.Put(window.ToWindow());
            _loaded = true;
        }
        finally
        {
            _writing.Release();
        }
    }

    /// <summary>The ordinal at which a person closed the alarm, or null.</summary>
    public int? ClosedAt(string id) => _closedAt.TryGetValue(id, out var ordinal) ? ordinal : null;

    /// <summary>Writes what telemetry did, all or nothing. What was written before is skipped.</summary>
    public async Task ApplyAsync(IReadOnlyList<TelemetryChange> changes, CancellationToken ct)
    {
        if (changes.Count == 0) return;
        await WriteAsync(async context =>
        {
            var ids = changes.Select(c => c.AlarmId).Distinct().ToArray();
            var rows = await context.Alarms.Where(a => ids.Contains(a.Id)).ToDictionaryAsync(a => a.Id, ct);
            var members = await MembersAsync(context, changes, rows, ct);
            foreach (var change in Merged(changes)) Apply(context, rows, members, change);
            foreach (var row in rows.Values) row.Settle();
            return [.. rows.Values];
        }, ct);
    }

    /// <summary>Without what a later change of the same batch says again: the alarm of a storm is written once a batch, not once a member.</summary>
    private static IEnumerable<TelemetryChange> Merged(IReadOnlyList<TelemetryChange> changes)
    {
        var last = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var change in changes) last[change.AlarmId] = change.Ordinal;
        return changes.Where(change => !change.Merges || change.Ordinal == last[change.AlarmId]);
    }

    private void Apply(RulesContext context, Dictionary<string, AlarmRow> rows, Dictionary<string, AlarmRow> members, TelemetryChange change)
    {
        if (!rows.TryGetValue(change.AlarmId, out var row))
        {
            row = rows[change.AlarmId] = AlarmRow.Of(change.Alarm);
            context.Alarms.Add(row);
        }
        if (change.Ordinal <= row.Ordinal) return;
        row.Version += change.Ordinal - row.Ordinal - 1;   // with what was merged: the version does not depend on how the records fall into batches
        var wasActive = row.IsActive;
        row.TakeTelemetry(change.Alarm, change.Ordinal);
        var unshelves = AlarmDynamics.Follow(row, change, options.Value.ReopenWindow);
        var isFreed = _ward.Follow(row, change, wasActive, () => MembersOf(change.Alarm.Members, rows, members));
        Note(context, row, change.Kind, change.At, Telemetry, null, change.Ordinal);
        if (isFreed) Note(context, row, AlarmChangeKind.Unsuppressed, change.At, Telemetry, "not held back by maintenance any more", ordinal: null);
        if (!unshelves) return;
        (row.ShelvedUntil, row.IsShelvedOnce) = (null, false);
        Note(context, row, AlarmChangeKind.Unshelved, change.At, Telemetry, "returned to normal", ordinal: null);
    }

    public Task<Outcome<Alarm>> AcknowledgeAsync(string tenant, string id, string actor, string? note, CancellationToken ct) =>
        ActAsync(tenant, id, AlarmAction.Acknowledge, AlarmChangeKind.Acknowledged, actor, note, row => row.IsAcknowledged = true, ct);

    public async Task<Outcome<Alarm>> ShelveAsync(string tenant, string id, string actor, string reason, DateTimeOffset until, CancellationToken ct)
    {
        if (RefuseShelving(reason, until) is { } refusal) return refusal;
        return await ActAsync(tenant, id, AlarmAction.Shelve, AlarmChangeKind.Shelved, actor, reason, row => (row.ShelvedUntil, row.IsShelvedOnce) = (until, false), ct);
    }

    public async Task<Outcome<Alarm>> ShelveOnceAsync(string tenant, string id, string actor, string reason, DateTimeOffset? atMost, CancellationToken ct)
    {
        var until = atMost ?? time.GetUtcNow() + options.Value.MaxTimeShelved;
        if (RefuseShelving(reason, until) is { } refusal) return refusal;
        return await ActAsync(tenant, id, AlarmAction.Shelve, AlarmChangeKind.Shelved, actor, reason, row => (row.ShelvedUntil, row.IsShelvedOnce) = (until, true), ct);
    }

    private Refusal? RefuseShelving(string reason, DateTimeOffset until)
    {
        var (now, longest) = (time.GetUtcNow(), options.Value.MaxTimeShelved);
        if (string.IsNullOrWhiteSpace(reason)) return Refusal.Invalid("shelve-reason", "say why the alarm is shelved: the next shift will ask");
        if (until <= now) return Refusal.Invalid("shelve-past", $"{until:u} has passed; give a time to come");
        return until - now > longest ? Refusal.Invalid("shelve-long", $"an alarm can be shelved for at most {longest:g}") : null;
    }

    public Task<Outcome<Alarm>> UnshelveAsync(string tenant, string id, string actor, CancellationToken ct) =>
        ActAsync(tenant, id, AlarmAction.Unshelve, AlarmChangeKind.Unshelved, actor, null, row => (row.ShelvedUntil, row.IsShelvedOnce) = (null, false), ct);

    public async Task<Outcome<Alarm>> SuppressAsync(string tenant, string id, string actor, string reason, CancellationToken ct) =>
        string.IsNullOrWhiteSpace(reason)
            ? Refusal.Invalid("suppress-reason", "say why the alarm is suppressed")
            : await ActAsync(tenant, id, AlarmAction.Suppress, AlarmChangeKind.Suppressed, actor, reason, row => row.SuppressedBy = actor, ct);

    public Task<Outcome<Alarm>> UnsuppressAsync(string tenant, string id, string actor, CancellationToken ct) =>
        ActAsync(tenant, id, AlarmAction.Unsuppress, AlarmChangeKind.Unsuppressed, actor, null, row => row.SuppressedBy = null, ct);

    public async Task<Outcome<Alarm>> SetSuppressedByDesignAsync(string tenant, string id, string actor, string? design, CancellationToken ct) => design switch
    {
        null => await ActAsync(tenant, id, AlarmAction.LiftDesign, AlarmChangeKind.Unsuppressed, actor, "design lifted", row => row.SuppressedByDesign = null, ct),
        _ when string.IsNullOrWhiteSpace(design) => Refusal.Invalid("name the plan or mode that suppresses the alarm"),
        _ => await ActAsync(tenant, id, AlarmAction.SuppressByDesign, AlarmChangeKind.Suppressed, actor, $"by design: {design}", row => row.SuppressedByDesign = design, ct),
    };

    public Task<Outcome<Alarm>> ConfirmAsync(string tenant, string id, string actor, string? note, CancellationToken ct) =>
        ActAsync(tenant, id, AlarmAction.Confirm, AlarmChangeKind.Confirmed, actor, note, row => row.IsConfirmed = true, ct);

    public Task<Outcome<Alarm>> ResetAsync(string tenant, string id, string actor, string? note, CancellationToken ct) =>
        ActAsync(tenant, id, AlarmAction.Reset, AlarmChangeKind.Reset, actor, note, row => row.IsLatched = false, ct);

    public async Task<Outcome<Alarm>> SetOutOfServiceAsync(string tenant, string id, string actor, string? workOrder, CancellationToken ct) => workOrder switch
    {
        null => await ActAsync(tenant, id, AlarmAction.ReturnToService, AlarmChangeKind.Unsuppressed, actor, "returned to service", row => row.IsOutOfService = false, ct),
        _ when string.IsNullOrWhiteSpace(workOrder) => Refusal.Invalid("an alarm goes out of service only under a work order; name it"),
        _ => await ActAsync(tenant, id, AlarmAction.TakeOutOfService, AlarmChangeKind.Suppressed, actor, $"out of service: {workOrder}", row => row.IsOutOfService = true, ct),
    };

    public Task<Outcome<Alarm>> CloseAsync(string tenant, string id, string actor, string? verdict, string? note, CancellationToken ct) =>
        ActAsync(tenant, id, AlarmAction.Close, AlarmChangeKind.Closed, actor, Join(verdict, note), row => row.ClosedAtOrdinal = row.Ordinal, ct);

    private static string? Join(string? verdict, string? note) => (verdict, note) switch
    {
        (null, _) => note,
        (_, null) => verdict,
        _ => $"{verdict}: {note}",
    };

    private async Task<Outcome<Alarm>> ActAsync(
        string tenant, string id, AlarmAction action, AlarmChangeKind kind, string actor, string? note, Action<AlarmRow> act, CancellationToken ct)
    {
        Outcome<Alarm> outcome = Refusal.NotFound("alarm-unknown", $"there is no alarm {id}");
        await WriteAsync(async context =>
        {
            if (await context.Alarms.SingleOrDefaultAsync(a => a.Id == id && a.Tenant == tenant, ct) is not { } row) return [];
            if (AlarmLifeCycle.WhyNot(action, row.Dimensions, id) is { } refused)
            {
                outcome = refused;
                return [];
            }
            act(row);
            outcome = Note(context, row, kind, time.GetUtcNow(), actor, note, ordinal: null);
            return [row];
        }, ct);
        return outcome;
    }

    public async Task AdvanceAsync(DateTimeOffset now, CancellationToken ct)
    {
        await EndMaintenanceAsync(now, ct);
        if (now.ToUnixTimeMilliseconds() < Interlocked.Read(ref _nextOverMs)) return;
        await WriteAsync(async context =>
        {
            var over = await context.Alarms.Where(a => a.ShelvedUntil <= now || a.ChatterEndsAt <= now).OrderBy(a => a.Id).ToListAsync(ct);
            foreach (var row in over) EndWhatIsOver(context, row, now);
            return over;
        }, ct);
        await FindNextOverAsync(ct);
    }

    private async Task FindNextOverAsync(CancellationToken ct)
    {
        await _writing.WaitAsync(ct);
        try
        {
            await using var context = await contexts.CreateDbContextAsync(ct);
            Interlocked.Exchange(ref _nextOverMs, long.MaxValue);
            MayBeOver(await context.Alarms.MinAsync(a => a.ShelvedUntil, ct));
            MayBeOver(await context.Alarms.MinAsync(a => a.ChatterEndsAt, ct));
        }
        finally
        {
            _writing.Release();
        }
    }

    private void MayBeOver(DateTimeOffset? at)
    {
        if (at?.ToUnixTimeMilliseconds() is { } ms && ms < _nextOverMs) Interlocked.Exchange(ref _nextOverMs, ms);
    }

    private void EndWhatIsOver(RulesContext context, AlarmRow row, DateTimeOffset now)
    {
        if (row.ShelvedUntil is { } until && until <= now)
        {
            (row.ShelvedUntil, row.IsShelvedOnce) = (null, false);
            Note(context, row, AlarmChangeKind.Unshelved, until, Clock, null, ordinal: null);
        }
        if (row.ChatterEndsAt is not { } quiet || quiet > now) return;
        AlarmDynamics.EndChatter(row);
        Note(context, row, AlarmChangeKind.ChatterEnded, quiet, Clock, null, ordinal: null);
    }

    private async Task WriteAsync(Func<RulesContext, Task<List<AlarmRow>>> write, CancellationToken ct)
    {
        await LoadAsync(ct);
        await _writing.WaitAsync(ct);
        var number = _lastNumber;
        try
        {
            await using var context = await contexts.CreateDbContextAsync(ct);
            await using var transaction = await context.Database.BeginTransactionAsync(ct);
            var rows = await write(context);
            if (_lastNumber == number) return;
            await context.SaveChangesAsync(ct);
            await transaction.CommitAsync(ct);
            number = _lastNumber;
            foreach (var row in rows) Index(row);
        }
        finally
        {
            _lastNumber = number;   // what was not committed was never numbered
            _writing.Release();
        }
        Changed?.Invoke();
    }

    private Alarm Note(RulesContext context, AlarmRow row, AlarmChangeKind kind, DateTimeOffset at, string actor, string? note, int? ordinal)
    {
        row.State = row.Dimensions.State;
        row.Version++;
        var alarm = row.ToAlarm();
        context.Changes.Add(new AlarmChangeRow
        {
            Number = ++_lastNumber,
            AlarmId = row.Id,
            Tenant = row.Tenant,
            Ordinal = ordinal,
            Kind = kind,
            At = at,
            Actor = actor,
            Note = note,
            AlarmJson = AlarmJson.Write(alarm),
        });
        Changes.Add(1, new KeyValuePair<string, object?>("kind", kind.ToString()));
        return alarm;
    }

    private void Index(AlarmRow row)
    {
        MayBeOver(row.ShelvedUntil);
        MayBeOver(row.ChatterEndsAt);
        if (row.ClosedAtOrdinal is { } ordinal) _closedAt[row.Id] = ordinal;
        if (row.Device is null) return;
        var key = new DeviceKey(row.Tenant, row.Device);
        var others = _open.GetValueOrDefault(key, []).Where(a => a.Id != row.Id);
        IReadOnlyList<Alarm> open = row.IsOpen ? [.. others, row.ToAlarm()] : [.. others];
        if (open.Count > 0) _open[key] = open;
        else _open.TryRemove(key, out _);
    }

    /// <summary>The active alarm of a fault, with the ordinal of its last change.</summary>
    public async Task<AlarmTrack?> ActiveAsync(string tenant, string faultKey, CancellationToken ct)
    {
        await using var context = await contexts.CreateDbContextAsync(ct);
        var row = await context.Alarms.AsNoTracking().Where(a => a.Tenant == tenant && a.FaultKey == faultKey && a.IsActive).OrderByDescending(a => a.OnsetAt).FirstOrDefaultAsync(ct);
        return row is null ? null : new AlarmTrack(row.ToAlarm(), row.Ordinal);
    }

    public async Task<Alarm?> FindAsync(string tenant, string id, CancellationToken ct)
    {
        await using var context = await contexts.CreateDbContextAsync(ct);
        return (await context.Alarms.AsNoTracking().SingleOrDefaultAsync(a => a.Id == id && a.Tenant == tenant, ct))?.ToAlarm();
    }

    public async Task<IReadOnlyList<Alarm>> ListAsync(AlarmFilter filter, CancellationToken ct)
    {
        await using var context = await contexts.CreateDbContextAsync(ct);
        var alarms = await AlarmQuery.Of(context, filter, ct);
        return [.. (await alarms.ToListAsync(ct)).Select(a => a.ToAlarm())];
    }

    public async Task<IReadOnlyList<AlarmChange>> ChangesAsync(long number, int limit, CancellationToken ct)
    {
        await using var context = await contexts.CreateDbContextAsync(ct);
        var rows = await context.Changes.AsNoTracking().Where(c => c.Number > number).OrderBy(c => c.Number).Take(limit).ToListAsync(ct);
        return [.. rows.Select(c => c.ToChange())];
    }

    public async Task<IReadOnlyList<AlarmChange>> TraceAsync(string tenant, string id, CancellationToken ct)
    {
        await using var context = await contexts.CreateDbContextAsync(ct);
        var rows = await context.Changes.AsNoTracking().Where(c => c.AlarmId == id && c.Tenant == tenant).OrderBy(c => c.Number).ToListAsync(ct);
        return [.. rows.Select(c => c.ToChange())];
    }

    public async Task<IReadOnlyDictionary<DeviceKey, IReadOnlyList<Alarm>>> OpenByDeviceAsync(string tenant, CancellationToken ct)
    {
        await LoadAsync(ct);
        return _open.Where(d => d.Key.Tenant == tenant).ToDictionary(d => d.Key, d => d.Value);
    }

    public double HealthOf(in DeviceKey device)
    {
        if (!_open.TryGetValue(device, out var alarms)) return 1;
        return alarms.Where(a => a.IsActive).Select(a => Health(a.Severity)).DefaultIfEmpty(1).Min();
    }

    private static double Health(Severity severity) => severity switch
    {
        Severity.Critical => 0.1,
        Severity.High => 0.4,
        Severity.Medium => 0.7,
        _ => 0.9,
    };

    public void Dispose() => _writing.Dispose();
}
