namespace Seamless.ServiceDesk.Reliability;

/// <summary>The exact two-sided interval of a Poisson mean (Garwood 1936): the means under which the count, or a more extreme one, has a probability of 2.5 % at each end.</summary>
public static class PoissonLimits
{
    private const double Tail = 0.025;
    private const int Halvings = 60;

    public static (double Low, double High) Of(int count)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        var most = count + 10 + 10 * Math.Sqrt(count + 1);
        return (count == 0 ? 0 : Solve(count - 1, 1 - Tail, most), Solve(count, Tail, most));
    }

    /// <summary>The mean under which P(X ≤ count) is <paramref name="probability"/>: it falls as the mean grows.</summary>
    private static double Solve(int count, double probability, double high)
    {
        var (low, logFactorial) = (0.0, 0.0);
        for (var i = 2; i <= count; i++) logFactorial += Math.Log(i);
        for (var i = 0; i < Halvings; i++)
        {
            var middle = (low + high) / 2;
            if (AtMost(count, middle, logFactorial) > probability) low = middle;
            else high = middle;
        }
        return (low + high) / 2;
    }

    /// <summary>From the largest term downwards: no term overflows, and the small ones end the sum.</summary>
    private static double AtMost(int count, double mean, double logFactorial)
    {
        var term = Math.Exp(count * Math.Log(mean) - mean - logFactorial);
        var sum = term;
        for (var i = count; i > 0 && term > 0; i--) sum += term *= i / mean;
        return sum;
    }
}
