using CsCheck;
using Seamless.Analytics.Evaluation;
using Seamless.Rules.Engine;
using Seamless.Rules.Packs;
using Seamless.Rules.Packs.Expressions;

namespace Seamless.Rules.Tests.Packs.Expressions;

public sealed class ExpressionTests
{
    private static readonly MetricDefinition[] Metrics =
    [
        Metric("inlet", "°C"), Metric("outlet", "°C"), Metric("pressure", "bar"), Metric("suction", "kPa"), Metric("flow", "m³/h"), Metric("power", "kW"),
        Metric("load", "%"), Metric("speed", "rpm"), new("running", new("Running", "运行中"), MetricType.Boolean, "", null, null),
        new("mode", new("Mode", "模式"), MetricType.State, "", null, null), Metric("temp-1", "K"),
    ];

    // inlet 20 °C, outlet 35 °C, pressure 4 bar, suction 100 kPa, flow 36 m³/h, power 8 kW, load 75 %, speed 1500 rpm, running, mode "eco" (word 0), temp-1 300 K
    private static readonly double[] Values = [20, 35, 4, 100, 36, 8, 75, 1500, 1, 0, 300];

    [Theory]
    [InlineData("outlet - inlet", "K", 15)]
    [InlineData("inlet + 5 K", "°C", 25)]
    [InlineData("inlet + 5", "°C", 25)]                       // a bare number takes the unit of what it meets
    [InlineData("pressure - suction", "bar", 3)]              // kPa are made bar
    [InlineData("suction - pressure", "kPa", -300)]
    [InlineData("(pressure - suction) * flow / power", "bar·m³/h/kW", 13.5)]
    [InlineData("load / 100", "%", 0.75)]
    [InlineData("speed / 3", "rpm", 500)]
    [InlineData("-(outlet - inlet)", "K", -15)]
    [InlineData("abs(inlet - outlet)", "K", 15)]
    [InlineData("sqrt(pressure / 1 bar)", "", 2)]
    [InlineData("min(pressure, 3 bar)", "bar", 3)]
    [InlineData("max(pressure, suction, 2.5)", "bar", 4)]
    [InlineData("2 + 3 * 4", null, 14)]
    [InlineData("`temp-1` - 280 K", "K", 20)]
    [InlineData("1e3 * load", "%", 75000)]
    [InlineData("given(inlet, running)", "°C", 20)]
    [InlineData("given(load, not running)", "%", double.NaN)]
    public void A_number_has_a_unit(string text, string? unit, double value)
    {
        var expression = ExpressionReader.Read(text, Metrics);
        Assert.Equal(unit, expression.Unit?.Text);
        Assert.Equal(value, Evaluate(expression), 9);
    }

    [Theory]
    [InlineData("load > 70", 1)]
    [InlineData("load > 70 %", 1)]
    [InlineData("pressure >= 400 kPa", 1)]
    [InlineData("speed < 20 Hz", 0)]                          // 1500 rpm are 25 Hz
    [InlineData("running and load > 80", 0)]
    [InlineData("running and not (load > 80)", 1)]
    [InlineData("load > 80 or mode == \"eco\"", 1)]
    [InlineData("mode != 'eco'", 0)]
    [InlineData("not running", 0)]
    [InlineData("running == 1", 1)]
    public void A_truth_is_one_or_nought(string text, double value)
    {
        var expression = ExpressionReader.Read(text, Metrics);
        Assert.True(expression.IsTruth);
        Assert.Equal(value, Evaluate(expression));
    }

    // What is not known is neither true nor false, unless the other side decides.
    [Theory]
    [InlineData("load > 70", double.NaN)]
    [InlineData("not (load > 70)", double.NaN)]
    [InlineData("load > 70 and not running", 0)]
    [InlineData("load > 70 and running", double.NaN)]
    [InlineData("load > 70 or running", 1)]
    [InlineData("load != 70", double.NaN)]
    public void What_is_unknown_stays_so_unless_one_side_decides(string text, double value)
    {
        double[] values = [.. Values];
        values[6] = double.NaN;
        Assert.Equal(value, Evaluate(ExpressionReader.Read(text, Metrics), values));
    }

    [Theory]
    [InlineData("mean(outlet - inlet, 10m)", SignalKind.Mean, "K")]
    [InlineData("std(inlet, 1h)", SignalKind.Deviation, "K")]
    [InlineData("min(inlet, 10m)", SignalKind.Least, "°C")]
    [InlineData("max(pressure, 1d)", SignalKind.Greatest, "bar")]
    [InlineData("range(inlet, 1h)", SignalKind.Range, "K")]
    [InlineData("slope(inlet, 1h)", SignalKind.Slope, "K/s")]
    [InlineData("rate(pressure)", SignalKind.Rate, "bar/s")]
    [InlineData("count(load > 90, 1h)", SignalKind.Count, "")]
    [InlineData("percentile(load, 95, 1h)", SignalKind.Percentile, "%")]
    [InlineData("median(load, 1h)", SignalKind.Percentile, "%")]
    [InlineData("unchanged(load)", SignalKind.Unchanged, "s")]
    [InlineData("peers(inlet, 1h)", SignalKind.Peers, "°C")]
    [InlineData("peerSpread(given(inlet, running), 1h, 8)", SignalKind.PeerSpread, "K")]
    public void A_function_over_time_is_a_signal_of_its_own(string text, object kind, string unit)
    {
        var signal = Assert.IsType<SignalExpression>(ExpressionReader.Read(text, Metrics));
        Assert.Equal(((SignalKind)kind, unit), (signal.Kind, signal.Unit!.Text));
    }

