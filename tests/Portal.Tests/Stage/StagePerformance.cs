using Seamless.Rules.Alarms;
using Seamless.Rules.Alarms.Performance;

namespace Seamless.Portal.Tests.Stage;

/// <summary>The performance of the alarms on the stage.</summary>
internal sealed class StagePerformance(IAlarms alarms) : IAlarmPerformance
{
    public async Task<PerformanceReport> MeasureAsync(string tenant, string? site, DateTimeOffset from, DateTimeOffset to, CancellationToken ct)
    {
        var changes = (await alarms.ChangesAsync(0, 1000, ct)).Where(c => c.Alarm.Tenant == tenant && (site is null || c.Alarm.Site == site) && c.At >= from && c.At < to).ToList();
        var steps = changes.Select(c => new JournalStep(c.Alarm.Id, c.Alarm.Rule, c.Alarm.Severity, c.Kind, c.At, c.Alarm is { IsActive: true, Parent: null }, c.Alarm.Parent is not null)).ToList();
        return AlarmPerformance.Measure(from, to, site, steps, [.. changes.Where(c => c.Alarm.IsActive).Select(c => new StandingAlarm(c.Alarm.Id, c.Alarm.RaisedAt)).DistinctBy(s => s.Alarm)]);
    }
}
