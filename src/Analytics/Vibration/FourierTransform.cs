namespace Seamless.Analytics.Vibration;

/// <summary>Radix-2 Fourier transform of one length, in place; allocates nothing after construction.</summary>
public sealed class FourierTransform
{
    private readonly double[] _cos;
    private readonly double[] _sin;

    /// <param name="length">A power of two, at least 2.</param>
    public FourierTransform(int length)
    {
        if (length < 2 || !int.IsPow2(length)) throw new ArgumentOutOfRangeException(nameof(length), length, "a power of two, at least 2");
        Length = length;
        _cos = new double[length / 2];
        _sin = new double[length / 2];
        for (var k = 0; k < length / 2; k++) (_sin[k], _cos[k]) = Math.SinCos(-2 * Math.PI * k / length);
    }

    public int Length { get; }

    /// <summary>X[k] = Σ x[n]·exp(−2πi·kn/N).</summary>
    public void Forward(Span<double> real, Span<double> imaginary)
    {
        Reorder(real, imaginary);
        for (var half = 1; half < Length; half <<= 1) Butterflies(real, imaginary, half);
    }

    /// <summary>The inverse, divided by N.</summary>
    public void Inverse(Span<double> real, Span<double> imaginary)
    {
        Forward(imaginary, real);   // conj(FFT(conj x)) is the FFT with the parts exchanged
        for (var i = 0; i < Length; i++)
        {
            real[i] /= Length;
            imaginary[i] /= Length;
        }
    }

    private void Butterflies(Span<double> real, Span<double> imaginary, int half)
    {
        var step = Length / (2 * half);
        for (var start = 0; start < Length; start += 2 * half)
        {
            for (var k = 0; k < half; k++)
            {
                var (cos, sin) = (_cos[k * step], _sin[k * step]);
                var (a, b) = (start + k, start + k + half);
                var re = real[b] * cos - imaginary[b] * sin;
                var im = real[b] * sin + imaginary[b] * cos;
                (real[b], imaginary[b]) = (real[a] - re, imaginary[a] - im);
                real[a] += re;
                imaginary[a] += im;
            }
        }
    }

    private void Reorder(Span<double> real, Span<double> imaginary)
    {
        for (int i = 1, j = 0; i < Length; i++)
        {
            var bit = Length >> 1;
            for (; (j & bit) != 0; bit >>= 1) j ^= bit;
            j ^= bit;
            if (i >= j) continue;
            (real[i], real[j]) = (real[j], real[i]);
            (imaginary[i], imaginary[j]) = (imaginary[j], imaginary[i]);
        }
    }
}
