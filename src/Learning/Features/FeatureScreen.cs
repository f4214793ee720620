using Seamless.Learning.Tables;

namespace Seamless.Learning.Features;

/// <summary>Finds which columns can be used, makes pairs of them, and keeps the pairs that tell the labels apart.</summary>
/// <remarks>
/// Machines fail by power, differences and stress: products, differences and ratios of what is measured. Trees cut along one axis at a time, so a
/// product that is not given to them has to be approximated by a staircase. A pair is judged alone, by a shallow tree
/// (information gain). It is kept when it tells about as much as its better column or more, and is not the twin of a
/// better pair; the raw columns are kept always.
/// </remarks>
public static class FeatureScreen
{
    private const int MostCategories = 32;
    private const int Cuts = 3;
    private const int FewestPerSide = 3;
    private const int MostPairs = 12;
    private const double Enough = 0.9;
    private const double Twins = 0.98;
    private const int MostPairedColumns = 24;

    /// <param name="excluded">Columns that are not inputs: ids, labels.</param>
    public static FeatureSet Choose(Table table, IReadOnlyList<string> excluded, bool[] label)
    {
        var columns = new Dictionary<string, double>();
        var categories = new Dictionary<string, IReadOnlyList<string>>();
        foreach (var column in table.Header.Where(c => c.Length > 0 && !excluded.Contains(c)))
        {
            if (table.IsNumeric(column))
            {
                if (Median(table.Numbers(column)) is { } median) columns[column] = median;
                continue;
            }
            var values = table.Text(column).Distinct().Order(StringComparer.Ordinal).ToArray();
            if (values.Length is > 1 and <= MostCategories) categories[column] = values;
        }
        if (columns.Count == 0) throw new TableException($"{table.Path}:1: no numeric column is left to learn from");
        var raw = columns.Keys.Select(c => new Feature(FeatureKind.Column, c))
            .Concat(categories.SelectMany(c => c.Value.Select(value => new Feature(FeatureKind.Is, c.Key, value))));
        return new FeatureSet(columns, categories, [.. raw, .. Pairs(table, columns, label)]);
    }

    /// <summary>Ids and other columns that name the row instead of describing it: all texts differ, or whole numbers that only rise.</summary>
    public static bool LooksLikeId(Table table, string column)
    {
        if (!table.IsNumeric(column))
        {
            var distinct = table.Text(column).Distinct().Count();
            return distinct > MostCategories && distinct > table.Rows / 2;
        }
        var values = table.Numbers(column);
        for (var i = 0; i < values.Length; i++)
            if (values[i] != Math.Floor(values[i]) || i > 0 && values[i] <= values[i - 1]) return false;
        return values.Length > 10;
    }

    /// <summary>A 0/1 column that is set only where the label is set is a part of the label, not a cause of it.</summary>
    public static bool LooksLikePartOf(Table table, string column, bool[] label)
    {
        if (!table.IsNumeric(column)) return false;
        var values = table.Numbers(column);
        var set = 0;
        for (var i = 0; i < values.Length; i++)
        {
            if (values[i] is not (0 or 1)) return false;
            if (values[i] == 0) continue;
            if (!label[i]) return false;
            set++;
        }
        return set > 0;
    }

    private static List<Feature> Pairs(Table table, Dictionary<string, double> columns, bool[] label)
    {
        var alone = columns.Keys.ToDictionary(c => c, c => Gain(Values(table, new Feature(FeatureKind.Column, c), columns), label));
        var names = alone.OrderByDescending(c => c.Value).Take(MostPairedColumns).Select(c => c.Key).Order(StringComparer.Ordinal).ToArray();
        var better = Candidates(names)
            .Select(feature => (Feature: feature, Values: Values(table, feature, columns)))
            .Select(c => (c.Feature, c.Values, Gain: Gain(c.Values, label)))
            .Where(c => c.Gain > Enough * Math.Max(alone[c.Feature.First], alone[c.Feature.Second!]))
            .OrderByDescending(c => c.Gain);
        var chosen = new List<(Feature Feature, double[] Values)>();
        foreach (var (feature, values, _) in better)
        {
            if (chosen.Count == MostPairs) break;
            if (chosen.TrueForAll(other => Math.Abs(Correlation(values, other.Values)) < Twins)) chosen.Add((feature, values));
        }
        return chosen.ConvertAll(c => c.Feature);
    }

    private static IEnumerable<Feature> Candidates(string[] names)
    {
        for (var i = 0; i < names.Length; i++)
        {
            for (var j = i + 1; j < names.Length; j++)
            {
                yield return new(FeatureKind.Product, names[i], names[j]);
                yield return new(FeatureKind.Difference, names[i], names[j]);
                yield return new(FeatureKind.Ratio, names[i], names[j]);
            }
        }
    }

    private static double[] Values(Table table, Feature feature, Dictionary<string, double> medians)
    {
        var values = new double[table.Rows];
        var first = table.Numbers(feature.First);
        var second = feature.Second is null ? first : table.Numbers(feature.Second);
        for (var row = 0; row < values.Length; row++)
        {
            double Number(string column)
            {
                var value = column == feature.First ? first[row] : second[row];
                return double.IsFinite(value) ? value : medians[column];
            }
            values[row] = feature.Value(Number, static _ => null);
        }
        return values;
    }

    /// <summary>Information gain, in nats per row, of the best tree of <see cref="Cuts"/> levels over this value alone.</summary>
    internal static double Gain(double[] values, bool[] label)
    {
        var sorted = (double[])values.Clone();
        var order = (bool[])label.Clone();
        Array.Sort(sorted, order);
        var set = new int[order.Length + 1];
        for (var i = 0; i < order.Length; i++) set[i + 1] = set[i] + (order[i] ? 1 : 0);
        return Cut(sorted, set, 0, sorted.Length, Cuts) / sorted.Length;
    }

    /// <summary>Gain in nats, not per row, of the best cuts between two places of the sorted values.</summary>
    private static double Cut(double[] values, int[] set, int from, int to, int levels)
    {
        var whole = Nats(set, from, to);
        if (levels == 0 || whole == 0) return 0;
        var (best, place) = (0.0, -1);
        for (var at = from + FewestPerSide; at <= to - FewestPerSide; at++)
        {
            if (values[at] == values[at - 1]) continue;
            var gain = whole - Nats(set, from, at) - Nats(set, at, to);
            if (gain > best) (best, place) = (gain, at);
        }
        return place < 0 ? 0 : best + Cut(values, set, from, place, levels - 1) + Cut(values, set, place, to, levels - 1);
    }

    private static double Nats(int[] set, int from, int to) => (to - from) * Entropy((set[to] - set[from]) / (double)(to - from));

    private static double Correlation(double[] left, double[] right)
    {
        var (meanLeft, meanRight) = (left.Average(), right.Average());
        double both = 0, ofLeft = 0, ofRight = 0;
        for (var i = 0; i < left.Length; i++)
        {
            var (l, r) = (left[i] - meanLeft, right[i] - meanRight);
            both += l * r;
            ofLeft += l * l;
            ofRight += r * r;
        }
        return both / Math.Sqrt(ofLeft * ofRight + 1e-300);
    }

    private static double Entropy(double p) => p is <= 0 or >= 1 ? 0 : -p * Math.Log(p) - (1 - p) * Math.Log(1 - p);

    private static double? Median(double[] values)
    {
        var known = values.Where(double.IsFinite).Order().ToArray();
        return known.Length == 0 ? null : known[known.Length / 2];
    }
}
