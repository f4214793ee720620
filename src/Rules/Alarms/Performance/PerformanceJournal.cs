using Microsoft.EntityFrameworkCore;
using Seamless.Rules.Alarms.Maintenance;
using Seamless.Rules.Packs;

namespace Seamless.Rules.Alarms.Performance;

/// <summary>The performance of a tenant's alarms, from their journal.</summary>
public interface IAlarmPerformance
{
    /// <param name="site">The reviewing position's site; null for the whole tenant.</param>
    Task<PerformanceReport> MeasureAsync(string tenant, string? site, DateTimeOffset from, DateTimeOffset to, CancellationToken ct);
}

internal sealed class PerformanceJournal(IDbContextFactory<RulesContext> contexts) : IAlarmPerformance
{
    public async Task<PerformanceReport> MeasureAsync(string tenant, string? site, DateTimeOffset from, DateTimeOffset to, CancellationToken ct)
    {
        await using var context = await contexts.CreateDbContextAsync(ct);
        var (steps, last) = (new List<JournalStep>(), new Dictionary<string, DateTimeOffset>(StringComparer.Ordinal));
        var rows = context.Changes.AsNoTracking().Where(c => c.Tenant == tenant && c.At >= from && c.At < to && Told.Contains(c.Kind)).OrderBy(c => c.Number);
        await foreach (var row in rows.AsAsyncEnumerable().WithCancellation(ct))
        {
            var alarm = AlarmJson.Read<AlarmThen>(row.AlarmJson);
            if (alarm.Type == Alarm.PlatformType || (site is not null && alarm.Site != site)) continue;
            steps.Add(new JournalStep(row.AlarmId, alarm.Rule, alarm.Severity, row.Kind, row.At, Reaches(alarm.State, alarm.IsActive, alarm.Parent), alarm.Parent is not null)
            {
                IsUnderMaintenance = alarm.Maintenance is { IsOver: false },
            });
            if (row.Kind is AlarmChangeKind.Raised or AlarmChangeKind.Reraised) last[row.AlarmId] = row.At;
        }
        return AlarmPerformance.Measure(from, to, site, steps, await StandingAsync(context, tenant, site, to, last, ct));
    }

    /// <summary>Kinds that performance asks for; evidence alone changes nothing for it.</summary>
    private static readonly AlarmChangeKind[] Told =
        [AlarmChangeKind.Raised, AlarmChangeKind.Reraised, AlarmChangeKind.Cleared, AlarmChangeKind.Suppressed, AlarmChangeKind.Unsuppressed];

    private static async Task<IReadOnlyList<StandingAlarm>> StandingAsync(
        RulesContext context, string tenant, string? site, DateTimeOffset to, Dictionary<string, DateTimeOffset> last, CancellationToken ct)
    {
        var rows = await context.Alarms.AsNoTracking()
            .Where(a => a.Tenant == tenant && a.Type != Alarm.PlatformType && (site == null || a.Site == site) && a.RaisedAt < to && (a.IsActive || a.ClearedAt >= to))
            .Select(a => new { a.Id, a.RaisedAt, a.State, a.Parent }).ToListAsync(ct);
        return [.. rows.Where(a => Reaches(a.State, isActive: true, a.Parent)).Select(a => new StandingAlarm(a.Id, last.GetValueOrDefault(a.Id, a.RaisedAt)))];
    }

    private static bool Reaches(AlarmState state, bool isActive, string? parent) =>
        isActive && parent is null && state is not (AlarmState.Suppressed or AlarmState.Shelved or AlarmState.OutOfService or AlarmState.Closed);

    /// <summary>The few fields of an alarm in the journal that are asked for; the rest is skipped unread.</summary>
    private sealed record AlarmThen(string Site, string Type, string Rule, Severity Severity, AlarmState State, bool IsActive, string? Parent, MaintenanceMark? Maintenance = null);
}
