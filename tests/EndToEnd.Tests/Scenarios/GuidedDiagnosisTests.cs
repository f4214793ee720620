using System.Text.Json.Nodes;
using Seamless.EndToEnd.Tests.Rig;
using Seamless.Rules.Diagnosis;
using Seamless.Rules.Packs;

namespace Seamless.EndToEnd.Tests.Scenarios;

/// <summary>Somebody who knows nothing of the machine is led to its fault, over the public interface.</summary>
public sealed class GuidedDiagnosisTests(GuidedDiagnosisTests.Workshop workshop) : IClassFixture<GuidedDiagnosisTests.Workshop>
{
    private const int MostTests = 6;

    /// <summary>The published example of Kadane and Simon's order: probability and minutes of each cause.</summary>
    private const string Golden = """
        symptoms:
          dead: { title: { en: Dead, zh-CN: 无反应 }, leak: 0.001 }
        faults:
          - { code: psu, title: { en: Power supply, zh-CN: 电源 }, class: HW, mechanism: 4.1 Short circuiting, cause: Expected wear and tear, prior: 0.5, symptoms: { dead: 0.9 },
              test: { title: { en: Swap the supply, zh-CN: 换电源 }, minutes: 20, sensitivity: 0.999, specificity: 0.999 }, remedies: [{ action: { en: Replace it, zh-CN: 更换 }, skill: electrical }] }
          - { code: mains, title: { en: Mains, zh-CN: 市电 }, class: ENV, mechanism: 5.3 Miscellaneous external influences, cause: Off-design service, prior: 0.3, symptoms: { dead: 0.9 },
              test: { title: { en: Measure the mains, zh-CN: 测市电 }, minutes: 5, sensitivity: 0.999, specificity: 0.999 }, remedies: [{ action: { en: Call the utility, zh-CN: 联系供电局 }, skill: facility }] }
          - { code: bearing, title: { en: Bearing, zh-CN: 轴承 }, class: HW, mechanism: 2.4 Wear, cause: Expected wear and tear, prior: 0.2, symptoms: { dead: 0.9 },
              test: { title: { en: Open the bearing, zh-CN: 打开轴承 }, minutes: 60, sensitivity: 0.999, specificity: 0.999 }, remedies: [{ action: { en: Replace it, zh-CN: 更换 }, skill: electrical }] }
        """;

    private readonly SimulatedPlatform _platform = workshop.Platform;
    private readonly HashSet<string> _known = [];

    [Fact]
    [Trait("Scenario", "52")]
    public async Task The_next_test_is_the_one_with_the_fewest_minutes_for_its_probability()
    {
        var ticket = await TicketAsync("golden");
        var guidance = await _platform.GetAsync(PathOf(ticket));
        Assert.Equal(["mains", "psu", "bearing"], guidance["order"]!.AsArray().Select(t => (string)t!["faultCode"]!));
        Assert.Equal(31.0, (double)guidance["expectedMinutes"]!);
        Assert.Equal("测市电", (string)(await _platform.GetAsync(PathOf(ticket), "zh-CN"))["next"]!["title"]!);

        guidance = await ResultAsync(ticket, "mains", false);
        Assert.Equal(("psu", "asking"), ((string)guidance["next"]!["faultCode"]!, (string)guidance["state"]!));
        Assert.Equal(0.714, (double)guidance["next"]!["probability"]!, 3);   // .5 of what is left
        await _platform.PostAsync($"{PathOf(ticket)}/tests", new { faultCode = "mains", found = false }, 409);
        guidance = await ResultAsync(ticket, "psu", false);
        Assert.Equal(("found", "bearing"), ((string)guidance["state"]!, (string)guidance["remedy"]!["faultCode"]!));   // nothing else is left

        Assert.Equal(["opened", "guided-test", "guided-test", "cause-found"], (await _platform.TicketAsync(ticket))["timeline"]!.AsArray().Select(e => (string)e!["kind"]!).Where(k => k is not "visit-planned"));
        await _platform.PostAsync($"{PathOf(ticket)}/tests", new { faultCode = "gremlins", found = false }, 400);
        await _platform.PostAsync($"{PathOf(ticket)}/findings", new { present = new[] { "dead" }, absent = new[] { "dead" } }, 400);
    }

