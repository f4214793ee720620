using System.Runtime.InteropServices;

namespace Seamless.Analytics.Evaluation;

/// <summary>The mean of a part of time that is over: what a machine tells its peers.</summary>
/// <param name="Signal">Number of the <see cref="SignalKind.Part"/> signal.</param>
/// <param name="Part">k of [k · length, (k + 1) · length) since 1970.</param>
/// <param name="ClosedMs">Event time of the first sample after it, by which it was known to be over.</param>
public readonly record struct PartMean(int Signal, long Part, double Mean, long ClosedMs)
{
    internal const int Words = 3;   // number of the part at hand, sum, count
    internal const int Count = 2;

    public static long Of(long timestampMs, long lengthMs)
    {
        var part = Math.DivRem(timestampMs, lengthMs, out var rest);
        return rest < 0 ? part - 1 : part;
    }

    /// <summary>Takes a value; tells the part that is over by it, if one with values is.</summary>
    internal static bool TryClose(int number, Signal signal, Span<double> words, long timestampMs, double value, out PartMean closed)
    {
        ref var at = ref MemoryMarshal.Cast<double, long>(words)[0];
        var part = Of(timestampMs, signal.LengthMs);
        var isKnown = !double.IsNaN(words[Count]);
        closed = default;
        if (isKnown && part < at) return false;   // too late to be put in order
        if (isKnown && part == at)
        {
            words[1] += value;
            words[Count]++;
            return false;
        }
        if (isKnown) closed = new PartMean(number, at, words[1] / words[Count], timestampMs);
        (at, words[1], words[Count]) = (part, value, 1);
        return isKnown;
    }
}
