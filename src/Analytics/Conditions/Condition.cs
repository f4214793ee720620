namespace Seamless.Analytics.Conditions;

/// <summary>What a condition compares with its setpoint.</summary>
public enum ConditionShape : byte
{
    /// <summary>Begins at or above the setpoint, ends below setpoint − deadband.</summary>
    High,
    /// <summary>Begins at or below the setpoint, ends above setpoint + deadband.</summary>
    Low,
    /// <summary>As <see cref="High"/>, over |change| per second between two points.</summary>
    RateOfChange,
}

/// <summary>What a point did to a condition.</summary>
public enum Transition : byte { None, Raise, Clear }

/// <summary>Where a condition stands. Pending: it holds, the on-delay runs. Recovering: it no longer holds, the off-delay runs.</summary>
public enum ConditionPhase : byte { Normal, Pending, Active, Recovering }

/// <summary>When a condition begins and ends, point by point in event time. Immutable: one for all devices of a type, each with its own <see cref="ConditionState"/>.</summary>
/// <remarks>
/// Setpoint, deadband, on-delay and off-delay have their ISA-18.2 meaning: together they keep a trembling value from chattering.
/// A value that never changes is judged like any other: steady is not stuck.
/// </remarks>
/// <param name="Setpoint">Where the condition begins, in the metric's unit (per second for a rate of change).</param>
/// <param name="Deadband">How far back behind the setpoint it ends, same unit, at least 0.</param>
/// <param name="OnDelayMs">How long it must hold before it counts.</param>
/// <param name="OffDelayMs">How long it must be over before it has ended.</param>
public sealed record Condition(ConditionShape Shape, double Setpoint, double Deadband, long OnDelayMs, long OffDelayMs)
{
    /// <summary>Feeds one point, newer than the last. Allocates nothing.</summary>
    /// <param name="value">Finite: a failed sensor says nothing about the machine and is not fed.</param>
    public Transition Observe(ref ConditionState state, long timestampMs, double value)
    {
        if (Shape is ConditionShape.RateOfChange && !TakeRate(ref state, timestampMs, ref value)) return Transition.None;
        return state.Phase is ConditionPhase.Normal or ConditionPhase.Pending
            ? WhileNormal(ref state, timestampMs, value)
            : WhileActive(ref state, timestampMs, value);
    }

    /// <summary>The rule does not apply now (the machine stands): a beginning is forgotten, what is active stays so until it is judged again.</summary>
    public static void Pause(ref ConditionState state)
    {
        if (state.Phase is ConditionPhase.Pending) state.Phase = ConditionPhase.Normal;
        if (state.Phase is ConditionPhase.Recovering) state.Phase = ConditionPhase.Active;
        state.HasPrevious = false;
    }

    private Transition WhileNormal(ref ConditionState state, long timestampMs, double value)
    {
        if (!Begins(value))
        {
            state.Phase = ConditionPhase.Normal;
            return Transition.None;
        }
        if (state.Phase is ConditionPhase.Normal)
        {
            state.Phase = ConditionPhase.Pending;
            state.OnsetMs = state.SinceMs = timestampMs;   // the point's time, not ours: replaying last month gives last month's alarms
            state.Extreme = value;
        }
        state.NoteExtreme(value, Shape);
        if (timestampMs - state.SinceMs < OnDelayMs) return Transition.None;
        state.Phase = ConditionPhase.Active;
        return Transition.Raise;
    }

    private Transition WhileActive(ref ConditionState state, long timestampMs, double value)
    {
        if (!Ends(value))
        {
            state.Phase = ConditionPhase.Active;
            state.NoteExtreme(value, Shape);
            return Transition.None;
        }
        if (state.Phase is ConditionPhase.Active)
        {
            state.Phase = ConditionPhase.Recovering;
            state.SinceMs = timestampMs;
        }
        if (timestampMs - state.SinceMs < OffDelayMs) return Transition.None;
        state.Phase = ConditionPhase.Normal;
        return Transition.Clear;
    }

    private bool Begins(double value) => Shape is ConditionShape.Low ? value <= Setpoint : value >= Setpoint;

    private bool Ends(double value) => Shape is ConditionShape.Low ? value > Setpoint + Deadband : value < Setpoint - Deadband;

    private static bool TakeRate(ref ConditionState state, long timestampMs, ref double value)
    {
        var (had, previousMs, previous) = (state.HasPrevious, state.PreviousMs, state.Previous);
        (state.HasPrevious, state.PreviousMs, state.Previous) = (true, timestampMs, value);
        if (!had || timestampMs <= previousMs) return false;
        value = Math.Abs(value - previous) / ((timestampMs - previousMs) / 1000.0);
        return true;
    }
}

/// <summary>What a condition remembers of one device.</summary>
public struct ConditionState
{
    public ConditionPhase Phase { get; internal set; }

    /// <summary>When the span that is pending or active began, event time.</summary>
    public long OnsetMs { get; internal set; }

    /// <summary>When the running delay began.</summary>
    public long SinceMs { get; internal set; }

    /// <summary>The most extreme value of the span.</summary>
    public double Extreme { get; internal set; }

    internal bool HasPrevious;
    internal long PreviousMs;
    internal double Previous;

    public readonly bool IsActive => Phase is ConditionPhase.Active or ConditionPhase.Recovering;

    internal void NoteExtreme(double value, ConditionShape shape) =>
        Extreme = shape is ConditionShape.Low ? Math.Min(Extreme, value) : Math.Max(Extreme, value);

    public readonly void Snapshot(BinaryWriter writer)
    {
        writer.Write((byte)Phase);
        writer.Write(OnsetMs);
        writer.Write(SinceMs);
        writer.Write(Extreme);
        writer.Write(HasPrevious);
        writer.Write(PreviousMs);
        writer.Write(Previous);
    }

    public static ConditionState Restore(BinaryReader reader) => new()
    {
        Phase = (ConditionPhase)reader.ReadByte(),
        OnsetMs = reader.ReadInt64(),
        SinceMs = reader.ReadInt64(),
        Extreme = reader.ReadDouble(),
        HasPrevious = reader.ReadBoolean(),
        PreviousMs = reader.ReadInt64(),
        Previous = reader.ReadDouble(),
    };
}
