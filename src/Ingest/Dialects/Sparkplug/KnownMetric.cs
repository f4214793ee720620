using Seamless.Telemetry;
using Seamless.Telemetry.Payloads.Sparkplug;

namespace Seamless.Ingest.Dialects.Sparkplug;

/// <summary>A metric as its birth introduced it, and what it said last.</summary>
internal sealed class KnownMetric(string name, SparkplugType type, ulong? alias, MetricScope scope)
{
    public string Name { get; } = name;
    public SparkplugType Type { get; } = type;
    public ulong? Alias { get; } = alias;
    public MetricScope Scope { get; } = scope;

    /// <summary>Its newest readings, one for each element of an array; empty before the first.</summary>
    public Reading[] Last { get; set; } = [];

    /// <summary>The machinery of the session, and no reading of the machine: written by commands, stored by nobody.</summary>
    public bool IsControl { get; } = name is EdgeNode.BirthDeathSequence || name.StartsWith("Node Control/", StringComparison.Ordinal) || name.StartsWith("Device Control/", StringComparison.Ordinal);
}

/// <summary>The metrics of the node itself, or of one device behind it.</summary>
/// <param name="device">Sparkplug's name of the device; null for the node.</param>
internal sealed class MetricScope(DeviceKey key, string? device)
{
    public DeviceKey Key { get; } = key;
    public string? Device { get; } = device;
    public Dictionary<string, KnownMetric> Metrics { get; } = new(StringComparer.Ordinal);
    public bool IsBorn { get; set; }

    /// <summary>The newest instant that a value of it was stored for.</summary>
    public long NewestMs { get; set; }
}
