using Microsoft.EntityFrameworkCore;
using Seamless.Rules.Alarms;
using Seamless.Rules.Packs;

namespace Seamless.Rules.Backtests;

/// <summary>Closed alarms with the engineer's verdict, from the journal.</summary>
internal sealed class AlarmOutcomes(IDbContextFactory<RulesContext> contexts) : IConfirmedOutcomes
{
    public async Task<IReadOnlyList<ConfirmedOutcome>> ListAsync(string tenant, EquipmentPack pack, DateTimeOffset from, DateTimeOffset to, CancellationToken ct)
    {
        var (first, end) = (from, to);   // within a query the name from is a word of the language
        await using var context = await contexts.CreateDbContextAsync(ct);
        var closed = await (
            from alarm in context.Alarms.AsNoTracking()
            join change in context.Changes.AsNoTracking() on alarm.Id equals change.AlarmId
            where alarm.Tenant == tenant && alarm.Type == pack.Type && alarm.Device != null && alarm.RaisedAt >= first && alarm.RaisedAt < end
                && change.Kind == AlarmChangeKind.Closed && change.Note != null
            orderby change.Number
            select new { alarm, change.Note }).ToListAsync(ct);
        return [.. closed.Select(c => (Alarm: c.alarm.ToAlarm(), Verdict: VerdictIn(c.Note!))).Where(c => c.Verdict is not null).Select(c => Of(c.Alarm, c.Verdict!.Value))];
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
