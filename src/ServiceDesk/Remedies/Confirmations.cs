using Seamless.Rules.Diagnosis;
using Seamless.Rules.Packs;
using Seamless.ServiceDesk.PastCases;
using Seamless.ServiceDesk.Tickets;

namespace Seamless.ServiceDesk.Remedies;

/// <summary>What technicians found where a cause had been named: how far the desk believes a diagnosis, and what it expects instead.</summary>
/// <remarks>
/// A fault that no pack describes often looks like one that a pack does, and telemetry alone cannot tell them apart. Closed tickets can: of those opened under a name, so many were something else.
/// The table of named and found causes, smoothed towards the pack's word (Dirichlet, <see cref="Trust"/> confirmations) and each case weighed by the symptoms that it shares, turns the diagnosis into what
/// will probably be found. A cause that only technicians know is named as they call it, with the parts that they put in. The alarm keeps the diagnosis of its telemetry.
/// </remarks>
internal sealed class Confirmations(CaseLibrary library, IPacks packs)
{
    /// <summary>The pack's word counts like so many cases in which it was right.</summary>
    public const double Trust = 3;

    /// <summary>That the pack knows no name counts like so many cases of something that nobody has met yet.</summary>
    public const double TrustInUnknown = 1;

    /// <summary>Older cases say little about the machines of today.</summary>
    private const int LatestCases = 300;

    /// <param name="causes">Named for a machine of <paramref name="type"/>, most probable first.</param>
    public async Task<Expectation> WeighAsync(string tenant, string type, IReadOnlyList<Cause> causes, CancellationToken ct)
    {
        if (causes.Count == 0 || packs.Find(type)?.Faults is not { } model) return new Expectation(causes, causes, null, LearnedFaults.None);
        var past = await library.OfTypeAsync(tenant, type, LatestCases, ct);
        var learned = LearnedFaults.Of(past, model);
        return new Expectation(causes, Weigh(causes, past, model, learned), TrackOf(causes[0], past), learned);
    }

    /// <summary>P(found) = Σ P(named) · P(found | named, symptoms). Finding nothing, and what nobody has a name for, is <see cref="Diagnoser.Unknown"/>.</summary>
    internal static IReadOnlyList<Cause> Weigh(IReadOnlyList<Cause> causes, IReadOnlyList<PastCase> past, FaultModel model, LearnedFaults learned)
    {
        if (!past.Any(p => causes.Any(cause => p.Named.Contains(cause.Code)))) return causes;
        var present = causes.SelectMany(cause => cause.For).Distinct().Order(StringComparer.Ordinal).ToList();
        var expected = new Dictionary<string, double>(StringComparer.Ordinal);
        foreach (var cause in causes)
        {
            var cases = past.Where(p => p.Named.Contains(cause.Code)).Select(p => (p.Cause, Weight: Shared(present, p.Symptoms))).ToList();
            var trust = cause.Code == Diagnoser.Unknown ? TrustInUnknown : Trust;
            var all = trust + cases.Sum(c => c.Weight);
            Add(cause.Code, cause.Probability * trust / all);
            foreach (var (code, weight) in cases) Add(model.Fault(code)?.Code ?? learned.Find(code)?.Code ?? Diagnoser.Unknown, cause.Probability * weight / all);
        }
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

    /// <summary>Of the symptoms that are seen now, those that the past case has shown too: a fault that has just begun has not shown all of its own yet.</summary>
    private static double Shared(List<string> seen, IReadOnlyList<string> past) => seen.Count == 0 ? 1 : (double)seen.Count(past.Contains) / seen.Count;

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
    /// <summary>What came first before experience; null without a cause.</summary>
    public string? Named => Before is [var top, ..] ? top.Code : null;
}
