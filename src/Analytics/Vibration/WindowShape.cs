namespace Seamless.Analytics.Vibration;

/// <summary>What a window of acceleration looks like in time. Amplitudes in the signal's unit, about its mean.</summary>
/// <param name="CrestFactor">Peak over RMS.</param>
/// <param name="Kurtosis">3 for noise, more for blows; NaN for a signal that does not move.</param>
public readonly record struct WindowShape(double Rms, double Peak, double CrestFactor, double Kurtosis)
{
    /// <param name="window">Without gaps.</param>
    public static WindowShape Of(ReadOnlySpan<double> window)
    {
        var mean = 0.0;
        foreach (var value in window) mean += value / window.Length;
        double peak = 0, second = 0, fourth = 0;
        var rounding = 1e-9 * Math.Abs(mean);
        foreach (var value in window)
        {
            var square = (value - mean) * (value - mean);
            peak = Math.Max(peak, Math.Abs(value - mean));
            second += square / window.Length;
            fourth += square * square / window.Length;
        }
        if (peak <= rounding) return new WindowShape(0, 0, double.NaN, double.NaN);
        var rms = Math.Sqrt(second);
        return new WindowShape(rms, peak, peak / rms, fourth / (second * second));
    }
}
