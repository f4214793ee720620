using Seamless.Rules.Packs.Files;
using Seamless.Rules.Packs.Testing;

namespace Seamless.Rules.Tests.Packs;

/// <summary>Each mistake is told with its place and what would be right. The pump pack with one file changed.</summary>
public sealed class PackReaderTests : IDisposable
{
    private readonly string _pack = Path.Combine(Directory.CreateTempSubdirectory("seamless-pack-").FullName, "pump");

    public PackReaderTests()
    {
        foreach (var file in Directory.EnumerateFiles(Path.Combine(Repository.Packs, "pump"), "*", SearchOption.AllDirectories))
        {
            var copy = Path.Combine(_pack, Path.GetRelativePath(Path.Combine(Repository.Packs, "pump"), file));
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.Copy(file, copy);
        }
    }

    [Theory]
    [InlineData("rules/limits.yaml", "metric: bearingTemperature", "metric: bearingTemprature", "no metric 'bearingTemprature'", "bearingTemperature")]
    [InlineData("rules/limits.yaml", "setpoint: 90 °C", "setpoint: 90 bar", "unit 'bar' is wrong", "°C")]
    [InlineData("rules/limits.yaml", "setpoint: 90 °C", "setpoint: 900", "outside the metric's range", null)]
    [InlineData("rules/limits.yaml", "setpoint: 90 °C", "setpoint: hot", "'hot' is not a number", "°C")]
    [InlineData("rules/limits.yaml", "onDelay: 30s", "onDelay: 30 seconds", "not a duration", "30s")]
    [InlineData("rules/limits.yaml", "severity: high", "severity: hihg", "'severity: hihg' is unknown", "high")]
    [InlineData("rules/limits.yaml", "symptom: bearing-hot", "symptom: bearing-warm", "no symptom 'bearing-warm'", "bearing-hot")]
    [InlineData("rules/limits.yaml", "when: running", "when: mode", "not a boolean metric", "running")]
    [InlineData("rules/limits.yaml", "deadband: 5", "deadbnd: 5", "unknown key 'deadbnd'", "deadband")]
    [InlineData("rules/limits.yaml", "zh-CN: 轴承温度高", "zh: 轴承温度高", "'zh-CN' is missing", null)]
    [InlineData("rules/watch.yaml", "detector: novelty", "detector: noveltie", "no detector 'noveltie'", "novelty")]
    [InlineData("faults.yaml", "sku: PMP-BRG-6309", "sku: PMP-BRG-6308", "no 'PMP-BRG-6308'", "PMP-BRG-6309")]
    [InlineData("faults.yaml", "playbook: backflush-strainer", "playbook: backflush", "no playbook 'backflush'", "backflush-strainer")]
    [InlineData("faults.yaml", "prior: 0.02", "prior: 2", "between 0 and 1", null)]
    [InlineData("faults.yaml", "class: HW", "class: hardware", "'class: hardware' is unknown", "HW")]
    [InlineData("pack.yaml", "unit: °C", "unit: C", "unit 'C' is not known", "°C")]
    [InlineData("pack.yaml", "pack: pump", "pack: pmp", "folder 'pump'", null)]
    [InlineData("parts.csv", "6309 轴承组,V,", "6309 轴承组,X,", "'criticality' is 'X'", "V")]
    [InlineData("playbooks/backflush-strainer.yaml", "risk: R1", "risk: R9", "'risk: R9' is unknown", "R")]
    [InlineData("drawing.svg", "<g id=\"PMP-BRG-6309\">", "<g id=\"PMP-BRG-6308\">", "no 'PMP-BRG-6308'", "PMP-BRG-6309")]
    [InlineData("drawing.svg", "class=\"axis\"", "onload=\"alert(1)\"", "'onload' has no place", "take it out")]
    [InlineData("tests/faults.yaml", "cause: bearing-wear", "cause: bearing-ware", "no fault 'bearing-ware'", "bearing-wear")]
    public void A_mistake_is_told_with_file_line_column_and_what_would_be_right(string file, string right, string wrong, string message, string? suggestion)
    {
        var path = Path.Combine(_pack, file);
        var text = File.ReadAllText(path);
        var at = text.IndexOf(right, StringComparison.Ordinal);
        Assert.True(at >= 0);
        File.WriteAllText(path, text[..at] + wrong + text[(at + right.Length)..]);

        var problem = PackChecker.Check(_pack).First(p => p.Message.Contains(message, StringComparison.Ordinal));
        Assert.Equal(file, problem.File);
        Assert.True(problem.Line >= 1 && problem.Column >= 1);
        Assert.True(Math.Abs(text[..at].Count(c => c == '\n') + 1 - problem.Line) <= 2, problem.ToString());
        if (suggestion is not null) Assert.Contains(suggestion, problem.Suggestion, StringComparison.Ordinal);
    }

    [Fact]
    public void All_mistakes_are_told_at_once_and_a_broken_pack_stops_the_start()
    {
        var path = Path.Combine(_pack, "rules/limits.yaml");
        File.WriteAllText(path, File.ReadAllText(path).Replace("symptom: bearing-hot", "symptom: x", StringComparison.Ordinal).Replace("deadband", "deadbnd", StringComparison.Ordinal));
        var broken = Assert.Throws<BrokenPackException>(() => new Rules.Packs.PackDirectory(Path.GetDirectoryName(_pack)!, null));
        Assert.True(broken.Problems.Count >= 5);
        Assert.Contains("rules/limits.yaml:", broken.Message, StringComparison.Ordinal);
    }

    public void Dispose() => Directory.Delete(Path.GetDirectoryName(_pack)!, recursive: true);
}
