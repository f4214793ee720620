using System.Runtime.InteropServices;

namespace Seamless.Analytics.Evaluation;

/// <summary>Windows that move by a twelfth of their length: a pane for each twelfth, put together whenever a value comes. Pure over the words that it is given.</summary>
/// <remarks>
/// Panes lie on multiples of their length since 1970, so that a window's edges do not depend on when a device was first seen. A window covers the pane at hand
/// and the eleven before; it is unknown (NaN) until values go back that far, and begins anew after a gap longer than itself.
/// Mean and deviation by Welford and Chan et al. 1983; slope by ordinary least squares with times relative to the pane at hand.
/// </remarks>
internal static class WindowPanes
{
    public const int Panes = 12;
    public const int FinePanes = 60;

    /// <summary>Number of the pane at hand and of the first pane with a value.</summary>
    public const int Header = 2;

    private const int MostLanes = 5;

    public static int Lanes(SignalKind kind) => kind switch
    {
        SignalKind.Least or SignalKind.Greatest or SignalKind.Count => 1,
        SignalKind.Mean or SignalKind.Range => 2,
        SignalKind.Deviation => 3,
        SignalKind.Slope => MostLanes,
        _ => 0,
    };

    public static void Clear(SignalKind kind, Span<double> words)
    {
        var numbers = MemoryMarshal.Cast<double, long>(words);
        (numbers[0], numbers[1]) = (long.MinValue, long.MinValue);
        var (panes, lanes) = kind is SignalKind.Percentile ? (FinePanes, 2) : (Panes, Lanes(kind));
        for (var pane = 0; pane < panes; pane++) Empty(kind, words.Slice(Header + pane * lanes, lanes));
    }

    private static void Empty(SignalKind kind, Span<double> lanes)
    {
        lanes.Clear();
        if (kind is SignalKind.Least or SignalKind.Range) lanes[0] = double.PositiveInfinity;
        if (kind is SignalKind.Greatest) lanes[0] = double.NegativeInfinity;
        if (kind is SignalKind.Range) lanes[1] = double.NegativeInfinity;
    }

    /// <summary>Takes a value; <paramref name="result"/> becomes the window's, NaN while it is not full. A percentile changes with each new pane only.</summary>
    public static void Observe(Signal signal, Span<double> words, long timestampMs, double value, ref double result)
    {
        var (panes, lanes) = signal.Kind is SignalKind.Percentile ? (FinePanes, 2) : (Panes, Lanes(signal.Kind));
        var paneMs = Math.Max(1, signal.LengthMs / panes);
        var pane = Math.DivRem(timestampMs, paneMs, out var rest);
        if (rest < 0) pane--;
        var numbers = MemoryMarshal.Cast<double, long>(words[..Header]);
        var moved = MoveOn(signal.Kind, words, numbers, pane, panes, lanes);
        var at = words.Slice(Header + (int)((pane % panes + panes) % panes) * lanes, lanes);
        Put(signal.Kind, at, value, (timestampMs - pane * paneMs) / 1000.0);
        if (pane - numbers[1] < panes - 1) result = double.NaN;
        else if (signal.Kind is not SignalKind.Percentile) result = Together(signal.Kind, words[Header..], pane, paneMs);
        else if (moved) result = Percentile(words[Header..], signal.Parameter, exceptPane: (int)((pane % panes + panes) % panes));
    }

    /// <returns>Whether another pane is at hand now.</returns>
    private static bool MoveOn(SignalKind kind, Span<double> words, Span<long> numbers, long pane, int panes, int lanes)
    {
        if (pane == numbers[0]) return false;
        if (numbers[0] == long.MinValue || pane - numbers[0] >= panes)
        {
            Clear(kind, words);
            numbers[1] = pane;
        }
        else
        {
            for (var skipped = numbers[0] + 1; skipped <= pane; skipped++) Empty(kind, words.Slice(Header + (int)((skipped % panes + panes) % panes) * lanes, lanes));
        }
        numbers[0] = pane;
        return true;
    }

