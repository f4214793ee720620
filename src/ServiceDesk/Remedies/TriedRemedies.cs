using Microsoft.EntityFrameworkCore;
using Seamless.Rules.Diagnosis;
using Seamless.ServiceDesk.Database;

namespace Seamless.ServiceDesk.Remedies;

/// <summary>A remedy that was carried out and did not help speaks against the cause it is for.</summary>
internal static class TriedRemedies
{
    /// <summary>Share of the faults that their own playbook mends.</summary>
    private const double Effectiveness = 0.95;

    /// <summary>The case's causes, most probable first, with what has been tried since.</summary>
    public static async Task<IReadOnlyList<Cause>> WeighAsync(DeskWork work, CaseRow fault, CancellationToken ct)
    {
        // Asked of the rows, not of the database: the last one may not have been saved yet.
        var runs = await work.Db.RemedyRuns.Where(run => run.AlarmId == fault.AlarmId).ToListAsync(ct);
        var carriedOut = runs.Where(run => run is { State: RemedyState.Failed, VerifyUntil: not null });   // telemetry could have proven it
        return Weigh(fault.Diagnosis, carriedOut.Select(run => run.FaultCode).ToHashSet(StringComparer.Ordinal));
    }

    /// <summary>Bayes' rule: the remedy fails surely where the cause is another one, and in 5 of 100 cases where it is not.</summary>
    internal static IReadOnlyList<Cause> Weigh(IReadOnlyList<Cause> causes, IReadOnlySet<string> failed)
    {
        var weighed = causes.ToArray();
        foreach (var code in failed)
        {
            if (Array.Find(weighed, cause => cause.Code == code) is not { } tried) continue;
            var without = 1 - tried.Probability * Effectiveness;
            for (var i = 0; i < weighed.Length; i++)
            {
                var probability = weighed[i].Probability * (weighed[i].Code == code ? 1 - Effectiveness : 1) / without;
                weighed[i] = weighed[i] with { Probability = Math.Round(Math.Min(1, probability), 4) };
            }
        }
        return [.. weighed.OrderByDescending(cause => cause.Probability).ThenBy(cause => cause.Code, StringComparer.Ordinal)];
    }
}
