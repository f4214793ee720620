using Seamless.Analytics.Vibration;

namespace Seamless.Analytics.Tests.Vibration;

public sealed class FourierTransformTests
{
    [Fact]
    public void It_is_the_sum_of_its_definition_and_the_inverse_brings_back_what_went_in()
    {
        var random = new Random(1);
        var (real, imaginary) = (Draw(), Draw());
        var (re, im) = ((double[])real.Clone(), (double[])imaginary.Clone());
        var transform = new FourierTransform(64);

        transform.Forward(re, im);

        for (var k = 0; k < 64; k++)
        {
            double a = 0, b = 0;
            for (var n = 0; n < 64; n++)
            {
                var (sin, cos) = Math.SinCos(-2 * Math.PI * k * n / 64);
                a += real[n] * cos - imaginary[n] * sin;
                b += real[n] * sin + imaginary[n] * cos;
            }
            Assert.Equal(a, re[k], 9);
            Assert.Equal(b, im[k], 9);
        }
        transform.Inverse(re, im);
        Assert.All(real.Zip(re), pair => Assert.Equal(pair.First, pair.Second, 12));
        Assert.All(imaginary.Zip(im), pair => Assert.Equal(pair.First, pair.Second, 12));

        double[] Draw() => [.. Enumerable.Range(0, 64).Select(_ => random.NextDouble() - 0.5)];
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(6000)]
    public void Only_powers_of_two_are_taken(int length) => Assert.Throws<ArgumentOutOfRangeException>(() => new FourierTransform(length));
}
