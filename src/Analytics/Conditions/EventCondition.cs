namespace Seamless.Analytics.Conditions;

/// <summary>Begins with an event of the device, ends when it has not come again for the hold time.</summary>
/// <param name="HoldMs">How long one event speaks, event time.</param>
public sealed record EventCondition(long HoldMs)
{
    /// <summary>The event came.</summary>
    public static Transition Occur(ref ConditionPhase phase, ref ConditionSpan span, long timestampMs)
    {
        span.SinceMs = timestampMs;
        if (phase is ConditionPhase.Active) return Transition.None;
        phase = ConditionPhase.Active;
        span.OnsetMs = span.RaisedMs = timestampMs;
        span.Extreme = 1;
        return Transition.Raise;
    }

    /// <summary>The device's time went on without the event.</summary>
    public Transition Elapse(ref ConditionPhase phase, in ConditionSpan span, long timestampMs)
    {
        if (phase is not ConditionPhase.Active || timestampMs - span.SinceMs < HoldMs) return Transition.None;
        phase = ConditionPhase.Normal;
        return Transition.Clear;
    }
}
