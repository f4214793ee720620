using Seamless.Storage.TimeSeries;

namespace Seamless.Rules.Backtests;

/// <param name="Devices">Null for every device of the type, or of the site when one is named.</param>
public sealed record BacktestRequest(string Tenant, string Type, string Yaml, DateTimeOffset From, DateTimeOffset To, IReadOnlyList<string>? Devices)
{
    /// <summary>Only devices of this site; null for all.</summary>
    public string? Site { get; init; }

    /// <summary>The rule file whose place the text would take: it is compared with all of that file's rules. Null: with the rules in force that have an id in the text.</summary>
    public string? Name { get; init; }

    /// <summary>Rules to compare with instead of those in force.</summary>
    public string? Against { get; init; }

    /// <summary>Engineers who share the alarms of these devices.</summary>
    public double Engineers { get; init; } = 1;
}

/// <summary>Devices judged, of all.</summary>
public readonly record struct BacktestProgress(int Done, int Of);

/// <summary>One alarm these rules would have raised.</summary>
/// <param name="Value">The most extreme value of its span.</param>
/// <param name="RaisedByOld">Whether the rules compared with raise it too.</param>
public sealed record BacktestAlarm(
    string Device, string Rule, DateTimeOffset OnsetAt, DateTimeOffset RaisedAt, DateTimeOffset? ClearedAt, double Value, bool RaisedByOld = false);

/// <param name="Samples">Those that were read: what carries no metric of the rules is not.</param>
/// <param name="Alarms">The first of them, by onset.</param>
/// <param name="Total">All of them.</param>
/// <param name="Outcomes">Null when nobody has confirmed or denied anything on these devices in this time: there is nothing to measure by.</param>
public sealed record BacktestReport(
    long Samples, int Devices, IReadOnlyList<BacktestAlarm> Alarms, int Total, DateTimeOffset From, DateTimeOffset To,
    BacktestComparison Comparison, BacktestLoad Load, BacktestOutcomes? Outcomes, IReadOnlyList<BacktestPlot> Plots)
{
    public const int MostListed = 10_000;
}

/// <summary>The new rules beside the old, on the same history. Alarms of one rule that overlap in time are the same alarm.</summary>
/// <param name="Against"><c>in-force</c>, or <c>text</c> when other rules were given to compare with.</param>
/// <param name="Both">Alarms of the new rules that the old raise too.</param>
/// <param name="OnlyOldAlarms">What would no longer be raised: the first of them, by onset.</param>
public sealed record BacktestComparison(
    string Against, int OnlyNew, int Both, int OnlyOld, IReadOnlyList<RuleDifference> Rules, IReadOnlyList<BacktestAlarm> OnlyOldAlarms);

/// <param name="Old">Null when the rule is not among the old.</param>
/// <param name="New">Null when the rule is not among the new.</param>
public sealed record RuleDifference(string Rule, int? Old, int? New, int Both, int OnlyNew, int OnlyOld);

/// <summary>How many alarms an engineer would have to answer.</summary>
/// <param name="TargetPerEngineerHour">EEMUA 191: one in ten minutes is very likely acceptable.</param>
public sealed record BacktestLoad(double Engineers, double TargetPerEngineerHour, AlarmRate New, AlarmRate Old);

/// <param name="BusiestHour">Of the clock, UTC; null without alarms.</param>
public sealed record AlarmRate(int Alarms, double PerEngineerHour, DateTimeOffset? BusiestHour, int InBusiestHour);

/// <param name="Labelled">Outcomes that could be judged by.</param>
public sealed record BacktestOutcomes(int Labelled, OutcomeScore New, OutcomeScore Old);

/// <summary>Alarms against what engineers found out.</summary>
/// <param name="True">Alarms of a fault that was real.</param>
/// <param name="False">Alarms where an engineer found no fault.</param>
/// <param name="Known">Alarms of what is known and accepted; they count neither way.</param>
/// <param name="Unlabelled">Alarms about which nobody has said anything; they count neither way.</param>
/// <param name="Precision">True of true and false; null without either.</param>
/// <param name="Faults">Real faults that show a symptom which these rules, old or new, look for.</param>
/// <param name="Found">Those of which there was an alarm.</param>
/// <param name="Recall">Found of faults; null without any.</param>
/// <param name="LeadFromOnset">From the condition's begin to the failure, of each fault found.</param>
/// <param name="LeadFromRaise">From the alarm to the failure, of each fault found.</param>
public sealed record OutcomeScore(
    int True, int False, int Known, int Unlabelled, double? Precision, int Faults, int Found, double? Recall, LeadTime? LeadFromOnset, LeadTime? LeadFromRaise);

/// <summary>Minutes before the failure; negative is behind it.</summary>
public sealed record LeadTime(int Count, double P10Minutes, double MedianMinutes, double P90Minutes);

/// <summary>The series around an alarm.</summary>
/// <param name="Setpoint">In the metric's unit; null when the rule compares something else (a rate, a score).</param>
/// <param name="Points">Thinned: of each stretch its least and its greatest value.</param>
public sealed record BacktestPlot(
    string Device, string Rule, string Metric, string Unit, double? Setpoint, DateTimeOffset OnsetAt, DateTimeOffset RaisedAt, DateTimeOffset? ClearedAt,
    IReadOnlyList<SeriesPoint> Points);
