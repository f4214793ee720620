using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;
using Seamless.Analytics.Conditions;
using Seamless.Analytics.Evaluation;
using Seamless.Rules.Alarms;
using Seamless.Telemetry;

namespace Seamless.Rules.Engine;

/// <summary>Everything the engine remembers of one device.</summary>
public sealed class JudgedDevice
{
    /// <param name="lateRows">So many rows at least can be judged again when one comes late; 0 when rows come in order.</param>
    public JudgedDevice(DeviceKey key, string site, CompiledPack pack, int lateRows = 0)
    {
        (Key, Site, Pack) = (key, site, pack);
        State = new RuleState(pack.Program);
        History = lateRows > 0 ? new RowHistory(State, pack.Models.Length + pack.Peers.Length, lateRows) : null;
    }

    public DeviceKey Key { get; }
    public string Site { get; internal set; }
    public CompiledPack Pack { get; }

    /// <summary>What its rules remember.</summary>
    public RuleState State { get; }

    /// <summary>Newest event time heard of the device at all.</summary>
    public long NewestMs => State.NewestMs;

    /// <summary>The rows of the recent past; null when they are known to come in order.</summary>
    internal RowHistory? History { get; }

    /// <summary>The machines it is compared with; null when it is compared with none.</summary>
    internal PeerGroup? Peers { get; set; }

    internal static IComparer<JudgedDevice> ByKey { get; } = Comparer<JudgedDevice>.Create((a, b) => a.Key.CompareTo(b.Key));

    /// <summary>Alarms that are active or may still be re-opened.</summary>
    internal List<AlarmTrack> Alarms { get; } = [];

    /// <summary>What was at rest at the last finding: the absences that speak in the diagnosis.</summary>
    internal IReadOnlySet<string> AtRest { get; set; } = Finding.Nothing;

    /// <summary>Event time of the newest finding; after a restart, of the newest row.</summary>
    internal long LastFindingMs { get; set; } = long.MinValue;

    /// <summary>Metric → newest value, for models; kept only when the pack has some.</summary>
    internal Dictionary<string, double>? Readings { get; set; }

    /// <summary>Begins to fetch the device itself; call some rows before <see cref="Prefetch"/>.</summary>
    public static unsafe void Foretell(JudgedDevice device)
    {
        if (Sse.IsSupported) Sse.Prefetch0(*(void**)Unsafe.AsPointer(ref device));
    }

    /// <summary>Begins to fetch what judging its next row will read and write; call a few rows before.</summary>
    public unsafe void Prefetch()
    {
        State.Prefetch();
        if (History is { } history && Sse.IsSupported) Sse.Prefetch0(Unsafe.AsPointer(ref history.Next));
    }

    /// <summary>Symptoms that were looked for and are not there. What is pending, or was never reported, is unobserved.</summary>
    internal IReadOnlySet<string> SymptomsAtRest()
    {
        var (normal, unclear) = (new HashSet<string>(StringComparer.Ordinal), new HashSet<string>(StringComparer.Ordinal));
        foreach (var rule in Pack.Rules)
        {
            if (!rule.Definition.IsAlarm || !IsJudged(rule)) continue;
            if (State.IsActive(rule.Index) || State.Phases[rule.Index] is not ConditionPhase.Normal) unclear.Add(rule.Definition.Symptom);
            else normal.Add(rule.Definition.Symptom);
        }
        normal.ExceptWith(unclear);
        return normal;
    }

    private bool IsJudged(CompiledRule rule) =>
        rule.Spec.Kind is RuleKind.Missing ? State.Silences[Pack.Program.SilenceOf(rule.Index)].Heard : State.IsJudged(rule.Index);
}
