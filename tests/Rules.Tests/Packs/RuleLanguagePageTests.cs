using System.Text.RegularExpressions;
using Seamless.Rules.Packs;
using Seamless.Rules.Packs.Expressions;
using Seamless.Rules.Packs.Files;

namespace Seamless.Rules.Tests.Packs;

/// <summary>The page of the rule language: its examples are read, and it names every word there is.</summary>
public sealed partial class RuleLanguagePageTests
{
    private static readonly string Page = File.ReadAllText(Path.Combine(Repository.Root, "docs", "reference", "rule-language.md"));

    [Fact]
    public void Its_examples_are_rules()
    {
        var blocks = Yaml().Matches(Page).Select(match => match.Groups[1].Value).ToList();
        var folder = Directory.CreateTempSubdirectory("seamless-page-").FullName;
        var pack = Path.Combine(folder, "blower");
        Directory.CreateDirectory(Path.Combine(pack, "rules"));
        var (head, rules) = (blocks.Single(block => block.StartsWith("# pack.yaml", StringComparison.Ordinal)), blocks.Single(block => block.StartsWith("rules:", StringComparison.Ordinal)));
        File.WriteAllText(Path.Combine(pack, "pack.yaml"), head);
        File.WriteAllText(Path.Combine(pack, "rules", "examples.yaml"), rules);
        var symptoms = SymptomLine().Matches(rules).Select(match => match.Groups[1].Value).Distinct();
        File.WriteAllText(Path.Combine(pack, "faults.yaml"), "symptoms:\n" + string.Concat(symptoms.Select(s => $"  {s}: {{ title: {{ en: {s}, zh-CN: {s} }}, leak: 0.01 }}\n")));
        var files = PackReader.Read(pack, new Dictionary<string, string>(), out var problems);
        Directory.Delete(folder, recursive: true);
        Assert.Equal([], problems.Select(p => p.ToString()));
        var kinds = files.Pack.Rules.Select(rule => rule.Condition).ToHashSet();
        Assert.Superset(new HashSet<ConditionKind> { ConditionKind.High, ConditionKind.Low, ConditionKind.Outside, ConditionKind.Holds, ConditionKind.Sequence, ConditionKind.Stuck, ConditionKind.Saturated, ConditionKind.Missing }, kinds);
    }

    [Fact]
    public void It_names_every_condition_severity_and_function()
    {
        string[] words = [.. RuleWords.Conditions.Keys, .. RuleWords.Severities.Keys, .. Functions.Names];
        Assert.Equal([], words.Where(word => !Regex.IsMatch(Page, $@"`[^`]*\b{word}\b[^`]*`")));
    }

    [GeneratedRegex("```yaml\n(.*?)```", RegexOptions.Singleline)]
    private static partial Regex Yaml();

    [GeneratedRegex(@"^    symptom: (\S+)$", RegexOptions.Multiline)]
    private static partial Regex SymptomLine();
}
