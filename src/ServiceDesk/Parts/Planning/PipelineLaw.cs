namespace Seamless.ServiceDesk.Parts.Planning;

/// <summary>How many units of a part are under resupply at one depot: the law from which back-orders, fill and waiting follow (Palm 1938; Sherbrooke, Optimal Inventory Modeling of Systems, ch. 2).</summary>
public sealed class PipelineLaw
{
    /// <summary>What lies beyond is too improbable to be listed.</summary>
    private const double LeastTail = 1e-13;
    private const int LongestTable = 20_000;

    /// <summary>A variance within this share of the mean is the mean: Poisson.</summary>
    private const double SameMoments = 1e-9;

    /// <summary>A binomial of more trials is Poisson to within mean/trials in total variation (Le Cam 1960).</summary>
    private const double MostTrials = 1e8;

    private readonly double[] _mass;

    private PipelineLaw(double[] mass, double mean, double variance) => (_mass, Mean, Variance) = (mass, mean, variance);

    public double Mean { get; }
    public double Variance { get; }

    /// <summary>P(X = k).</summary>
    public double Probability(int k) => k < 0 || k >= _mass.Length ? 0 : _mass[k];

    /// <summary>P(X ≤ k).</summary>
    public double Cumulative(int k)
    {
        var sum = 0.0;
        for (var i = 0; i <= k && i < _mass.Length; i++) sum += _mass[i];
        return Math.Min(1, sum);
    }

    /// <summary>Share of demand met from the shelf at once: P(X ≤ S−1).</summary>
    public double FillRate(int stock) => Cumulative(stock - 1);

    /// <summary>EBO(S) = Σ_{x&gt;S} (x−S)·p(x), by its complement m − S + Σ_{x&lt;S} (S−x)·p(x), which needs no tail (Sherbrooke eq. 2.7).</summary>
    public double ExpectedBackOrders(int stock) => Math.Max(0, Mean - stock + Below(stock, 1));

    /// <summary>VBO(S) = Σ_{x&gt;S} (x−S)²·p(x) − EBO² (Sherbrooke eq. 3.23).</summary>
    public double BackOrderVariance(int stock)
    {
        var expected = ExpectedBackOrders(stock);
        return Math.Max(0, Variance + (Mean - stock) * (Mean - stock) - Below(stock, 2) - expected * expected);
    }

    /// <summary>On hand: S − m + EBO(S).</summary>
    public double ExpectedOnHand(int stock) => stock - Mean + ExpectedBackOrders(stock);

    /// <summary>How long a demand waits on average, by Little's law: EBO / λ. In the unit of 1/<paramref name="rate"/>.</summary>
    public double ExpectedWait(int stock, double rate) => rate <= 0 ? 0 : ExpectedBackOrders(stock) / rate;

