using System.Text.Json;
using Seamless.Learning.Trees;

namespace Seamless.Learning.RemainingLife;

/// <summary>Remaining useful life of one machine, from its readings so far.</summary>
/// <param name="Trees">Null where too few machines were run to failure for trees.</param>
/// <param name="Trend">In their place, then.</param>
/// <param name="Cap">Longest life predicted, in rows: beyond it a machine looks like new.</param>
/// <param name="Longest">Rows of the longest life trained on.</param>
public sealed record RulModel(
    SensorScale Scale, HealthIndex Health, FlatTrees? Trees, WearTrend? Trend, PredictiveBands Bands, Familiarity Familiar, double Cap, double Longest)
{
    private const int Format = 2;

    /// <summary>How much of each new prediction is believed; the rest is the last one, a cycle older.</summary>
    private const double Belief = 0.3;

    /// <summary>Prediction after the unit's last row, 0 to <see cref="Cap"/>, joined with the ones before it.</summary>
    /// <param name="features">Filled with what the trees were asked about.</param>
    internal double Predict(UnitState unit, Span<float> features)
    {
        unit.Fill(features);
        var next = Math.Clamp(Trees?.Score(features) ?? Trend!.RemainingRows(unit), 0, Cap);   // one of the two is there
        return unit.Joined = Join(unit.Joined, next, unit.Rows);
    }

    /// <summary>A life gets shorter by one a cycle: predictions follow that, and each new one only corrects them; the first ones count alike.</summary>
    internal static double Join(double last, double next, int rows) =>
        double.IsNaN(last) ? next : Math.Max(0, last - 1 + Math.Max(Belief, 1.0 / rows) * (next - (last - 1)));

    public void Write(BinaryWriter writer)
    {
        writer.Write(Format);
        writer.Write(JsonSerializer.Serialize(Scale));
        writer.Write(JsonSerializer.Serialize(Health));
        writer.Write(JsonSerializer.Serialize(Bands));
        writer.Write(JsonSerializer.Serialize(Familiar));
        writer.Write(JsonSerializer.Serialize(Trend));
        writer.Write(Cap);
        writer.Write(Longest);
        writer.Write(Trees is not null);
        Trees?.Write(writer);
    }

    /// <exception cref="InvalidDataException">It was written by another version, or is no model.</exception>
    public static RulModel Read(BinaryReader reader)
    {
        var format = reader.ReadInt32();
        if (format != Format)
            throw new InvalidDataException(
                $"this rul model is of format {format} and this version reads {Format}; train it again on its data ('seamless train rul …') and put it in the place of the old one");
        var scale = Part<SensorScale>(reader.ReadString());
        var health = Part<HealthIndex>(reader.ReadString());
        var bands = Part<PredictiveBands>(reader.ReadString());
        var familiar = Part<Familiarity>(reader.ReadString());
        var trend = JsonSerializer.Deserialize<WearTrend?>(reader.ReadString());
        var (cap, longest) = (reader.ReadDouble(), reader.ReadDouble());
        var trees = reader.ReadBoolean() ? FlatTrees.Read(reader) : null;
        if (trees is null && trend is null) throw new InvalidDataException("a rul model with neither trees nor a trend");
        return new RulModel(scale, health, trees, trend, bands, familiar, cap, longest);
    }

    private static T Part<T>(string json) => JsonSerializer.Deserialize<T>(json) ?? throw new InvalidDataException($"no {typeof(T).Name}");
}
