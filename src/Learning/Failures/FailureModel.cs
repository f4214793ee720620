using System.Text.Json;
using Seamless.Learning.Features;
using Seamless.Learning.Trees;

namespace Seamless.Learning.Failures;

/// <summary>Calibrated trees for one label: the failure itself, or one of its modes.</summary>
public sealed record LabelModel(string Label, FeatureSet Features, FlatTrees Trees, PlattScale Scale)
{
    public double Probability(Func<string, double> number, Func<string, string?> text)
    {
        var features = new double[Features.Features.Count];
        Features.Fill(number, text, features);
        return Scale.Probability(Trees.Score(features));
    }

    /// <summary>Feature → its signed share of the score, in log-odds; features that say nothing are left out.</summary>
    public IReadOnlyDictionary<string, double> Explain(Func<string, double> number, Func<string, string?> text)
    {
        var features = new double[Features.Features.Count];
        Features.Fill(number, text, features);
        var shares = new double[features.Length];
        Trees.Explain(features, shares);
        return shares.Select((share, i) => (Features.Features[i].Name, Share: share * Scale.Slope)).Where(s => Math.Abs(s.Share) > 0.01)
            .ToDictionary(s => s.Name, s => s.Share);
    }
}

/// <summary>Readings in, failure probability out; with modes, one against the rest.</summary>
/// <param name="FromModes">The failure is "some mode happens" (noisy-or): it told failures better than the trees of the label itself.</param>
/// <param name="Normal">What normal rows look like; null without modes, with few normal rows, and in models of format 1.</param>
public sealed record FailureModel(LabelModel Failure, IReadOnlyList<LabelModel> Modes, bool FromModes, Normality? Normal = null)
{
    private const int Format = 2;
    private const int FormatWithoutNormal = 1;

    public double Probability(Func<string, double> number, Func<string, string?> text, Span<double> modes)
    {
        for (var i = 0; i < Modes.Count; i++) modes[i] = Modes[i].Probability(number, text);
        return FromModes ? AnyOf(modes) : Failure.Probability(number, text);
    }

    /// <summary>1 − the conformal p-value of "normal", or 0 where a trained mode explains the row; null when the model does not know what is normal.</summary>
    /// <param name="modes">As <see cref="Probability"/> filled them.</param>
    public double? Unknown(Func<string, double> number, ReadOnlySpan<double> modes)
    {
        if (Normal is null) return null;
        if (AnyOf(modes) >= 0.5) return 0;
        return 1 - Normal.PValue([.. Normal.Columns.Select(column => Known(number(column), Failure.Features.Columns[column]))]);

        static double Known(double value, double median) => double.IsFinite(value) ? value : median;
    }

    /// <summary>Probability that at least one happens, if they happen independently.</summary>
    public static double AnyOf(ReadOnlySpan<double> modes)
    {
        var none = 1.0;
        foreach (var mode in modes) none *= 1 - mode;
        return 1 - none;
    }

    public void Write(BinaryWriter writer)
    {
        writer.Write(Format);
        writer.Write(FromModes);
        Write(writer, Failure);
        writer.Write(Modes.Count);
        foreach (var mode in Modes) Write(writer, mode);
        writer.Write(Normal is not null);
        Normal?.Write(writer);
    }

    public static FailureModel Read(BinaryReader reader)
    {
        var format = reader.ReadInt32();
        if (format is not (Format or FormatWithoutNormal)) throw new InvalidDataException($"failure model of format {format}; this version reads {FormatWithoutNormal} and {Format}");
        var fromModes = reader.ReadBoolean();
        var failure = ReadLabel(reader);
        var modes = new LabelModel[reader.ReadInt32()];
        for (var i = 0; i < modes.Length; i++) modes[i] = ReadLabel(reader);
        return new FailureModel(failure, modes, fromModes, format == Format && reader.ReadBoolean() ? Normality.Read(reader) : null);
    }

    private static void Write(BinaryWriter writer, LabelModel model)
    {
        writer.Write(model.Label);
        writer.Write(JsonSerializer.Serialize(model.Features));
        writer.Write(model.Scale.Slope);
        writer.Write(model.Scale.Offset);
        model.Trees.Write(writer);
    }

    private static LabelModel ReadLabel(BinaryReader reader)
    {
        var label = reader.ReadString();
        var features = JsonSerializer.Deserialize<FeatureSet>(reader.ReadString()) ?? throw new InvalidDataException($"{label}: no features");
        var scale = new PlattScale(reader.ReadDouble(), reader.ReadDouble());
        return new LabelModel(label, features, FlatTrees.Read(reader), scale);
    }
}
