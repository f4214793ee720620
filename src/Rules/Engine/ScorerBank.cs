using Seamless.Learning;

namespace Seamless.Rules.Engine;

/// <summary>The scorers of the models that rules name, one for each equipment type and rule, opened when first asked for.</summary>
internal sealed class ScorerBank(IModels models)
{
    private readonly Dictionary<string, IScorer?> _open = new(StringComparer.Ordinal);
    private readonly Dictionary<string, (string Model, byte[] State)> _kept = new(StringComparer.Ordinal);
    private volatile bool _stale;

    /// <summary>Models were trained or promoted: they are opened anew before the next batch.</summary>
    public void Renew() => _stale = true;

    /// <summary>Call between batches.</summary>
    public void Refresh()
    {
        if (!_stale) return;
        _stale = false;
        foreach (var (rule, scorer) in _open)
            if (scorer is not null) _kept[rule] = (scorer.Model.Id, scorer.Snapshot());
        _open.Clear();
    }

    public IScorer? For(CompiledRule rule)
    {
        var name = rule.Definition.Model!;
        if (_open.TryGetValue(name, out var scorer)) return scorer;
        scorer = models.OpenScorer(name);
        if (scorer is not null && _kept.Remove(name, out var kept) && kept.Model == scorer.Model.Id) scorer.Restore(kept.State);
        return _open[name] = scorer;
    }

    public void Snapshot(BinaryWriter writer)
    {
        var scorers = _open.Where(s => s.Value is not null).OrderBy(s => s.Key, StringComparer.Ordinal).ToList();
        writer.Write(scorers.Count);
        foreach (var (name, scorer) in scorers)
        {
            var state = scorer!.Snapshot();
            writer.Write(name);
            writer.Write(scorer.Model.Id);
            writer.Write(state.Length);
            writer.Write(state);
        }
    }

    public void Restore(BinaryReader reader)
    {
        for (var count = reader.ReadInt32(); count > 0; count--)
        {
            var (name, model) = (reader.ReadString(), reader.ReadString());
            _kept[name] = (model, reader.ReadBytes(reader.ReadInt32()));
        }
    }
}
