using System.Collections.Frozen;

namespace Seamless.Rules.Packs.Files;

/// <summary>The display units that packs may use. One spelling per unit, so that two packs never differ by typography.</summary>
internal static class Units
{
    public static readonly FrozenSet<string> Known = new[]
    {
        "", "°C", "K", "°R", "mm/s", "m/s", "m/s²", "g", "A", "mA", "V", "mV", "W", "kW", "kWh", "VA", "Ω", "bar", "mbar", "Pa", "kPa", "MPa", "psia",
        "m³/h", "l/min", "kg/s", "lbm/s", "rpm", "Hz", "kHz", "%", "‰", "ppm", "µs", "ms", "s", "min", "h", "d", "count", "cycles", "1/s", "1/min", "1/h",
        "dBm", "dB", "N", "kN", "N·m", "mm", "µm", "m", "l", "m³", "kg", "lx", "MB", "GB", "MB/s", "Mbit/s",
    }.ToFrozenSet(StringComparer.Ordinal);

    /// <summary>What is often written for it.</summary>
    private static readonly FrozenDictionary<string, string> Meant = new Dictionary<string, string>
    {
        ["C"] = "°C", ["degC"] = "°C", ["celsius"] = "°C", ["℃"] = "°C", ["m3/h"] = "m³/h", ["Nm"] = "N·m", ["RPM"] = "rpm", ["1/min."] = "1/min",
        ["pct"] = "%", ["percent"] = "%", ["um"] = "µm", ["us"] = "µs", ["m/s2"] = "m/s²", ["Volt"] = "V", ["amp"] = "A", ["hours"] = "h", ["seconds"] = "s",
    }.ToFrozenDictionary(StringComparer.Ordinal);

    public static string? Hint(string unit) => Meant.TryGetValue(unit, out var right) ? $"write '{right}'" : Nearest.Hint(unit, Known);
}
