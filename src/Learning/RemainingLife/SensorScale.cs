using System.Text.Json.Serialization;

namespace Seamless.Learning.RemainingLife;

/// <summary>How a row of readings becomes comparable: the sensors used, each with its mean and spread at every operating condition.</summary>
/// <param name="Inputs">The readings that are needed, in order: the settings first, where there are conditions, then the sensors.</param>
/// <param name="Conditions">Null where all rows were taken at one condition.</param>
/// <param name="Means">Per condition, per sensor.</param>
public sealed record SensorScale(
    IReadOnlyList<string> Inputs, IReadOnlyList<string> Sensors, OperatingConditions? Conditions, IReadOnlyList<double[]> Means, IReadOnlyList<double[]> Spreads)
{
    /// <summary>A sensor is of use where it moves within a condition; how much of its size it must move to do so.</summary>
    private const double Still = 1e-9;

    [JsonIgnore] private int Settings => Inputs.Count - Sensors.Count;

    /// <param name="row">Readings in the order of <see cref="Inputs"/>, NaN when missing.</param>
    /// <param name="standard">Per sensor the standardised value, NaN when missing.</param>
    /// <returns>False when the operating condition is not one of those trained on: nothing can be compared then.</returns>
    public bool Standardise(ReadOnlySpan<double> row, Span<double> standard)
    {
        standard.Fill(double.NaN);
        var condition = Conditions is null ? 0 : Conditions.Of(row[..Settings]);
        if (condition == OperatingConditions.Unknown) return false;
        var sensors = row[Settings..];
        for (var i = 0; i < sensors.Length; i++)
            if (double.IsFinite(sensors[i])) standard[i] = (sensors[i] - Means[condition][i]) / Spreads[condition][i];
        return true;
    }

    /// <param name="columns">What the rows of the lives hold.</param>
    internal static SensorScale Fit(IReadOnlyList<string> columns, OperatingConditions? conditions, IReadOnlyList<UnitLife> lives)
    {
        string[] settings = [.. conditions?.Settings.Select(s => s.Column) ?? []];
        var at = settings.Select(s => IndexOf(columns, s)).ToArray();
        var groups = lives.SelectMany(l => l.Rows)
            .GroupBy(row => conditions is null ? 0 : conditions.Of(at.Select(i => row[i]).ToArray()))
            .Where(g => g.Key != OperatingConditions.Unknown).ToDictionary(g => g.Key, g => g.ToArray());
        var sensors = new List<string>();
        var (means, spreads) = (new List<double>[conditions?.Count ?? 1], new List<double>[conditions?.Count ?? 1]);
        for (var k = 0; k < means.Length; k++) (means[k], spreads[k]) = ([], []);
        for (var c = 0; c < columns.Count; c++)
        {
            if (settings.Contains(columns[c])) continue;
            var moments = Enumerable.Range(0, means.Length).Select(k => Moments(groups.GetValueOrDefault(k, []), c)).ToArray();
            if (!moments.Any(Moves)) continue;
            sensors.Add(columns[c]);
            for (var k = 0; k < means.Length; k++)
            {
                means[k].Add(moments[k].Mean);
                // Where it stands still in training it says nothing later either: a hair's breadth must not count as many spreads.
                spreads[k].Add(Moves(moments[k]) ? moments[k].Spread : moments.Max(m => m.Spread));
            }
        }
        return new SensorScale([.. settings, .. sensors], sensors, conditions, [.. means.Select(m => m.ToArray())], [.. spreads.Select(s => s.ToArray())]);
    }

    private static bool Moves((double Mean, double Spread) m) => m.Spread > Still * (1 + Math.Abs(m.Mean));

    internal static int IndexOf(IReadOnlyList<string> columns, string name)
    {
        for (var i = 0; i < columns.Count; i++)
            if (columns[i] == name) return i;
        throw new ArgumentException($"there is no column '{name}'", nameof(name));
    }

    private static (double Mean, double Spread) Moments(double[][] rows, int column)
    {
        var values = rows.Select(row => row[column]).Where(double.IsFinite).ToArray();
        if (values.Length == 0) return (0, 0);
        var mean = values.Average();
        return (mean, Math.Sqrt(values.Average(v => (v - mean) * (v - mean))));
    }
}
