using System.Collections.Immutable;
using Seamless.Analytics.Evaluation;

namespace Seamless.Rules.Packs.Expressions;

/// <summary>Lays expressions out as signals: what two rules share is derived once.</summary>
internal sealed class SignalBuilder(int metrics)
{
    private readonly List<Signal> _signals = [];
    private readonly Dictionary<string, int> _slots = new(StringComparer.Ordinal);
    private readonly List<List<string>> _words = [.. Enumerable.Range(0, metrics).Select(_ => new List<string>())];

    public ImmutableArray<Signal> Signals => [.. _signals];

    /// <summary>The words of a state metric that rules name.</summary>
    public ImmutableArray<string> WordsOf(int metric) => [.. _words[metric]];

    /// <summary>The number that stands for a word of a state.</summary>
    public int NumberOf(int metric, string word)
    {
        var at = _words[metric].IndexOf(word);
        if (at >= 0) return at;
        _words[metric].Add(word);
        return _words[metric].Count - 1;
    }

    /// <summary>The slot at which the expression's value stands.</summary>
    public int SlotOf(Expression expression) => expression switch
    {
        MetricExpression metric => metric.Slot,
        SignalExpression { Kind: SignalKind.Peers or SignalKind.PeerSpread } peers => Add(new Signal(peers.Kind, PartOf(peers), (long)peers.Length.TotalMilliseconds, peers.Parameter)),
        SignalExpression { Kind: not SignalKind.Expression } signal => Add(new Signal(signal.Kind, SlotOf(signal.Of), (long)signal.Length.TotalMilliseconds, signal.Parameter)),
        _ => Add(new Signal(SignalKind.Expression, -1, Code: new ExpressionCode([.. Steps(expression)]))),
    };

    /// <summary>What the machine itself tells, for its peers.</summary>
    private int PartOf(SignalExpression peers) => Add(new Signal(SignalKind.Part, SlotOf(peers.Of), (long)peers.Length.TotalMilliseconds));

    private int Add(Signal signal)
    {
        var key = signal.Code is { } code ? string.Join(' ', code.Steps.Select(step => FormattableString.Invariant($"{step.Kind}:{step.Number:R}:{step.Slot}")))
            : FormattableString.Invariant($"{signal.Kind}:{signal.Input}:{signal.LengthMs}:{signal.Parameter:R}");
        if (_slots.TryGetValue(key, out var slot)) return slot;
        _signals.Add(signal);
        return _slots[key] = metrics + _signals.Count - 1;
    }

    private IEnumerable<Step> Steps(Expression expression) => expression switch
    {
        NumberExpression number => [new Step(StepKind.Number, number.Value)],
        UnaryExpression unary => [.. Steps(unary.Of), new Step(unary.Kind)],
        BinaryExpression binary => [.. Steps(binary.Left), .. Steps(binary.Right), new Step(binary.Kind)],
        WordExpression word =>
        [
            new Step(StepKind.Signal, Slot: word.Metric.Slot), new Step(StepKind.Number, NumberOf(word.Metric.Slot, word.Word)),
            new Step(word.Equal ? StepKind.Equal : StepKind.NotEqual),
        ],
        _ => [new Step(StepKind.Signal, Slot: SlotOf(expression))],
    };
}
