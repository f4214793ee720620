using System.Globalization;
using Seamless.Rules.Backtests;
using Seamless.Rules.Packs;

namespace Seamless.Rules.Tests.Backtests;

/// <summary>Alarms as one writes them down: <c>pump-1/hot 10-20</c> is the rule <c>hot</c> from minute 10 to 20, without an end while it lasts.</summary>
internal static class Judged
{
    public static readonly DateTimeOffset Start = new(2026, 3, 2, 0, 0, 0, TimeSpan.Zero);

    public static DateTimeOffset At(double minutes) => Start.AddMinutes(minutes);

    /// <param name="rules"><c>hot=bearing-hot</c>: id and symptom.</param>
    /// <param name="alarms">Raised a minute after their onset; empty for none.</param>
    public static JudgedRules Rules(string rules, string alarms = "")
    {
        var definitions = Split(rules, ' ').Select(rule => rule.Split('=')).Select(rule => Rule(rule[0], rule[1])).ToList();
        return new JudgedRules(definitions, [.. Split(alarms, ',').Select(alarm => Alarm(alarm, definitions)).OrderBy(alarm => alarm.OnsetAt)]);
    }

    private static string[] Split(string text, char by) => text.Split(by, StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

    private static RuleDefinition Rule(string id, string symptom) => new(
        id, new LocalizedText(id, id), "bearingTemperature", ConditionKind.High, 90, 5, TimeSpan.Zero, TimeSpan.Zero, Severity.High, symptom, "OHE", null, null, null, new LocalizedText(id, id), null);

    private static JudgedAlarm Alarm(string text, List<RuleDefinition> rules)
    {
        var (name, span) = text.Split(' ') is [var first, var second] ? (first.Split('/'), second.Split('-')) : throw new FormatException(text);
        var onset = At(double.Parse(span[0], CultureInfo.InvariantCulture));
        DateTimeOffset? end = span[1].Length == 0 ? null : At(double.Parse(span[1], CultureInfo.InvariantCulture));
        return new JudgedAlarm(new BacktestAlarm($"{name[0]}", name[1], onset, onset.AddMinutes(1), end, 95), rules.Single(rule => rule.Id == name[1]));
    }
}
