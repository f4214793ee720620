namespace Seamless.Analytics.Vibration;

/// <summary>How far the lines of one kind of damage stand above the noise floor around them in the envelope's spectrum, dB.</summary>
/// <param name="Hertz">Where the first was found.</param>
/// <param name="Sidebands">Mean of the four sidebands of the first two lines: a shaft's turn apart for the inner race, a cage's turn for balls and the outer race.</param>
public readonly record struct FaultLines(double Hertz, double First, double Second, double Third, double Sidebands)
{
    /// <summary>Mean of the two weaker of the first three harmonics: one line may be another part's (3·BPFO is nearly 2·BPFI), two are not.</summary>
    public double Strength => (First + Second + Third - Math.Max(First, Math.Max(Second, Third))) / 2;
}

/// <summary>Reads the lines of one kind of damage from an envelope's spectrum.</summary>
/// <param name="order">Of the first line, in events per revolution.</param>
/// <param name="sideband">Distance of its sidebands, in orders.</param>
internal sealed class LineReader(double order, double sideband)
{
    private const int Harmonics = 3;
    private const double FloorOrders = 1.4;

    private readonly double[] _floors = new double[Harmonics];
    private double[] _around = [];

    /// <summary>Takes the floor around each nominal line: the median of ± 1.4 orders.</summary>
    public void Prepare(ReadOnlySpan<double> bins, double binsPerOrder)
    {
        var half = Math.Max(8, (int)(FloorOrders * binsPerOrder));
        if (_around.Length < 2 * half + 1) _around = new double[2 * half + 1];
        for (var h = 1; h <= Harmonics; h++) _floors[h - 1] = Median(bins, (int)(h * order * binsPerOrder), half);
    }

    public FaultLines Read(ReadOnlySpan<double> bins, double binsPerOrder, double hertzPerBin, double shift)
    {
        var first = order * (1 + shift) * binsPerOrder;
        return new FaultLines(
            first * hertzPerBin,
            Line(bins, first, 1), Line(bins, 2 * first, 2), Line(bins, 3 * first, 3),
            Sidebands(bins, first, sideband * binsPerOrder));
    }

    /// <summary>The lines' strength alone: what the search for the shift asks many times.</summary>
    public double Strength(ReadOnlySpan<double> bins, double binsPerOrder, double shift)
    {
        var first = order * (1 + shift) * binsPerOrder;
        return new FaultLines(0, Line(bins, first, 1), Line(bins, 2 * first, 2), Line(bins, 3 * first, 3), 0).Strength;
    }

    private double Sidebands(ReadOnlySpan<double> bins, double first, double apart) =>
        (Line(bins, first - apart, 1) + Line(bins, first + apart, 1) + Line(bins, 2 * first - apart, 2) + Line(bins, 2 * first + apart, 2)) / 4;

    private double Line(ReadOnlySpan<double> bins, double position, int harmonic)
    {
        var centre = (int)Math.Round(position);
        var peak = 0.0;
        for (var k = Math.Max(1, centre - 1); k <= Math.Min(bins.Length - 1, centre + 1); k++) peak = Math.Max(peak, bins[k]);
        var floor = _floors[harmonic - 1];
        return floor > 0 ? Math.Max(-20, 10 * Math.Log10(peak / floor + 1e-9)) : 0;
    }

    private double Median(ReadOnlySpan<double> bins, int centre, int half)
    {
        var low = Math.Clamp(centre - half, 1, bins.Length - 1);
        var high = Math.Clamp(centre + half + 1, low + 1, bins.Length);
        var around = _around.AsSpan(0, high - low);
        bins[low..high].CopyTo(around);
        around.Sort();
        return around[around.Length / 2];
    }
}
