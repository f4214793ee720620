using System.Collections.Immutable;

namespace Seamless.Analytics.MachineState;

/// <summary>What of a device makes the rows by which the state of a machine is judged.</summary>
/// <param name="Slots">The signals, in the order of the row.</param>
/// <param name="EveryMs">Length of a step: a row for each of [k · length, (k + 1) · length) since 1970 in which anything was heard.</param>
/// <param name="Mode">The signal that tells how the machine is being used, each of whose values has a normal of its own; −1 when there is none.</param>
/// <param name="IsResetByMaintenance">Whether the normal is learned anew after the machine was worked on.</param>
public sealed record StateSpec(ImmutableArray<int> Slots, long EveryMs, int Mode = -1, bool IsResetByMaintenance = true)
{
    public const int FewestSignals = 2;
    public const int MostSignals = 16;

    /// <summary>The code of the event that says that work on the machine is over.</summary>
    public const string Maintained = "maintained";
}
