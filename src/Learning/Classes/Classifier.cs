namespace Seamless.Learning.Classes;

/// <summary>Scores of the classes for a row of features; a higher score, a likelier class.</summary>
internal abstract class Classifier(Standard standard, IReadOnlyList<string> classes)
{
    public IReadOnlyList<string> Classes { get; } = classes;

    protected Standard Standard { get; } = standard;

    public double[] Scores(double[] row) => OfStandardised(Standard.Apply(row));

    protected abstract double[] OfStandardised(double[] row);

    public void Write(BinaryWriter writer)
    {
        writer.Write(this is Discriminant);
        writer.Write(Classes.Count);
        foreach (var name in Classes) writer.Write(name);
        Standard.Write(writer);
        WriteOwn(writer);
    }

    protected abstract void WriteOwn(BinaryWriter writer);

    public static Classifier Read(BinaryReader reader)
    {
        var discriminant = reader.ReadBoolean();
        var classes = new string[reader.ReadInt32()];
        for (var i = 0; i < classes.Length; i++) classes[i] = reader.ReadString();
        var standard = Standard.Read(reader);
        return discriminant ? Discriminant.Read(reader, standard, classes) : KernelClassifier.Read(reader, standard, classes);
    }
}

/// <summary>Features on a common scale: mean 0 and spread 1 over the training rows. What is missing is taken for the mean.</summary>
internal sealed class Standard(double[] means, double[] spreads)
{
    public static Standard Of(double[][] rows, double[] weights)
    {
        var width = rows[0].Length;
        var (means, spreads) = (new double[width], new double[width]);
        for (var i = 0; i < width; i++)
        {
            means[i] = Weighted(rows, weights, row => row[i]);
            spreads[i] = Math.Sqrt(Weighted(rows, weights, row => (row[i] - means[i]) * (row[i] - means[i])));
        }
        return new Standard(means, spreads);
    }

    public double[] Apply(double[] row) =>
        [.. row.Select((value, i) => double.IsFinite(value) && spreads[i] > 1e-9 ? (value - means[i]) / spreads[i] : 0)];

    private static double Weighted(double[][] rows, double[] weights, Func<double[], double> value)
    {
        var (sum, weight) = (0.0, 0.0);
        for (var row = 0; row < rows.Length; row++)
        {
            var v = value(rows[row]);
            if (!double.IsFinite(v)) continue;
            sum += weights[row] * v;
            weight += weights[row];
        }
        return weight == 0 ? 0 : sum / weight;
    }

    public void Write(BinaryWriter writer)
    {
        writer.Write(means);
        writer.Write(spreads);
    }

    public static Standard Read(BinaryReader reader) => new(reader.ReadDoubles(), reader.ReadDoubles());
}

internal static class DoublesOnDisk
{
    private const int Most = 10_000_000;

    public static void Write(this BinaryWriter writer, double[] values)
    {
        writer.Write(values.Length);
        foreach (var value in values) writer.Write(value);
    }

    public static double[] ReadDoubles(this BinaryReader reader)
    {
        var length = reader.ReadInt32();
        if (length is < 0 or > Most) throw new InvalidDataException($"{length} numbers where at most {Most} were expected");
        var values = new double[length];
        for (var i = 0; i < length; i++) values[i] = reader.ReadDouble();
        return values;
    }

    public static void Write(this BinaryWriter writer, double[][] rows)
    {
        writer.Write(rows.Length);
        foreach (var row in rows) writer.Write(row);
    }

    public static double[][] ReadRows(this BinaryReader reader)
    {
        var length = reader.ReadInt32();
        if (length is < 0 or > Most) throw new InvalidDataException($"{length} rows where at most {Most} were expected");
        var rows = new double[length][];
        for (var i = 0; i < length; i++) rows[i] = reader.ReadDoubles();
        return rows;
    }
}
