using System.Collections.Immutable;
using Seamless.Analytics.Conditions;

namespace Seamless.Analytics.Evaluation;

/// <summary>The rules of one equipment type laid out for judging: which signals follow from which, which rules follow from these, and where a device's state of each lies.</summary>
/// <remarks>Slots 0 … M−1 are the metrics, M … the derived signals in an order in which each follows only from earlier ones.</remarks>
public sealed class RuleProgram
{
    /// <param name="metrics">Names, by slot.</param>
    /// <param name="rules">A composite after the rules it is made of.</param>
    /// <param name="functions">Compiled expressions by number of the signal, null where it is interpreted; null for none at all.</param>
    public RuleProgram(ImmutableArray<MetricSpec> metrics, ImmutableArray<Signal> signals, ImmutableArray<RuleSpec> rules, SignalFunction?[]? functions = null)
    {
        (Metrics, Signals, Rules, Functions) = (metrics, signals, rules, functions ?? new SignalFunction?[signals.Length]);
        SlotCount = metrics.Length + signals.Length;
        SignalSources = [.. signals.Select(signal => signal.Code is { } code ? code.Inputs.ToArray() : [signal.Input])];
        SignalInputs = [.. signals.Select((signal, i) => signal.IsFromOutside ? [signals[signal.Input - metrics.Length].Input] : SignalSources[i])];
        SensorOf = [.. metrics.Select((_, metric) => Array.FindIndex([.. rules], rule => rule.Kind is RuleKind.Sensor && rule.Slot == metric))];
        Compares = signals.Any(signal => signal.Kind is SignalKind.Part);
        Layout = new StateLayout(this);
        Plain = Numbers(rule => rule.Kind is RuleKind.Limit or RuleKind.Detector);
        Composites = Numbers(rule => rule.Kind is RuleKind.Composite);
        Missing = Numbers(rule => rule.Kind is RuleKind.Missing);
        Events = Numbers(rule => rule.Kind is RuleKind.Event);
        Detectors = Numbers(rule => rule.Detector is not null);
        States = Numbers(rule => rule.Kind is RuleKind.State);
        StateInputs = [.. States.Select(rule => (int[])[.. SlotsOf(rules[rule])])];
        Alone = [.. metrics.Select((_, metric) => IsAlone(metric))];
        IsMemoryless = signals.All(signal => signal.Kind is SignalKind.Expression)
            && rules.All(rule => rule.Kind is RuleKind.Sensor or RuleKind.Missing || (rule is { Kind: RuleKind.Limit, ByMode: null } && rule.Slot < metrics.Length));
        Ops = [.. rules.Select(rule => new Op(rule))];
        Ranges = [.. metrics.Select((metric, i) => new Range(metric.Low, metric.High, SensorOf[i]))];
    }

    public ImmutableArray<MetricSpec> Metrics { get; }
    public ImmutableArray<Signal> Signals { get; }
    public ImmutableArray<RuleSpec> Rules { get; }

    /// <summary>Bytes that a device's state takes, detectors aside.</summary>
    public int StateBytes => Layout.Bytes;

    /// <summary>By metric: nothing that follows from it follows from another metric too, so that the order between the two does not matter.</summary>
    public ImmutableArray<bool> Alone { get; }

    /// <summary>Nothing but limits on metrics: while every rule is at rest, a late row that begins none of them leaves no trace.</summary>
    public bool IsMemoryless { get; }

    /// <summary>Whether the machine is compared with its peers.</summary>
    internal bool Compares { get; }

    internal SignalFunction?[] Functions { get; }
    internal int SlotCount { get; }

    /// <summary>By signal: the slots whose news has it derived anew. What the peers are is news with the machine's own sample of the same.</summary>
    internal int[][] SignalInputs { get; }

    /// <summary>By signal: the slots that decide what it means.</summary>
    private int[][] SignalSources { get; }
    internal int[] SensorOf { get; }
    internal StateLayout Layout { get; }
    internal int[] Plain { get; }
    internal int[] Composites { get; }
    internal int[] Missing { get; }
    internal int[] Events { get; }
    internal int[] Detectors { get; }
    internal int[] States { get; }

    /// <summary>By place among <see cref="States"/>: the slots whose news it looks at.</summary>
    internal int[][] StateInputs { get; }
    internal Op[] Ops { get; }
    internal Range[] Ranges { get; }

    /// <summary>The place of a missing rule among them.</summary>
    public int SilenceOf(int rule) => Array.IndexOf(Missing, rule);

    private int[] Numbers(Func<RuleSpec, bool> which) => [.. Rules.Index().Where(rule => which(rule.Item)).Select(rule => rule.Index)];

