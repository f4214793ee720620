using Seamless.Fleet.Registry;

namespace Seamless.ServiceDesk.Dispatch.Planning;

public enum ViolationKind : byte { Unknown, Missing, Twice, People, Overlap, Travel, Before, Shift, Absence, Skill, Level, Certificate, Territory, Suspended, Parts, Length, Pin, DayLimit }

public sealed record Violation(ViolationKind Kind, string Job, string? Worker, string Detail);

/// <summary>Checks a plan against the problem from the facts alone. Shares no code with the planner, so that an error in one does not hide in the other.</summary>
/// <remarks>What is pinned is a person's decision: it must stand as it was, and what we add must fit around it.</remarks>
public static class PlanVerifier
{
    public static IReadOnlyList<Violation> Check(DispatchProblem problem, DispatchPlan plan)
    {
        var found = new List<Violation>();
        var jobs = problem.Jobs.ToDictionary(j => j.Id, StringComparer.Ordinal);
        var workers = problem.Workers.ToDictionary(w => w.Id, StringComparer.Ordinal);
        var pinnedNames = problem.Jobs.Where(j => j.Pinned).SelectMany(j => j.Current!.Workers).ToHashSet(StringComparer.Ordinal);
        foreach (var visit in plan.Visits)
            if (!jobs.ContainsKey(visit.Job) || (!workers.ContainsKey(visit.Worker) && !pinnedNames.Contains(visit.Worker)))
                found.Add(new Violation(ViolationKind.Unknown, visit.Job, visit.Worker, "no such job or technician"));
        var known = plan.Visits.Where(v => jobs.ContainsKey(v.Job) && workers.ContainsKey(v.Worker)).ToList();
        Presence(problem, plan, found);
        foreach (var visit in known.Where(v => !jobs[v.Job].Pinned)) One(problem, jobs[visit.Job], workers[visit.Worker], visit, found);
        foreach (var own in known.GroupBy(v => v.Worker, StringComparer.Ordinal)) Sequence(problem, workers[own.Key], jobs, [.. own.OrderBy(v => v.Start)], found);
        return found;
    }

    /// <summary>Every job is planned once, by as many as it needs, or said to be left out; pins stand.</summary>
    private static void Presence(DispatchProblem problem, DispatchPlan plan, List<Violation> found)
    {
        var planned = plan.Visits.ToLookup(v => v.Job, StringComparer.Ordinal);
        var left = plan.Unassigned.Select(u => u.Job).ToList();
        foreach (var job in problem.Jobs)
        {
            var visits = planned[job.Id].ToList();
            var told = left.Count(l => l == job.Id);
            if (visits.Count == 0 && told == 0) found.Add(new Violation(ViolationKind.Missing, job.Id, null, "neither planned nor said to be left out"));
            if ((visits.Count > 0 ? 1 : 0) + told > 1 || visits.Count > job.People) found.Add(new Violation(ViolationKind.Twice, job.Id, null, $"{visits.Count} times planned, {told} times left out"));
            if (visits.Count > 0 && !job.Pinned && (visits.Select(v => v.Worker).Distinct().Count() != job.People || visits.Select(v => v.Start).Distinct().Count() != 1))
                found.Add(new Violation(ViolationKind.People, job.Id, null, $"needs {job.People} at one time"));
            if (job.Pinned && (visits.Count != job.Current!.Workers.Count || visits.Any(v => v.Start != job.Current.Start || !job.Current.Workers.Contains(v.Worker))))
                found.Add(new Violation(ViolationKind.Pin, job.Id, null, "pinned, and not where it was"));
        }
    }

    private static void One(DispatchProblem problem, Job job, Worker worker, PlannedVisit visit, List<Violation> found)
    {
        void Say(ViolationKind kind, string detail) => found.Add(new Violation(kind, job.Id, worker.Id, detail));
        if (visit.End - visit.Start != job.Minutes) Say(ViolationKind.Length, $"{visit.End - visit.Start} minutes instead of {job.Minutes}");
        if (visit.Start < job.Earliest) Say(ViolationKind.Parts, $"{job.Earliest - visit.Start} minutes before the parts");
        if (visit.Start < problem.Now) Say(ViolationKind.Before, "begins in the past");
        if (worker.Suspended) Say(ViolationKind.Suspended, "suspended");
        if (visit.End > worker.ValidUntil) Say(ViolationKind.Certificate, "after a certificate for all work expires");
        if (job.Skill is { } skill)
        {
            if (!worker.Skills.TryGetValue(skill, out var grade)) Say(ViolationKind.Skill, $"has no {skill}");
            else if (grade.Level < job.Level) Say(ViolationKind.Level, $"level {grade.Level} of {job.Level}");
            else if (visit.End > grade.Until) Say(ViolationKind.Certificate, $"after the certificate of {skill} expires");
        }
        if (!InTerritory(worker, job)) Say(ViolationKind.Territory, $"does not work at {job.Site}");
        if (!worker.Shifts.Any(s => visit.Start >= s.Begin && visit.End <= s.End)) Say(ViolationKind.Shift, "outside all shifts");
        if (worker.Absences.Any(a => visit.Start < a.End && a.Begin < visit.End)) Say(ViolationKind.Absence, "during an absence");
    }

