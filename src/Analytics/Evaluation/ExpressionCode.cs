using System.Collections.Immutable;
using System.Text.Json.Serialization;

namespace Seamless.Analytics.Evaluation;

/// <summary>What a step of an expression does to the stack of values.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<StepKind>))]
public enum StepKind : byte
{
    /// <summary>Pushes <see cref="Step.Number"/>.</summary>
    Number,
    /// <summary>Pushes the signal at <see cref="Step.Slot"/>.</summary>
    Signal,
    Negate, Not, Absolute, SquareRoot,
    Add, Subtract, Multiply, Divide, Least, Greatest,
    Less, LessOrEqual, Greater, GreaterOrEqual, Equal, NotEqual, And, Or,
    /// <summary>The first where the second is true, else unknown.</summary>
    Given,
}

/// <param name="Number">For <see cref="StepKind.Number"/>.</param>
/// <param name="Slot">For <see cref="StepKind.Signal"/>.</param>
public readonly record struct Step(StepKind Kind, double Number = 0, int Slot = 0);

/// <summary>An expression over signals, in postfix order. Truth is 1, 0, or NaN where it cannot be known (Kleene's three-valued logic).</summary>
/// <remarks>Interpreted where code cannot be generated (on the device); the server compiles it: <see cref="SignalFunction"/>.</remarks>
public sealed record ExpressionCode(ImmutableArray<Step> Steps)
{
    /// <summary>Deepest the stack may get: an expression that needs more is refused when it is read.</summary>
    public const int MaxDepth = 32;

    /// <summary>The slots it reads, each once, in order.</summary>
    public IEnumerable<int> Inputs => Steps.Where(step => step.Kind is StepKind.Signal).Select(step => step.Slot).Distinct().Order();

    /// <summary>How deep its stack gets.</summary>
    public int Depth
    {
        get
        {
            var (depth, deepest) = (0, 0);
            foreach (var step in Steps)
            {
                depth += step.Kind <= StepKind.Signal ? 1 : step.Kind <= StepKind.SquareRoot ? 0 : -1;
                deepest = Math.Max(deepest, depth);
            }
            return deepest;
        }
    }

    /// <summary>Its value at these signals; NaN where one that matters is not known. Allocates nothing.</summary>
    public double Evaluate(ReadOnlySpan<double> signals)
    {
        Span<double> stack = stackalloc double[MaxDepth];
        var top = -1;
        foreach (ref readonly var step in Steps.AsSpan())
        {
            switch (step.Kind)
            {
                case StepKind.Number: stack[++top] = step.Number; break;
                case StepKind.Signal: stack[++top] = signals[step.Slot]; break;
                case StepKind.Negate or StepKind.Not or StepKind.Absolute or StepKind.SquareRoot: stack[top] = Of(step.Kind, stack[top]); break;
                default:
                    top--;
                    stack[top] = Of(step.Kind, stack[top], stack[top + 1]);
                    break;
            }
        }
        return stack[0];
    }

    private static double Of(StepKind kind, double value) => kind switch
    {
        StepKind.Negate => -value,
        StepKind.Not => 1 - value,
        StepKind.Absolute => Math.Abs(value),
        _ => Math.Sqrt(value),
    };

    private static double Of(StepKind kind, double a, double b) => kind switch
    {
        StepKind.Add => a + b,
        StepKind.Subtract => a - b,
        StepKind.Multiply => a * b,
        StepKind.Divide => a / b,
        StepKind.Least => Math.Min(a, b),
        StepKind.Greatest => Math.Max(a, b),
        StepKind.And => Logic.And(a, b),
        StepKind.Or => Logic.Or(a, b),
        StepKind.Less => Logic.Less(a, b),
        StepKind.LessOrEqual => Logic.LessOrEqual(a, b),
        StepKind.Greater => Logic.Greater(a, b),
        StepKind.GreaterOrEqual => Logic.GreaterOrEqual(a, b),
        StepKind.Equal => Logic.Equal(a, b),
        StepKind.Given => Logic.Given(a, b),
        _ => 1 - Logic.Equal(a, b),
    };
}

/// <summary>An expression compiled to code; <paramref name="signals"/> refers to the first signal of the device.</summary>
public delegate double SignalFunction(ref double signals);

/// <summary>Truth as 1, 0 and NaN for unknown.</summary>
public static class Logic
{
    // NaN · 0 is NaN, 1 · NaN is NaN, NaN + 0 is NaN: what is unknown stays so unless one side decides.

    public static double And(double a, double b) => a == 0 || b == 0 ? 0 : a * b;

    public static double Given(double a, double b) => b == 1 ? a : double.NaN;

    public static double Or(double a, double b) => a == 1 || b == 1 ? 1 : a + b;

    public static double Less(double a, double b) => a < b ? 1 : a >= b ? 0 : double.NaN;

    public static double LessOrEqual(double a, double b) => a <= b ? 1 : a > b ? 0 : double.NaN;

    public static double Greater(double a, double b) => Less(b, a);

    public static double GreaterOrEqual(double a, double b) => LessOrEqual(b, a);

    public static double Equal(double a, double b) => a == b ? 1 : double.IsNaN(a) || double.IsNaN(b) ? double.NaN : 0;
}