    /// <summary>The least stock whose fill rate reaches <paramref name="target"/>.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The target is not in [0, 1).</exception>
    public int StockFor(double target)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(target);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(target, 1);
        var sum = 0.0;
        for (var stock = 0; stock <= _mass.Length; stock++)
        {
            if (sum >= target) return stock;
            sum += Probability(stock);
        }
        return _mass.Length;
    }

    /// <summary>The sum of two independent pipelines.</summary>
    public PipelineLaw Plus(PipelineLaw other)
    {
        if (other.Mean <= 0) return this;
        if (Mean <= 0) return other;
        var mass = new double[_mass.Length + other._mass.Length - 1];
        for (var i = 0; i < _mass.Length; i++)
            for (var j = 0; j < other._mass.Length; j++) mass[i + j] += _mass[i] * other._mass[j];
        return new PipelineLaw(mass, Mean + other.Mean, Variance + other.Variance);
    }

    public static PipelineLaw Nothing { get; } = new([1], 0, 0);

    /// <summary>Palm's theorem: Poisson demand λ and ample resupply of mean time T give Poisson(λT), whatever the shape of T.</summary>
    public static PipelineLaw Poisson(double mean)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(mean);
        return mean <= 0 ? Nothing : Table(mean, mean, k => BaseStock.Probability(k, mean));
    }

    /// <summary>p = mean/variance, k = mean²/(variance − mean): Slay's fit for VARI-METRIC.</summary>
    public static PipelineLaw NegativeBinomial(double mean, double variance)
    {
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(variance, mean);
        var (p, shape) = (mean / variance, mean * mean / (variance - mean));
        var next = Math.Exp(shape * Math.Log(p));
        return Table(mean, variance, k =>
        {
            var here = next;
            next *= (shape + k) / (k + 1) * (1 - p);
            return here;
        });
    }

    /// <summary>The law of these two moments: negative binomial above Poisson, Poisson at it, a mixture of two binomials below (Adan, van Eenige &amp; Resing 1995).</summary>
    public static PipelineLaw Fit(double mean, double variance)
    {
        if (mean <= 0) return Nothing;
        if (variance > mean * (1 + SameMoments)) return NegativeBinomial(mean, variance);
        return variance < mean * (1 - SameMoments) ? TwoBinomials(mean, variance) : Poisson(mean);
    }

    /// <summary>Which machines will ask for a unit, each by its own probability: the Poisson-binomial law, by one convolution a machine.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A probability is not in [0, 1].</exception>
    public static PipelineLaw Each(IEnumerable<double> probabilities)
    {
        var mass = new List<double> { 1 };
        var (mean, variance) = (0.0, 0.0);
        foreach (var p in probabilities)
        {
            ArgumentOutOfRangeException.ThrowIfNegative(p);
            ArgumentOutOfRangeException.ThrowIfGreaterThan(p, 1);
            mass.Add(0);
            for (var k = mass.Count - 1; k > 0; k--) mass[k] = mass[k] * (1 - p) + mass[k - 1] * p;
            mass[0] *= 1 - p;
            (mean, variance) = (mean + p, variance + p * (1 - p));
        }
        return new PipelineLaw([.. mass], mean, variance);
    }

    /// <summary>Of <paramref name="whole"/> back-orders each is ours with probability <paramref name="share"/>, on its own: exact for first come, first served (Simon 1971; Graves 1985).</summary>
    internal static PipelineLaw Thinned(IReadOnlyList<double> whole, double share)
    {
        var mass = new double[whole.Count];
        var binomial = new double[whole.Count];   // Binomial(n, share), grown with n
        binomial[0] = 1;
        for (var n = 0; n < whole.Count; n++)
        {
            if (n > 0)
                for (var k = n; k >= 0; k--) binomial[k] = binomial[k] * (1 - share) + (k > 0 ? binomial[k - 1] * share : 0);
            for (var k = 0; k <= n; k++) mass[k] += whole[n] * binomial[k];
        }
        return OfMass(mass);
    }

    /// <summary>P(B = b) of the back-orders over a stock.</summary>
    internal double[] BackOrderMass(int stock)
    {
        var mass = new double[Math.Max(1, _mass.Length - stock)];
        mass[0] = Cumulative(stock);
        for (var b = 1; b < mass.Length; b++) mass[b] = Probability(stock + b);
        return mass;
    }

    private static PipelineLaw TwoBinomials(double mean, double variance)
    {
        // No law of whole numbers lies tighter round the mean than the mixture of its two neighbours.
        var fraction = mean - Math.Floor(mean);
        if (variance <= fraction * (1 - fraction) + SameMoments) return Neighbours(mean);
        var a = variance / (mean * mean) - 1 / mean;
        if (-1 / a > MostTrials) return Poisson(mean);
        var trials = (int)Math.Floor(-1 / a);
        var q = (1 + a * (1 + trials) + Math.Sqrt(Math.Max(0, -a * trials * (1 + trials) - trials))) / (1 + a);
        var p = mean / (trials + 1 - q);
        var (few, many) = (Binomial(trials, Math.Min(1, p)), Binomial(trials + 1, Math.Min(1, p)));
        return OfMass([.. Enumerable.Range(0, Math.Max(few._mass.Length, many._mass.Length)).Select(k => q * few.Probability(k) + (1 - q) * many.Probability(k))]);
    }

    private static PipelineLaw Binomial(int trials, double p)
    {
        if (p >= 1) return Each(Enumerable.Repeat(1.0, trials));
        var next = Math.Exp(trials * Math.Log(1 - p));
        return Table(trials * p, trials * p * (1 - p), k =>
        {
            var here = next;
            next *= (double)(trials - k) / (k + 1) * p / (1 - p);
            return here;
        });
    }

    private static PipelineLaw Neighbours(double mean)
    {
        var (low, fraction) = ((int)Math.Floor(mean), mean - Math.Floor(mean));
        var mass = new double[low + 2];
        (mass[low], mass[low + 1]) = (1 - fraction, fraction);
        return OfMass(mass);
    }

    private static PipelineLaw OfMass(double[] mass)
    {
        var (mean, square) = (0.0, 0.0);
        for (var k = 0; k < mass.Length; k++) (mean, square) = (mean + k * mass[k], square + (double)k * k * mass[k]);
        return new PipelineLaw(mass, mean, square - mean * mean);
    }

    private static PipelineLaw Table(double mean, double variance, Func<int, double> massAt)
    {
        var mass = new List<double>();
        var sum = 0.0;
        for (var k = 0; k < LongestTable && (k <= mean || 1 - sum > LeastTail); k++)
        {
            var here = massAt(k);
            if (k > mean && here < LeastTail * LeastTail) break;   // rounding keeps the sum from 1
            mass.Add(here);
            sum += here;
        }
        return new PipelineLaw([.. mass], mean, variance);
    }

    private double Below(int stock, int power)
    {
        var sum = 0.0;
        for (var x = 0; x < stock && x < _mass.Length; x++) sum += Math.Pow(stock - x, power) * _mass[x];
        return sum;
    }
}
