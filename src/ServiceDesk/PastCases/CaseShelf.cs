namespace Seamless.ServiceDesk.PastCases;

/// <summary>How like an alarm a past case is, each share 0–1.</summary>
/// <param name="Symptoms">Cosine of the two sets of symptoms, a rare symptom counting more than a common one.</param>
/// <param name="Cause">The probability that the alarm's diagnosis gives to the cause that was confirmed.</param>
/// <param name="Recency">Halves every half year.</param>
internal readonly record struct Likeness(bool SameType, double Symptoms, double Cause, bool SameSite, double Recency)
{
    // The type says which symptoms and remedies there are at all; symptoms are what was seen; the cause is still a guess; site and age decide between equals.
    private const double TypeWeight = 0.35, SymptomsWeight = 0.3, CauseWeight = 0.2, SiteWeight = 0.1, RecencyWeight = 0.05;

    public double Total =>
        (SameType ? TypeWeight : 0) + SymptomsWeight * Symptoms + CauseWeight * Cause + (SameSite ? SiteWeight : 0) + RecencyWeight * Recency;

    /// <summary>The same type or site alone is no resemblance.</summary>
    public bool IsAny => Symptoms > 0 || Cause > 0;
}

/// <summary>The past cases of one tenant, compared one by one: ten thousand take some milliseconds. Never changes.</summary>
internal sealed class CaseShelf
{
    private const double HalfLifeDays = 182;

    private readonly IReadOnlyList<PastCase> _cases;
    private readonly Dictionary<string, int> _frequency = [];

    public CaseShelf(IReadOnlyList<PastCase> cases)
    {
        _cases = cases;
        foreach (var symptom in cases.SelectMany(past => past.Symptoms)) _frequency[symptom] = _frequency.GetValueOrDefault(symptom) + 1;
    }

    public static CaseShelf Empty { get; } = new([]);

    public IReadOnlyList<PastCase> Cases => _cases;

    /// <summary>Most similar first, then the newer ticket: the same question has the same answer.</summary>
    public IReadOnlyList<(PastCase Case, Likeness Likeness)> MostLike(Likened alarm, int most)
    {
        var length = Length(alarm.Symptoms);
        return [.. _cases
            .Where(past => !past.Alarms.Contains(alarm.Alarm))
            .Select(past => (Case: past, Likeness: Of(past, alarm, length)))
            .Where(found => found.Likeness.IsAny)
            .OrderByDescending(found => found.Likeness.Total).ThenByDescending(found => found.Case.Sequence)
            .Take(most)];
    }

    private Likeness Of(PastCase past, Likened alarm, double length)
    {
        var age = Math.Max(0, (alarm.At - past.ClosedAt).TotalDays);   // what was closed since the onset is as fresh as can be
        return new Likeness(
            past.Type.Length > 0 && past.Type == alarm.Type, Cosine(past, alarm, length), alarm.Causes.GetValueOrDefault(past.Cause), past.Site == alarm.Site,
            Math.Pow(2, -age / HalfLifeDays));
    }

    private double Cosine(PastCase past, Likened alarm, double length)
    {
        var common = 0.0;
        foreach (var symptom in past.Symptoms)
            if (alarm.Symptoms.Contains(symptom)) common += Square(symptom);
        return common > 0 ? Math.Min(1, common / (length * Length(past.Symptoms))) : 0;
    }

    private double Length(IEnumerable<string> symptoms)
    {
        var sum = 0.0;
        foreach (var symptom in symptoms) sum += Square(symptom);
        return Math.Sqrt(sum);
    }

    /// <summary>Inverse document frequency, smoothed so that a symptom of every case still counts a little.</summary>
    private double Square(string symptom)
    {
        var weight = Math.Log(1 + (double)_cases.Count / Math.Max(1, _frequency.GetValueOrDefault(symptom)));
        return weight * weight;
    }
}
