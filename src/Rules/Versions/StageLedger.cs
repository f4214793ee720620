using Microsoft.EntityFrameworkCore;
using Seamless.Rules.Alarms;

namespace Seamless.Rules.Versions;

/// <summary>Keeps what was judged beside the engine. (Alarm, ordinal) is a change's identity, as in the alarm book: written twice, it counts once.</summary>
internal sealed class StageLedger(IDbContextFactory<RulesContext> contexts)
{
    /// <param name="stages">Type → what is tried out there; changes of other types are of a run that is over.</param>
    public async Task ApplyAsync(IReadOnlyList<TelemetryChange> changes, Func<string, StagedVersion?> stages, CancellationToken ct)
    {
        var ofDevices = changes.Where(c => c.Alarm.Device is not null && stages(c.Alarm.Type) is not null).ToList();   // a site's alarm is told at its devices
        if (ofDevices.Count == 0) return;
        await using var context = await contexts.CreateDbContextAsync(ct);
        var ids = ofDevices.Select(c => c.AlarmId).Distinct().ToArray();
        var rows = (await context.StageAlarms.Where(a => ids.Contains(a.AlarmId)).ToListAsync(ct)).ToDictionary(a => (a.VersionNumber, a.Run, a.AlarmId));
        foreach (var change in ofDevices) Apply(context, rows, stages(change.Alarm.Type)!, change);
        await context.SaveChangesAsync(ct);
    }

    private static void Apply(RulesContext context, Dictionary<(long, int, string), StageAlarmRow> rows, StagedVersion staged, TelemetryChange change)
    {
        var (key, alarm) = ((staged.Number, staged.Run, change.AlarmId), change.Alarm);
        if (!rows.TryGetValue(key, out var row))
        {
            row = rows[key] = new StageAlarmRow
            {
                VersionNumber = staged.Number, Run = staged.Run, AlarmId = alarm.Id, Tenant = alarm.Tenant, Device = alarm.Device!, FaultKey = alarm.FaultKey, Rule = alarm.Rule,
                ByCandidate = alarm.RuleVersion == staged.Pack?.RulesVersion, RaisedAt = alarm.RaisedAt,
            };
            context.StageAlarms.Add(row);
        }
        if (change.Ordinal <= row.Ordinal) return;
        (row.Severity, row.ClearedAt, row.Count, row.Ordinal) = (alarm.Severity, alarm.ClearedAt, alarm.IsWithdrawn ? 0 : alarm.Count, change.Ordinal);
    }
}
