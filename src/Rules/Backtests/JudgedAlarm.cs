using Seamless.Rules.Packs;

namespace Seamless.Rules.Backtests;

/// <summary>An alarm with the rule that raised it.</summary>
internal sealed record JudgedAlarm(BacktestAlarm Alarm, RuleDefinition Rule)
{
    public string Device => Alarm.Device;
    public DateTimeOffset OnsetAt => Alarm.OnsetAt;
    public DateTimeOffset EndAt => Alarm.ClearedAt ?? DateTimeOffset.MaxValue;
}

/// <summary>What some rules raised, by onset.</summary>
/// <param name="Rules">All of them, those that raised nothing included.</param>
internal sealed record JudgedRules(IReadOnlyList<RuleDefinition> Rules, IReadOnlyList<JudgedAlarm> Alarms);
