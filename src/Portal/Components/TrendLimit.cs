using System.Text.Json;

namespace Seamless.Portal.Components;

/// <summary>A line across a chart: a setpoint, with the severity it stands for.</summary>
public sealed record TrendLimit(double Value, int Severity, string Text);

/// <summary>A shaded stretch of a chart: when something was abnormal. <c>To</c> is null while it lasts. Unix ms.</summary>
public sealed record TrendSpan(long From, long? To, int Severity, string Text);

/// <summary>One chart: a metric with what there is to know about it.</summary>
public sealed record TrendLine(
    string Metric, string Title, string Unit, bool IsSwitch, IReadOnlyList<TrendLimit> Limits, IReadOnlyList<TrendSpan> Spans)
{
    internal string LimitsJson => JsonSerializer.Serialize(Limits, JsonSerializerOptions.Web);
    internal string SpansJson => JsonSerializer.Serialize(Spans, JsonSerializerOptions.Web);
}
