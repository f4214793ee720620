using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics.X86;
using Seamless.Analytics.Conditions;
using Seamless.Analytics.Detectors;
using Seamless.Analytics.MachineState;

namespace Seamless.Analytics.Evaluation;

/// <summary>All that is remembered of one device for its rules: one block of bytes, the silences, the detectors. One owner at a time.</summary>
public sealed class RuleState
{
    private readonly StateLayout _layout;
    private readonly byte[] _block;

    public RuleState(RuleProgram program)
    {
        (Program, _layout) = (program, program.Layout);
        _block = new byte[_layout.Bytes];
        Signals.Fill(double.NaN);
        for (var i = 0; i < program.Signals.Length; i++)
        {
            if (program.Signals[i].IsWindow) WindowPanes.Clear(program.Signals[i].Kind, Derived(i));
            else if (program.Signals[i].Words > 0) Derived(i).Fill(double.NaN);
        }
        Silences = new SilenceState[program.Missing.Length];
        Detectors = new IStreamingDetector?[program.Rules.Length];
        foreach (var rule in program.Detectors) Detectors[rule] = StreamingDetectors.Create(program.Rules[rule].Detector!);
        Watches = program.States.Length == 0 ? [] : new StateWatch?[program.Rules.Length];
        foreach (var rule in program.States) Watches[rule] = new StateWatch(program.Rules[rule].State!);
    }

    public RuleProgram Program { get; }

    /// <summary>Newest event time heard of the device at all; 0 for none.</summary>
    public ref long NewestMs => ref Unsafe.As<byte, long>(ref _block[0]);

    /// <summary>By slot: newest plausible value of every metric, value of every derived signal; NaN while there is none.</summary>
    public Span<double> Signals => MemoryMarshal.Cast<byte, double>(_block.AsSpan(_layout.Signals, Program.SlotCount * 8));

    /// <summary>By metric: event time up to which it has been judged.</summary>
    public Span<long> JudgedMs => MemoryMarshal.Cast<byte, long>(_block.AsSpan(_layout.Judged, Program.Metrics.Length * 8));

    /// <summary>By rule.</summary>
    public Span<ConditionPhase> Phases => MemoryMarshal.Cast<byte, ConditionPhase>(_block.AsSpan(_layout.Phases, Program.Rules.Length));

    /// <summary>By rule: <see cref="JudgedMark"/> and the level its span has reached.</summary>
    internal Span<byte> Marks => _block.AsSpan(_layout.Marks, Program.Rules.Length);

    public Span<ConditionSpan> Spans => MemoryMarshal.Cast<byte, ConditionSpan>(_block.AsSpan(_layout.Spans, Program.Rules.Length * Unsafe.SizeOf<ConditionSpan>()));

    internal Span<double> Derived(int signal) => MemoryMarshal.Cast<byte, double>(_block.AsSpan(_layout.Derived[signal], Program.Signals[signal].Words * 8));

    internal ref byte Block => ref MemoryMarshal.GetArrayDataReference(_block);

    /// <summary>In the order of the program's missing rules. Silence is a matter of arrival: it is not part of the block, which can be set back.</summary>
    public SilenceState[] Silences { get; }

    /// <summary>By rule number; null for rules without a detector.</summary>
    public IStreamingDetector?[] Detectors { get; }

    /// <summary>By rule number, null for rules that do not judge the state of the machine; empty when none does.</summary>
    private StateWatch?[] Watches { get; }

    /// <summary>What a rule on the state of the machine knows; null for any other.</summary>
    public StateWatch? WatchOf(int rule) => Watches.Length == 0 ? null : Watches[rule];

    /// <summary>Whether it holds more than the block and the silences.</summary>
    public bool HasDetectors => Program.Detectors.Length > 0 || Program.States.Length > 0;

    /// <summary>Begins to fetch what judging the device's next row will read: there are more devices than the nearest memory holds.</summary>
    public unsafe void Prefetch()
    {
        if (!Sse.IsSupported) return;
        var block = (byte*)Unsafe.AsPointer(ref Block);
        for (var at = 0; at < Math.Min(_layout.Spans, MostPrefetched); at += CacheLine) Sse.Prefetch0(block + at);
        foreach (var derived in _layout.Derived) Sse.Prefetch0(block + derived);
    }

