using System.Text.Json;
using Seamless.Telemetry;
using Seamless.Telemetry.Payloads.Sparkplug;

namespace Seamless.Ingest.Dialects.Sparkplug;

/// <summary>A JSON value in a metric's own type, or why it does not fit.</summary>
internal static class MetricWrite
{
    private static readonly Dictionary<SparkplugType, (decimal Low, decimal High)> Integers = new()
    {
        [SparkplugType.Int8] = (sbyte.MinValue, sbyte.MaxValue), [SparkplugType.Int16] = (short.MinValue, short.MaxValue),
        [SparkplugType.Int32] = (int.MinValue, int.MaxValue), [SparkplugType.Int64] = (long.MinValue, long.MaxValue),
        [SparkplugType.UInt8] = (0, byte.MaxValue), [SparkplugType.UInt16] = (0, ushort.MaxValue),
        [SparkplugType.UInt32] = (0, uint.MaxValue), [SparkplugType.UInt64] = (0, ulong.MaxValue),
        [SparkplugType.DateTime] = (0, long.MaxValue),
    };

    public static Outcome<OutgoingMetric> From(KnownMetric metric, JsonElement value)
    {
        // Where the birth gave an alias, a command names the metric by it alone (3.0 §6.4.8).
        var target = new OutgoingMetric(metric.Alias is null ? metric.Name : null, metric.Type) { Alias = metric.Alias };
        switch (metric.Type)
        {
            case SparkplugType.Boolean when value.ValueKind is JsonValueKind.True or JsonValueKind.False:
                return target with { Integer = value.ValueKind is JsonValueKind.True ? 1 : 0 };
            case SparkplugType.Float or SparkplugType.Double when value.ValueKind is JsonValueKind.Number && value.TryGetDouble(out var real) && double.IsFinite(real):
                return target with { Real = metric.Type is SparkplugType.Float ? (float)real : real };
            case SparkplugType.String or SparkplugType.Text or SparkplugType.Uuid when value.ValueKind is JsonValueKind.String:
                return target with { Text = value.GetString() };
            case var type when Integers.TryGetValue(type, out var range) && value.ValueKind is JsonValueKind.Number:
                if (!value.TryGetDecimal(out var number) || number != decimal.Truncate(number) || number < range.Low || number > range.High)
                    return Refusal.Invalid($"'{metric.Name}' is {type}: a whole number from {range.Low} to {range.High}");
                return target with { Integer = number > long.MaxValue ? unchecked((long)(ulong)number) : (long)number };
            default:
                return Refusal.Invalid($"'{metric.Name}' is {metric.Type}; a {value.ValueKind.ToString().ToLowerInvariant()} cannot be written to it");
        }
    }

    /// <summary>How the metric will read once it has taken the value.</summary>
    public static Reading Expected(string name, OutgoingMetric metric) => metric.Type switch
    {
        SparkplugType.Float or SparkplugType.Double => new Reading(name, metric.Real),
        SparkplugType.String or SparkplugType.Text or SparkplugType.Uuid => new Reading(name, double.NaN, metric.Text),
        SparkplugType.UInt64 => new Reading(name, (ulong)metric.Integer),
        _ => new Reading(name, metric.Integer),
    };
}
