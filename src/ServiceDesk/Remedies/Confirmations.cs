using Microsoft.EntityFrameworkCore;
using Seamless.Rules.Diagnosis;
using Seamless.Rules.Packs;
using Seamless.ServiceDesk.Database;
using Seamless.ServiceDesk.Tickets;

namespace Seamless.ServiceDesk.Remedies;

/// <summary>What technicians found where a cause had been named: how far the desk believes a diagnosis.</summary>
/// <remarks>
/// A fault that no pack describes often looks like one that a pack does, and telemetry alone cannot tell them apart. Closed tickets can: of those opened under a name, so many were something else.
/// The table of named and found causes, smoothed towards the pack's word (Dirichlet, <see cref="Trust"/> confirmations), turns the diagnosis into what will probably be found.
/// The alarm keeps the diagnosis of its telemetry.
/// </remarks>
internal static class Confirmations
{
    /// <summary>The pack's word counts like so many cases in which it was right.</summary>
    public const double Trust = 6;

    /// <summary>Older cases say little about the machines of today.</summary>
    private const int LatestCases = 300;

    /// <param name="causes">Named for a machine of <paramref name="type"/>, most probable first.</param>
    /// <returns>As it will probably be found, and how often the first name was right; null when no case was closed under it.</returns>
    public static async Task<(IReadOnlyList<Cause> Causes, Track? Track)> WeighAsync(
        DeskWork work, string tenant, string type, IReadOnlyList<Cause> causes, FaultModel? model, CancellationToken ct)
    {
        if (causes.Count == 0 || model is null) return (causes, null);
        var found = await FoundAsync(work, tenant, type, ct);
        return (Weigh(causes, found, model), TrackOf(causes[0], found));
    }

    /// <summary>Named and found causes of the latest closed cases of a type, whatever came of the alarm later.</summary>
    private static async Task<ILookup<string, string>> FoundAsync(DeskWork work, string tenant, string type, CancellationToken ct)
    {
        var closed = await work.Db.Tickets.AsNoTracking().Where(t => t.Tenant == tenant && t.Status == TicketStatus.Closed)
            .Join(work.Db.Cases.AsNoTracking().Where(c => c.Tenant == tenant && c.Type == type), t => t.Number, c => c.Ticket, (t, c) => new { t.Number, t.Sequence, t.Closure, c.OpenedAt, c.Diagnosis })
            .OrderByDescending(t => t.Sequence).Take(LatestCases).ToListAsync(ct);
        return closed.GroupBy(t => t.Number).Select(cases => cases.MinBy(c => c.OpenedAt)!)
            .Where(c => c.Diagnosis.Count > 0 && c.Closure?.FaultCode is { Length: > 0 })
            .ToLookup(c => c.Diagnosis[0].Code, c => c.Closure!.FaultCode, StringComparer.Ordinal);
    }

    /// <summary>P(found) = Σ P(named) · P(found | named). What no pack knows, and finding nothing, is <see cref="Diagnoser.Unknown"/>.</summary>
    internal static IReadOnlyList<Cause> Weigh(IReadOnlyList<Cause> causes, ILookup<string, string> found, FaultModel model)
    {
        if (causes.All(cause => !found.Contains(cause.Code))) return causes;
        var expected = new Dictionary<string, double>(StringComparer.Ordinal);
        foreach (var cause in causes)
        {
            var cases = found[cause.Code].ToList();
            var all = Trust + cases.Count;
            Add(cause.Code, cause.Probability * Trust / all);
            foreach (var code in cases) Add(model.Fault(code) is null ? Diagnoser.Unknown : code, cause.Probability / all);
        }
        var present = causes.SelectMany(cause => cause.For).Distinct().Order(StringComparer.Ordinal).ToList();
        return [.. expected.Where(e => e.Value >= Diagnoser.LeastShown).Select(Named).OrderByDescending(cause => cause.Probability).ThenBy(cause => cause.Code, StringComparer.Ordinal)];

        void Add(string code, double probability) => expected[code] = expected.GetValueOrDefault(code) + probability;

        Cause Named(KeyValuePair<string, double> e)
        {
            var probability = Math.Round(Math.Min(1, e.Value), 4);
            if (causes.FirstOrDefault(cause => cause.Code == e.Key) is { } named) return named with { Probability = probability };
            return model.Fault(e.Key) is { } fault
                ? new Cause(fault.Code, fault.Title, fault.Class, probability, [.. fault.Symptoms.Keys.Where(present.Contains).Order(StringComparer.Ordinal)], [])
                : Diagnoser.OfUnknown(probability, present);
        }
    }

    private static Track? TrackOf(Cause top, ILookup<string, string> found)
    {
        var cases = found[top.Code].ToList();
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
