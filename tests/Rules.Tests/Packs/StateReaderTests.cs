using Seamless.Rules.Packs;
using Seamless.Rules.Packs.Files;

namespace Seamless.Rules.Tests.Packs;

/// <summary>What a rule file says of the state of a machine.</summary>
public sealed class StateReaderTests
{
    private static readonly EquipmentPack Rig = new PackDirectory(Path.Combine(AppContext.BaseDirectory, "testpacks"), null).Find("rig")!;

    private static RuleDefinition Read(string more, out IReadOnlyList<PackProblem> problems, string condition = "state")
    {
        var rules = PackReader.ReadRules(Rig, $$"""
            rules:
              - id: unlike
                title: { en: Unlike, zh-CN: 偏离 }
                condition: {{condition}}
                severity: low
                symptom: novelty
                mode: UNK
                message: { en: Unlike, zh-CN: 偏离 }
                {{more}}
            """, out var found);
        problems = [.. found];
        return rules[0];
    }

    [Fact]
    public void What_is_not_said_is_as_usual()
    {
        var rule = Read("metrics: [vibration, flow]", out var problems);
        Assert.Empty(problems);
        Assert.Equal((0.5, TimeSpan.FromMinutes(1), null, true), (rule.Setpoint, rule.State!.Every, rule.State.By, rule.State.IsResetByMaintenance));
        rule = Read("metrics: [vibration, flow]\n    every: 10s\n    by: running\n    reset: never\n    setpoint: 0.7", out problems);
        Assert.Empty(problems);
        Assert.Equal((0.7, TimeSpan.FromSeconds(10), "running", false), (rule.Setpoint, rule.State!.Every, rule.State.By, rule.State.IsResetByMaintenance));
    }

    [Theory]
    [InlineData("alarm: true", "'metrics' is missing")]
    [InlineData("metrics: vibration", "must be a list")]
    [InlineData("metrics: [vibration]", "from 2 to 16")]
    [InlineData("metrics: [vibration, flow, flow]", "stands there twice")]
    [InlineData("metrics: [vibration, fow]", "flow")]
    [InlineData("metrics: [vibration, running]", "'running' is no number")]
    [InlineData("metrics: [vibration, flow]\n    metric: flow", "leave 'metric' out")]
    [InlineData("metrics: [vibration, flow]\n    every: 100ms", "every second at most")]
    [InlineData("metrics: [vibration, flow]\n    every: often", "not a duration")]
    [InlineData("metrics: [vibration, flow]\n    by: stage", "no metric 'stage'")]
    [InlineData("metrics: [vibration, flow]\n    by: flow", "both a mode and one of the metrics")]
    [InlineData("metrics: [vibration, flow]\n    by: mode", "which of its words are modes")]
    [InlineData("metrics: [vibration, flow]\n    by: { metric: running, words: [a] }", "has no words")]
    [InlineData("metrics: [vibration, flow]\n    by: { metric: mode, words: [a, b, c, d, e, f, g, h, i] }", "at most 8")]
    [InlineData("metrics: [vibration, flow]\n    by: { metric: mode, word: [a] }", "word")]
    [InlineData("metrics: [vibration, flow]\n    reset: maintenence", "maintenance")]
    [InlineData("metrics: [vibration, flow]\n    setpoint: 1.5", "never reached")]
    public void A_mistake_is_told_with_what_would_be_right(string more, string words)
    {
        Read(more, out var problems);
        Assert.Contains(problems, problem => problem.ToString().Contains(words, StringComparison.Ordinal));
        Assert.All(problems, problem => Assert.True(problem.Line > 1));
    }

    [Theory]
    [InlineData("metrics: [vibration, flow]")]
    [InlineData("every: 1m")]
    [InlineData("by: running")]
    [InlineData("reset: never")]
    public void Other_conditions_have_none_of_it(string more)
    {
        Read($"metric: flow\n    setpoint: 4\n    {more}", out var problems, condition: "high");
        Assert.Contains("only 'condition: state'", Assert.Single(problems).ToString(), StringComparison.Ordinal);
    }
}
