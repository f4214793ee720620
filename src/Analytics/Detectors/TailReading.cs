namespace Seamless.Analytics.Detectors;

/// <summary>The cautious reading, which may raise an alarm alone: stationary noise does not reach 0.99 in months.</summary>
/// <remarks>
/// An event is held for as long as the channel stays outside the range it broke, so that a rule with an on-delay sees it;
/// after <see cref="LongestHold"/> points the new level is taken for normal.
/// </remarks>
internal sealed class TailReading
{
    private const int LongestHold = 1000;
    private const double Begins = 0.2;
    private const double HoldEnds = 0.1;
    private const double Forgetting = 2e-6;

    /// <summary>By channel; those beyond are not of this reading.</summary>
    private static ReadOnlySpan<double> Weights => [1, 0.5, 0.5, 0.5, 0.02];

    private readonly Envelope[] _ranges = new Envelope[Weights.Length];
    private DriftScore _drift;
    private int _held = -1;
    private Envelope _heldRange;
    private int _heldFor;
    private double _excess;

    /// <summary>The range that a channel has had so far; false while it is learned.</summary>
    public bool TryRange(Channel channel, out double low, out double high)
    {
        ref readonly var range = ref _ranges[(int)channel];
        (low, high) = (range.Low, range.High);
        return range.Count >= NoveltyDetector.Learning;
    }

    public void Begin() => _excess = 0;

    public void Judge(Channel channel, double feature)
    {
        if ((int)channel >= Weights.Length) return;
        var weight = Weights[(int)channel];
        ref var range = ref _ranges[(int)channel];
        var excess = range.Count < NoveltyDetector.Learning ? 0 : weight * range.Excess(feature);
        if (_held == (int)channel) excess = Math.Max(excess, WhileHeld(weight * _heldRange.Excess(feature)));
        else if (excess >= Begins && _held < 0) (_held, _heldRange, _heldFor) = ((int)channel, range, 0);
        _excess = Math.Max(_excess, excess);
        range.Include(feature, Forgetting);
    }

    private double WhileHeld(double excess)
    {
        if (excess >= HoldEnds && ++_heldFor < LongestHold) return excess;
        _held = -1;
        return 0;
    }

    /// <summary>Seven sigmas are the beginning, eight reach 0.99: the spread is measured on the same stream, so these are rare in any noise.</summary>
    public void JudgeDrift(long timestampMs, double value) => _excess = Math.Max(_excess, 0.1 * (_drift.Observe(timestampMs, value) - 5));

    public double Score() => _excess >= Begins ? AlertReading.Map(_excess) : 0;

    public void Snapshot(BinaryWriter writer)
    {
        writer.Write(_held);
        writer.Write(_heldFor);
        _heldRange.Snapshot(writer);
        foreach (ref readonly var range in _ranges.AsSpan()) range.Snapshot(writer);
        _drift.Snapshot(writer);
    }

    public void Restore(BinaryReader reader)
    {
        _held = reader.ReadInt32();
        _heldFor = reader.ReadInt32();
        _heldRange.Restore(reader);
        foreach (ref var range in _ranges.AsSpan()) range.Restore(reader);
        _drift.Restore(reader);
    }
}
