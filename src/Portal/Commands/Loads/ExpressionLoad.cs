using System.Diagnostics;
using Seamless.Analytics.Evaluation;
using Seamless.Rules.Engine;

namespace Seamless.Portal.Commands.Loads;

/// <summary>What an expression costs compiled, interpreted, and written in C# by hand.</summary>
internal static class ExpressionLoad
{
    private const int Rounds = 20;
    private const int Calls = 2_000_000;

    public static (double CompiledNs, double HandWrittenNs, double InterpretedNs) Run(CompiledPack pack)
    {
        var code = pack.Program.Signals.First(signal => signal.Code is not null).Code!;
        var compiled = CompiledPack.CompiledExpression(code) ?? throw new InvalidOperationException("this machine cannot compile expressions");
        SignalFunction byHand = ByHand;
        SignalFunction interpreted = (ref double signals) => code.Evaluate(System.Runtime.InteropServices.MemoryMarshal.CreateReadOnlySpan(ref signals, pack.Program.Metrics.Length));
        double[] compiledNs = new double[Rounds], byHandNs = new double[Rounds], interpretedNs = new double[Rounds];
        for (var round = 0; round < Rounds; round++)   // turn by turn: what disturbs one disturbs the others
        {
            compiledNs[round] = Time(compiled);
            byHandNs[round] = Time(byHand);
            interpretedNs[round] = Time(interpreted);
        }
        return (Median(compiledNs), Median(byHandNs), Median(interpretedNs));
    }

    /// <summary>The expression of <see cref="RulesPack"/>: (dischargePressure - suctionPressure) / motorCurrent.</summary>
    private static double ByHand(ref double signals)
    {
        var discharge = System.Runtime.CompilerServices.Unsafe.Add(ref signals, 3);
        var suction = System.Runtime.CompilerServices.Unsafe.Add(ref signals, 4);
        return (discharge - suction) / System.Runtime.CompilerServices.Unsafe.Add(ref signals, 2);
    }

    private static double Time(SignalFunction function)
    {
        double[] signals = [55, 1.9, 28, 6, 1];
        var sum = 0.0;
        var began = Stopwatch.GetTimestamp();
        for (var i = 0; i < Calls; i++)
        {
            signals[3] = 6 + (i & 7);
            sum += function(ref signals[0]);
        }
        var ns = Stopwatch.GetElapsedTime(began).TotalNanoseconds / Calls;
        return sum > 0 ? Math.Round(ns, 3) : double.NaN;
    }

    private static double Median(double[] values)
    {
        Array.Sort(values);
        return values[values.Length / 2];
    }
}
