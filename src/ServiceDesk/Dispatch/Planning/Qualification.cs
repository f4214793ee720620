namespace Seamless.ServiceDesk.Dispatch.Planning;

/// <summary>Whether a technician may do a job at all, whatever the time.</summary>
internal static class Qualification
{
    public static bool Has(Worker worker, Job job) => job.Skill is null || (worker.Skills.TryGetValue(job.Skill, out var grade) && grade.Level >= job.Level);

    public static bool IsAllowed(Worker worker, Job job, int now) =>
        !worker.Suspended && worker.ValidUntil > now && (job.Skill is null || worker.Skills[job.Skill].Until > now);

    public static bool WorksThere(Worker worker, Job job) => worker.Territory.Covers(worker.Home, job.Site, job.Place);

    public static bool May(Worker worker, Job job, int now) => Has(worker, job) && IsAllowed(worker, job, now) && WorksThere(worker, job);
}
