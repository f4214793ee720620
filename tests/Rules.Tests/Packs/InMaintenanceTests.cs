using Seamless.Rules.Packs;
using Seamless.Rules.Packs.Files;

namespace Seamless.Rules.Tests.Packs;

/// <summary>What a rule file says of maintenance.</summary>
public sealed class InMaintenanceTests
{
    private static readonly EquipmentPack Pump = new PackDirectory(Repository.Packs, null).Find("pump")!;

    private static RuleDefinition Read(string more, out IReadOnlyList<PackProblem> problems)
    {
        var rules = PackReader.ReadRules(Pump, $$"""
            rules:
              - id: gas
                title: { en: Gas, zh-CN: 燃气 }
                metric: bearingTemperature
                condition: high
                setpoint: 90
                severity: critical
                symptom: bearing-hot
                mode: OHE
                message: { en: Gas, zh-CN: 燃气 }
                {{more}}
            """, out var found);
        problems = [.. found];
        return rules[0];
    }

    [Theory]
    [InlineData("", false)]
    [InlineData("inMaintenance: suppress", false)]
    [InlineData("inMaintenance: judge", true)]
    public void An_alarm_is_held_back_unless_the_rule_says_otherwise(string more, bool isJudged)
    {
        Assert.Equal(isJudged, Read(more, out var problems).IsJudgedInMaintenance);
        Assert.Empty(problems);
    }

    [Theory]
    [InlineData("inMaintenance: jugde", "judge")]
    [InlineData("alarm: false\n    inMaintenance: judge", "leave it out")]
    public void A_mistake_is_told_with_what_would_be_right(string more, string words)
    {
        Read(more, out var problems);
        Assert.Contains(words, Assert.Single(problems).ToString(), StringComparison.Ordinal);
    }
}
