using System.Globalization;
using Seamless.Analytics.MachineState;
using Seamless.Rules.Diagnosis;
using Seamless.Rules.Packs;
using Seamless.ServiceDesk.PastCases;
using Seamless.ServiceDesk.Tickets;

namespace Seamless.ServiceDesk.Remedies;

/// <summary>What technicians found where machines had looked the same: how far the desk believes a diagnosis, and what it expects instead.</summary>
/// <remarks>
/// A fault that no pack describes often looks like one that a pack does, and its symptoms alone cannot tell them apart. Closed tickets can: of those that showed the same, so many were something else.
/// What they found is counted, each case by its likeness in what it showed and did not show, and smoothed towards the pack's word (Dirichlet, <see cref="Trust"/> cases). Then the signatures are
/// compared (<see cref="SignatureModel"/>): two faults with the same symptoms differ in how much each metric has in it. That is what will probably be found.
/// A cause that only technicians know is named as they call it, with the parts that they put in. The alarm keeps the diagnosis of its telemetry.
/// </remarks>
internal sealed class Confirmations(CaseLibrary library, IPacks packs)
{
    /// <summary>The pack's word counts like so many cases in which it was right.</summary>
    public const double Trust = 2;

    /// <summary>That the pack knows no name counts like so many cases of something that nobody has met yet.</summary>
    public const double TrustInUnknown = 1;

    /// <summary>What a case is worth for each symptom that one has shown and the other was seen not to have.</summary>
    private const double Contradicted = 0.3;

    /// <summary>A case less like this one is left out.</summary>
    private const double LeastLike = 0.001;

    private const int MostTold = 3;

    /// <summary>Older cases say little about the machines of today.</summary>
    private const int LatestCases = 300;

    /// <param name="causes">Named for a machine of <paramref name="type"/>, most probable first.</param>
    /// <param name="seen">How the machine departed from its usual; null when that is not known.</param>
    public async Task<Expectation> WeighAsync(string tenant, string type, IReadOnlyList<Cause> causes, FaultSignature? seen, CancellationToken ct)
    {
        if (causes.Count == 0 || packs.Find(type)?.Faults is not { } model) return new Expectation(causes, causes, null, LearnedFaults.None);
        var past = await library.OfTypeAsync(tenant, type, LatestCases, ct);
        var learned = LearnedFaults.Of(past, model);
        var weighed = Weigh(causes, past, model, learned, seen);
        return new Expectation(causes, weighed, TrackOf(causes[0], past), learned) { Resemblance = seen is null ? null : ResemblanceOf(seen, weighed, Weigh(causes, past, model, learned), past, packs.Find(type)!) };
    }

    /// <summary>P(found) = (trust · P(named) + Σ likeness of the cases in which it was found) / (trust + Σ likeness). Finding nothing, and what nobody has a name for, is <see cref="Diagnoser.Unknown"/>.</summary>
    /// <remarks>Where a diagnosis says of no symptom that it rests on it, the cases are alike that had its first name.</remarks>
    internal static IReadOnlyList<Cause> Weigh(IReadOnlyList<Cause> causes, IReadOnlyList<PastCase> past, FaultModel model, LearnedFaults learned, FaultSignature? seen = null)
    {
        var present = causes.SelectMany(cause => cause.For).Distinct().Order(StringComparer.Ordinal).ToList();
        var absent = causes.SelectMany(cause => cause.Against).Distinct().ToList();
        var cases = past.Select(p => (Cause: model.Fault(p.Cause)?.Code ?? learned.Find(p.Cause)?.Code ?? Diagnoser.Unknown, p.Signature, Weight: present.Count > 0 ? Likeness(present, absent, p) : p.Named.Contains(causes[0].Code) ? 1 : 0)).Where(p => p.Weight >= LeastLike).ToList();
        if (cases.Count == 0) return causes;
        var unknown = causes.FirstOrDefault(cause => cause.Code == Diagnoser.Unknown)?.Probability ?? 0;
        var trust = Trust * (1 - unknown) + TrustInUnknown * unknown;
        var all = trust + cases.Sum(c => c.Weight);
        var expected = new Dictionary<string, double>(StringComparer.Ordinal);
        foreach (var cause in causes) Add(cause.Code, cause.Probability * trust / all);
        foreach (var (code, _, weight) in cases) Add(code, weight / all);
        if (seen is not null) Compare(expected, seen, [.. cases.Where(c => c.Signature is not null).Select(c => new SignedCase(c.Cause, c.Signature!, c.Weight))]);
        return [.. expected.Where(e => e.Value >= Diagnoser.LeastShown).Select(Named).OrderByDescending(cause => cause.Probability).ThenBy(cause => cause.Code, StringComparer.Ordinal)];

        void Add(string code, double probability) => expected[code] = expected.GetValueOrDefault(code) + probability;

        Cause Named(KeyValuePair<string, double> e)
        {
            var probability = Math.Round(Math.Min(1, e.Value), 4);
            if (causes.FirstOrDefault(cause => cause.Code == e.Key) is { } named) return named with { Probability = probability };
            if (model.Fault(e.Key) is { } fault) return new Cause(fault.Code, fault.Title, fault.Class, probability, [.. fault.Symptoms.Keys.Where(present.Contains).Order(StringComparer.Ordinal)], []);
            return learned.Find(e.Key) is { } found ? new Cause(found.Code, found.Title, found.Class, probability, present, []) : Diagnoser.OfUnknown(probability, present);
        }
    }

