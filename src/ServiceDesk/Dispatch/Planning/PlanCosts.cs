namespace Seamless.ServiceDesk.Dispatch.Planning;

/// <summary>What the plan minimises, in minutes of travel: first visits left out, then lateness, then travel, over-skill and changes.</summary>
/// <remarks>A visit left out costs more than a week of lateness of its own priority, so no visit is given up to be in time.</remarks>
internal static class PlanCosts
{
    private const long OverSkillLevel = 5;
    private const long AnotherTechnician = 60;

    public static long LeftOut(Job job) => 500_000L << (4 - job.Priority);

    /// <summary>Of one minute after the latest start in time.</summary>
    public static long LateMinute(Job job) => 5L << (4 - job.Priority);

    /// <summary>What it costs that just this technician does it.</summary>
    public static long Preference(Job job, Worker worker) => OverSkill(job, worker) * OverSkillLevel + (IsChange(job, worker) ? AnotherTechnician : 0);

    public static bool IsChange(Job job, Worker worker) => job.Current is { } current && !current.Workers.Contains(worker.Id);

    private static int OverSkill(Job job, Worker worker) =>
        job.Skill is null ? 0 : worker.Skills.TryGetValue(job.Skill, out var grade) ? Math.Max(0, grade.Level - job.Level) : 0;
}
