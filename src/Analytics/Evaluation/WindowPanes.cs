using System.Runtime.InteropServices;

namespace Seamless.Analytics.Evaluation;

/// <summary>Windows that move by a twelfth of their length: a pane for each twelfth, the eleven before the one at hand put together once. Pure over the words that it is given.</summary>
/// <remarks>
/// Panes lie on multiples of their length since 1970, so that a window's edges do not depend on when a device was first seen. A window covers the pane at hand
/// and the eleven before; it is unknown (NaN) until values go back that far, and begins anew after a gap longer than itself.
/// Mean and deviation by Welford and Chan et al. 1983; slope by ordinary least squares with times relative to the pane at hand.
/// </remarks>
internal static class WindowPanes
{
    public const int Panes = 12;
    public const int FinePanes = 60;

    private const int PaneLanes = 2;   // of a percentile: sum and count
    private const int SlopeLanes = 5;

    /// <summary>Number of the pane at hand and of the first pane with a value; after them, what the panes before the one at hand make together.</summary>
    private const int Header = 2;

    public static int Words(SignalKind kind) => kind is SignalKind.Percentile ? Header + PaneLanes * FinePanes : Header + (1 + Panes) * Lanes(kind);

    public static int Lanes(SignalKind kind) => kind switch
    {
        SignalKind.Least or SignalKind.Greatest or SignalKind.Count => 1,
        SignalKind.Mean or SignalKind.Range or SignalKind.Percentile => 2,
        SignalKind.Deviation => 3,
        SignalKind.Slope => SlopeLanes,
        _ => 0,
    };

    public static void Clear(SignalKind kind, Span<double> words)
    {
        var numbers = MemoryMarshal.Cast<double, long>(words);
        (numbers[0], numbers[1]) = (long.MinValue, long.MinValue);
        var lanes = Lanes(kind);
        for (var at = Header; at < words.Length; at += lanes) Empty(kind, words.Slice(at, lanes));
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
        var kind = signal.Kind;
        var (panes, lanes, paneMs) = (signal.Panes, signal.Lanes, signal.PaneMs);
        var pane = Math.DivRem(timestampMs, paneMs, out var rest);
        if (rest < 0) pane--;
        var numbers = MemoryMarshal.Cast<double, long>(words[..Header]);
        var first = kind is SignalKind.Percentile ? Header : Header + lanes;
        var at = first + Place(pane, panes) * lanes;
        var moved = pane != numbers[0];
        if (moved) MoveOn(kind, words, numbers, pane, panes, lanes, first, paneMs / 1000.0);
        Put(kind, words.Slice(at, lanes), value, (timestampMs - pane * paneMs) / 1000.0);
        if (pane - numbers[1] < panes - 1) result = double.NaN;
        else if (kind is not SignalKind.Percentile) result = Together(kind, words.Slice(Header, lanes), words.Slice(at, lanes));
        else if (moved) result = Percentile(words[first..], signal.Parameter, Place(pane, panes));
    }

    private static int Place(long pane, int panes) => (int)((pane % panes + panes) % panes);

    private static void MoveOn(SignalKind kind, Span<double> words, Span<long> numbers, long pane, int panes, int lanes, int first, double paneSeconds)
    {
        if (numbers[0] == long.MinValue || pane - numbers[0] >= panes)
        {
            Clear(kind, words);
            numbers[1] = pane;
        }
        else
        {
            for (var skipped = numbers[0] + 1; skipped <= pane; skipped++) Empty(kind, words.Slice(first + Place(skipped, panes) * lanes, lanes));
        }
        numbers[0] = pane;
        if (kind is SignalKind.Percentile) return;
        var before = words.Slice(Header, lanes);
        Empty(kind, before);
        for (var age = panes - 1; age > 0; age--) Merge(kind, before, words.Slice(first + Place(pane - age, panes) * lanes, lanes), -age * paneSeconds);   // oldest first: the same bits wherever the ring begins
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
            default:
                lanes[0] += value;
                lanes[1]++;
                break;
        }
    }

    /// <summary>Adds a pane to what is there.</summary>
    /// <param name="shift">Seconds from the pane at hand back to this one, negative.</param>
    private static void Merge(SignalKind kind, Span<double> into, ReadOnlySpan<double> pane, double shift)
    {
        switch (kind)
        {
            case SignalKind.Least: into[0] = Math.Min(into[0], pane[0]); break;
            case SignalKind.Greatest: into[0] = Math.Max(into[0], pane[0]); break;
            case SignalKind.Range:
                into[0] = Math.Min(into[0], pane[0]);
                into[1] = Math.Max(into[1], pane[1]);
                break;
            case SignalKind.Deviation when pane[0] > 0:
                var (n, between) = (into[0] + pane[0], pane[1] - into[1]);
                into[2] += pane[2] + between * between * into[0] * pane[0] / n;
                into[1] += between * pane[0] / n;
                into[0] = n;
                break;
            case SignalKind.Deviation: break;
            case SignalKind.Slope:
                into[0] += pane[0];
                into[1] += pane[1] + shift * pane[0];
                into[2] += pane[2];
                into[3] += pane[3] + shift * pane[2];
                into[4] += pane[4] + 2 * shift * pane[1] + shift * shift * pane[0];
                break;
            default:
                for (var lane = 0; lane < pane.Length; lane++) into[lane] += pane[lane];
                break;
        }
    }

    /// <summary>The window's value from the panes before and the one at hand.</summary>
    private static double Together(SignalKind kind, ReadOnlySpan<double> before, ReadOnlySpan<double> now)
    {
        switch (kind)
        {
            case SignalKind.Mean: return (before[0] + now[0]) / (before[1] + now[1]);
            case SignalKind.Count: return before[0] + now[0];
            case SignalKind.Least: return Math.Min(before[0], now[0]);
            case SignalKind.Greatest: return Math.Max(before[0], now[0]);
            case SignalKind.Range: return Math.Max(before[1], now[1]) - Math.Min(before[0], now[0]);
        }
        Span<double> all = stackalloc double[SlopeLanes];
        before.CopyTo(all);
        Merge(kind, all, now, 0);
        if (kind is SignalKind.Deviation) return Math.Sqrt(Math.Max(0, all[2] / all[0]));
        var spread = all[0] * all[4] - all[1] * all[1];
        return spread > 0 ? (all[0] * all[3] - all[1] * all[2]) / spread : double.NaN;
    }

    private static double Percentile(ReadOnlySpan<double> panes, double percentile, int exceptPane)
    {
        Span<double> means = stackalloc double[FinePanes];
        var count = 0;
        for (var i = 0; i < FinePanes; i++)
            if (i != exceptPane && panes[PaneLanes * i + 1] > 0) means[count++] = panes[PaneLanes * i] / panes[PaneLanes * i + 1];
        if (count == 0) return double.NaN;
        means[..count].Sort();
        return means[(int)Math.Clamp(Math.Ceiling(percentile / 100 * count) - 1, 0, count - 1)];
    }
}
