using Microsoft.EntityFrameworkCore;
using Seamless.Rules.Alarms;
using Seamless.Rules.Labels;
using Seamless.Rules.Packs;

namespace Seamless.Rules.Backtests;

/// <summary>Alarms with an engineer's verdict that stands.</summary>
internal sealed class AlarmOutcomes(IDbContextFactory<RulesContext> contexts, LabelBook labels) : IConfirmedOutcomes
{
    public async Task<IReadOnlyList<ConfirmedOutcome>> ListAsync(string tenant, EquipmentPack pack, DateTimeOffset from, DateTimeOffset to, CancellationToken ct)
    {
        await labels.TakeInAsync(ct);
        var (first, end) = (from, to);   // within a query the name from is a word of the language
        await using var context = await contexts.CreateDbContextAsync(ct);
        var judged = await (
            from label in context.Labels.AsNoTracking()
            join alarm in context.Alarms.AsNoTracking() on label.Alarm equals alarm.Id
            where label.Tenant == tenant && label.Type == pack.Type && label.Source == LabelSource.Engineer && label.StruckAt == null
                && alarm.Device != null && alarm.RaisedAt >= first && alarm.RaisedAt < end
            orderby label.Number
            select new { alarm, label.Verdict }).ToListAsync(ct);
        return [.. judged.GroupBy(j => j.alarm.Id).Select(verdicts => Of(verdicts.Last().alarm.ToAlarm(), verdicts.Last().Verdict))];
    }

    /// <summary>The journal keeps a verdict as the first word of the note.</summary>
    internal static OutcomeVerdict? VerdictIn(string note) => note.Split(':', 2)[0] switch
    {
        "true" => OutcomeVerdict.True,
        "false" => OutcomeVerdict.False,
        "known" => OutcomeVerdict.Known,
        _ => null,
    };

    private static ConfirmedOutcome Of(Alarm alarm, OutcomeVerdict verdict) => new(
        alarm.Device!, verdict, alarm.OnsetAt, alarm.RaisedAt, alarm.ClearedAt ?? alarm.RaisedAt,
        alarm.Evidence.Select(evidence => evidence.Symptom).ToHashSet(StringComparer.Ordinal), [alarm.Id]);
}
