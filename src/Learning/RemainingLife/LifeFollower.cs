namespace Seamless.Learning.RemainingLife;

/// <summary>Follows machines through their lives, row by row, with one model. Not for several threads at once.</summary>
internal sealed class LifeFollower(RulModel model)
{
    private readonly double[] _standard = new double[model.Scale.Sensors.Count];
    private readonly float[] _features = new float[UnitState.FeatureCount(model.Scale.Sensors.Count)];

    public UnitState NewUnit() => new(_standard.Length);

    /// <summary>What the last prediction was made of.</summary>
    public ReadOnlySpan<float> Features => _features;

    /// <param name="row">In the order of the model's inputs, NaN when missing.</param>
    public LifeEstimate Advance(UnitState unit, ReadOnlySpan<double> row)
    {
        var known = model.Scale.Standardise(row, _standard);
        unit.Add(_standard, known, model.Health);
        return new LifeEstimate(model, model.Predict(unit, _features), model.Familiar.Doubt(unit, model.Scale.Sensors));
    }
}

/// <param name="Life">Cycles left, best single figure.</param>
/// <param name="Doubt">Why it is not to be relied on; then any life up to the longest one known is taken to be as likely as any other.</param>
internal readonly record struct LifeEstimate(RulModel Model, double Life, string? Doubt)
{
    public double Low => Doubt is null ? Quantile(0.05) : 0;
    public double High => Doubt is null ? Quantile(0.95) : Model.Longest;

    public double Quantile(double share) => Doubt is null ? Model.Bands.Quantile(Life, share) : share * Model.Longest;

    public double ProbabilityWithin(double horizon) =>
        Doubt is null ? Model.Bands.ProbabilityWithin(Life, horizon) : Math.Clamp(horizon / Model.Longest, 0, 1);
}
