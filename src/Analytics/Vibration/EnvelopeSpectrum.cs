using System.Numerics;

namespace Seamless.Analytics.Vibration;

/// <summary>The spectrum of a window's squared envelope after whitening, averaged over windows. Free of scale; allocates nothing after construction.</summary>
/// <remarks>
/// Whitening divides each line by the power around it (± 3 orders): a blow shakes every resonance, so each band has the same say and none decides alone.
/// What lies in the noise floor has no say (Wiener's weight), or noise in the silent bands would drown the rest.
/// Squared envelope spectrum: Randall and Antoni, Mech. Syst. Signal Process. 25 (2011) 485–520, section 5.
/// </remarks>
internal sealed class EnvelopeSpectrum
{
    private const double WhiteningOrders = 3;
    private const double HighFrequency = 2500;

    private readonly FourierTransform _fourier;
    private readonly double[] _real;
    private readonly double[] _imaginary;
    private readonly double[] _powerBelow;
    private readonly double[] _powerAround;
    private readonly double[] _sorted;
    private readonly double[] _taper;
    private readonly double[] _average;
    private double _floor;
    private int _used;

    /// <param name="window">Samples of a window.</param>
    /// <param name="rate">Samples a second.</param>
    public EnvelopeSpectrum(int window, double rate)
    {
        _fourier = new FourierTransform((int)BitOperations.RoundUpToPowerOf2((uint)window));
        HertzPerBin = rate / _fourier.Length;
        _real = new double[_fourier.Length];
        _imaginary = new double[_fourier.Length];
        _powerBelow = new double[_fourier.Length / 2 + 1];
        _powerAround = new double[_fourier.Length / 2];
        _sorted = new double[_fourier.Length / 2];
        _average = new double[_fourier.Length / 2];
        _taper = new double[window];
        for (var i = 0; i < window; i++) _taper[i] = 0.5 - 0.5 * Math.Cos(2 * Math.PI * (i + 0.5) / window);
    }

    public double HertzPerBin { get; }

    /// <summary>The averaged spectrum; a bin is <see cref="HertzPerBin"/> wide, the first is 0 Hz.</summary>
    public ReadOnlySpan<double> Bins => _average.AsSpan(0, _used);

    /// <summary>How much of the last window's power lies above 2.5 kHz, both counted above the noise floor; in dB, NaN where the rate does not reach there.</summary>
    public double HighFrequencyShare { get; private set; }

    /// <param name="window">Without gaps; its mean is taken off.</param>
    /// <param name="highest">Frequency up to which the envelope's spectrum is kept, Hz.</param>
    /// <param name="weight">Of this window in the average, 0 to 1; 1 begins a new average.</param>
    public void Add(ReadOnlySpan<double> window, double shaftHertz, double highest, double weight)
    {
        _used = Math.Min(_average.Length, (int)(highest / HertzPerBin) + 2);
        Spectrum(window, Math.Max(4, (int)(WhiteningOrders * shaftHertz / HertzPerBin)));
        HighFrequencyShare = ShareAboveFloor();
        Whiten();
        _fourier.Inverse(_real, _imaginary);
        SquareEnvelope();
        _fourier.Forward(_real, _imaginary);
        Average(weight);
    }

    private void Spectrum(ReadOnlySpan<double> window, int around)
    {
        var mean = Mean(window);
        for (var i = 0; i < window.Length; i++) _real[i] = window[i] - mean;
        Array.Clear(_real, window.Length, _real.Length - window.Length);
        Array.Clear(_imaginary);
        _fourier.Forward(_real, _imaginary);
        for (var k = 0; k < _powerAround.Length; k++) _powerBelow[k + 1] = _powerBelow[k] + Power(k);
        for (var k = 0; k < _powerAround.Length; k++)
        {
            var (low, high) = (Math.Max(0, k - around), Math.Min(_powerAround.Length, k + around + 1));
            _powerAround[k] = (_powerBelow[high] - _powerBelow[low]) / (high - low);
        }
        // The floor is the quietest tenth; what white noise reaches above that by chance, four standard errors, belongs to it.
        var independent = (2 * around + 1.0) * window.Length / _real.Length;
        _floor = Quantile(_powerAround, 0.1) * (1 + 4 / Math.Sqrt(independent));
    }

    private double ShareAboveFloor()
    {
        var first = (int)(HighFrequency / HertzPerBin);
        if (first * 1.4 > _powerAround.Length) return double.NaN;
        double high = 0, all = 0.05 * _powerBelow[^1];   // so that a share of nothing is nothing
        for (var k = 0; k < _powerAround.Length; k++)
        {
            var excess = Math.Max(0, _powerAround[k] - _floor);
            all += excess;
            if (k >= first) high += excess;
        }
        return 10 * Math.Log10(Math.Max(1e-6, high / all));
    }

    // Negative frequencies go, so that the inverse is the analytic signal.
    private void Whiten()
    {
        var half = _powerAround.Length;
        Array.Clear(_real, half, half);
        Array.Clear(_imaginary, half, half);
        _real[0] = _imaginary[0] = 0;
        for (var k = 1; k < half; k++)
        {
            var around = _powerAround[k];
            var scale = around > _floor ? Math.Sqrt((1 - _floor / around) / around) : 0;
            _real[k] *= scale;
            _imaginary[k] *= scale;
        }
    }

    private void SquareEnvelope()
    {
        var window = _real.AsSpan(0, _taper.Length);
        for (var i = 0; i < window.Length; i++) window[i] = Power(i);
        var mean = Mean(window);
        for (var i = 0; i < window.Length; i++) window[i] = (window[i] - mean) * _taper[i];
        Array.Clear(_real, window.Length, _real.Length - window.Length);
        Array.Clear(_imaginary);
    }

    // Each window counts the same, however hard the machine shook in it.
    private void Average(double weight)
    {
        for (var k = 0; k < _used; k++) _real[k] = Power(k);
        var middle = Quantile(_real.AsSpan(0, _used), 0.5);
        if (!(middle > 0)) middle = 1;   // silence
        for (var k = 0; k < _used; k++) _average[k] = weight < 1 ? _average[k] + weight * (_real[k] / middle - _average[k]) : _real[k] / middle;
    }

    private double Power(int bin) => _real[bin] * _real[bin] + _imaginary[bin] * _imaginary[bin];

    private double Quantile(ReadOnlySpan<double> values, double share)
    {
        var sorted = _sorted.AsSpan(0, values.Length);
        values.CopyTo(sorted);
        sorted.Sort();
        return sorted[(int)(share * values.Length)];
    }

    private static double Mean(ReadOnlySpan<double> values)
    {
        var sum = 0.0;
        foreach (var value in values) sum += value;
        return sum / values.Length;
    }
}
