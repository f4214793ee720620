using System.Globalization;
using Seamless.Analytics.Evaluation;
using Seamless.Rules.Packs.Files;

namespace Seamless.Rules.Packs.Expressions;

/// <summary>A function that expressions may call.</summary>
/// <param name="TakesWindow">Its last argument is a length of time.</param>
/// <param name="TakesExpressions">With several expressions instead of a window it means the least or the greatest of them.</param>
/// <param name="UnitOf">The unit of the result.</param>
internal sealed record Function(string Name, SignalKind Kind, bool TakesWindow, bool TakesExpressions, Func<Unit?, Unit?> UnitOf)
{
    /// <summary>The signal over <paramref name="of"/>.</summary>
    public Expression Over(Expression of, List<Token> arguments, Token at)
    {
        if (of is MetricExpression { Metric.Type: MetricType.State } state) throw new ExpressionProblem(at.At, $"'{state.Metric.Name}' is a state: it has no number", $"{Name}({state.Metric.Name} == \"…\")");
        if (Kind is not SignalKind.Count) Checks.DemandNumberOrTruth(of, at.At);
        var parameter = Kind is SignalKind.Percentile ? Percent(arguments, at) : IsOfPeers ? Least(of, arguments, at) : 0;
        if (!TakesWindow)
        {
            if (arguments.Count > 0) throw new ExpressionProblem(arguments[0].At, $"'{Name}' takes one value", $"{Name}(x)");
            if (Kind is SignalKind.Expression) return Plain(of, at);
            return new SignalExpression(Kind, of, TimeSpan.Zero, parameter, UnitOf(of.Unit));
        }
        if (arguments.Count != 1) throw new ExpressionProblem(at.At, $"'{Name}' needs a value and a length of time", $"{Name}(x, {(Kind is SignalKind.Percentile ? "95, " : "")}10m)");
        if (!Durations.TryParse(arguments[0].Text, out var length)) throw new ExpressionProblem(arguments[0].At, $"'{arguments[0].Text}' is not a duration", Durations.Form);
        if (length < TimeSpan.FromSeconds(1) || length > TimeSpan.FromDays(400)) throw new ExpressionProblem(arguments[0].At, "a window lasts from 1 s to 400 d", null);
        return new SignalExpression(Kind, of, length, parameter, UnitOf(of.Unit));
    }

    private bool IsOfPeers => Kind is SignalKind.Peers or SignalKind.PeerSpread;

    /// <summary>How many others must have told: five unless it says otherwise, so that two odd ones do not move the median out of the rest.</summary>
    private int Least(Expression of, List<Token> arguments, Token at)
    {
        if (of.LooksAtPeers) throw new ExpressionProblem(at.At, "peers of peers are not compared", $"{Name}(x, 1h) of a metric or an expression of this machine");
        if (arguments.Count < 2) return 5;
        if (!int.TryParse(arguments[1].Text, NumberStyles.None, CultureInfo.InvariantCulture, out var least) || least is < 2 or > 1000)
            throw new ExpressionProblem(arguments[1].At, $"'{arguments[1].Text}' is no number of machines", $"2 to 1000, such as {Name}(x, 1h, 8)");
        arguments.RemoveAt(1);
        return least;
    }

    private UnaryExpression Plain(Expression of, Token at)
    {
        Checks.DemandNumber(of, at.At);
        if (Name == "abs") return new UnaryExpression(StepKind.Absolute, of, of.Unit);
        if (of.Unit is { } unit && unit.Dimension != default) throw new ExpressionProblem(at.At, $"the root of '{unit.Text}' has no unit of ours", "divide by a number of that unit first");
        return new UnaryExpression(StepKind.SquareRoot, of, of.Unit);
    }

    private double Percent(List<Token> arguments, Token at)
    {
        if (Name == "median") return 50;
        if (arguments.Count != 2) throw new ExpressionProblem(at.At, "'percentile' needs a value, a percentile and a length of time", "percentile(x, 95, 10m)");
        if (!double.TryParse(arguments[0].Text, NumberStyles.Float, CultureInfo.InvariantCulture, out var percent) || percent is <= 0 or >= 100)
            throw new ExpressionProblem(arguments[0].At, $"'{arguments[0].Text}' is no percentile", "a number between 0 and 100");
        arguments.RemoveAt(0);
        return percent;
    }
}

/// <summary>What expressions may call.</summary>
internal static class Functions
{
    public static readonly IReadOnlyDictionary<string, Function> All = new[]
    {
        new Function("mean", SignalKind.Mean, true, false, unit => unit),
        new Function("std", SignalKind.Deviation, true, false, unit => unit?.Interval),
        new Function("min", SignalKind.Least, true, true, unit => unit),
        new Function("max", SignalKind.Greatest, true, true, unit => unit),
        new Function("range", SignalKind.Range, true, false, unit => unit?.Interval),
        new Function("slope", SignalKind.Slope, true, false, unit => (unit ?? Unit.One).Interval / Unit.Second),
        new Function("count", SignalKind.Count, true, false, _ => Unit.One),
        new Function("percentile", SignalKind.Percentile, true, false, unit => unit),
        new Function("median", SignalKind.Percentile, true, false, unit => unit),
        new Function("peers", SignalKind.Peers, true, false, unit => unit),
        new Function("peerSpread", SignalKind.PeerSpread, true, false, unit => unit?.Interval),
        new Function("rate", SignalKind.Rate, false, false, unit => (unit ?? Unit.One).Interval / Unit.Second),
        new Function("unchanged", SignalKind.Unchanged, false, false, _ => Unit.Second),
        new Function("abs", SignalKind.Expression, false, false, unit => unit),
        new Function("sqrt", SignalKind.Expression, false, false, unit => unit),
    }.ToDictionary(function => function.Name, StringComparer.Ordinal);

    /// <summary>Reads otherwise than the rest: its second argument is an expression.</summary>
    public const string Given = "given";

    public static IEnumerable<string> Names => All.Keys.Append(Given);

    public static bool IsDuration(Token token) => Durations.TryParse(token.Text, out _);
}
