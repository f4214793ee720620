using System.Collections.Frozen;
using System.Collections.Immutable;
using Seamless.Analytics.Conditions;
using Seamless.Analytics.Evaluation;
using Seamless.Rules.Packs;
using Seamless.Rules.Packs.Expressions;
using Seamless.Telemetry.Rows;

namespace Seamless.Rules.Engine;

/// <summary>A pack laid out for judging: its rules as a program over numbered signals, and the names that belong to the numbers.</summary>
public sealed class CompiledPack
{
    private readonly FrozenDictionary<string, int> _metricIndex;
    private readonly int[] _byNumber;   // −1 where the pack does not declare the metric

    public CompiledPack(EquipmentPack pack)
    {
        Pack = pack;
        _metricIndex = pack.Metrics.Select((metric, i) => (metric.Name, i)).ToFrozenDictionary(m => m.Name, m => m.i, StringComparer.Ordinal);
        _byNumber = ByNumber(pack);
        var definitions = InOrder([.. pack.Rules, .. pack.Metrics.Select(SensorRules.For).OfType<RuleDefinition>()]);
        Program = new ProgramCompiler(pack, definitions).Compile();
        Rules = [.. definitions.Select((rule, i) => new CompiledRule(i, rule, Program.Rules[i]))];
        foreach (var rule in Rules) rule.Meaning = Meanings.Of(rule.Definition, pack, Rules);
        SignalMeanings = [.. Program.Signals.Select((_, i) => Meanings.Of(Program, Program.Metrics.Length + i))];
        Peers = [.. PeerSignals()];
        Told = [.. Enumerable.Range(0, Program.Signals.Length).Where(i => Program.Signals[i].Kind is SignalKind.Part)];
        Models = [.. Rules.Where(r => r.Definition.Condition is ConditionKind.Model)];
        Missing = [.. Rules.Where(r => r.Spec.Kind is RuleKind.Missing)];
    }

    public EquipmentPack Pack { get; }
    public RuleProgram Program { get; }
    public CompiledRule[] Rules { get; }

    /// <summary>What makes a derived signal the same signal in another version of the pack.</summary>
    public string[] SignalMeanings { get; }

    /// <summary>What the machine is told of its peers.</summary>
    internal PeerSignal[] Peers { get; }

    /// <summary>Numbers of the signals that the machine tells its peers.</summary>
    internal int[] Told { get; }

    public CompiledRule[] Models { get; }
    public CompiledRule[] Missing { get; }

    /// <summary>The rules as an agent can judge by them: learned models, comparisons with peers, silence and the state of the machine, which maintenance resets, stay with the platform.</summary>
    public ProgramFile ForDevice()
    {
        var kept = Rules.Where(rule => rule.Spec.Kind is not (RuleKind.Score or RuleKind.Missing or RuleKind.State) && !Program.LooksAtPeers(rule.Index)).ToList();
        for (var count = -1; count != kept.Count;)
        {
            count = kept.Count;
            kept.RemoveAll(rule => rule.Spec.Composite is { } composite && composite.Rules.Any(part => kept.All(k => k.Index != part)));
        }
        var place = kept.Select((rule, i) => (rule.Index, i)).ToDictionary(p => p.Index, p => p.i);
        return new ProgramFile(Pack.Type, Pack.RulesVersion, Program.Metrics, Program.Signals,
            [.. kept.Select(rule => rule.Spec.Composite is { } composite ? rule.Spec with { Composite = composite with { Rules = [.. composite.Rules.Select(part => place[part])] } } : rule.Spec)]);
    }

    /// <summary>An expression as the rules run it; null where code cannot be generated and it is interpreted.</summary>
    public static SignalFunction? CompiledExpression(ExpressionCode code) => ExpressionCompiler.Compile(code);

    /// <summary>Names of the metrics that decide what the pack's own rules say.</summary>
    public IReadOnlyList<string> MetricsJudged => [.. Program.Metrics.Where((_, metric) => Rules.Any(rule => !rule.IsSensor && Program.MetricsOf(rule.Index).Contains(metric))).Select(m => m.Name)];

