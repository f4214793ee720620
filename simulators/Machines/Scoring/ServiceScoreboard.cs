namespace Seamless.Machines.Scoring;

/// <param name="Code">Stable.</param>
/// <param name="AtMost">The goal is an upper limit.</param>
public sealed record Score(string Code, Estimate Figure, double? Goal, bool AtMost = false)
{
    /// <summary>Null without a goal or without anything to measure.</summary>
    public bool? Met => Goal is not { } goal || Figure.Value is not { } value ? null : AtMost ? value <= goal : value >= goal;
}

/// <summary>The figures of good service over several runs, from the truth and against the reactive twin. Counts are pooled, reductions are means of runs.</summary>
public static class ServiceScoreboard
{
    public static IReadOnlyList<Score> Of(IReadOnlyList<SimulationReport> reports)
    {
        var faults = reports.SelectMany(report => report.Faults).ToList();
        var answered = faults.Where(fault => fault.AnsweredAt is not null).ToList();
        var modelled = answered.Where(fault => !fault.Fault.Unmodelled).ToList();
        var unmodelled = answered.Where(fault => fault.Fault.Unmodelled).ToList();
        var ticketed = answered.Where(fault => fault.Tickets.Count > 0).ToList();
        var remote = answered.Where(fault => fault.Answer == "remote-fix").ToList();
        var fixable = faults.Where(fault => fault.Fault.RemotelyFixable).ToList();
        var tickets = ticketed.Sum(fault => fault.Tickets.Count);
        var wrong = reports.Sum(report => report.FalseTickets.Count);
        return
        [
            new("recall", Estimate.Share(answered.Count, faults.Count), 0.98),
            new("precision", Estimate.Share(remote.Count + tickets, remote.Count + tickets + wrong), 0.97),
            new("ticketsPerFault", Per(tickets, ticketed.Count), 1.01, AtMost: true),
            new("leadShare", Estimate.Median(Leads(answered)), 0.70),
            new("diagnosisTop1", Estimate.Share(modelled.Count(fault => fault.DiagnosisCorrect is true), modelled.Count), 0.97),
            new("unmodelledNotMisnamed", Estimate.Share(unmodelled.Count(fault => fault.Diagnosis is null or "unknown" || fault.DiagnosisCorrect is true), unmodelled.Count), 0.90),
            new("calibrationError", new(Ece(reports), null, null, reports.Sum(report => report.Calibration.Causes)), 0.03, AtMost: true),
            new("rightPart", Estimate.Share(modelled.Count(fault => fault.RightPart is true), modelled.Count(fault => fault.RightPart is not null)), 0.97),
            new("rightPartOfAllKinds", Estimate.Share(answered.Count(fault => fault.RightPart is true), answered.Count(fault => fault.RightPart is not null)), null),
            new("remoteOfFixable", Estimate.Share(fixable.Count(fault => fault.Answer == "remote-fix"), fixable.Count), 0.98),
            new("remoteOfAll", Estimate.Share(remote.Count, faults.Count), 0.65),
            new("unnoticed", Estimate.Share(remote.Count(fault => !fault.Fault.Customer.Noticed), remote.Count), 0.95),
            .. Service([.. reports.Select(report => report.Service).OfType<ServiceOutcome>()]),
        ];
    }

    private static IEnumerable<Score> Service(IReadOnlyList<ServiceOutcome> runs)
    {
        if (runs.Count == 0) yield break;
        var visits = runs.Sum(run => run.Visits);
        yield return new("firstTimeFix", Estimate.Share(visits - runs.Sum(run => run.SecondVisits * 2 + run.InVain), visits - runs.Sum(run => run.SecondVisits + run.InVain)), 0.97);
        yield return new("noFaultFound", Estimate.Share(runs.Sum(run => run.InVain), visits), 0.01, AtMost: true);
        foreach (var (code, goal) in new[] { ("respondMet", 1.0), ("arriveMet", 0.995), ("resolveMet", 0.999) })
        {
            var kept = runs.SelectMany(run => run.Promises).Where(promise => promise.Code == code && promise.Value is not null).ToList();
            yield return new(code, Estimate.Share(kept.Sum(promise => (int)Math.Round(promise.Value!.Value * promise.Samples)), kept.Sum(promise => promise.Samples)), goal);
        }
        yield return new("visitsSaved", Estimate.Mean([.. runs.Where(run => run.Twin.Visits > 0).Select(run => 1 - (double)run.Visits / run.Twin.Visits)]), 0.65);
        yield return new("downtimeSaved", Estimate.Mean([.. runs.Where(run => run.Twin.DowntimeMinutes > 0).Select(run => 1 - run.DowntimeMinutes / run.Twin.DowntimeMinutes)]), 0.80);
    }

    private static Estimate Per(int items, int faults) => faults == 0 ? default : new((double)items / faults, null, null, faults);

    private static IEnumerable<double> Leads(IEnumerable<FaultOutcome> answered) => answered
        .Where(fault => fault.LeadHours is not null)
        .Select(fault => fault.LeadHours!.Value / (fault.Fault.FailureAt - fault.Fault.Onset).TotalHours);

    /// <summary>Of all runs' causes together, bin by bin: mean probability against the share that was true.</summary>
    private static double? Ece(IEnumerable<SimulationReport> reports)
    {
        var bins = reports.SelectMany(report => report.Calibration.Bins).GroupBy(bin => Math.Min(9, (int)(bin.Predicted * 10))).ToList();
        var total = bins.Sum(bin => bin.Sum(one => one.Count));
        return total == 0 ? null : bins.Sum(bin => Math.Abs(bin.Sum(one => one.Count * (one.Observed - one.Predicted)))) / total;
    }
}
