using System.Globalization;
using Microsoft.EntityFrameworkCore;
using Seamless.Rules.Alarms.Maintenance;

namespace Seamless.Rules.Alarms;

/// <summary>What maintenance windows do to alarms that are there: when one is entered, changed, or over.</summary>
internal sealed partial class AlarmBook
{
    private readonly MaintenanceWard _ward = new(calendar);
    private volatile bool _isLookedThrough;   // since the start

    /// <summary>Looks through the open alarms of a tenant whose windows have changed.</summary>
    /// <param name="actor">Who changed them.</param>
    public Task ReviewMaintenanceAsync(string tenant, string actor, CancellationToken ct) => ReviewAsync(OpenOf(tenant), time.GetUtcNow(), actor, ct);

    private static Func<IQueryable<AlarmRow>, IQueryable<AlarmRow>> OpenOf(string tenant) =>
        alarms => alarms.Where(a => a.Tenant == tenant && a.ClosedAtOrdinal == null && (a.InMaintenance || a.IsActive || !a.IsAcknowledged || a.IsLatched));

    private async Task EndMaintenanceAsync(DateTimeOffset now, CancellationToken ct)
    {
        await LoadAsync(ct);
        if (!calendar.Tenants.Any()) return;
        if (!_isLookedThrough)
        {
            foreach (var tenant in calendar.Tenants.ToArray()) await ReviewAsync(OpenOf(tenant), now, Clock, ct);
            _isLookedThrough = true;
        }
        await using (var context = await contexts.CreateDbContextAsync(ct))
            if (!await context.Alarms.AnyAsync(a => a.InMaintenance && a.MaintenanceUntil <= now, ct)) return;
        await ReviewAsync(alarms => alarms.Where(a => a.InMaintenance && a.MaintenanceUntil <= now), now, Clock, ct);
    }

    private Task ReviewAsync(Func<IQueryable<AlarmRow>, IQueryable<AlarmRow>> which, DateTimeOffset now, string actor, CancellationToken ct) => WriteAsync(async context =>
    {
        // Sites last: how they stand depends on how their members do.
        var rows = await which(context.Alarms).OrderBy(a => a.Device == null).ThenBy(a => a.Id).ToDictionaryAsync(a => a.Id, ct);
        var groups = rows.Values.Where(row => row.Device is null).ToDictionary(row => row.Id, row => AlarmJson.Read<IReadOnlyList<string>>(row.MembersJson));
        var members = await ReadMembersAsync(context, [.. groups.Values.SelectMany(m => m).Distinct().Where(id => !rows.ContainsKey(id))], ct);
        foreach (var row in rows.Values.OrderBy(row => row.Device is null).ThenBy(row => row.Id, StringComparer.Ordinal))
            Review(context, row, now, actor, () => MembersOf(groups.GetValueOrDefault(row.Id, []), rows, members));
        return [.. rows.Values];
    }, ct);

    private void Review(RulesContext context, AlarmRow row, DateTimeOffset now, string actor, Func<IEnumerable<AlarmRow>> members)
    {
        var (before, mark) = (row.Maintenance, _ward.Standing(row, now, members));
        if (mark is { IsOver: false })
        {
            if (mark == before) return;
            row.Mark(mark);
            Note(context, row, AlarmChangeKind.Suppressed, actor == Clock ? before?.Until ?? now : now, actor, Words(mark), ordinal: null);
        }
        else if (before is { IsOver: false }) Release(context, row, mark ?? before with { Until = before.Until < now ? before.Until : now, IsOver = true }, actor);
        else if (mark is not null && before is null && !Stands(row)) Release(context, row, mark, actor);   // entered when all was over: nobody need look
    }

    /// <summary>What stands is presented as if it had just come; what is over is not.</summary>
    private void Release(RulesContext context, AlarmRow row, MaintenanceMark mark, string actor)
    {
        row.Mark(mark);
        if (Stands(row)) (row.IsAcknowledged, row.IsConfirmed) = (false, false);
        else row.IsAcknowledged = true;
        Note(context, row, AlarmChangeKind.Unsuppressed, mark.Until, actor, $"maintenance over: {mark.Reason}", ordinal: null);
    }

    private static bool Stands(AlarmRow row) => row.IsActive || row.IsLatched;

    private static string Words(MaintenanceMark mark) => string.Create(CultureInfo.InvariantCulture, $"under maintenance: {mark.Reason} until {mark.Until:u}");

    /// <summary>The alarms that the changed ones explain, so far as they must be known and are not among the changed.</summary>
    private async Task<Dictionary<string, AlarmRow>> MembersAsync(RulesContext context, IReadOnlyList<TelemetryChange> changes, Dictionary<string, AlarmRow> rows, CancellationToken ct)
    {
        var needed = changes.Where(change => _ward.NeedsMembers(rows.GetValueOrDefault(change.AlarmId), change)).SelectMany(change => change.Alarm.Members).Distinct().Where(id => !rows.ContainsKey(id));
        return await ReadMembersAsync(context, [.. needed], ct);
    }

    private static async Task<Dictionary<string, AlarmRow>> ReadMembersAsync(RulesContext context, string[] ids, CancellationToken ct) =>
        ids.Length == 0 ? [] : await context.Alarms.AsNoTracking().Where(a => ids.Contains(a.Id)).ToDictionaryAsync(a => a.Id, ct);

    private static IEnumerable<AlarmRow> MembersOf(IReadOnlyList<string> ids, Dictionary<string, AlarmRow> rows, Dictionary<string, AlarmRow> members)
    {
        foreach (var id in ids)
            if (rows.TryGetValue(id, out var row) || members.TryGetValue(id, out row)) yield return row;
    }
}