    /// <summary>The metric's number, −1 when the pack does not declare it.</summary>
    public int MetricIndex(string name) => _metricIndex.TryGetValue(name, out var index) ? index : -1;

    /// <summary>The same for a metric by its number among <see cref="Numbers"/>.</summary>
    public int MetricIndex(int number) => number < _byNumber.Length ? _byNumber[number] : -1;

    private IEnumerable<PeerSignal> PeerSignals()
    {
        for (var i = 0; i < Program.Signals.Length; i++)
            if (Program.Signals[i] is { IsFromOutside: true } signal)
                yield return new PeerSignal(Program.Metrics.Length + i, signal.Kind is SignalKind.PeerSpread, SignalMeanings[signal.Input - Program.Metrics.Length], signal.LengthMs, (int)signal.Parameter);
    }

    private static int[] ByNumber(EquipmentPack pack)
    {
        var numbers = pack.Metrics.Select(metric => Numbers.Metrics.Of(metric.Name)).ToArray();
        var byNumber = new int[numbers.Length == 0 ? 0 : numbers.Max() + 1];
        Array.Fill(byNumber, -1);
        for (var i = 0; i < numbers.Length; i++) byNumber[numbers[i]] = i;
        return byNumber;
    }

    /// <summary>Composites after what they are made of, everything else as it was.</summary>
    private static List<RuleDefinition> InOrder(IReadOnlyList<RuleDefinition> rules)
    {
        var ordered = new List<RuleDefinition>(rules.Where(rule => rule.Of.Count == 0));
        var waiting = rules.Where(rule => rule.Of.Count > 0).ToList();
        while (waiting.Count > 0)
        {
            var ready = waiting.Where(rule => rule.Of.All(part => ordered.Exists(o => o.Id == part))).ToList();
            if (ready.Count == 0) break;   // the reader refuses rings and parts that are not there; what is left judges nothing
            ordered.AddRange(ready);
            waiting.RemoveAll(ready.Contains);
        }
        return ordered;
    }
}

/// <summary>A signal that comes from the machine's peers.</summary>
/// <param name="Slot">Where it stands.</param>
/// <param name="Quantity">What is compared, by its meaning: machines of one type are peers across versions of their pack.</param>
/// <param name="Least">So many others must be known.</param>
internal readonly record struct PeerSignal(int Slot, bool IsSpread, string Quantity, long LengthMs, int Least);

/// <param name="Spec">The same rule as the evaluator sees it.</param>
public sealed record CompiledRule(int Index, RuleDefinition Definition, RuleSpec Spec)
{
    public bool IsSensor { get; } = Definition.Symptom == SensorRules.Symptom;

    /// <summary>What makes a rule the same rule: its id and everything that decides its verdicts, not its texts.</summary>
    public string Meaning { get; internal set; } = "";
}

/// <summary>A rule for each metric with a physical range: a reading outside it, or of bad quality, is the sensor's fault and says nothing about the machine.</summary>
public static class SensorRules
{
    public const string Symptom = "sensor-fault";

    /// <summary>ISO 14224: abnormal instrument reading.</summary>
    public const string Mode = "AIR";

    private static readonly TimeSpan Delay = TimeSpan.FromSeconds(30);

    internal static RuleDefinition? For(MetricDefinition metric) => metric is not { Type: MetricType.Number, Low: not null, High: not null } ? null : new RuleDefinition(
        $"sensor-{metric.Name}", new LocalizedText($"{metric.Title.En}: sensor", $"{metric.Title.ZhCn}：传感器"), metric.Name,
        ConditionKind.High, Setpoint: 1, Deadband: 0, OnDelay: Delay, OffDelay: Delay, Severity.Low, Symptom, Mode, When: null, Detector: null, Model: null,
        new LocalizedText($"{metric.Title.En}: readings are not physically possible", $"{metric.Title.ZhCn}：读数超出物理可能范围"),
        "The metric's physical range in the pack")
    {
        IsOfRange = true,
    };
}