    [Theory]
    [InlineData("presure > 1", 0, "the pack has no metric 'presure'", "did you mean 'pressure'?")]
    [InlineData("load > pressure", 5, "'%' and 'bar' cannot be compared", null)]
    [InlineData("pressure + flow", 9, "'bar' and 'm³/h' cannot be added", "something in bar on both sides")]
    [InlineData("inlet + outlet", 6, "two temperatures in °C cannot be added", "their difference is in K; a mean is (a - b) / 2 + b")]
    [InlineData("inlet * 2", 6, "a temperature in °C cannot be multiplied or divided", "take a difference in K first: (a - b)")]
    [InlineData("5 K - inlet", 4, "a temperature in °C cannot be subtracted from that", "put it first")]
    [InlineData("load >", 6, "something is missing here", "a metric, a number, a function or '('")]
    [InlineData("(load > 5", 9, "')' is missing", "')'")]
    [InlineData("load = 5", 5, "'=' compares nothing", "write '=='")]
    [InlineData("load > 5 & running", 9, "'&' is not known here", "write 'and'")]
    [InlineData("mode > \"eco\"", 5, "'mode' is a state: it has no order", "compare it with == or !=")]
    [InlineData("mode == eco", 8, "'mode' is a state", "compare it with a word in quotes: \"eco\"")]
    [InlineData("mode + 1", 5, "'mode' is a state: it has no number", "compare it with a word: == \"…\"")]
    [InlineData("load and running", 5, "'and' joins what is true or false", "a comparison or a boolean metric on both sides")]
    [InlineData("not load", 0, "'not' needs something that is true or false", "a comparison or a boolean metric")]
    [InlineData("mean(load)", 0, "'mean' needs a value and a length of time", "mean(x, 10m)")]
    [InlineData("mean(load, 10)", 11, "'10' is not a duration", "a number and a unit: 500ms, 30s, 5m, 2h, 10d")]
    [InlineData("mean(load, 1000d)", 11, "a window lasts from 1 s to 400 d", null)]
    [InlineData("men(load, 10m)", 0, "there is no function 'men'", "did you mean 'mean'?")]
    [InlineData("percentile(load, 10m)", 0, "'percentile' needs a value, a percentile and a length of time", "percentile(x, 95, 10m)")]
    [InlineData("percentile(load, 120, 10m)", 17, "'120' is no percentile", "a number between 0 and 100")]
    [InlineData("given(load, pressure)", 0, "'given' needs a value and something that is true or false", "given(x, running)")]
    [InlineData("given(mode, running)", 0, "'mode' is a state: it has no number", "compare it with a word: == \"…\"")]
    [InlineData("peers(load)", 0, "'peers' needs a value and a length of time", "peers(x, 10m)")]
    [InlineData("peers(load, 1h, 1)", 16, "'1' is no number of machines", "2 to 1000, such as peers(x, 1h, 8)")]
    [InlineData("peers(load - peers(load, 1h), 1h)", 0, "peers of peers are not compared", "peers(x, 1h) of a metric or an expression of this machine")]
    [InlineData("load > 5 parsec", 9, "the unit 'parsec' is not known", null)]
    [InlineData("load load", 5, "'load' is not expected here", "an operator, or nothing more")]
    [InlineData("load > \"5", 7, "the quote is not closed", null)]
    public void A_mistake_is_told_where_it_stands(string text, int at, string message, string? suggestion)
    {
        var problem = Assert.Throws<ExpressionProblem>(() => ExpressionReader.Read(text, Metrics));
        Assert.Equal((at, message), (problem.At, problem.Message));
        if (suggestion is not null) Assert.Equal(suggestion, problem.Suggestion);
    }

    [Fact]
    public void No_text_at_all_throws_anything_but_a_problem() =>
        Gen.String[Gen.Char["abload>=<!&()+-*/,.\"'`°³ 0123456789meanKbarsrunigto"], 0, 60].Sample(text =>
        {
            try
            {
                ExpressionReader.Read(text, Metrics);
            }
            catch (ExpressionProblem problem)
            {
                return problem.At >= 0 && problem.At <= text.Length;
            }
            return true;
        }, iter: 20_000);

    [Fact]
    public void Compiled_and_interpreted_give_the_same_bits() =>
        Gen.Select(Gen.Int[0, Texts.Length - 1], Gen.Double[-100, 100].Array[Metrics.Length], Gen.Int[0, 40]).Sample((text, values, unknown) =>
        {
            if (unknown < values.Length) values[unknown] = double.NaN;
            var code = Code(ExpressionReader.Read(Texts[text], Metrics));
            var compiled = ExpressionCompiler.Compile(code)!;
            return BitConverter.DoubleToInt64Bits(compiled(ref values[0])) == BitConverter.DoubleToInt64Bits(code.Evaluate(values));
        });

    private static readonly string[] Texts =
    [
        "(pressure - suction) * flow / power", "load > 70 and not (speed < 20 Hz) or running", "abs(inlet - outlet) >= 3 K", "sqrt(pressure / 1 bar) != 2",
        "min(pressure, 3 bar, suction) <= 1", "max(load, 5) == 5", "-(outlet - inlet) > -3",
    ];

    private static double Evaluate(Expression expression, double[]? values = null) => Code(expression).Evaluate(values ?? Values);

    private static ExpressionCode Code(Expression expression)
    {
        var signals = new SignalBuilder(Metrics.Length);
        var slot = signals.SlotOf(expression);
        return slot < Metrics.Length ? new ExpressionCode([new Step(StepKind.Signal, Slot: slot)]) : signals.Signals[slot - Metrics.Length].Code!;
    }

    private static MetricDefinition Metric(string name, string unit) => new(name, new(name, name), MetricType.Number, unit, null, null);
}
