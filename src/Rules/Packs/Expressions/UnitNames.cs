using System.Collections.Frozen;
using Seamless.Rules.Packs.Files;

namespace Seamless.Rules.Packs.Expressions;

/// <summary>The units that packs may use, each with its dimension and its size in SI. One spelling per unit, so that two packs never differ by typography.</summary>
internal static class UnitNames
{
    private static Dimension None => default;
    private static readonly Dimension Metre = new(Length: 1);
    private static readonly Dimension Kilogram = new(Mass: 1);
    private static readonly Dimension Second = new(Time: 1);
    private static readonly Dimension Ampere = new(Current: 1);
    private static readonly Dimension Kelvin = new(Temperature: 1);
    private static readonly Dimension Byte = new(Data: 1);
    private static readonly Dimension Decibel = new(Level: 1);
    private static readonly Dimension Speed = Metre / Second;
    private static readonly Dimension Newton = Kilogram * Speed / Second;
    private static readonly Dimension Pascal = Newton / (Metre * Metre);
    private static readonly Dimension Joule = Newton * Metre;
    private static readonly Dimension Watt = Joule / Second;
    private static readonly Dimension Volt = Watt / Ampere;
    private static readonly Dimension Volume = Metre * Metre * Metre;
    private static readonly Dimension Hertz = None / Second;

    private static readonly FrozenDictionary<string, Unit> ByName = new[]
    {
        U("", None, 1), U("%", None, 0.01), U("‰", None, 1e-3), U("ppm", None, 1e-6), U("count", None, 1), U("cycles", None, 1),
        new Unit("°C", Kelvin, 1, IsPoint: true), U("K", Kelvin, 1), U("°R", Kelvin, 5 / 9.0),
        U("m", Metre, 1), U("mm", Metre, 1e-3), U("µm", Metre, 1e-6), U("m/s", Speed, 1), U("mm/s", Speed, 1e-3),
        U("m/s²", Speed / Second, 1), U("g", Speed / Second, 9.80665),
        U("A", Ampere, 1), U("mA", Ampere, 1e-3), U("V", Volt, 1), U("mV", Volt, 1e-3), U("Ω", Volt / Ampere, 1), U("mΩ", Volt / Ampere, 1e-3),
        U("MΩ", Volt / Ampere, 1e6), U("W", Watt, 1), U("kW", Watt, 1e3), U("VA", Watt, 1), U("kVA", Watt, 1e3), U("kvar", Watt, 1e3), U("kWh", Joule, 3.6e6),
        U("Ah", Ampere * Second, 3600), U("Pa", Pascal, 1), U("kPa", Pascal, 1e3), U("MPa", Pascal, 1e6), U("mbar", Pascal, 100), U("bar", Pascal, 1e5), U("psia", Pascal, 6894.757293168),
        U("m³", Volume, 1), U("l", Volume, 1e-3), U("m³/h", Volume / Second, 1 / 3600.0), U("l/min", Volume / Second, 1e-3 / 60),
        U("kg", Kilogram, 1), U("kg/s", Kilogram / Second, 1), U("lbm/s", Kilogram / Second, 0.45359237),
        U("rpm", Hertz, 1 / 60.0), U("Hz", Hertz, 1), U("kHz", Hertz, 1e3), U("1/s", Hertz, 1), U("1/min", Hertz, 1 / 60.0), U("1/h", Hertz, 1 / 3600.0),
        U("µs", Second, 1e-6), U("ms", Second, 1e-3), U("s", Second, 1), U("min", Second, 60), U("h", Second, 3600), U("d", Second, 86400),
        U("N", Newton, 1), U("kN", Newton, 1e3), U("N·m", Joule, 1), U("lx", new Dimension(Light: 1), 1), U("dB", Decibel, 1), U("dBm", Decibel, 1),
        U("MB", Byte, 1e6), U("GB", Byte, 1e9), U("TB", Byte, 1e12), U("MB/s", Byte / Second, 1e6), U("Mbit/s", Byte / Second, 1.25e5),
    }.ToFrozenDictionary(unit => unit.Text, StringComparer.Ordinal);

    /// <summary>What is often written for it.</summary>
    private static readonly FrozenDictionary<string, string> Meant = new Dictionary<string, string>
    {
        ["C"] = "°C", ["degC"] = "°C", ["celsius"] = "°C", ["℃"] = "°C", ["m3/h"] = "m³/h", ["Nm"] = "N·m", ["RPM"] = "rpm", ["1/min."] = "1/min",
        ["pct"] = "%", ["percent"] = "%", ["um"] = "µm", ["us"] = "µs", ["m/s2"] = "m/s²", ["Volt"] = "V", ["amp"] = "A", ["hours"] = "h", ["seconds"] = "s",
        ["mOhm"] = "mΩ", ["MOhm"] = "MΩ", ["ohm"] = "Ω",
    }.ToFrozenDictionary(StringComparer.Ordinal);

    public static IReadOnlyCollection<string> Known => ByName.Keys;

    /// <summary>A unit by its name, or put together from known ones by <c>/</c> and <c>·</c> (<c>K/h</c>).</summary>
    public static bool TryFind(string name, out Unit unit)
    {
        if (ByName.TryGetValue(name, out unit!)) return true;
        var cut = name.LastIndexOfAny(['/', '·']);
        if (cut <= 0 || !TryFind(name[..cut], out var left) || !ByName.TryGetValue(name[(cut + 1)..], out var right) || left.IsPoint || right.IsPoint) return false;
        unit = name[cut] == '/' ? left / right : left * right;
        return true;
    }

    public static string? Hint(string unit) => Meant.TryGetValue(unit, out var right) ? $"write '{right}'" : Nearest.Hint(unit, ByName.Keys);

    private static Unit U(string text, Dimension dimension, double factor) => new(text, dimension, factor, IsPoint: false);
}