    private const int CacheLine = 64;
    private const int MostPrefetched = 512;

    internal const byte JudgedMark = 0x80;

    /// <summary>Whether the rule has had something to judge yet. What was never judged is unobserved, not absent.</summary>
    public bool IsJudged(int rule) => (Marks[rule] & JudgedMark) != 0;

    /// <summary>Whether the rule sees its symptom now.</summary>
    public bool IsActive(int rule) => Program.Rules[rule].Kind is RuleKind.Missing
        ? Silences[Program.SilenceOf(rule)].Raised
        : Phases[rule] is ConditionPhase.Active or ConditionPhase.Recovering;

    /// <summary>Of a <see cref="SignalKind.Part"/>: number of the part at hand; the least there is while it has taken nothing.</summary>
    public long PartAtHand(int signal) => double.IsNaN(Derived(signal)[PartMean.Count]) ? long.MinValue : MemoryMarshal.Cast<double, long>(Derived(signal))[0];

    // Setting back: rows that come late are judged in their order

    /// <summary>What the detectors know; the same bytes read back give the same scores.</summary>
    public void WriteDetectors(BinaryWriter writer)
    {
        foreach (var rule in Program.Detectors) WriteDetector(rule, writer);
        foreach (var rule in Program.States) WriteDetector(rule, writer);
    }

    public void ReadDetectors(BinaryReader reader)
    {
        foreach (var rule in Program.Detectors) ReadDetector(rule, reader);
        foreach (var rule in Program.States) ReadDetector(rule, reader);
    }

    /// <summary>The same for one rule; nothing where it has no detector.</summary>
    public void WriteDetector(int rule, BinaryWriter writer)
    {
        Detectors[rule]?.Snapshot(writer);
        WatchOf(rule)?.Snapshot(writer);
    }

    public void ReadDetector(int rule, BinaryReader reader)
    {
        Detectors[rule]?.Restore(reader);
        WatchOf(rule)?.Restore(reader);
    }

    /// <summary>The block: signals, conditions, windows; not the silences, not the detectors.</summary>
    public ReadOnlySpan<byte> Bytes => _block;

    /// <summary>Up to when a metric had been judged in a copy of the block.</summary>
    public long JudgedMsIn(ReadOnlySpan<byte> bytes, int metric) => MemoryMarshal.Read<long>(bytes[(_layout.Judged + metric * sizeof(long))..]);

    public void Restore(ReadOnlySpan<byte> bytes) => bytes.CopyTo(_block);

    // Into a file, or to the next version of a pack: signal by signal, rule by rule

    public void WriteSignal(int signal, BinaryWriter writer)
    {
        writer.Write(Signals[Program.Metrics.Length + signal]);
        writer.Write(MemoryMarshal.AsBytes(Derived(signal)));
    }

    public void ReadSignal(int signal, ReadOnlySpan<byte> bytes)
    {
        var words = Derived(signal);
        if (bytes.Length != 8 + words.Length * 8) return;
        Signals[Program.Metrics.Length + signal] = BitConverter.ToDouble(bytes);
        bytes[8..].CopyTo(MemoryMarshal.AsBytes(words));
    }

    public void WriteRule(int rule, BinaryWriter writer)
    {
        writer.Write((byte)Phases[rule]);
        writer.Write(Marks[rule]);
        writer.Write(MemoryMarshal.AsBytes(Spans.Slice(rule, 1)));
    }

    /// <summary>Bytes that <see cref="WriteRule"/> writes.</summary>
    public static int RuleBytes => 2 + Unsafe.SizeOf<ConditionSpan>();

    public void ReadRule(int rule, ReadOnlySpan<byte> bytes)
    {
        Phases[rule] = (ConditionPhase)bytes[0];
        Marks[rule] = bytes[1];
        bytes[2..RuleBytes].CopyTo(MemoryMarshal.AsBytes(Spans.Slice(rule, 1)));
    }
}