    /// <summary>Sees what the fault shows and makes the tests that are asked for; senses and tests err as the pack says.</summary>
    [Fact]
    [Trait("Scenario", "16")]
    public async Task A_novice_who_follows_the_tests_reaches_the_true_cause_of_nineteen_faults_in_twenty()
    {
        var shipped = new PackDirectory(SimulatedPlatform.ShippedPacks, null).All;
        var chance = new Random(16);
        var lost = new List<string>();
        foreach (var (pack, fault) in shipped.SelectMany(p => p.Faults.Faults.Select(f => (p, f))))
            if (!await ReachesAsync(await TicketAsync(pack.Type), pack.Faults, fault, chance)) lost.Add($"{pack.Type}/{fault.Code}");
        var kinds = shipped.Sum(p => p.Faults.Faults.Count);
        Assert.True(kinds > 100 && lost.Count <= kinds * 0.05, $"{lost.Count} of {kinds}: {string.Join(", ", lost)}");
    }

    private static string PathOf(string ticket) => $"/api/v1/tickets/{ticket}/guidance";

    private Task<JsonNode> ResultAsync(string ticket, string faultCode, bool found) => _platform.PostAsync($"{PathOf(ticket)}/tests", new { faultCode, found });

    private async Task<string> TicketAsync(string type)
    {
        if (_known.Add(type)) await _platform.PostAsync("/api/v1/devices", new { id = $"{type}-1", type, site = "works" });
        return (string)(await _platform.PostAsync("/api/v1/tickets", new { device = $"{type}-1", title = "Does not do what it should" }))["id"]!;
    }

    private async Task<bool> ReachesAsync(string ticket, FaultModel model, FaultDefinition truth, Random chance)
    {
        var present = model.Symptoms.Where(s => chance.NextDouble() < truth.Symptoms.GetValueOrDefault(s.Code, s.Leak)).Select(s => s.Code).ToList();
        if (!truth.Symptoms.Keys.Any(present.Contains)) present.Add(truth.Symptoms.MaxBy(s => s.Value).Key);   // without one nobody would have called
        var guidance = await _platform.PostAsync($"{PathOf(ticket)}/findings", new { present, absent = model.Symptoms.Select(s => s.Code).Except(present) });
        for (var tests = 0; guidance["next"] is { } next; tests++)
        {
            if (tests == MostTests) return false;
            var asked = (string)next["faultCode"]!;
            var test = model.Fault(asked)!.Test!;
            guidance = await ResultAsync(ticket, asked, chance.NextDouble() < (asked == truth.Code ? test.Sensitivity : 1 - test.Specificity));
        }
        return (string)guidance["state"]! == "found" && (string)guidance["remedy"]!["faultCode"]! == truth.Code;
    }

    /// <summary>One platform with the shipped packs and the golden one.</summary>
    public sealed class Workshop : IAsyncLifetime
    {
        private readonly DirectoryInfo _packs = Directory.CreateTempSubdirectory("seamless-guided-");

        public SimulatedPlatform Platform { get; private set; } = null!;   // started before the first test

        public async ValueTask InitializeAsync()
        {
            foreach (var file in Directory.EnumerateFiles(SimulatedPlatform.ShippedPacks, "*", SearchOption.AllDirectories))
            {
                var copy = Path.Combine(_packs.FullName, Path.GetRelativePath(SimulatedPlatform.ShippedPacks, file));
                Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
                File.Copy(file, copy);
            }
            var golden = _packs.CreateSubdirectory("golden").FullName;
            await File.WriteAllTextAsync(Path.Combine(golden, "pack.yaml"), "pack: golden\nversion: 1.0.0\ntitle: { en: Bench machine, zh-CN: 台架机 }\nmetrics: {}\n");
            await File.WriteAllTextAsync(Path.Combine(golden, "faults.yaml"), Golden);
            var watch = await File.ReadAllTextAsync(Path.Combine(SimulatedPlatform.ShippedPacks, "generic", "rules", "watch.yaml"));
            Directory.CreateDirectory(Path.Combine(golden, "rules"));
            await File.WriteAllTextAsync(Path.Combine(golden, "rules", "watch.yaml"), watch.Replace("symptom: silent", "symptom: dead", StringComparison.Ordinal));
            Platform = await SimulatedPlatform.StartAsync(new DateTimeOffset(2026, 3, 16, 8, 0, 0, TimeSpan.Zero), _packs.FullName);
        }

        public async ValueTask DisposeAsync()
        {
            await Platform.DisposeAsync();
            _packs.Delete(recursive: true);
        }
    }
}