    /// <summary>Bayes' rule; what all causes have together stays.</summary>
    private static void Compare(Dictionary<string, double> expected, FaultSignature seen, IReadOnlyList<SignedCase> cases)
    {
        if (SignatureModel.Likelihoods(seen, cases, expected.Keys) is not { } likelihoods) return;
        var (before, after) = (expected.Values.Sum(), expected.Sum(e => e.Value * likelihoods[e.Key]));
        if (after <= 0) return;
        foreach (var (cause, likelihood) in likelihoods) expected[cause] *= likelihood * before / after;
    }

    /// <summary>The share of today's symptoms that the past case has shown, squared, times that of both together that they have in common (Jaccard), less for each contradiction.</summary>
    /// <remarks>A fault that has just begun has not shown all of its own yet: symptoms that only the past case had count once, those that are looked for now and are not there again.</remarks>
    private static double Likeness(List<string> present, List<string> absent, PastCase past)
    {
        var common = present.Count(past.Symptoms.Contains);
        if (common == 0) return 0;
        var shared = (double)common / present.Count;
        var against = past.Symptoms.Count(absent.Contains) + present.Count(past.Absent.Contains);
        return shared * shared * common / (present.Count + past.Symptoms.Count - common) * Math.Pow(Contradicted, against);
    }

    /// <summary>Null when the signature has not changed what comes first.</summary>
    private static LocalizedText? ResemblanceOf(FaultSignature seen, IReadOnlyList<Cause> weighed, IReadOnlyList<Cause> without, IReadOnlyList<PastCase> past, EquipmentPack pack)
    {
        if (weighed is not [var top, ..] || without is not [var before, ..] || top.Code == before.Code) return null;
        var cases = past.Count(p => p.Cause == top.Code && p.Signature is not null);
        if (cases == 0) return null;
        var greatest = seen.Direction.OrderByDescending(part => Math.Abs(part.Value)).ThenBy(part => part.Key, StringComparer.Ordinal).Take(MostTold)
            .Select(part => (pack.Metric(part.Key)?.Title ?? new LocalizedText(part.Key, part.Key), Spreads: (part.Value * seen.Size).ToString("+0.0;−0.0", CultureInfo.InvariantCulture))).ToList();
        return new(
            $"measured like {cases} closed cases of {top.Title.En}: {string.Join(", ", greatest.Select(g => $"{g.Item1.En} {g.Spreads}"))} (in its usual spreads)",
            $"测量特征与 {cases} 例已结案的“{top.Title.ZhCn}”相似：{string.Join("，", greatest.Select(g => $"{g.Item1.ZhCn} {g.Spreads}"))}（以其平常波动为单位）");
    }

    private static Track? TrackOf(Cause top, IReadOnlyList<PastCase> past)
    {
        var cases = past.Where(p => p.Named.Contains(top.Code)).Select(p => p.Cause).ToList();
        if (cases.Count == 0) return null;
        var others = cases.Where(code => code != top.Code).GroupBy(code => code).OrderByDescending(g => g.Count()).ThenBy(g => g.Key, StringComparer.Ordinal).Select(g => (g.Key, g.Count())).ToList();
        return new Track(top, cases.Count, cases.Count(code => code == top.Code), others);
    }

    /// <summary>What came of the cases that had the same name.</summary>
    internal sealed record Track(Cause Named, int Cases, int Right, IReadOnlyList<(string Code, int Count)> Others)
    {
        private string OthersText => string.Join(", ", Others.Select(other => $"{other.Count} × {other.Code}"));

        public LocalizedText Text => Others.Count == 0
            ? new($"{Right} of {Cases} earlier cases named {Named.Title.En} were it", $"此前 {Cases} 例诊断为“{Named.Title.ZhCn}”，{Right} 例属实")
            : new($"{Right} of {Cases} earlier cases named {Named.Title.En} were it; found instead: {OthersText}", $"此前 {Cases} 例诊断为“{Named.Title.ZhCn}”，{Right} 例属实；实际为：{OthersText}");
    }
}

/// <param name="Before">The causes before experience.</param>
/// <param name="Causes">As they will probably be found, most probable first.</param>
/// <param name="Track">How often the first name was right; null when no case was closed under it.</param>
internal sealed record Expectation(IReadOnlyList<Cause> Before, IReadOnlyList<Cause> Causes, Confirmations.Track? Track, LearnedFaults Learned)
{
    /// <summary>Which closed cases its measurements resemble, where that has changed what comes first; otherwise null.</summary>
    public LocalizedText? Resemblance { get; init; }

    /// <summary>What came first before experience; null without a cause.</summary>
    public string? Named => Before is [var top, ..] ? top.Code : null;
}
