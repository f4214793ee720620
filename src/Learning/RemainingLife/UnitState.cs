namespace Seamless.Learning.RemainingLife;

/// <summary>What is remembered of one machine on its way from new to worn, and the features made of it. Grows by one row at a time.</summary>
/// <remarks>
/// Per sensor: three exponential means and the deviation from the machine's own first rows, since machines start unequal.
/// A health index (one weighted sum of the deviations, see <see cref="HealthIndex"/>) adds its slopes, its greatest value and what it has gathered.
/// </remarks>
internal sealed class UnitState(int sensors)
{
    private const int FirstRows = 20;
    private const int Ring = 60;
    private static readonly int[] SlopeSpans = [15, 30, 60];
    private static readonly double[] Rates = [2.0 / 6, 2.0 / 16, 2.0 / 41];   // spans of 5, 15 and 40 rows

    public const int PerSensor = 4;
    public static int FeatureCount(int sensors) => sensors * PerSensor + 4 + SlopeSpans.Length + 1;

    private readonly double[] _means = new double[sensors * 3];
    private readonly double[] _first = new double[sensors];
    private readonly double[] _index = new double[Ring];
    private double _greatest;
    private double _gathered;
    private double _indexFast;
    private double _indexSlow;

    public int Rows { get; private set; }

    /// <summary>Smoothed prediction after the last row, NaN before the first; see <see cref="RulModel"/>.</summary>
    public double Smoothed { get; set; } = double.NaN;

    /// <param name="values">Sensors, standardised; missing ones 0.</param>
    public void Add(ReadOnlySpan<double> values, HealthIndex health)
    {
        Rows++;
        for (var s = 0; s < values.Length; s++)
        {
            for (var r = 0; r < 3; r++)
            {
                // A plain mean until there are enough rows for the exponential one: a first row must not weigh for forty.
                var rate = Math.Max(Rates[r], 1.0 / Rows);
                _means[s * 3 + r] += rate * (values[s] - _means[s * 3 + r]);
            }
            if (Rows <= FirstRows) _first[s] += (values[s] - _first[s]) / Rows;
        }
        AddIndex(health.Of(values));
    }

    private void AddIndex(double index)
    {
        _indexFast += Math.Max(Rates[1], 1.0 / Rows) * (index - _indexFast);
        _indexSlow += Math.Max(Rates[2], 1.0 / Rows) * (index - _indexSlow);
        _index[(Rows - 1) % Ring] = _indexFast;
        if (Rows == 1 || _indexFast > _greatest) _greatest = _indexFast;
        _gathered += Math.Max(0, _indexFast);
    }

    public void Fill(Span<float> features)
    {
        var at = 0;
        for (var s = 0; s < _first.Length; s++)
        {
            for (var r = 0; r < 3; r++) features[at++] = (float)_means[s * 3 + r];
            features[at++] = (float)(_means[s * 3 + 1] - _first[s]);
        }
        features[at++] = (float)_indexFast;
        features[at++] = (float)_indexSlow;
        features[at++] = (float)_greatest;
        features[at++] = (float)_gathered;
        foreach (var span in SlopeSpans) features[at++] = (float)Slope(span);
        features[at] = Rows;
    }

    /// <summary>Names of the sensors behind each feature, in the order of <see cref="Fill"/>.</summary>
    public static IEnumerable<string> Owners(IReadOnlyList<string> sensors) =>
        sensors.SelectMany(s => Enumerable.Repeat(s, PerSensor))
            .Concat(Enumerable.Repeat("health index", 4 + SlopeSpans.Length)).Append("age");

    /// <summary>Least-squares slope of the health index over the last rows, per row.</summary>
    private double Slope(int span)
    {
        var n = Math.Min(span, Rows);
        if (n < 3) return 0;
        double sum = 0, weighted = 0;
        for (var i = 0; i < n; i++)
        {
            var value = _index[(Rows - n + i) % Ring];
            sum += value;
            weighted += i * value;
        }
        var middle = (n - 1) / 2.0;
        return (weighted - middle * sum) / (n * ((double)n * n - 1) / 12);
    }

    public void Write(BinaryWriter writer)
    {
        writer.Write(Rows);
        writer.Write(Smoothed);
        writer.Write(_greatest);
        writer.Write(_gathered);
        writer.Write(_indexFast);
        writer.Write(_indexSlow);
        foreach (var value in _means) writer.Write(value);
        foreach (var value in _first) writer.Write(value);
        foreach (var value in _index) writer.Write(value);
    }

    public static UnitState Read(BinaryReader reader, int sensors)
    {
        var state = new UnitState(sensors) { Rows = reader.ReadInt32(), Smoothed = reader.ReadDouble() };
        state._greatest = reader.ReadDouble();
        state._gathered = reader.ReadDouble();
        state._indexFast = reader.ReadDouble();
        state._indexSlow = reader.ReadDouble();
        foreach (ref var value in state._means.AsSpan()) value = reader.ReadDouble();
        foreach (ref var value in state._first.AsSpan()) value = reader.ReadDouble();
        foreach (ref var value in state._index.AsSpan()) value = reader.ReadDouble();
        return state;
    }
}
