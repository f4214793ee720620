namespace Seamless.Analytics.Tests.MachineState;

/// <summary>A machine with five signals: vibration, current, a flow that is read in steps, a temperature that warms up, and one that never changes.</summary>
internal static class Machine
{
    public const int Vibration = 0;
    public const int Current = 1;
    public const int Flow = 2;
    public const int Temperature = 3;
    public const int Constant = 4;
    public const int Signals = 5;

    public static double[][] Rows(int count, int seed = 1)
    {
        var random = new Random(seed);
        var temperature = 40.0;
        var rows = new double[count][];
        for (var i = 0; i < count; i++)
        {
            temperature += 0.02 * (70 - temperature) / 10 + 0.05 * Gauss(random);
            rows[i] = [2 + 0.1 * Gauss(random), 11 + 0.5 * Gauss(random), Math.Round(32 + 0.6 * Gauss(random)), temperature, 5];
        }
        return rows;
    }

    /// <summary>From row <paramref name="from"/> on, for <paramref name="length"/> rows, the signal lies <paramref name="by"/> higher.</summary>
    public static double[][] Moved(this double[][] rows, int signal, double by, int from, int length)
    {
        for (var i = from; i < from + length; i++) rows[i][signal] += by;
        return rows;
    }

    private static double Gauss(Random random) =>
        Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
}
