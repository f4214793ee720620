using System.Globalization;
using Seamless.Learning.Training;
using Seamless.Telemetry;

namespace Seamless.Portal.Api;

/// <summary>What of the platform's history to learn from.</summary>
/// <param name="Type">The equipment type.</param>
/// <param name="From">Inclusive, event time.</param>
/// <param name="To">Exclusive; now when not given.</param>
/// <param name="Metrics">The inputs; all numbers that at least half of the devices send when not given.</param>
/// <param name="Step">A row is the means of so long (10m).</param>
/// <param name="Horizon">For failure: so long before a fault's end a row is failing (24h).</param>
/// <param name="StartUp">So long after a gap or a stop a row is left out (30m).</param>
public sealed record TrainingHistoryView(
    string Type, DateTimeOffset From, DateTimeOffset? To = null, IReadOnlyList<string>? Metrics = null, string? Step = null, string? Horizon = null, string? StartUp = null)
{
    internal static TrainingHistoryView Of(TrainingHistory history) =>
        new(history.Type, history.From, history.To, history.Metrics, Text(history.Step), Text(history.Horizon), Text(history.StartUp));

    internal Outcome<TrainingHistory> Read(DateTimeOffset now)
    {
        var history = new TrainingHistory(Type, From, To ?? now) { Metrics = Metrics ?? [] };
        foreach (var (name, text) in ((string, string?)[])[("step", Step), ("horizon", Horizon), ("startUp", StartUp)])
        {
            if (string.IsNullOrWhiteSpace(text)) continue;
            if (text == "0" && name == "startUp") history = history with { StartUp = TimeSpan.Zero };
            else if (!Span.TryParse(text, CultureInfo.InvariantCulture, out var span)) return Refusal.Invalid($"history.{name}: '{text}' is not a length of time such as 30s, 10m, 24h or 7d");
            else history = name switch { "step" => history with { Step = span.Length }, "horizon" => history with { Horizon = span.Length }, _ => history with { StartUp = span.Length } };
        }
        return history;
    }

    internal static string Text(TimeSpan span) => span switch
    {
        _ when span.Ticks % TimeSpan.TicksPerDay == 0 && span != TimeSpan.Zero => FormattableString.Invariant($"{span.TotalDays}d"),
        _ when span.Ticks % TimeSpan.TicksPerHour == 0 && span != TimeSpan.Zero => FormattableString.Invariant($"{span.TotalHours}h"),
        _ when span.Ticks % TimeSpan.TicksPerMinute == 0 && span != TimeSpan.Zero => FormattableString.Invariant($"{span.TotalMinutes}m"),
        _ => FormattableString.Invariant($"{span.TotalSeconds}s"),
    };
}

/// <summary>Of a model that was trained from history: what was asked for, and what was kept and left out.</summary>
/// <param name="Read">Rows that history had; <paramref name="Kept"/> were learned from.</param>
/// <param name="Stride">Of so many rows one was kept; 1 when none was thinned out.</param>
/// <param name="Failures">Failure mode → confirmed failures; for rul the runs.</param>
/// <param name="Removed">Why → rows that were left out; for <c>simulated</c> devices.</param>
public sealed record ModelHistoryView(
    TrainingHistoryView Order, int Devices, int Read, int Kept, int Stride, IReadOnlyDictionary<string, int> Failures, IReadOnlyDictionary<string, int> Removed, bool IsRefit)
{
    internal static ModelHistoryView? Of(ModelHistory? history) => history is null
        ? null
        : new(TrainingHistoryView.Of(history.Order), history.Table.Devices, history.Table.Read, history.Table.Kept, history.Table.Stride, history.Table.Failures, history.Table.Removed, history.IsRefit);
}
