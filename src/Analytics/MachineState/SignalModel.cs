namespace Seamless.Analytics.MachineState;

/// <summary>The normal behaviour of one signal: its level, how it scatters, and how far its level wanders.</summary>
internal sealed class SignalModel
{
    /// <summary>Weight of the newest value: it takes about ten rows to follow a step.</summary>
    private const double Smoothing = 0.2;

    /// <summary>A value counts at most this many spreads: one wild value must not look like a lasting change.</summary>
    private const double MostSpreads = 8;

    /// <summary>What a Gaussian signal says on average is no surprise.</summary>
    private const double NoSurprise = 0.5;

    /// <summary>So many rows without a value and the signal is no longer judged.</summary>
    private const int Patience = 25;

    private double _level;
    private double _spread;
    private double _reach;     // spread of the smoothed value about the level, as far ahead as was learned, in spreads of the signal
    private double _freedom;
    private double _smoothed;
    private int _missing;
    private bool _known;

    /// <summary>The level, or NaN where too little is known of the signal.</summary>
    public double Expected => _known ? _level : double.NaN;
    public bool IsJudged => _known && _missing <= Patience;
    public bool IsBelow => _smoothed < 0;

    /// <summary>A signal with few values, or one that never moved, has no scale to be judged by.</summary>
    public void Learn(Span<double> values)
    {
        (_smoothed, _missing) = (0, 0);
        _known = NormalBehaviour.TryLearn(values, Smoothing, out var learned);
        if (!_known) return;
        (_level, _spread, _reach, _freedom) = (learned.Level, learned.Spread, learned.Reach, learned.Freedom);
        foreach (var value in values)
            if (double.IsFinite(value)) Smooth(value);
    }

    /// <summary>How much the row says against the normal state (minus the logarithm of its likelihood, Student's t); 0 for one as usual.</summary>
    /// <remarks>Few degrees of freedom, as a wandering signal has, make far values likely: such a signal does not raise an alarm alone.</remarks>
    public double Observe(double value)
    {
        if (!_known) return 0;
        if (double.IsFinite(value))
        {
            _missing = 0;
            Smooth(value);
        }
        else if (++_missing > Patience)
        {
            _smoothed = 0;
        }
        var t = _smoothed / _reach;
        return Math.Max(0, (_freedom + 1) / 2 * Math.Log(1 + t * t / _freedom) - NoSurprise);
    }

    private void Smooth(double value) =>
        _smoothed += Smoothing * (Math.Clamp((value - _level) / _spread, -MostSpreads, MostSpreads) - _smoothed);

    public void Follow(double rate) => _level += rate * _smoothed * _spread;

    public void Snapshot(BinaryWriter writer)
    {
        writer.Write(_known);
        writer.Write(_level);
        writer.Write(_spread);
        writer.Write(_reach);
        writer.Write(_freedom);
        writer.Write(_smoothed);
        writer.Write(_missing);
    }

    public void Restore(BinaryReader reader)
    {
        _known = reader.ReadBoolean();
        _level = reader.ReadDouble();
        _spread = reader.ReadDouble();
        _reach = reader.ReadDouble();
        _freedom = reader.ReadDouble();
        _smoothed = reader.ReadDouble();
        _missing = reader.ReadInt32();
    }
}
