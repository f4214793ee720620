namespace Seamless.Analytics.Conditions;

/// <summary>Begins with an event of the device, ends when it has not come again for the hold time.</summary>
/// <param name="HoldMs">How long one event speaks, event time.</param>
public sealed record EventCondition(long HoldMs)
{
    /// <summary>The event came.</summary>
    public static Transition Occur(ref ConditionState state, long timestampMs)
    {
        state.SinceMs = timestampMs;
        if (state.IsActive) return Transition.None;
        state.Phase = ConditionPhase.Active;
        state.OnsetMs = timestampMs;
        state.Extreme = 1;
        return Transition.Raise;
    }

    /// <summary>The device's time went on without the event.</summary>
    public Transition Elapse(ref ConditionState state, long timestampMs)
    {
        if (!state.IsActive || timestampMs - state.SinceMs < HoldMs) return Transition.None;
        state.Phase = ConditionPhase.Normal;
        return Transition.Clear;
    }
}