    private static void Put(SignalKind kind, Span<double> lanes, double value, double seconds)
    {
        switch (kind)
        {
            case SignalKind.Least: lanes[0] = Math.Min(lanes[0], value); break;
            case SignalKind.Greatest: lanes[0] = Math.Max(lanes[0], value); break;
            case SignalKind.Range:
                lanes[0] = Math.Min(lanes[0], value);
                lanes[1] = Math.Max(lanes[1], value);
                break;
            case SignalKind.Count: lanes[0] += value != 0 ? 1 : 0; break;
            case SignalKind.Mean or SignalKind.Percentile:
                lanes[0] += value;
                lanes[1]++;
                break;
            case SignalKind.Deviation:
                lanes[0]++;
                var from = value - lanes[1];
                lanes[1] += from / lanes[0];
                lanes[2] += from * (value - lanes[1]);
                break;
            case SignalKind.Slope:
                lanes[0]++;
                lanes[1] += seconds;
                lanes[2] += value;
                lanes[3] += seconds * value;
                lanes[4] += seconds * seconds;
                break;
        }
    }

    private static double Together(SignalKind kind, ReadOnlySpan<double> panes, long pane, long paneMs) => kind switch
    {
        SignalKind.Mean => Mean(panes),
        SignalKind.Deviation => Deviation(panes),
        SignalKind.Slope => Slope(panes, pane, paneMs / 1000.0),
        SignalKind.Least => Least(panes, 1, 0),
        SignalKind.Greatest => Greatest(panes, 1, 0),
        SignalKind.Range => Greatest(panes, 2, 1) - Least(panes, 2, 0),
        _ => Sum(panes),
    };

    private static double Sum(ReadOnlySpan<double> panes)
    {
        var sum = 0.0;
        foreach (var pane in panes) sum += pane;
        return sum;
    }

    private static double Mean(ReadOnlySpan<double> panes)
    {
        var (sum, count) = (0.0, 0.0);
        for (var i = 0; i < panes.Length; i += 2)
        {
            sum += panes[i];
            count += panes[i + 1];
        }
        return sum / count;
    }

    private static double Least(ReadOnlySpan<double> panes, int lanes, int lane)
    {
        var least = double.PositiveInfinity;
        for (var i = lane; i < panes.Length; i += lanes) least = Math.Min(least, panes[i]);
        return least;
    }

    private static double Greatest(ReadOnlySpan<double> panes, int lanes, int lane)
    {
        var greatest = double.NegativeInfinity;
        for (var i = lane; i < panes.Length; i += lanes) greatest = Math.Max(greatest, panes[i]);
        return greatest;
    }

    private static double Deviation(ReadOnlySpan<double> panes)
    {
        var (count, mean, squares) = (0.0, 0.0, 0.0);
        for (var i = 0; i < panes.Length; i += 3)
        {
            if (panes[i] == 0) continue;
            var (n, between) = (count + panes[i], panes[i + 1] - mean);
            squares += panes[i + 2] + between * between * count * panes[i] / n;
            mean += between * panes[i] / n;
            count = n;
        }
        return Math.Sqrt(Math.Max(0, squares / count));
    }

    /// <summary>Oldest pane first, so that the same values give the same bits wherever the ring happens to begin.</summary>
    private static double Slope(ReadOnlySpan<double> panes, long newest, double paneSeconds)
    {
        double n = 0, t = 0, v = 0, tv = 0, tt = 0;
        for (var age = Panes - 1; age >= 0; age--)
        {
            var pane = panes.Slice((int)(((newest - age) % Panes + Panes) % Panes) * MostLanes, MostLanes);
            var shift = -age * paneSeconds;
            n += pane[0];
            t += pane[1] + shift * pane[0];
            v += pane[2];
            tv += pane[3] + shift * pane[2];
            tt += pane[4] + 2 * shift * pane[1] + shift * shift * pane[0];
        }
        var spread = n * tt - t * t;
        return spread > 0 ? (n * tv - t * v) / spread : double.NaN;
    }

    private static double Percentile(ReadOnlySpan<double> panes, double percentile, int exceptPane)
    {
        Span<double> means = stackalloc double[FinePanes];
        var count = 0;
        for (var i = 0; i < FinePanes; i++)
            if (i != exceptPane && panes[2 * i + 1] > 0) means[count++] = panes[2 * i] / panes[2 * i + 1];
        if (count == 0) return double.NaN;
        means[..count].Sort();
        return means[(int)Math.Clamp(Math.Ceiling(percentile / 100 * count) - 1, 0, count - 1)];
    }
}
