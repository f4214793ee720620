using System.Text.RegularExpressions;
using Seamless.Analytics.Detectors;
using Seamless.Rules.Packs;
using Seamless.Rules.Packs.Expressions;
using Seamless.Rules.Packs.Files;
using Seamless.Rules.Workbench;

namespace Seamless.Rules.Tests.Workbench;

public sealed class RuleLanguageTests
{
    private static readonly PackDirectory Packs = new(Repository.Packs, null);
    private static readonly RuleLanguage Pump = RuleLanguage.Of(Packs.Find("pump")!);

    [Fact]
    public void Every_key_and_condition_that_the_reader_knows_is_explained_in_both_languages()
    {
        Assert.All(Pump.Keys, key => Assert.True(key.Help.En.Length > 0 && key.Help.ZhCn.Length > 0, $"'{key.Key}' has no help in RuleLanguage"));
        Assert.All(Words("condition"), word => Assert.True(word.Title is not null, $"the condition '{word.Word}' has no words in RuleLanguage"));
    }

    [Fact]
    public void Every_key_of_every_shipped_rule_is_among_them_and_none_that_would_be_refused()
    {
        Assert.Equal(["condition", "id", "message", "severity", "title"], Pump.Keys.Where(k => k.Required).Select(k => k.Key).Order(StringComparer.Ordinal));
        foreach (var key in Pump.Keys)
        {
            PackReader.ReadRules(Packs.Find("pump")!, $"rules:\n  - {key.Key}: x\n", out var problems);
            Assert.DoesNotContain(problems, p => p.Message.StartsWith("unknown key", StringComparison.Ordinal));
        }
    }

    [Fact]
    public void Words_are_those_of_the_pack()
    {
        Assert.Contains(Words("metric"), w => w is { Word: "bearingTemperature", Unit: "°C" });
        Assert.Equal("running", Words("when")[0].Word);
        Assert.Contains(Words("value"), w => w is { Word: "vibration", Unit: "mm/s" });
        Assert.Equal(Packs.Find("pump")!.Faults.Symptoms.Select(s => s.Code), Words("symptom").Select(w => w.Word));
        Assert.Equal(StreamingDetectors.Names, Words("detector").Select(w => w.Word));
        Assert.Equal(["critical", "high", "medium", "low"], Words("severity").Select(w => w.Word));
    }

    [Fact]
    public void Every_function_is_among_them_as_it_is_called_and_can_be_read()
    {
        var calls = Words("value").Where(w => w.Word.Contains('(', StringComparison.Ordinal)).ToList();
        Assert.Equal(Functions.Names.Order(StringComparer.Ordinal), calls.Select(w => w.Word.Split('(')[0]).Order(StringComparer.Ordinal));
        var metrics = Packs.Find("pump")!.Metrics;
        Assert.All(calls, call => ExpressionReader.Read(Regex.Replace(call.Word, @"\bx\b", "`bearingTemperature`").Replace("sqrt(`bearingTemperature`)", "sqrt(4)", StringComparison.Ordinal), metrics));
    }

    [Fact]
    public void A_text_is_tried_on_the_packs_tests_in_its_files_place()
    {
        var workbench = new RuleWorkbench(Packs);
        var text = Packs.RuleFiles.Single(f => f is { Type: "pump", Name: "limits" }).Yaml;
        Assert.All(workbench.Try("pump", "limits", text, default).Value!.Tests, test => Assert.Empty(test.Failures));
        var cold = workbench.Try("pump", "limits", text.Replace("setpoint: 90 °C", "setpoint: 50 °C", StringComparison.Ordinal), default).Value!;
        Assert.Contains(cold.Tests, test => test.Failures.Any(f => f.Contains("nobody expected alarm bearing-temperature-high", StringComparison.Ordinal)));
        Assert.Equal(50, cold.Rules.Single(r => r.Id == "bearing-temperature-high").Setpoint);

        var gone = workbench.Try("pump", "limits", "rules: []\n", default).Value!;
        Assert.Contains(gone.Tests, test => test.Failures.Any(f => f.Contains("expected alarm", StringComparison.Ordinal)));
        var wrong = workbench.Try("pump", "limits", "rules:\n  - sepoint: 3\n", default).Value!;
        Assert.Contains(wrong.Problems, p => p is { Line: 2, Message: "unknown key 'sepoint'" });
        Assert.Empty(wrong.Tests);
        Assert.Equal("not-found", workbench.Try("kettle", "limits", text, default).Refusal!.Code);
    }

    private static IReadOnlyList<RuleWord> Words(string key) => Pump.Keys.Single(k => k.Key == key).Words;
}
