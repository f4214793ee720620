namespace Seamless.Learning.RemainingLife;

/// <summary>Follows each device through its life: every sample that carries all sensors is one cycle.</summary>
internal sealed class RulScorer(ModelInfo info, RulModel model, double horizon) : IScorer
{
    private readonly SortedDictionary<string, UnitState> _units = new(StringComparer.Ordinal);
    private readonly IReadOnlyList<string> _sensors = model.Scale.Sensors;
    private readonly string[] _owners = [.. UnitState.Owners(model.Scale.Sensors)];

    public ModelInfo Model { get; } = info;

    public Verdict? Observe(string device, long timestampMs, IReadOnlyDictionary<string, double> readings)
    {
        var values = new double[_sensors.Count];
        for (var i = 0; i < values.Length; i++)
            if (!readings.TryGetValue(_sensors[i], out values[i]) || !double.IsFinite(values[i])) return null;
        if (!_units.TryGetValue(device, out var unit)) _units[device] = unit = model.NewUnit();
        var features = new float[_owners.Length];
        var life = model.Advance(unit, values, features);
        return new Verdict(
            model.Bands.ProbabilityWithin(life, horizon),
            (model.Bands.Quantile(life, 0.1), model.Bands.Quantile(life, 0.5), model.Bands.Quantile(life, 0.9)),
            new Dictionary<string, double>(), Contributions(features));
    }

    /// <summary>Cycles of life that each sensor adds or takes, all of its features together.</summary>
    private Dictionary<string, double> Contributions(float[] features)
    {
        var shares = new double[features.Length];
        model.Trees.Explain(features, shares);
        var byOwner = new Dictionary<string, double>(StringComparer.Ordinal);
        for (var i = 0; i < shares.Length; i++) byOwner[_owners[i]] = byOwner.GetValueOrDefault(_owners[i]) + shares[i];
        return byOwner;
    }

    public byte[] Snapshot()
    {
        using var stream = new MemoryStream();
        using var writer = new BinaryWriter(stream);
        writer.Write(Model.Id);
        writer.Write(_units.Count);
        foreach (var (device, unit) in _units)
        {
            writer.Write(device);
            unit.Write(writer);
        }
        writer.Flush();
        return stream.ToArray();
    }

    /// <summary>A snapshot of another model is of no use to this one: its devices start anew.</summary>
    public void Restore(ReadOnlySpan<byte> snapshot)
    {
        _units.Clear();
        if (snapshot.IsEmpty) return;
        using var reader = new BinaryReader(new MemoryStream(snapshot.ToArray()));
        if (reader.ReadString() != Model.Id) return;
        for (var left = reader.ReadInt32(); left > 0; left--) _units[reader.ReadString()] = UnitState.Read(reader, _sensors.Count);
    }
}
