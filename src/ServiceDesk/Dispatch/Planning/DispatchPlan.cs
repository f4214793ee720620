namespace Seamless.ServiceDesk.Dispatch.Planning;

public sealed record PlannedVisit(string Job, string Worker, int Start, int End);

public enum UnassignedReason : byte
{
    /// <summary>Nobody has the skill, or not at this level.</summary>
    NoSkill,

    /// <summary>Those who have it are suspended, or their certificate has expired.</summary>
    NotAllowed,

    /// <summary>Nobody of them works there.</summary>
    NoTerritory,

    /// <summary>Nobody of them is on shift after the parts have come.</summary>
    NoShift,

    /// <summary>All of them are busy or too far away.</summary>
    NoTime,
}

public sealed record UnassignedJob(string Job, UnassignedReason Reason);

/// <param name="LateMinutes">Sum over visits of start after the latest start in time.</param>
/// <param name="Moved">Visits that another technician makes than before.</param>
/// <param name="Cost">What the planner minimises; comparable for one problem only.</param>
public sealed record PlanFigures(int Assigned, int Unassigned, long LateMinutes, int LateVisits, long TravelMinutes, int Moved, long Cost);

/// <param name="Visits">By technician and start.</param>
/// <param name="Solver">Whether the routing solver took part; without it the plan is that of insertion alone.</param>
public sealed record DispatchPlan(IReadOnlyList<PlannedVisit> Visits, IReadOnlyList<UnassignedJob> Unassigned, PlanFigures Figures, bool Solver);
