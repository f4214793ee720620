using System.Collections.Immutable;
using Seamless.Analytics.Conditions;
using Seamless.Analytics.Evaluation;

namespace Seamless.Analytics.Tests.Evaluation;

/// <summary>A program over the metrics a, b, … and a device that it judges, row by row.</summary>
internal sealed class Bench
{
    private readonly RowJudge _judge = new();
    private readonly List<RuleVerdict> _verdicts = [];

    public Bench(ImmutableArray<MetricSpec> metrics, ImmutableArray<Signal> signals, params ReadOnlySpan<RuleSpec> rules) =>
        State = new RuleState(new RuleProgram(metrics, signals, [.. rules]));

    public RuleState State { get; }

    /// <summary>A signal over the one metric a.</summary>
    public static Bench Of(Signal signal) => new([new MetricSpec("a")], [signal]);

    public static RuleSpec Limit(string id, int slot, Condition condition, int when = -1) => new(id, RuleKind.Limit, slot, when, condition);

    /// <summary>Judges a row; NaN for a metric it does not say.</summary>
    /// <returns>R, C or E for each verdict.</returns>
    public string Row(double seconds, params ReadOnlySpan<double> values) => RowAtMs((long)(seconds * 1000), values);

    public string RowAtMs(long atMs, params ReadOnlySpan<double> values)
    {
        _verdicts.Clear();
        _judge.Begin(State);
        for (var metric = 0; metric < values.Length; metric++)
            if (!double.IsNaN(values[metric])) _judge.Take(State, atMs, metric, values[metric], _verdicts);
        _judge.Judge(State, atMs, _verdicts);
        _judge.Conclude(State, atMs, _verdicts);
        return string.Concat(_verdicts.Select(v => v.Kind switch { VerdictKind.Begins => 'R', VerdictKind.Ends => 'C', _ => 'E' }));
    }

    public IReadOnlyList<RuleVerdict> Verdicts => _verdicts;

    /// <summary>The first derived signal.</summary>
    public double Signal => State.Signals[State.Program.Metrics.Length];
}