    private static void Sequence(DispatchProblem problem, Worker worker, Dictionary<string, Job> jobs, List<PlannedVisit> visits, List<Violation> found)
    {
        for (var i = 1; i < visits.Count; i++)
        {
            var (before, after) = (visits[i - 1], visits[i]);
            if (jobs[before.Job].Pinned && jobs[after.Job].Pinned) continue;
            if (after.Start < before.End) found.Add(new Violation(ViolationKind.Overlap, after.Job, worker.Id, $"overlaps {before.Job}"));
            else if (after.Start - before.End < Way(worker, jobs[before.Job].Place, jobs[after.Job].Place))
                found.Add(new Violation(ViolationKind.Travel, after.Job, worker.Id, $"{after.Start - before.End} minutes for the way from {before.Job}"));
        }
        foreach (var shift in worker.Shifts)
        {
            var own = visits.Where(v => v.Start >= shift.Begin && v.Start < shift.End).ToList();
            if (own.Count == 0 || own.All(v => jobs[v.Job].Pinned)) continue;
            var (first, last) = (own[0], own[^1]);
            if (!jobs[first.Job].Pinned && first.Start - Minutes(worker.Home, jobs[first.Job].Place) < Math.Max(shift.Begin, problem.Now))
                found.Add(new Violation(ViolationKind.Travel, first.Job, worker.Id, "would have to leave home before the shift or in the past"));
            if (!jobs[last.Job].Pinned && last.End + Minutes(jobs[last.Job].Place, worker.Home) > shift.End)
                found.Add(new Violation(ViolationKind.Shift, last.Job, worker.Id, "is not home by the end of the shift"));
            var ways = Minutes(worker.Home, jobs[first.Job].Place) + Minutes(jobs[last.Job].Place, worker.Home);
            for (var i = 1; i < own.Count; i++) ways += Way(worker, jobs[own[i - 1].Job].Place, jobs[own[i].Job].Place);
            if (ways + own.Sum(v => v.End - v.Start) > worker.MostMinutes && own.Exists(v => !jobs[v.Job].Pinned))
                found.Add(new Violation(ViolationKind.DayLimit, last.Job, worker.Id, $"more than {worker.MostMinutes} minutes in one shift"));
        }
    }

    private static bool InTerritory(Worker worker, Job job)
    {
        var t = worker.Territory;
        if (t.Sites.Count == 0 && t.RadiusKm is null && t.Areas.Count == 0) return true;
        if (t.Sites.Contains(job.Site)) return true;
        if (t.RadiusKm is { } radius && (job.Place is null || Km(worker.Home, job.Place) <= radius)) return true;
        return job.Place is not null && t.Areas.Any(a => Km(a.Center, job.Place) <= a.RadiusKm);
    }

    /// <summary>Directly, or by home where that is shorter: flights make the law no metric.</summary>
    private static int Way(Worker worker, GeoPoint? from, GeoPoint? to) => Math.Min(Minutes(from, to), Minutes(from, worker.Home) + Minutes(worker.Home, to));

    /// <summary>60 km/h on roads up to 600 km; beyond, 4 h at airports and 700 km/h. 50 km where a place is not known.</summary>
    private static int Minutes(GeoPoint? from, GeoPoint? to)
    {
        var km = Km(from, to);
        return (int)Math.Ceiling((km > 600 ? 240 + km * 60 / 700 : km) - 1e-6);
    }

    private static double Km(GeoPoint? a, GeoPoint? b)
    {
        if (a is null || b is null) return 50;
        const double toRadians = Math.PI / 180;
        var (u, v) = (Vector(a), Vector(b));
        var cross = Math.Sqrt(Square(u.Y * v.Z - u.Z * v.Y) + Square(u.Z * v.X - u.X * v.Z) + Square(u.X * v.Y - u.Y * v.X));
        return 6371.0088 * Math.Atan2(cross, u.X * v.X + u.Y * v.Y + u.Z * v.Z);

        static double Square(double x) => x * x;
        static (double X, double Y, double Z) Vector(GeoPoint p) => (
            Math.Cos(p.Latitude * toRadians) * Math.Cos(p.Longitude * toRadians), Math.Cos(p.Latitude * toRadians) * Math.Sin(p.Longitude * toRadians), Math.Sin(p.Latitude * toRadians));
    }
}
