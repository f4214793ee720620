using Seamless.Analytics.Evaluation;

namespace Seamless.Rules.Packs.Expressions;

/// <summary>Puts two parts of an expression together if their units allow it.</summary>
internal static class Checks
{
    public static BinaryExpression Truths(StepKind kind, Expression left, Expression right, Token sign)
    {
        if (!left.IsTruth || !right.IsTruth) throw new ExpressionProblem(sign.At, $"'{sign.Text}' joins what is true or false", "a comparison or a boolean metric on both sides");
        return new BinaryExpression(kind, left, right, Unit: null);
    }

    public static UnaryExpression Negation(Expression of, Token sign)
    {
        if (!of.IsTruth) throw new ExpressionProblem(sign.At, "'not' needs something that is true or false", "a comparison or a boolean metric");
        return new UnaryExpression(StepKind.Not, of, Unit: null);
    }

    public static BinaryExpression Comparison(Expression left, Expression right, Token sign)
    {
        var kind = sign.Text switch
        {
            "<" => StepKind.Less,
            "<=" => StepKind.LessOrEqual,
            ">" => StepKind.Greater,
            ">=" => StepKind.GreaterOrEqual,
            "==" => StepKind.Equal,
            _ => StepKind.NotEqual,
        };
        DemandNumber(left, sign.At);
        DemandNumber(right, sign.At);
        var (a, b, _) = Alike(left, right, sign, "compared");
        return new BinaryExpression(kind, a, b, Unit: null);
    }

    public static BinaryExpression Sum(Expression left, Expression right, Token sign)
    {
        DemandNumber(left, sign.At);
        DemandNumber(right, sign.At);
        var minus = sign.Text == "-";
        var kind = minus ? StepKind.Subtract : StepKind.Add;
        if (left.Unit is { IsPoint: true } || right.Unit is { IsPoint: true }) return Temperatures(kind, left, right, sign);
        var (a, b, unit) = Alike(left, right, sign, minus ? "subtracted" : "added");
        return new BinaryExpression(kind, a, b, unit);
    }

    /// <summary>°C − °C = K; °C ± K = °C; two °C cannot be added.</summary>
    private static BinaryExpression Temperatures(StepKind kind, Expression left, Expression right, Token sign)
    {
        if (left.Unit is { IsPoint: true } && right.Unit is { IsPoint: true })
        {
            if (kind is StepKind.Add) throw new ExpressionProblem(sign.At, "two temperatures in °C cannot be added", "their difference is in K; a mean is (a - b) / 2 + b");
            return new BinaryExpression(kind, left, right, Unit.Kelvin);
        }
        var (point, interval) = left.Unit is { IsPoint: true } ? (left, right) : (right, left);
        if (kind is StepKind.Subtract && ReferenceEquals(point, right)) throw new ExpressionProblem(sign.At, "a temperature in °C cannot be subtracted from that", "put it first");
        if (interval.Unit is { } unit && unit.Dimension != point.Unit!.Dimension) throw Mismatch(left, right, sign, "added");
        var scaled = interval.Unit is null ? interval : Scaled(interval, Unit.Kelvin);
        return ReferenceEquals(point, left) ? new BinaryExpression(kind, left, scaled, point.Unit) : new BinaryExpression(kind, scaled, right, point.Unit);
    }

    public static BinaryExpression Product(Expression left, Expression right, Token sign)
    {
        DemandNumber(left, sign.At);
        DemandNumber(right, sign.At);
        if (left.Unit is { IsPoint: true } || right.Unit is { IsPoint: true })
            throw new ExpressionProblem(sign.At, "a temperature in °C cannot be multiplied or divided", "take a difference in K first: (a - b)");
        var divide = sign.Text == "/";
        Unit? unit = left.Unit is null && right.Unit is null ? null
            : divide ? (left.Unit ?? Unit.One) / (right.Unit ?? Unit.One) : (left.Unit ?? Unit.One) * (right.Unit ?? Unit.One);
        return new BinaryExpression(divide ? StepKind.Divide : StepKind.Multiply, left, right, unit);
    }

    public static BinaryExpression Extreme(StepKind kind, Expression left, Expression right, Token name)
    {
        DemandNumber(left, name.At);
        DemandNumber(right, name.At);
        var (a, b, unit) = Alike(left, right, name, "compared");
        return new BinaryExpression(kind, a, b, unit);
    }

    public static void DemandNumber(Expression expression, int at)
    {
        if (expression is MetricExpression { Metric.Type: MetricType.State } state) throw new ExpressionProblem(at, $"'{state.Metric.Name}' is a state: it has no number", "compare it with a word: == \"…\"");
        if (expression.IsTruth && expression is not MetricExpression) throw new ExpressionProblem(at, "this needs a number, but one side is true or false", "join truths with 'and', 'or', 'not'");
    }

    public static void DemandNumberOrTruth(Expression expression, int at)
    {
        if (!expression.IsTruth) DemandNumber(expression, at);
    }

    /// <summary>The expression in another unit of the same dimension.</summary>
    public static Expression Scaled(Expression expression, Unit unit)
    {
        var factor = (expression.Unit ?? unit).Factor / unit.Factor;
        if (factor == 1) return expression;
        return expression is NumberExpression number
            ? new NumberExpression(number.Value * factor, unit)
            : new BinaryExpression(StepKind.Multiply, expression, new NumberExpression(factor, Unit: null), unit);
    }

    private static (Expression Left, Expression Right, Unit? Unit) Alike(Expression left, Expression right, Token sign, string done)
    {
        if (left.Unit is null || right.Unit is null) return (left, right, left.Unit ?? right.Unit);
        if (!left.Unit.Matches(right.Unit)) throw Mismatch(left, right, sign, done);
        return (left, Scaled(right, left.Unit), left.Unit);
    }

    private static ExpressionProblem Mismatch(Expression left, Expression right, Token sign, string done) =>
        new(sign.At, $"{Name(left.Unit)} and {Name(right.Unit)} cannot be {done}", left.Unit is { Text.Length: > 0 } own ? $"something in {own.Text} on both sides" : null);

    private static string Name(Unit? unit) => unit is null or { Text: "" } ? "a bare number" : $"'{unit.Text}'";
}
