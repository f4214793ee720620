using System.Runtime.CompilerServices;

namespace Seamless.Analytics.Evaluation;

/// <summary>Derives one signal of a device from its inputs as they stand now.</summary>
internal static class Signaller
{
    public static void Derive(RuleState state, int number, long timestampMs)
    {
        var signal = state.Program.Signals[number];
        var signals = state.Signals;
        ref var result = ref signals[state.Program.Metrics.Length + number];
        if (signal.Kind is SignalKind.Expression)
        {
            result = state.Program.Functions[number] is { } function ? function(ref signals[0]) : signal.Code!.Evaluate(signals);
            return;
        }
        var value = signals[signal.Input];
        if (double.IsNaN(value)) return;
        var words = state.Derived(number);
        switch (signal.Kind)
        {
            case SignalKind.Rate: result = Rate(words, timestampMs, value); break;
            case SignalKind.Unchanged: result = Unchanged(words, timestampMs, value, signal.Parameter); break;
            default: WindowPanes.Observe(signal, words, timestampMs, value, ref result); break;
        }
    }

    /// <summary>Change per second since the point before; unknown for the first.</summary>
    private static double Rate(Span<double> words, long timestampMs, double value)
    {
        ref var beforeMs = ref Unsafe.As<double, long>(ref words[0]);
        var (at, before) = (beforeMs, words[1]);
        (beforeMs, words[1]) = (timestampMs, value);
        return double.IsNaN(before) || timestampMs <= at ? double.NaN : (value - before) / ((timestampMs - at) / 1000.0);
    }

    /// <summary>Seconds since the value was last further than the tolerance from where it stood then.</summary>
    private static double Unchanged(Span<double> words, long timestampMs, double value, double tolerance)
    {
        ref var sinceMs = ref Unsafe.As<double, long>(ref words[0]);
        if (!(Math.Abs(value - words[1]) <= tolerance)) (sinceMs, words[1]) = (timestampMs, value);
        return (timestampMs - sinceMs) / 1000.0;
    }
}
