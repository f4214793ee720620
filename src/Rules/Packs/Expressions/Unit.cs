namespace Seamless.Rules.Packs.Expressions;

/// <summary>Exponents of the base quantities.</summary>
internal readonly record struct Dimension(
    sbyte Length = 0, sbyte Mass = 0, sbyte Time = 0, sbyte Current = 0, sbyte Temperature = 0, sbyte Light = 0, sbyte Data = 0, sbyte Level = 0)
{
    public static Dimension operator *(Dimension a, Dimension b) => Join(a, b, 1);

    public static Dimension operator /(Dimension a, Dimension b) => Join(a, b, -1);

    private static Dimension Join(Dimension a, Dimension b, int sign) => new(
        (sbyte)(a.Length + sign * b.Length), (sbyte)(a.Mass + sign * b.Mass), (sbyte)(a.Time + sign * b.Time), (sbyte)(a.Current + sign * b.Current),
        (sbyte)(a.Temperature + sign * b.Temperature), (sbyte)(a.Light + sign * b.Light), (sbyte)(a.Data + sign * b.Data), (sbyte)(a.Level + sign * b.Level));
}

/// <summary>A unit of measurement.</summary>
/// <param name="Factor">How many of the SI unit make one of it.</param>
/// <param name="IsPoint">A point on a scale whose zero is arbitrary (°C): two of them differ by an interval (K) and cannot be added.</param>
internal sealed record Unit(string Text, Dimension Dimension, double Factor, bool IsPoint)
{
    public static readonly Unit One = new("", default, 1, IsPoint: false);
    public static readonly Unit Kelvin = new("K", new Dimension(Temperature: 1), 1, IsPoint: false);
    public static readonly Unit Second = new("s", new Dimension(Time: 1), 1, IsPoint: false);

    /// <summary>Whether numbers in the two can be compared after scaling.</summary>
    public bool Matches(Unit other) => Dimension == other.Dimension && IsPoint == other.IsPoint;

    /// <summary>The unit of the difference of two values.</summary>
    public Unit Interval => IsPoint ? Kelvin : this;

    public static Unit operator *(Unit a, Unit b) => Of(Joined(a.Text, b.Text, '·'), a.Dimension * b.Dimension, a.Factor * b.Factor);

    public static Unit operator /(Unit a, Unit b) =>
        Of(b.Text.Length == 0 ? a.Text : $"{(a.Text.Length == 0 ? "1" : a.Text)}/{b.Text}", a.Dimension / b.Dimension, a.Factor / b.Factor);

    /// <summary>A plain ratio needs no unit.</summary>
    private static Unit Of(string text, Dimension dimension, double factor) => new(dimension == default && factor == 1 ? "" : text, dimension, factor, IsPoint: false);

    private static string Joined(string a, string b, char sign) => a.Length == 0 ? b : b.Length == 0 ? a : $"{a}{sign}{b}";
}