    private bool IsAlone(int metric)
    {
        if (Rules.Any(rule => rule.Kind is RuleKind.Score or RuleKind.Event or RuleKind.Composite)) return false;   // these look at the whole device
        return Rules.Index().All(rule => !MetricsOf(rule.Item).Contains(metric) || (MetricsOf(rule.Item).Count == 1 && !LooksAtPeers(rule.Index)));   // what peers are changes with time
    }

    /// <summary>The metrics that decide what a rule says, those of a composite's parts included.</summary>
    public IReadOnlySet<int> MetricsOf(int rule)
    {
        var metrics = MetricsOf(Rules[rule]);
        if (Rules[rule].Composite is { } composite)
            foreach (var part in composite.Rules) metrics.UnionWith(MetricsOf(part));
        return metrics;
    }

    private HashSet<int> MetricsOf(RuleSpec rule)
    {
        var metrics = new HashSet<int>();
        foreach (var slot in SlotsOf(rule)) Follow(slot, metrics);
        return metrics;
    }

    private static IEnumerable<int> SlotsOf(RuleSpec rule)
    {
        int[] own = [rule.Slot, rule.When, rule.ByMode?.Slot ?? -1, rule.State?.Mode ?? -1];
        return own.Concat(rule.State?.Slots ?? []).Where(slot => slot >= 0);
    }

    private void Follow(int slot, HashSet<int> metrics)
    {
        if (slot < 0) return;
        if (slot < Metrics.Length) metrics.Add(slot);
        else foreach (var input in SignalSources[slot - Metrics.Length]) Follow(input, metrics);
    }

    /// <summary>Whether a rule, or a part of a composite, compares the machine with its peers.</summary>
    public bool LooksAtPeers(int rule)
    {
        var spec = Rules[rule];
        return Reaches(spec.Slot) || Reaches(spec.When) || (spec.Composite is { } composite && composite.Rules.Any(LooksAtPeers));

        bool Reaches(int slot) => slot >= Metrics.Length && (Signals[slot - Metrics.Length].IsFromOutside || SignalSources[slot - Metrics.Length].Any(Reaches));
    }

    /// <summary>What the loop over the readings reads, in one place.</summary>
    /// <param name="Sensor">The rule that watches the metric's range; −1 when there is none.</param>
    internal readonly record struct Range(double Low, double High, int Sensor)
    {
        /// <summary>Whether the value is physically possible.</summary>
        public bool Holds(double value) => value >= Low && value <= High && double.IsFinite(value);
    }

    /// <summary>What the loop over the rules reads, in one place.</summary>
    internal readonly struct Op(RuleSpec rule)
    {
        public readonly double Low = rule.Condition.Low;
        public readonly double High = rule.Condition.High;
        public readonly int Slot = rule.Slot;
        public readonly int When = rule.When;
        public readonly bool IsSimple = rule is { Kind: RuleKind.Limit, ByMode: null, Schedule: null };
    }
}

/// <summary>A metric as the evaluator needs it.</summary>
/// <param name="Low">Least physically possible value, −∞ when not known.</param>
/// <param name="High">Greatest physically possible value, +∞ when not known.</param>
/// <param name="Words">Of a state: the words that rules name; a word's number is its place.</param>
public sealed record MetricSpec(string Name, double Low = double.NegativeInfinity, double High = double.PositiveInfinity, ImmutableArray<string> Words = default)
{
    /// <summary>Stands for a word that no rule names.</summary>
    public const double OtherWord = -1;

    public double NumberOf(string word) => Words.IsDefault ? OtherWord : Words.IndexOf(word);
}

/// <summary>Where in a device's block of bytes each part of its state lies.</summary>
internal sealed class StateLayout
{
    private const int Word = 8;

    public StateLayout(RuleProgram program)
    {
        Signals = Word;   // before them: newest event time
        Judged = Signals + program.SlotCount * Word;
        Phases = Judged + program.Metrics.Length * Word;
        Marks = Phases + program.Rules.Length;
        Spans = (Marks + program.Rules.Length + Word - 1) / Word * Word;
        var at = Spans + program.Rules.Length * System.Runtime.CompilerServices.Unsafe.SizeOf<ConditionSpan>();
        Derived = new int[program.Signals.Length];
        for (var i = 0; i < Derived.Length; i++)
        {
            Derived[i] = at;
            at += program.Signals[i].Words * Word;
        }
        Bytes = at;
    }

    public int Signals { get; }
    public int Judged { get; }
    public int Phases { get; }
    public int Marks { get; }
    public int Spans { get; }

    /// <summary>By number of the signal.</summary>
    public int[] Derived { get; }
    public int Bytes { get; }
}
