using Seamless.Rules.Diagnosis;
using Seamless.Rules.Packs;
using Seamless.ServiceDesk.PastCases;

namespace Seamless.ServiceDesk.Remedies;

/// <summary>Faults that stand in no pack, as technicians have found and mended them. Never changes.</summary>
internal sealed class LearnedFaults
{
    /// <summary>A part belongs to the remedy when it was put in in so large a share of the cases.</summary>
    private const double PartShare = 0.5;

    /// <summary>ISO 14224 failure mechanism "software error".</summary>
    private const string SoftwareError = "3.5";

    private readonly Dictionary<string, FaultDefinition> _faults;

    private LearnedFaults(IEnumerable<FaultDefinition> faults) => _faults = faults.ToDictionary(fault => fault.Code, StringComparer.Ordinal);

    public static LearnedFaults None { get; } = new([]);

    /// <param name="past">Closed tickets about machines of one type.</param>
    /// <param name="model">What the type's pack knows; of that nothing is learned here.</param>
    public static LearnedFaults Of(IEnumerable<PastCase> past, FaultModel model) => new(past
        .Where(p => Rules.Labels.ClosedTicket.NamesCause(p.Cause) && model.Fault(p.Cause) is null)
        .GroupBy(p => p.Cause, StringComparer.Ordinal).Select(cases => Of(cases.Key, [.. cases])));

    /// <summary>Null when no closed ticket has it.</summary>
    public FaultDefinition? Find(string code) => _faults.GetValueOrDefault(code);

    /// <summary>One visit, as it went most often.</summary>
    private static FaultDefinition Of(string code, List<PastCase> cases)
    {
        var parts = cases.SelectMany(p => p.Parts).GroupBy(part => part.Sku, StringComparer.Ordinal).Where(same => same.Count() >= PartShare * cases.Count)
            .OrderBy(same => same.Key, StringComparer.Ordinal).Select(same => new PartNeed(same.Key, Middle(same.Select(part => part.Quantity)))).ToList();
        var skill = cases.Where(p => p.Skill is not null).GroupBy(p => p.Skill).OrderByDescending(same => same.Count()).ThenBy(same => same.Key, StringComparer.Ordinal).FirstOrDefault()?.Key;
        var last = cases[^1];
        var visit = new Remedy(null, parts, skill, Middle(cases.Select(p => p.WorkMinutes)), new($"As in {last.Ticket}", $"参照 {last.Ticket}"));
        return new FaultDefinition(
            code, new(code, code), last.Mechanism.StartsWith(SoftwareError, StringComparison.Ordinal) ? FaultClass.SW : FaultClass.HW, last.Mechanism, "", 0, SiteWide: false,
            new Dictionary<string, double>(), [visit]);
    }

    private static int Middle(IEnumerable<int> values)
    {
        var sorted = values.Order().ToList();
        return sorted[sorted.Count / 2];
    }
}
