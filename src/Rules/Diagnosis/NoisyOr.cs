using System.Numerics;

namespace Seamless.Rules.Diagnosis;

/// <summary>Exact posterior of every fault given what is seen and what is seen to be absent, by enumerating the sets of faults that may be at work together.</summary>
/// <remarks>
/// Noisy-OR: P(symptom | faults) = 1 − (1 − leak) · Π (1 − c). Faults that explain nothing that is present need no enumeration:
/// an absent symptom's likelihood is a product over faults, so each of them has a posterior of its own.
/// </remarks>
public static class NoisyOr
{
    /// <summary>Beyond this many faults that explain a present symptom, the least likely by prior are left out of the joint enumeration.</summary>
    public const int MaxJointFaults = 16;

    /// <summary>Prior of a fault that nobody has modelled. Its symptoms come together, as those of any fault, where leaks come each for itself.</summary>
    public const double UnknownPrior = 0.002;

    /// <summary>Probability with which such a fault shows any one symptom.</summary>
    public const double UnknownShows = 0.2;

    /// <summary>By how much two faults of a machine at once are less probable than their priors say, for each beyond the first, where all symptoms have come together.</summary>
    /// <remarks>Priors are of a machine that is being looked at; what else it may have had did not begin in the same hours. What strikes the whole site has its own cause and its own time.</remarks>
    public const double Coincidence = 0.05;

    /// <param name="present">Symptom codes seen.</param>
    /// <param name="absent">Symptom codes looked for and not there; a symptom in neither set was not observed.</param>
    /// <returns>Fault code → posterior probability, for every fault of the model.</returns>
    public static IReadOnlyDictionary<string, double> Posterior(FaultModel model, IReadOnlySet<string> present, IReadOnlySet<string> absent) => Posterior(model, present, absent, 0, 1, out _);

    /// <summary>As <see cref="Posterior(FaultModel, IReadOnlySet{string}, IReadOnlySet{string})"/>, with the fault that nobody has modelled among those that may be at work.</summary>
    /// <param name="together">All of it has come within hours: see <see cref="Coincidence"/>.</param>
    /// <param name="unknown">Probability that what is seen comes of a fault that the model does not know, or of none at all: see <see cref="UnknownPrior"/>. No known fault has more than what is left of 1.</param>
    public static IReadOnlyDictionary<string, double> Posterior(FaultModel model, IReadOnlySet<string> present, IReadOnlySet<string> absent, out double unknown, bool together = false) =>
        Posterior(model, present, absent, UnknownPrior, together ? Coincidence : 1, out unknown);

    private static Dictionary<string, double> Posterior(
        FaultModel model, IReadOnlySet<string> present, IReadOnlySet<string> absent, double unknownPrior, double coincidence, out double unknown)
    {
        unknown = 1;
        var posterior = model.Faults.ToDictionary(f => f.Code, f => Alone(f, absent));
        var joint = model.Faults.Where(f => f.Symptoms.Keys.Any(present.Contains)).OrderByDescending(f => f.Prior).Take(MaxJointFaults).ToArray();
        var symptoms = model.Symptoms.Where(s => present.Contains(s.Code)).ToArray();
        if (joint.Length == 0 || symptoms.Length == 0) return posterior;

        var weights = Enumerate(joint, symptoms, absent, coincidence);
        var total = weights.Sum();
        var other = unknownPrior * Math.Pow(UnknownShows, symptoms.Length) * Math.Pow(1 - UnknownShows, absent.Count) * joint.Aggregate(1.0, (none, fault) => none * (1 - fault.Prior));
        unknown = total + other > 0 ? (weights[0] + other) / (total + other) : 1;
        for (var i = 0; i < joint.Length; i++)
        {
            var with = 0.0;
            for (var set = 0; set < weights.Length; set++)
                if ((set >> i & 1) == 1) with += weights[set];
            posterior[joint[i].Code] = total + other > 0 ? with / (total + other) : joint[i].Prior;
        }
        return posterior;
    }

    /// <summary>A fault that explains nothing present: only the absences speak, each by what the fault would have shown.</summary>
    private static double Alone(FaultDefinition fault, IReadOnlySet<string> absent)
    {
        var with = fault.Prior * Silence(fault, absent);
        return with / (with + 1 - fault.Prior);
    }

    private static double Silence(FaultDefinition fault, IReadOnlySet<string> absent)
    {
        var silence = 1.0;
        foreach (var (symptom, probability) in fault.Symptoms)
            if (absent.Contains(symptom)) silence *= 1 - probability;
        return silence;
    }

    /// <summary>The unnormalised weight of every subset of <paramref name="faults"/>, indexed by bit set.</summary>
    private static double[] Enumerate(FaultDefinition[] faults, SymptomDefinition[] present, IReadOnlySet<string> absent, double coincidence)
    {
        var prior = faults.Select(f => f.Prior).ToArray();
        var silence = faults.Select(f => Silence(f, absent)).ToArray();
        var miss = faults.Select(f => present.Select(s => 1 - f.Symptoms.GetValueOrDefault(s.Code)).ToArray()).ToArray();
        var ofMachine = faults.Select((f, i) => f.SiteWide ? 0 : 1 << i).Sum();
        var weights = new double[1 << faults.Length];
        for (var set = 0; set < weights.Length; set++)
        {
            var weight = Math.Pow(coincidence, Math.Max(0, BitOperations.PopCount((uint)(set & ofMachine)) - 1));
            for (var i = 0; i < faults.Length; i++) weight *= (set >> i & 1) == 1 ? prior[i] * silence[i] : 1 - prior[i];
            for (var s = 0; s < present.Length; s++)
            {
                var unseen = 1 - present[s].Leak;
                for (var i = 0; i < faults.Length; i++)
                    if ((set >> i & 1) == 1) unseen *= miss[i][s];
                weight *= 1 - unseen;
            }
            weights[set] = weight;
        }
        return weights;
    }
}
