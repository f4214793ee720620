using System.Reflection;
using System.Reflection.Emit;
using System.Runtime.CompilerServices;
using Seamless.Analytics.Evaluation;

namespace Seamless.Rules.Engine;

/// <summary>Compiles an expression to machine code: what <see cref="ExpressionCode.Evaluate"/> interprets, bit for bit.</summary>
internal static class ExpressionCompiler
{
    private static readonly Dictionary<StepKind, MethodInfo> Calls = new()
    {
        [StepKind.Absolute] = Method(typeof(Math), nameof(Math.Abs), 1),
        [StepKind.SquareRoot] = Method(typeof(Math), nameof(Math.Sqrt), 1),
        [StepKind.Least] = Method(typeof(Math), nameof(Math.Min), 2),
        [StepKind.Greatest] = Method(typeof(Math), nameof(Math.Max), 2),
        [StepKind.And] = Method(typeof(Logic), nameof(Logic.And), 2),
        [StepKind.Or] = Method(typeof(Logic), nameof(Logic.Or), 2),
        [StepKind.Less] = Method(typeof(Logic), nameof(Logic.Less), 2),
        [StepKind.LessOrEqual] = Method(typeof(Logic), nameof(Logic.LessOrEqual), 2),
        [StepKind.Greater] = Method(typeof(Logic), nameof(Logic.Greater), 2),
        [StepKind.GreaterOrEqual] = Method(typeof(Logic), nameof(Logic.GreaterOrEqual), 2),
        [StepKind.Equal] = Method(typeof(Logic), nameof(Logic.Equal), 2),
        [StepKind.Given] = Method(typeof(Logic), nameof(Logic.Given), 2),
    };

    private static readonly Dictionary<StepKind, OpCode> Arithmetic = new()
    {
        [StepKind.Add] = OpCodes.Add,
        [StepKind.Subtract] = OpCodes.Sub,
        [StepKind.Multiply] = OpCodes.Mul,
        [StepKind.Divide] = OpCodes.Div,
        [StepKind.Negate] = OpCodes.Neg,
    };

    /// <returns>The code, or null where none can be generated: then it is interpreted.</returns>
    public static SignalFunction? Compile(ExpressionCode code)
    {
        if (!RuntimeFeature.IsDynamicCodeCompiled) return null;
        var method = new DynamicMethod("signal", typeof(double), [typeof(double).MakeByRefType()], typeof(ExpressionCompiler).Module, skipVisibility: false);
        var il = method.GetILGenerator();
        foreach (var step in code.Steps) Emit(il, step);
        il.Emit(OpCodes.Ret);
        return method.CreateDelegate<SignalFunction>();
    }

    private static void Emit(ILGenerator il, in Step step)
    {
        switch (step.Kind)
        {
            case StepKind.Number:
                il.Emit(OpCodes.Ldc_R8, step.Number);
                break;
            case StepKind.Signal:
                il.Emit(OpCodes.Ldarg_0);
                il.Emit(OpCodes.Ldc_I4, step.Slot * sizeof(double));
                il.Emit(OpCodes.Add);
                il.Emit(OpCodes.Ldind_R8);
                break;
            case StepKind.Not:
                Complement(il);
                break;
            case StepKind.NotEqual:
                il.Emit(OpCodes.Call, Calls[StepKind.Equal]);
                Complement(il);
                break;
            default:
                if (Arithmetic.TryGetValue(step.Kind, out var operation)) il.Emit(operation);
                else il.Emit(OpCodes.Call, Calls[step.Kind]);
                break;
        }
    }

    /// <summary>1 − x of what is on the stack.</summary>
    private static void Complement(ILGenerator il)
    {
        var value = il.DeclareLocal(typeof(double));
        il.Emit(OpCodes.Stloc, value);
        il.Emit(OpCodes.Ldc_R8, 1.0);
        il.Emit(OpCodes.Ldloc, value);
        il.Emit(OpCodes.Sub);
    }

    private static MethodInfo Method(Type type, string name, int parameters) =>
        type.GetMethod(name, [.. Enumerable.Repeat(typeof(double), parameters)]) ?? throw new MissingMethodException(type.Name, name);
}
