namespace Seamless.Learning.RemainingLife;

/// <summary>What is remembered of one machine on its way from new to worn, and the features made of it. Grows by one row at a time.</summary>
/// <remarks>
/// Per sensor: three exponential means, the deviation from the machine's own first rows, since machines start unequal, and that deviation per row
/// of age: how fast this machine has worn so far. A health index (one weighted sum of the sensors, see <see cref="HealthIndex"/>) adds its greatest
/// value, what it has gathered, and its slopes over recent rows and over the whole life.
/// </remarks>
internal sealed class UnitState(int sensors)
{
    private const int FirstRows = 20;
    private const int Ring = 100;
    private static readonly int[] SlopeSpans = [15, 30, 60, 100];
    private static readonly double[] Rates = [2.0 / 6, 2.0 / 16, 2.0 / 41];   // spans of 5, 15 and 40 rows

    private const int PerSensor = 5;
    private static int OfIndex => 6 + SlopeSpans.Length;
    public static int FeatureCount(int sensors) => sensors * PerSensor + OfIndex + 1;

    private readonly double[] _means = new double[sensors * 3];
    private readonly double[] _first = new double[sensors];
    private readonly double[] _index = new double[Ring];
    private double _greatest;
    private double _gathered;
    private double _indexFast;
    private double _indexSlow;
    private double _indexFirst;
    private double _indexSum;
    private double _indexMoment;

    public int Rows { get; private set; }

    /// <summary>Joined prediction after the last row, NaN before the first; see <see cref="RulModel"/>.</summary>
    public double Joined { get; set; } = double.NaN;

    /// <summary>Whether the last row was taken at an operating condition the model knows.</summary>
    public bool ConditionKnown { get; private set; } = true;

    /// <summary>Share of the readings that were missing lately.</summary>
    public double Missing { get; private set; }

    /// <summary>The sensor's mean over about the last 15 rows, standardised.</summary>
    public double MeanOf(int sensor) => _means[sensor * 3 + 1];

    /// <param name="values">Sensors, standardised; a missing one (NaN) is taken to be as it was.</param>
    public void Add(Span<double> values, bool conditionKnown, HealthIndex health)
    {
        Rows++;
        ConditionKnown = conditionKnown;
        var missing = 0;
        for (var s = 0; s < values.Length; s++)
        {
            if (double.IsNaN(values[s])) (values[s], missing) = (_means[s * 3], missing + 1);
            for (var r = 0; r < 3; r++)
            {
                // A plain mean until there are enough rows for the exponential one: a first row must not weigh for forty.
                _means[s * 3 + r] += Math.Max(Rates[r], 1.0 / Rows) * (values[s] - _means[s * 3 + r]);
            }
            if (Rows <= FirstRows) _first[s] += (values[s] - _first[s]) / Rows;
        }
        Missing += Math.Max(Rates[1], 1.0 / Rows) * ((double)missing / values.Length - Missing);
        AddIndex(health.Of(values));
    }

    private void AddIndex(double index)
    {
        _indexFast += Math.Max(Rates[1], 1.0 / Rows) * (index - _indexFast);
        _indexSlow += Math.Max(Rates[2], 1.0 / Rows) * (index - _indexSlow);
        if (Rows <= FirstRows) _indexFirst += (index - _indexFirst) / Rows;
        if (Rows == 1 || _indexFast > _greatest) _greatest = _indexFast;
        _gathered += Math.Max(0, _indexFast);
        _index[(Rows - 1) % Ring] = index;
        _indexSum += index;
        _indexMoment += (Rows - 1) * index;
    }

    public void Fill(Span<float> features)
    {
        var at = 0;
        for (var s = 0; s < _first.Length; s++)
        {
            for (var r = 0; r < 3; r++) features[at++] = (float)_means[s * 3 + r];
            features[at++] = (float)(_means[s * 3 + 1] - _first[s]);
            features[at++] = (float)((_means[s * 3 + 1] - _first[s]) / Rows);
        }
        features[at++] = (float)_indexFast;
        features[at++] = (float)_indexSlow;
        features[at++] = (float)_greatest;
        features[at++] = (float)_gathered;
        features[at++] = (float)WholeSlope();
        features[at++] = (float)((_indexFast - _indexFirst) / Rows);
        foreach (var span in SlopeSpans) features[at++] = (float)Line(span).Slope;
        features[at] = Rows;
    }

    /// <summary>Names of the sensors behind each feature, in the order of <see cref="Fill"/>.</summary>
    public static IEnumerable<string> Owners(IReadOnlyList<string> sensors) =>
        sensors.SelectMany(s => Enumerable.Repeat(s, PerSensor)).Concat(Enumerable.Repeat("health index", OfIndex)).Append("age");

    private double WholeSlope()
    {
        if (Rows < 3) return 0;
        double n = Rows;
        return (_indexMoment - (n - 1) / 2 * _indexSum) / (n * (n * n - 1) / 12);
    }

    /// <summary>Least-squares line through the health index of the last rows: where it stands now, and its slope per row.</summary>
    public (double Level, double Slope) Line(int span, Func<double, double>? transform = null)
    {
        var n = Math.Min(Math.Min(span, Ring), Rows);
        double sum = 0, weighted = 0;
        for (var i = 0; i < n; i++)
        {
            var value = _index[(Rows - n + i) % Ring];
            if (transform is not null) value = transform(value);
            sum += value;
            weighted += i * value;
        }
        if (n < 3) return (sum / Math.Max(1, n), 0);
        var middle = (n - 1) / 2.0;
        var slope = (weighted - middle * sum) / (n * ((double)n * n - 1) / 12);
        return (sum / n + slope * middle, slope);
    }

    public void Write(BinaryWriter writer)
    {
        writer.Write(Rows);
        writer.Write(ConditionKnown);
        foreach (var value in (ReadOnlySpan<double>)[Joined, Missing, _greatest, _gathered, _indexFast, _indexSlow, _indexFirst, _indexSum, _indexMoment]) writer.Write(value);
        foreach (var value in _means) writer.Write(value);
        foreach (var value in _first) writer.Write(value);
        foreach (var value in _index) writer.Write(value);
    }

    public static UnitState Read(BinaryReader reader, int sensors)
    {
        var state = new UnitState(sensors) { Rows = reader.ReadInt32(), ConditionKnown = reader.ReadBoolean(), Joined = reader.ReadDouble(), Missing = reader.ReadDouble() };
        state._greatest = reader.ReadDouble();
        state._gathered = reader.ReadDouble();
        state._indexFast = reader.ReadDouble();
        state._indexSlow = reader.ReadDouble();
        state._indexFirst = reader.ReadDouble();
        state._indexSum = reader.ReadDouble();
        state._indexMoment = reader.ReadDouble();
        foreach (ref var value in state._means.AsSpan()) value = reader.ReadDouble();
        foreach (ref var value in state._first.AsSpan()) value = reader.ReadDouble();
        foreach (ref var value in state._index.AsSpan()) value = reader.ReadDouble();
        return state;
    }
}
