using System.Security.Cryptography;
using Seamless.Analytics.Conditions;
using Seamless.Analytics.Evaluation;
using Seamless.DeviceAgent.Judging;
using Seamless.DeviceAgent.Sensing;
using Seamless.Telemetry;

namespace Seamless.DeviceAgent.Tests.Judging;

public sealed class EdgeRulesTests
{
    private static readonly ProgramFile File = new(
        "pump", "rules-1", [new MetricSpec("temperature", -40, 150, []), new MetricSpec("mode", Words: ["eco"])], [],
        [new RuleSpec("hot", RuleKind.Limit, 0, -1, Condition.Above(80, deadband: 5, onDelayMs: 2000), Escalations: [])]);

    [Fact]
    public void What_a_rule_begins_and_ceases_to_see_goes_with_the_sample_that_showed_it()
    {
        var rules = new EdgeRules(File);
        var said = new[] { 70.0, 85, 85, 85, 78, 70 }.Select((value, i) => rules.Judge(At(i, value)).Readings.FirstOrDefault(r => r.Metric == "rule.hot").Metric is null ? '.' : '!');
        Assert.Equal("...!.!", string.Concat(said));
    }

    [Fact]
    public void One_older_than_the_last_is_passed_on_as_it_is()
    {
        var rules = new EdgeRules(File);
        for (var i = 0; i < 4; i++) rules.Judge(At(i, 85));
        var late = At(1, 20);
        Assert.Equal(late, rules.Judge(late));
    }

    [Fact]
    public void Only_the_holder_of_the_key_makes_rules_for_the_machine()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var other = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var bytes = File.Sign(key);
        var read = ProgramFile.Read(bytes, key);
        Assert.Equal(File.Rules[0] with { Escalations = read.Rules[0].Escalations }, read.Rules[0]);
        Assert.Throws<InvalidDataException>(() => ProgramFile.Read(bytes, other));
        var at = bytes.AsSpan().IndexOf("program\":\""u8) + 20;
        bytes[at] = bytes[at] == (byte)'A' ? (byte)'B' : (byte)'A';
        Assert.Throws<InvalidDataException>(() => ProgramFile.Read(bytes, key));
        Assert.Throws<InvalidDataException>(() => ProgramFile.Read("{"u8, key));
    }

    private static Measurement At(int second, double temperature) => new(1_700_000_000_000 + second * 1000L, [new Reading("temperature", temperature), new Reading("mode", double.NaN, "eco")]);
}
