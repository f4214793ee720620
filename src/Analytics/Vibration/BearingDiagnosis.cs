namespace Seamless.Analytics.Vibration;

/// <param name="Window">Samples of a window; it has to hold at least eight turns of the shaft.</param>
/// <param name="Rate">Samples a second.</param>
/// <param name="Memory">Windows whose spectra are averaged, this one and those before it; 1 judges each alone.</param>
/// <param name="NormalShare">The high-frequency share of this machine when it is sound, dB; null takes what holds for most.</param>
public sealed record VibrationOptions(int Window, double Rate, int Memory = 8, double? NormalShare = null)
{
    public const int MaxWindow = 1 << 20;

    /// <summary>What is wrong, in words; null when it can be used.</summary>
    public string? Problem() =>
        Window is < 256 or > MaxWindow ? $"a window of {Window} samples: 256 to {MaxWindow}"
        : !(Rate >= 100 && Rate <= 10_000_000) ? $"a rate of {Rate} samples a second: 100 to 10,000,000"
        : Memory is < 1 or > 10_000 ? $"a memory of {Memory} windows: 1 to 10,000"
        : NormalShare is { } share && !(share >= -60 && share <= 0) ? $"a normal share of {share} dB: -60 to 0"
        : null;
}

/// <summary>Names a bearing's damage from its kinematics, window by window, from this window and those before it. Allocates nothing once warm.</summary>
public sealed class BearingDiagnosis
{
    private const double MaxShift = 0.02;
    private const double MaxMissing = 0.2;
    private const double MinTurns = 8;
    private const double SameSpeed = 0.02;

    private readonly VibrationOptions _options;
    private readonly EnvelopeSpectrum _spectrum;
    private readonly LineReader _outerRace;
    private readonly LineReader _innerRace;
    private readonly LineReader _ball;
    private readonly LineReader _cage;
    private readonly double _highestOrder;
    private readonly double[] _samples;
    private double _shaftHertz;
    private double _share;
    private int _windows;

    /// <exception cref="ArgumentException">Bearing or options cannot be; the message says why.</exception>
    public BearingDiagnosis(BearingGeometry bearing, VibrationOptions options)
    {
        if ((bearing.Problem() ?? options.Problem()) is { } problem) throw new ArgumentException(problem);
        _options = options;
        _spectrum = new EnvelopeSpectrum(options.Window, options.Rate);
        _outerRace = new LineReader(bearing.OuterRace, bearing.Cage);
        _innerRace = new LineReader(bearing.InnerRace, 1);
        _ball = new LineReader(2 * bearing.BallSpin, bearing.Cage);
        _cage = new LineReader(bearing.Cage, 1);
        _highestOrder = 3 * (1 + MaxShift) * Math.Max(bearing.InnerRace, 2 * bearing.BallSpin) + 1.5;
        _samples = new double[options.Window];
    }

    /// <param name="window">As many samples as the options say; NaN where one is missing.</param>
    /// <param name="shaftHertz">Turns of the shaft a second; a few percent of error are searched for.</param>
    public BearingVerdict Observe(ReadOnlySpan<double> window, double shaftHertz)
    {
        if (Reject(window, shaftHertz) is { } problem) return BearingVerdict.Unjudged(problem);
        var shape = WindowShape.Of(_samples);
        if (!double.IsFinite(shape.Kurtosis)) return BearingVerdict.Unjudged("the signal does not move, or is beyond all measure");
        Average(shaftHertz);
        return Judge(shape);
    }

    /// <summary>Forgets the windows so far: another machine, or the same after a repair.</summary>
    public void Reset() => _windows = 0;

    private string? Reject(ReadOnlySpan<double> window, double shaftHertz)
    {
        if (window.Length != _options.Window) return "the window is not of the configured length";
        if (!(shaftHertz > 0) || double.IsInfinity(shaftHertz)) return "the shaft does not turn";
        if (window.Length * shaftHertz < MinTurns * _options.Rate) return "the window holds less than eight turns of the shaft";
        if (_highestOrder * shaftHertz * 2 > _options.Rate) return "the rate is too low for three harmonics of the bearing's lines";
        return Gaps.Fill(window, _samples) > MaxMissing * window.Length ? "more than a fifth of the samples is missing" : null;
    }

    private void Average(double shaftHertz)
    {
        // Lines of another speed lie elsewhere.
        if (Math.Abs(shaftHertz - _shaftHertz) > SameSpeed * _shaftHertz) _windows = 0;
        if (_windows == 0) _shaftHertz = shaftHertz;
        _windows = Math.Min(_windows + 1, _options.Memory);
        _spectrum.Add(_samples, shaftHertz, _highestOrder * shaftHertz, 1.0 / _windows);
        _share = _windows == 1 ? _spectrum.HighFrequencyShare : _share + (_spectrum.HighFrequencyShare - _share) / _windows;
    }

    private BearingVerdict Judge(in WindowShape shape)
    {
        var bins = _spectrum.Bins;
        var binsPerOrder = _shaftHertz / _spectrum.HertzPerBin;
        _outerRace.Prepare(bins, binsPerOrder);
        _innerRace.Prepare(bins, binsPerOrder);
        _ball.Prepare(bins, binsPerOrder);
        _cage.Prepare(bins, binsPerOrder);
        var shift = FindShift(bins, binsPerOrder);
        var outer = _outerRace.Read(bins, binsPerOrder, _spectrum.HertzPerBin, shift);
        var inner = _innerRace.Read(bins, binsPerOrder, _spectrum.HertzPerBin, shift);
        var ball = _ball.Read(bins, binsPerOrder, _spectrum.HertzPerBin, shift);
        var cage = _cage.Read(bins, binsPerOrder, _spectrum.HertzPerBin, shift);
        var threshold = BearingModel.LineThreshold(_options.Window / _options.Rate * _shaftHertz, _windows);
        var probabilities = BearingModel.Judge(outer.Strength, inner.Strength, ball.Strength, threshold, _share, _options.NormalShare);
        return new BearingVerdict(null, probabilities.Likeliest(), probabilities, shape, outer, inner, ball, cage, threshold, _share, shift);
    }

    /// <summary>The common deviation at which some part's lines stand out most; steps of a bin at the highest line, of equal ones the middle.</summary>
    private double FindShift(ReadOnlySpan<double> bins, double binsPerOrder)
    {
        var steps = Math.Max(8, (int)Math.Ceiling(MaxShift * _highestOrder * binsPerOrder));
        var (first, last, strongest) = (0, 0, double.NegativeInfinity);
        for (var step = -steps; step <= steps; step++)
        {
            var strength = Strongest(bins, binsPerOrder, MaxShift * step / steps);
            if (strength > strongest) (first, last, strongest) = (step, step, strength);
            else if (strength == strongest && last == step - 1) last = step;
        }
        return MaxShift * (first + last) / (2.0 * steps);
    }

    private double Strongest(ReadOnlySpan<double> bins, double binsPerOrder, double shift) => Math.Max(
        _outerRace.Strength(bins, binsPerOrder, shift),
        Math.Max(_innerRace.Strength(bins, binsPerOrder, shift), _ball.Strength(bins, binsPerOrder, shift)));
}
