using System.Runtime.CompilerServices;

namespace Seamless.Analytics.Conditions;

/// <summary>What a point did to a condition.</summary>
public enum Transition : byte { None, Raise, Clear }

/// <summary>Where a condition stands. Pending: it holds, the on-delay runs. Recovering: it no longer holds, the off-delay runs.</summary>
public enum ConditionPhase : byte { Normal, Pending, Active, Recovering }

/// <summary>When a condition begins and ends, point by point in event time. Immutable: one for all devices of a type, each with its own phase and <see cref="ConditionSpan"/>.</summary>
/// <remarks>
/// Setpoint, deadband, on-delay and off-delay have their ISA-18.2 meaning: together they keep a trembling value from chattering.
/// A value that never changes is judged like any other: steady is not stuck.
/// </remarks>
/// <param name="Low">Where the condition begins going down, in the quantity's unit; −∞ for a high limit.</param>
/// <param name="High">Where it begins going up; +∞ for a low limit.</param>
/// <param name="Deadband">How far back behind the setpoint it ends, same unit, at least 0.</param>
/// <param name="OnDelayMs">How long it must hold before it counts.</param>
/// <param name="OffDelayMs">How long it must be over before it has ended.</param>
public readonly record struct Condition(double Low, double High, double Deadband, long OnDelayMs, long OffDelayMs)
{
    public static Condition Above(double setpoint, double deadband = 0, long onDelayMs = 0, long offDelayMs = 0) =>
        new(double.NegativeInfinity, setpoint, deadband, onDelayMs, offDelayMs);

    public static Condition Below(double setpoint, double deadband = 0, long onDelayMs = 0, long offDelayMs = 0) =>
        new(setpoint, double.PositiveInfinity, deadband, onDelayMs, offDelayMs);

    /// <summary>Whether the value lies at or beyond a setpoint. False for NaN.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool Begins(double value) => value >= High || value <= Low;

    private bool Ends(double value) => value < High - Deadband && value > Low + Deadband;

    /// <summary>Feeds one point, newer than the last. Allocates nothing.</summary>
    /// <param name="value">Finite: a failed sensor says nothing about the machine and is not fed.</param>
    public Transition Observe(ref ConditionPhase phase, ref ConditionSpan span, long timestampMs, double value) =>
        phase is ConditionPhase.Normal or ConditionPhase.Pending
            ? WhileNormal(ref phase, ref span, timestampMs, value)
            : WhileActive(ref phase, ref span, timestampMs, value);

    /// <summary>The rule does not apply now (the machine stands): a beginning is forgotten, what is active stays so until it is judged again.</summary>
    public static void Pause(ref ConditionPhase phase)
    {
        if (phase is ConditionPhase.Pending) phase = ConditionPhase.Normal;
        if (phase is ConditionPhase.Recovering) phase = ConditionPhase.Active;
    }

    private Transition WhileNormal(ref ConditionPhase phase, ref ConditionSpan span, long timestampMs, double value)
    {
        if (!Begins(value))
        {
            phase = ConditionPhase.Normal;
            return Transition.None;
        }
        if (phase is ConditionPhase.Normal)
        {
            phase = ConditionPhase.Pending;
            span.OnsetMs = span.SinceMs = timestampMs;   // the point's time, not ours: replaying last month gives last month's alarms
            span.Extreme = value;
        }
        NoteExtreme(ref span, value);
        if (timestampMs - span.SinceMs < OnDelayMs) return Transition.None;
        phase = ConditionPhase.Active;
        span.RaisedMs = timestampMs;
        return Transition.Raise;
    }

    private Transition WhileActive(ref ConditionPhase phase, ref ConditionSpan span, long timestampMs, double value)
    {
        if (!Ends(value))
        {
            phase = ConditionPhase.Active;
            NoteExtreme(ref span, value);
            return Transition.None;
        }
        if (phase is ConditionPhase.Active)
        {
            phase = ConditionPhase.Recovering;
            span.SinceMs = timestampMs;
        }
        if (timestampMs - span.SinceMs < OffDelayMs) return Transition.None;
        phase = ConditionPhase.Normal;
        return Transition.Clear;
    }

    /// <summary>The worst is what lies furthest beyond its own setpoint.</summary>
    private void NoteExtreme(ref ConditionSpan span, double value)
    {
        if (Beyond(value) > Beyond(span.Extreme)) span.Extreme = value;
    }

    /// <summary>How far the value lies beyond the nearer setpoint, in the quantity's unit; negative inside.</summary>
    public double Beyond(double value) => Math.Max(value - High, Low - value);

    /// <summary>The setpoint that the value is beyond, or nearest to.</summary>
    public double SetpointAt(double value) => value - High >= Low - value ? High : Low;
}

/// <summary>What a condition remembers of the span in which it holds; 32 bytes of a device's state.</summary>
public struct ConditionSpan
{
    /// <summary>When the span that is pending or active began, event time.</summary>
    public long OnsetMs { get; internal set; }

    /// <summary>When the running delay began; of an event its last coming.</summary>
    public long SinceMs { get; internal set; }

    /// <summary>When the on-delay had passed; kept after the end, for sequences.</summary>
    public long RaisedMs { get; internal set; }

    /// <summary>The most extreme value of the span.</summary>
    public double Extreme { get; internal set; }
}
