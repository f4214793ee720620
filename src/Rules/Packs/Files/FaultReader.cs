using Seamless.Rules.Diagnosis;

namespace Seamless.Rules.Packs.Files;

/// <summary>Reads <c>faults.yaml</c> against the pack's playbooks and parts.</summary>
internal sealed class FaultReader(IReadOnlyCollection<string> playbooks, IReadOnlyCollection<string> skus)
{
    private static readonly Dictionary<string, FaultClass> Classes = Enum.GetValues<FaultClass>().ToDictionary(c => c.ToString());
    private static readonly Dictionary<string, string> Skills =
        new[] { "mechanical", "electrical", "it", "electronics", "hydraulic", "network", "facility" }.ToDictionary(s => s);

    public FaultModel Read(string file, string text, List<PackProblem> problems)
    {
        if (YamlSection.Open(file, text, problems) is not { } root) return new FaultModel([], []);
        var symptoms = Symptoms(root);
        var known = symptoms.Select(s => s.Code).ToHashSet();
        var faults = root.Sections("faults").Select(s => Fault(s, known)).ToList();
        foreach (var (section, fault) in root.Sections("faults").Zip(faults))
            if (faults.Count(f => f.Code == fault.Code) > 1) section.Problem("code", $"the fault '{fault.Code}' stands here twice", null);
        root.RefuseOthers();
        return new FaultModel(symptoms, faults);
    }

    private static List<SymptomDefinition> Symptoms(YamlSection root)
    {
        if (root.Section("symptoms") is not { } section) return [];
        var symptoms = new List<SymptomDefinition>();
        foreach (var code in section.Keys.ToArray())
        {
            if (section.Section(code) is not { } symptom) continue;
            symptoms.Add(new SymptomDefinition(code, symptom.Localized("title"), Probability(symptom, "leak")));
            symptom.RefuseOthers();
        }
        return symptoms;
    }

    private FaultDefinition Fault(YamlSection section, HashSet<string> known)
    {
        var fault = new FaultDefinition(
            section.Text("code"), section.Localized("title"), section.Word("class", Classes, FaultClass.HW), section.Text("mechanism"), section.Text("cause"),
            Probability(section, "prior"), section.Flag("siteWide"), Shows(section, known), [.. section.Sections("remedies").Select(Remedy)])
        {
            Test = section.Section("test") is { } test ? Test(test) : null,
        };
        if (fault.Symptoms.Count == 0) section.Problem("symptoms", $"the fault '{fault.Code}' shows no symptom: nothing could ever point to it", null);
        if (fault.Remedies.Count == 0) section.Problem("remedies", $"the fault '{fault.Code}' has no remedy", "a playbook, or an action with skill and minutes");
        section.RefuseOthers();
        return fault;
    }

    private static FaultTest Test(YamlSection section)
    {
        var test = new FaultTest(
            section.Localized("title"), section.WholeNumber("minutes", 15), Probability(section, "sensitivity"), Probability(section, "specificity"), section.Has("tools") ? section.Localized("tools") : null);
        if (test.Minutes < 1) section.Problem("minutes", "must be at least 1", null);
        if (test.Sensitivity + test.Specificity <= 1) section.Problem("sensitivity", "a test that says yes as often without the fault as with it tells nothing", "sensitivity and specificity add up to more than 1");
        section.RefuseOthers();
        return test;
    }

    private static Dictionary<string, double> Shows(YamlSection section, HashSet<string> known)
    {
        var shows = new Dictionary<string, double>();
        if (section.Section("symptoms") is not { } symptoms) return shows;
        foreach (var code in symptoms.Keys.ToArray())
        {
            if (!known.Contains(code)) symptoms.Problem(code, $"there is no symptom '{code}'", Nearest.Hint(code, known));
            shows[code] = Probability(symptoms, code);
        }
        return shows;
    }

    private Remedy Remedy(YamlSection section)
    {
        var playbook = section.OptionalText("playbook");
        if (playbook is not null && !playbooks.Contains(playbook))
            section.Problem("playbook", $"there is no playbook '{playbook}'", Nearest.Hint(playbook, playbooks));
        var remedy = playbook is not null
            ? new Remedy(playbook, [], null, 0, section.Has("action") ? section.Localized("action") : new LocalizedText(playbook, playbook))
            : new Remedy(null, [.. section.Sections("parts").Select(Part)], section.Word("skill", Skills, "mechanical"), section.WholeNumber("minutes", 60), section.Localized("action"));
        section.RefuseOthers();
        return remedy;
    }

    private PartNeed Part(YamlSection section)
    {
        var need = new PartNeed(section.Text("sku"), section.WholeNumber("quantity", 1));
        if (need.Sku.Length > 0 && !skus.Contains(need.Sku)) section.Problem("sku", $"parts.csv has no '{need.Sku}'", Nearest.Hint(need.Sku, skus));
        if (need.Quantity < 1) section.Problem("quantity", "must be at least 1", null);
        section.RefuseOthers();
        return need;
    }

    private static double Probability(YamlSection section, string key)
    {
        var probability = section.Number(key);
        if (section.Has(key) && probability is <= 0 or >= 1) section.Problem(key, $"'{key}' must lie between 0 and 1, both excluded", "a probability such as 0.02");
        return probability;
    }
}
