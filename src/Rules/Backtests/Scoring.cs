namespace Seamless.Rules.Backtests;

/// <summary>Precision, recall and lead time against what engineers found out. What nobody has said anything about counts neither way.</summary>
internal static class Scoring
{
    /// <summary>How long before a failure an alarm may have been raised, and cleared, and still be its warning.</summary>
    public static readonly TimeSpan Warning = TimeSpan.FromDays(7);

    /// <returns>Null when no outcome shows a symptom that any of the rules looks for.</returns>
    public static BacktestOutcomes? Of(JudgedRules @new, JudgedRules old, IEnumerable<ConfirmedOutcome> outcomes)
    {
        var symptoms = @new.Rules.Concat(old.Rules).Select(rule => rule.Symptom).ToHashSet(StringComparer.Ordinal);
        var relevant = outcomes.Where(outcome => outcome.Symptoms.Overlaps(symptoms)).ToList();
        return relevant.Count == 0 ? null : new BacktestOutcomes(relevant.Count, Of(@new.Alarms, relevant), Of(old.Alarms, relevant));
    }

    /// <summary>The same fault told twice is one: what is told later in the list stands.</summary>
    public static IReadOnlyList<ConfirmedOutcome> Distinct(IReadOnlyList<ConfirmedOutcome> outcomes)
    {
        var told = new HashSet<string>(StringComparer.Ordinal);
        var distinct = new List<ConfirmedOutcome>();
        foreach (var outcome in outcomes.Reverse())
        {
            if (outcome.Alarms.Any(told.Contains)) continue;
            told.UnionWith(outcome.Alarms);
            distinct.Add(outcome);
        }
        return distinct;
    }

    private static OutcomeScore Of(IReadOnlyList<JudgedAlarm> alarms, List<ConfirmedOutcome> outcomes)
    {
        var byDevice = outcomes.ToLookup(outcome => outcome.Device);
        var verdicts = alarms.Select(alarm => VerdictOn(alarm, byDevice[alarm.Device])).ToList();
        int Count(OutcomeVerdict? verdict) => verdicts.Count(of => of == verdict);
        var (right, wrong) = (Count(OutcomeVerdict.True), Count(OutcomeVerdict.False));
        var faults = outcomes.Where(outcome => outcome.Verdict is OutcomeVerdict.True).ToList();
        var alarmsOf = alarms.ToLookup(alarm => alarm.Device);
        var found = faults.Select(fault => (Fault: fault, First: alarmsOf[fault.Device].FirstOrDefault(alarm => IsOf(alarm, fault)))).Where(f => f.First is not null).ToList();
        return new OutcomeScore(
            right, wrong, Count(OutcomeVerdict.Known), Count(null), Share(right, right + wrong), faults.Count, found.Count, Share(found.Count, faults.Count),
            Lead([.. found.Select(f => f.Fault.FailedAt - f.First!.OnsetAt)]), Lead([.. found.Select(f => f.Fault.FailedAt - f.First!.Alarm.RaisedAt)]));
    }

    /// <summary>Null when nobody has said anything. Where an alarm meets several outcomes the real fault counts.</summary>
    private static OutcomeVerdict? VerdictOn(JudgedAlarm alarm, IEnumerable<ConfirmedOutcome> outcomes) =>
        outcomes.Where(outcome => IsOf(alarm, outcome)).Select(outcome => (OutcomeVerdict?)outcome.Verdict).Min();

    private static bool IsOf(JudgedAlarm alarm, ConfirmedOutcome outcome)
    {
        var early = outcome.Verdict is OutcomeVerdict.True ? Warning : TimeSpan.Zero;
        return outcome.Symptoms.Contains(alarm.Rule.Symptom) && alarm.OnsetAt <= outcome.To && alarm.EndAt >= outcome.From - early;
    }

    private static double? Share(int part, int whole) => whole == 0 ? null : (double)part / whole;

    private static LeadTime? Lead(TimeSpan[] leads)
    {
        if (leads.Length == 0) return null;
        Array.Sort(leads);
        return new LeadTime(leads.Length, At(leads, 0.1), At(leads, 0.5), At(leads, 0.9));
    }

    /// <summary>Between the two nearest, as spreadsheets do it.</summary>
    private static double At(TimeSpan[] sorted, double share)
    {
        var place = share * (sorted.Length - 1);
        var (low, high) = (sorted[(int)Math.Floor(place)], sorted[(int)Math.Ceiling(place)]);
        return (low + (high - low) * (place - Math.Floor(place))).TotalMinutes;
    }
}
