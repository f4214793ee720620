namespace Seamless.Analytics.Detectors;

/// <summary>The sensitive reading: worth a look. One point per event, then a rest.</summary>
/// <remarks>
/// Its ranges never forget, and one point widens them by at most <see cref="MostGrowth"/>: the first event of a kind is not taken for normal
/// whole, so that a second, smaller one is still new; a lasting level is learned within some ten points.
/// </remarks>
internal sealed class AlertReading
{
    /// <summary>Weighted excess that scores 0.5; ten times that scores 0.99.</summary>
    public const double HalfScore = 0.03;

    private const double Ceiling = 0.95;
    private const int Rest = 100;
    private const double MostGrowth = 0.3;

    /// <summary>By channel. Slow channels weigh more: noise hardly moves a long mean, so a small excess of it already says something.</summary>
    private static ReadOnlySpan<double> Weights => [0.7, 0.4, 3, 0.3, 0.02, 0.09];

    private readonly Envelope[] _ranges = new Envelope[Weights.Length];
    private double _excess;
    private int _rest;

    public void Begin() => _excess = 0;

    public void Judge(Channel channel, double feature)
    {
        ref var range = ref _ranges[(int)channel];
        var learning = range.Count < NoveltyDetector.Learning;
        if (!learning) _excess = Math.Max(_excess, Weights[(int)channel] * range.Excess(feature));
        // Jolts are heavy-tailed by nature: the largest is the measure.
        range.Include(feature, mostGrowth: learning || channel is Channel.Jolt ? double.PositiveInfinity : MostGrowth);
    }

    public double Score()
    {
        if (_rest > 0)
        {
            _rest--;
            return 0;
        }
        if (_excess >= HalfScore) _rest = Rest;
        return Math.Min(Map(_excess), Ceiling);
    }

    /// <summary>From an excess to a score.</summary>
    public static double Map(double excess) => excess * excess / (excess * excess + HalfScore * HalfScore);

    public void Snapshot(BinaryWriter writer)
    {
        writer.Write(_rest);
        foreach (ref readonly var range in _ranges.AsSpan()) range.Snapshot(writer);
    }

    public void Restore(BinaryReader reader)
    {
        _rest = reader.ReadInt32();
        foreach (ref var range in _ranges.AsSpan()) range.Restore(reader);
    }
}
