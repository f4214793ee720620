using Seamless.Analytics.Evaluation;
using Seamless.Rules.Packs.Files;

namespace Seamless.Rules.Packs.Expressions;

/// <summary>Reads an expression against a pack's metrics and checks its units (docs/reference/rules.md).</summary>
/// <remarks>or, and, not, comparison, sum, product, sign, value: loosest first. A bare number takes the unit of what it is added to or compared with.</remarks>
internal sealed class ExpressionReader
{
    private readonly IReadOnlyList<MetricDefinition> _metrics;
    private readonly List<Token> _tokens;
    private int _next;

    private ExpressionReader(IReadOnlyList<MetricDefinition> metrics, string text) => (_metrics, _tokens) = (metrics, Lexer.Read(text));

    /// <exception cref="ExpressionProblem">The text is no expression over these metrics.</exception>
    public static Expression Read(string text, IReadOnlyList<MetricDefinition> metrics)
    {
        var reader = new ExpressionReader(metrics, text);
        var expression = reader.Or();
        if (reader.Peek.Kind is not TokenKind.End) throw new ExpressionProblem(reader.Peek.At, $"'{reader.Peek.Text}' is not expected here", "an operator, or nothing more");
        return expression;
    }

    private Token Peek => _tokens[_next];

    private Token Take() => _tokens[_next++];

    private bool TryTake(TokenKind kind, string text, out Token token)
    {
        token = Peek;
        if (token.Kind != kind || token.Text != text) return false;
        _next++;
        return true;
    }

    private Expression Or()
    {
        var left = And();
        while (TryTake(TokenKind.Name, "or", out var sign)) left = Checks.Truths(StepKind.Or, left, And(), sign);
        return left;
    }

    private Expression And()
    {
        var left = Not();
        while (TryTake(TokenKind.Name, "and", out var sign)) left = Checks.Truths(StepKind.And, left, Not(), sign);
        return left;
    }

    private Expression Not() => TryTake(TokenKind.Name, "not", out var sign) ? Checks.Negation(Not(), sign) : Comparison();

    private Expression Comparison()
    {
        var left = Sum();
        if (Peek is not { Kind: TokenKind.Sign, Text: "<" or "<=" or ">" or ">=" or "==" or "!=" }) return left;
        var sign = Take();
        if (left is MetricExpression { Metric.Type: MetricType.State } state) return Words(state, sign);
        return Checks.Comparison(left, Sum(), sign);
    }

    private WordExpression Words(MetricExpression state, Token sign)
    {
        var word = Take();
        if (sign.Text is not ("==" or "!=")) throw new ExpressionProblem(sign.At, $"'{state.Metric.Name}' is a state: it has no order", "compare it with == or !=");
        if (word.Kind is not TokenKind.Word) throw new ExpressionProblem(word.At, $"'{state.Metric.Name}' is a state", "compare it with a word in quotes: \"eco\"");
        return new WordExpression(state, word.Text, sign.Text == "==");
    }

    private Expression Sum()
    {
        var left = Product();
        while (Peek is { Kind: TokenKind.Sign, Text: "+" or "-" })
        {
            var sign = Take();
            left = Checks.Sum(left, Product(), sign);
        }
        return left;
    }

    private Expression Product()
    {
        var left = Signed();
        while (Peek is { Kind: TokenKind.Sign, Text: "*" or "/" })
        {
            var sign = Take();
            left = Checks.Product(left, Signed(), sign);
        }
        return left;
    }

    private Expression Signed()
    {
        if (!TryTake(TokenKind.Sign, "-", out var sign)) return Value();
        var of = Signed();
        if (of is NumberExpression number) return number with { Value = -number.Value };
        Checks.DemandNumber(of, sign.At);
        if (of.Unit is { IsPoint: true }) throw new ExpressionProblem(sign.At, "a temperature in °C has no negative of its own", "subtract it from another");
        return new UnaryExpression(StepKind.Negate, of, of.Unit);
    }

