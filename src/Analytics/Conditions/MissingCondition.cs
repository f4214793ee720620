namespace Seamless.Analytics.Conditions;

/// <summary>Raises when nothing has come for the timeout; clears with the next reading.</summary>
/// <remarks>
/// Silence is counted on the platform's clock, tick by tick, and only while the ticks are contiguous: our own downtime is not the device's silence.
/// Onset and raise are told in the device's own time: its last word, and its last word plus the timeout.
/// </remarks>
/// <param name="TimeoutMs">How long a device may be silent.</param>
public sealed record MissingCondition(long TimeoutMs)
{
    /// <summary>Ticks further apart than this mean that the platform was down.</summary>
    public const long LongestTickGapMs = 10_000;

    /// <summary>A reading came.</summary>
    public static Transition Hear(ref SilenceState state, long timestampMs)
    {
        state.Heard = true;
        state.SilentMs = 0;
        state.LastHeardMs = Math.Max(state.LastHeardMs, timestampMs);
        if (!state.Raised) return Transition.None;
        state.Raised = false;
        return Transition.Clear;
    }

    /// <summary>The platform's clock went on by <paramref name="stepMs"/> since the tick before; 0 when they were not contiguous.</summary>
    public Transition Tick(ref SilenceState state, long stepMs)
    {
        if (!state.Heard || state.Raised) return Transition.None;
        state.SilentMs += stepMs;
        if (state.SilentMs < TimeoutMs) return Transition.None;
        state.Raised = true;
        return Transition.Raise;
    }
}

/// <summary>What is remembered of a device's, or a metric's, silence.</summary>
public struct SilenceState
{
    public bool Heard { get; internal set; }
    public bool Raised { get; internal set; }
    public long SilentMs { get; internal set; }

    /// <summary>Newest event time heard.</summary>
    public long LastHeardMs { get; internal set; }

    public readonly void Snapshot(BinaryWriter writer)
    {
        writer.Write(Heard);
        writer.Write(Raised);
        writer.Write(SilentMs);
        writer.Write(LastHeardMs);
    }

    public static SilenceState Restore(BinaryReader reader) => new()
    {
        Heard = reader.ReadBoolean(),
        Raised = reader.ReadBoolean(),
        SilentMs = reader.ReadInt64(),
        LastHeardMs = reader.ReadInt64(),
    };
}
