using System.Collections.Concurrent;
using Seamless.DeviceAgent.Sensing;
using Seamless.Telemetry;
using Seamless.Telemetry.Updates;

namespace Seamless.DeviceAgent.Updates;

/// <summary>A metric that has to lie within limits before anything is installed: enough battery, not too hot, not at work.</summary>
/// <remarks>Set, not init: see <see cref="Configuration.AgentConfiguration"/>.</remarks>
public sealed record InstallCondition
{
    public string Metric { get; set; } = "";

    /// <summary>In the metric's unit; null for no limit.</summary>
    public double? Min { get; set; }
    public double? Max { get; set; }
}

/// <summary>Whether this is the moment to install: the customer's hours, and what the machine measures of itself.</summary>
/// <param name="own">The hours of this machine's own configuration; the platform's hold beside it.</param>
public sealed class InstallConditions(IReadOnlyList<InstallCondition> conditions, DailyWindow? own)
{
    private readonly ConcurrentDictionary<string, double> _last = new(StringComparer.Ordinal);

    public void Observe(in Measurement measurement)
    {
        if (conditions.Count == 0) return;
        foreach (var reading in measurement.Readings)
        {
            if (!reading.IsState) _last[reading.Metric] = reading.Value;
        }
    }

    /// <summary>Null when it is.</summary>
    public Refusal? WhyNot(DailyWindow? window, DateTimeOffset now)
    {
        foreach (var hours in (DailyWindow?[])[own, window])
        {
            if (hours is { } open && !open.Contains(now)) return new Refusal("window", $"it may install between {Time(open.FromMinute)} and {Time(open.ToMinute)} UTC");
        }
        foreach (var condition in conditions)
        {
            // Not measured is not fulfilled: who asks for a charged battery has one that says how full it is.
            if (!_last.TryGetValue(condition.Metric, out var value)) return new Refusal("condition", $"{condition.Metric} has not been measured yet");
            if (value < condition.Min) return new Refusal("condition", $"{condition.Metric} is {value:0.##}, at least {condition.Min:0.##} is needed");
            if (value > condition.Max) return new Refusal("condition", $"{condition.Metric} is {value:0.##}, at most {condition.Max:0.##} is allowed");
        }
        return null;
    }

    private static string Time(int minute) => $"{minute / 60:00}:{minute % 60:00}";
}
