using System.Text.Json;
using Seamless.Learning.Trees;

namespace Seamless.Learning.RemainingLife;

/// <summary>How a row of readings becomes comparable: the sensors used, each with its mean and spread over the training rows.</summary>
public sealed record SensorScale(IReadOnlyList<string> Sensors, IReadOnlyList<double> Means, IReadOnlyList<double> Spreads)
{
    /// <summary>Readings in the order of <see cref="Sensors"/>, NaN when missing, standardised in place; a missing one is the mean.</summary>
    public void Standardise(Span<double> values)
    {
        for (var i = 0; i < values.Length; i++) values[i] = double.IsFinite(values[i]) ? (values[i] - Means[i]) / Spreads[i] : 0;
    }
}

/// <summary>Remaining useful life of one machine, from its readings so far.</summary>
/// <param name="Cap">Longest life predicted, in rows: beyond it a machine looks like new.</param>
public sealed record RulModel(SensorScale Scale, HealthIndex Health, FlatTrees Trees, PredictiveBands Bands, double Cap)
{
    private const int Format = 1;

    /// <summary>How much of each new prediction is believed; the rest is the last one, a cycle older.</summary>
    private const double Belief = 0.2;

    internal UnitState NewUnit() => new(Scale.Sensors.Count);

    /// <summary>Feeds one row and returns the prediction after it, 0 to <see cref="Cap"/>.</summary>
    /// <param name="values">In the order of the sensors, NaN when missing; standardised in place.</param>
    internal double Advance(UnitState unit, Span<double> values, Span<float> features)
    {
        Scale.Standardise(values);
        unit.Add(values, Health);
        unit.Fill(features);
        return unit.Smoothed = Smooth(unit.Smoothed, Trees.Score(features), Cap);
    }

    /// <summary>A life gets shorter by one a cycle: predictions follow that, and each new one only corrects them.</summary>
    internal static double Smooth(double last, double next, double cap)
    {
        next = Math.Clamp(next, 0, cap);
        return double.IsNaN(last) ? next : Math.Max(0, last - 1 + Belief * (next - (last - 1)));
    }

    public void Write(BinaryWriter writer)
    {
        writer.Write(Format);
        writer.Write(JsonSerializer.Serialize(Scale));
        writer.Write(JsonSerializer.Serialize(Health));
        writer.Write(JsonSerializer.Serialize(Bands));
        writer.Write(Cap);
        Trees.Write(writer);
    }

    public static RulModel Read(BinaryReader reader)
    {
        var format = reader.ReadInt32();
        if (format != Format) throw new InvalidDataException($"rul model of format {format}; this version reads {Format}");
        var scale = Part<SensorScale>(reader.ReadString());
        var health = Part<HealthIndex>(reader.ReadString());
        var bands = Part<PredictiveBands>(reader.ReadString());
        var cap = reader.ReadDouble();
        return new RulModel(scale, health, FlatTrees.Read(reader), bands, cap);
    }

    private static T Part<T>(string json) => JsonSerializer.Deserialize<T>(json) ?? throw new InvalidDataException($"no {typeof(T).Name}");
}