    private Expression Value()
    {
        var token = Take();
        switch (token.Kind)
        {
            case TokenKind.Number: return Number(token);
            case TokenKind.Name when Peek is { Kind: TokenKind.Sign, Text: "(" }: return Function(token);
            case TokenKind.Name: return Metric(token);
            case TokenKind.Sign when token.Text == "(":
                var inner = Or();
                Expect(")");
                return inner;
            case TokenKind.End: throw new ExpressionProblem(token.At, "something is missing here", "a metric, a number, a function or '('");
            default: throw new ExpressionProblem(token.At, $"'{token.Text}' is not expected here", "a metric, a number, a function or '('");
        }
    }

    private NumberExpression Number(Token number)
    {
        if (Peek.Kind is not TokenKind.Unit) return new NumberExpression(number.Number, Unit: null);
        var name = Take();
        if (!UnitNames.TryFind(name.Text, out var unit)) throw new ExpressionProblem(name.At, $"the unit '{name.Text}' is not known", UnitNames.Hint(name.Text));
        return new NumberExpression(number.Number, unit);
    }

    private MetricExpression Metric(Token name)
    {
        for (var slot = 0; slot < _metrics.Count; slot++)
        {
            if (_metrics[slot].Name != name.Text) continue;
            var unit = _metrics[slot].Type is MetricType.Number && UnitNames.TryFind(_metrics[slot].Unit, out var known) ? known : null;
            return new MetricExpression(slot, _metrics[slot], unit);
        }
        throw new ExpressionProblem(name.At, $"the pack has no metric '{name.Text}'", Nearest.Hint(name.Text, _metrics.Select(m => m.Name)));
    }

    private Expression Function(Token name)
    {
        Expect("(");
        if (name.Text == Functions.Given) return Given(name);
        if (!Functions.All.TryGetValue(name.Text, out var function)) throw new ExpressionProblem(name.At, $"there is no function '{name.Text}'", Nearest.Hint(name.Text, Functions.Names));
        var of = Or();
        if (function.TakesExpressions && !IsWindow()) return Several(function, of, name);
        var arguments = new List<Token>();
        while (TryTake(TokenKind.Sign, ",", out _)) arguments.Add(NumberWithUnit());
        Expect(")");
        return function.Over(of, arguments, name);
    }

    private BinaryExpression Given(Token name)
    {
        var of = Or();
        Checks.DemandNumberOrTruth(of, name.At);
        Expect(",");
        var condition = Or();
        if (!condition.IsTruth) throw new ExpressionProblem(name.At, "'given' needs a value and something that is true or false", "given(x, running)");
        Expect(")");
        return new BinaryExpression(StepKind.Given, of, condition, of.Unit);
    }

    /// <summary>Whether a length of time is all that follows: min(x, 10m) and not min(x, 10 bar).</summary>
    private bool IsWindow() =>
        Peek.Text == "," && _tokens[_next + 1].Kind is TokenKind.Number && _tokens[_next + 2].Kind is TokenKind.Unit
        && Functions.IsDuration(_tokens[_next + 1] with { Text = _tokens[_next + 1].Text + _tokens[_next + 2].Text }) && _tokens[_next + 3].Text == ")";

    private Expression Several(Function function, Expression first, Token name)
    {
        var result = first;
        while (TryTake(TokenKind.Sign, ",", out _)) result = Checks.Extreme(function.Kind is SignalKind.Least ? StepKind.Least : StepKind.Greatest, result, Or(), name);
        Expect(")");
        return result;
    }

    /// <summary>A number and what is written after it, as one token: <c>10m</c>, <c>95</c>.</summary>
    private Token NumberWithUnit()
    {
        var number = Take();
        if (number.Kind is not TokenKind.Number) throw new ExpressionProblem(number.At, $"'{number.Text}' is not expected here", $"a length of time: {Durations.Form}");
        return Peek.Kind is TokenKind.Unit ? number with { Text = number.Text + Take().Text } : number;
    }

    private void Expect(string sign)
    {
        if (!TryTake(TokenKind.Sign, sign, out var found)) throw new ExpressionProblem(found.At, found.Kind is TokenKind.End ? $"'{sign}' is missing" : $"'{found.Text}' is not expected here", $"'{sign}'");
    }
}
