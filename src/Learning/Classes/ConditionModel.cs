namespace Seamless.Learning.Classes;

/// <summary>What is said about one label of one row.</summary>
/// <param name="Class"><see cref="ConditionModel.Unknown"/> where the label cannot be observed.</param>
/// <param name="Probability">Of that class, calibrated on groups left out; NaN where nothing is said.</param>
public readonly record struct ClassAnswer(string Class, double Probability);

/// <summary>Tells one label; where another label is plain to see, one classifier for each of its classes.</summary>
/// <param name="Context">The other label, or null.</param>
/// <param name="Parts">Class of the context, or "" without one → its classifier. None when the label cannot be observed.</param>
/// <param name="Sharpness">Score → log-odds.</param>
internal sealed record LabelClassifier(
    string Label, IReadOnlyList<string> Classes, FeatureChoice Choice, string? Context, IReadOnlyDictionary<string, Classifier> Parts, double Sharpness)
{
    public bool Observable => Parts.Count > 0;

    public ClassAnswer Answer(double[] row, string context)
    {
        if (!Observable || !Parts.TryGetValue(Context is null ? "" : context, out var part)) return new(ConditionModel.Unknown, double.NaN);
        var probabilities = Calibration.Probabilities(part.Scores(row), Sharpness);
        var best = Array.IndexOf(probabilities, probabilities.Max());
        return new(part.Classes[best], probabilities[best]);
    }
}

/// <summary>Cycles in, the class of each label out.</summary>
/// <param name="Signals">What it was trained on, in order.</param>
/// <param name="Labels">A label that is the context of others stands before them.</param>
internal sealed record ConditionModel(IReadOnlyList<string> Signals, IReadOnlyList<LabelClassifier> Labels)
{
    public const string Unknown = "unknown";
    private const int Format = 1;

    /// <summary>Label → the answer for each row.</summary>
    public IReadOnlyDictionary<string, ClassAnswer[]> Answer(Signals signals)
    {
        var like = signals.Like(Signals);
        var features = Enum.GetValues<FeatureChoice>().ToDictionary(choice => choice, choice => CycleFeatures.Of(like, choice));
        var answers = new Dictionary<string, ClassAnswer[]>(StringComparer.Ordinal);
        foreach (var label in Labels)
            answers[label.Label] = [.. features[label.Choice].Select((row, i) => label.Answer(row, label.Context is null ? "" : answers[label.Context][i].Class))];
        return answers;
    }

    public void Write(BinaryWriter writer)
    {
        writer.Write(Format);
        Write(writer, Signals);
        writer.Write(Labels.Count);
        foreach (var label in Labels)
        {
            writer.Write(label.Label);
            Write(writer, label.Classes);
            writer.Write((int)label.Choice);
            writer.Write(label.Context ?? "");
            writer.Write(label.Sharpness);
            writer.Write(label.Parts.Count);
            foreach (var (context, part) in label.Parts.OrderBy(p => p.Key, StringComparer.Ordinal))
            {
                writer.Write(context);
                part.Write(writer);
            }
        }
    }

    public static ConditionModel Read(BinaryReader reader)
    {
        var format = reader.ReadInt32();
        if (format != Format) throw new InvalidDataException($"condition model of format {format}; this version reads {Format}");
        var signals = ReadTexts(reader);
        var labels = new LabelClassifier[reader.ReadInt32()];
        for (var i = 0; i < labels.Length; i++)
        {
            var (label, classes, choice, context) = (reader.ReadString(), ReadTexts(reader), (FeatureChoice)reader.ReadInt32(), reader.ReadString());
            var sharpness = reader.ReadDouble();
            var parts = new Dictionary<string, Classifier>(StringComparer.Ordinal);
            for (var left = reader.ReadInt32(); left > 0; left--) parts[reader.ReadString()] = Classifier.Read(reader);
            labels[i] = new LabelClassifier(label, classes, choice, context.Length == 0 ? null : context, parts, sharpness);
        }
        return new ConditionModel(signals, labels);
    }

    private static void Write(BinaryWriter writer, IReadOnlyList<string> texts)
    {
        writer.Write(texts.Count);
        foreach (var text in texts) writer.Write(text);
    }

    private static string[] ReadTexts(BinaryReader reader)
    {
        var texts = new string[reader.ReadInt32()];
        for (var i = 0; i < texts.Length; i++) texts[i] = reader.ReadString();
        return texts;
    }
}
