namespace Seamless.Learning.RemainingLife;

/// <summary>Follows each device through its life: every sample that carries all inputs is one cycle.</summary>
internal sealed class RulScorer(ModelInfo info, RulModel model, double horizon) : IScorer
{
    private readonly SortedDictionary<string, UnitState> _units = new(StringComparer.Ordinal);
    private readonly IReadOnlyList<string> _inputs = model.Scale.Inputs;
    private readonly string[] _owners = [.. UnitState.Owners(model.Scale.Sensors)];
    private readonly LifeFollower _follower = new(model);

    public ModelInfo Model { get; } = info;

    /// <summary>Begins every snapshot: one of another model, or with another memory of machines, is of no use to this one.</summary>
    private string SnapshotOf => $"{Model.Id} rul/2";

    public Verdict? Observe(string device, long timestampMs, IReadOnlyDictionary<string, double> readings)
    {
        var row = new double[_inputs.Count];
        for (var i = 0; i < row.Length; i++)
            if (!readings.TryGetValue(_inputs[i], out row[i]) || !double.IsFinite(row[i])) return null;
        if (!_units.TryGetValue(device, out var unit)) _units[device] = unit = _follower.NewUnit();
        var estimate = _follower.Advance(unit, row);
        return new Verdict(
            estimate.ProbabilityWithin(horizon), (estimate.Quantile(0.1), estimate.Quantile(0.5), estimate.Quantile(0.9)),
            new Dictionary<string, double>(), Contributions())
        { Doubt = estimate.Doubt };
    }

    /// <summary>Cycles of life that each sensor adds or takes, all of its features together; a trend has but the health index.</summary>
    private Dictionary<string, double> Contributions()
    {
        var byOwner = new Dictionary<string, double>(StringComparer.Ordinal);
        if (model.Trees is null) return byOwner;
        var shares = new double[_owners.Length];
        model.Trees.Explain(_follower.Features, shares);
        for (var i = 0; i < shares.Length; i++) byOwner[_owners[i]] = byOwner.GetValueOrDefault(_owners[i]) + shares[i];
        return byOwner;
    }

    public byte[] Snapshot()
    {
        using var stream = new MemoryStream();
        using var writer = new BinaryWriter(stream);
        writer.Write(SnapshotOf);
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
        if (reader.ReadString() != SnapshotOf) return;
        for (var left = reader.ReadInt32(); left > 0; left--) _units[reader.ReadString()] = UnitState.Read(reader, model.Scale.Sensors.Count);
    }
}
