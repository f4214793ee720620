namespace Seamless.Analytics.Tests.Vibration;

/// <summary>What an accelerometer on a bearing would see: blows that ring a resonance, in noise.</summary>
internal sealed class Shaking(double rate, double shaftHertz, int seed)
{
    private readonly Random _random = new(seed);

    /// <param name="order">Blows per turn of the shaft; each comes up to <paramref name="slip"/> of its period early or late.</param>
    /// <param name="blow">Height over the noise's RMS.</param>
    /// <param name="modulation">Turns per turn of the shaft with which the blows swell and fade; 0 for none.</param>
    public double[] Blows(int samples, double order, double blow, double slip = 0.01, double modulation = 0, double resonance = 3200)
    {
        var signal = Noise(samples);
        var period = rate / (order * shaftHertz);
        for (var at = period * _random.NextDouble(); at < samples; at += period * (1 + slip * (2 * _random.NextDouble() - 1)))
        {
            var height = blow * (modulation > 0 ? 0.5 + 0.5 * Math.Cos(2 * Math.PI * modulation * shaftHertz * at / rate) : 1);
            for (var i = (int)Math.Ceiling(at); i < Math.Min(samples, at + 0.004 * rate); i++)
                signal[i] += height * Math.Exp(-(i - at) * 1200 / rate) * Math.Sin(2 * Math.PI * resonance * (i - at) / rate);
        }
        return signal;
    }

    public double[] Noise(int samples)
    {
        var noise = new double[samples];
        for (var i = 0; i < samples; i++) noise[i] = Gauss();
        return noise;
    }

    /// <summary>A sound machine: its first orders, a motor's line at 1 kHz, noise a tenth as strong.</summary>
    public double[] Sound(int samples)
    {
        var signal = Noise(samples);
        for (var i = 0; i < samples; i++)
        {
            var turns = shaftHertz * i / rate;
            signal[i] = 0.1 * signal[i] + Math.Sin(2 * Math.PI * turns) + 0.5 * Math.Sin(4 * Math.PI * turns + 1) + 0.8 * Math.Sin(2 * Math.PI * 1036 * i / rate);
        }
        return signal;
    }

    private double Gauss() => Math.Sqrt(-2 * Math.Log(1 - _random.NextDouble())) * Math.Cos(2 * Math.PI * _random.NextDouble());
}
