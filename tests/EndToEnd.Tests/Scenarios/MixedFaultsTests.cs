using System.Text.Json.Nodes;
using Seamless.EndToEnd.Tests.Rig;

namespace Seamless.EndToEnd.Tests.Scenarios;

/// <summary>Faults of machine, software, network and surroundings at the same time and place; the cause is told from coded symptoms, not from experience.</summary>
public sealed class MixedFaultsTests
{
    private const string Seed = "15";
    private const int LeastOfEachClass = 3;
    private const double LeastTop1 = 0.9;

    [Fact]
    [Trait("Scenario", "15")]
    public async Task The_most_probable_cause_is_the_true_one_in_each_class_of_a_mixture()
    {
        var folder = Directory.CreateTempSubdirectory("seamless-mixed-");
        try
        {
            var (scenario, report) = (Path.Combine(folder.FullName, "mixed.yaml"), Path.Combine(folder.FullName, "report.json"));
            await File.WriteAllTextAsync(scenario, Mixture, TestContext.Current.CancellationToken);

            await Programs.RunAsync("seamless", "simulate", "--scenario", scenario, "--seed", Seed, "--packs", Path.Combine(AppContext.BaseDirectory, "packs"), "--out", report);

            var scored = JsonNode.Parse(await File.ReadAllTextAsync(report, TestContext.Current.CancellationToken))!;
            Assert.All((string[])["HW", "SW", "NET", "ENV"], name => AssertTold(scored, name));
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static void AssertTold(JsonNode report, string name)
    {
        var totals = report["byClass"]![name]!;
        var mistaken = report["faults"]!.AsArray().Where(outcome => (string?)outcome!["fault"]!["class"] == name && (bool?)outcome["diagnosisCorrect"] != true)
            .Select(outcome => $"{outcome!["fault"]!["id"]} {outcome["fault"]!["code"]}: {outcome["answer"]} {outcome["diagnosis"]}");
        Assert.True((int)totals["faults"]! >= LeastOfEachClass, $"{name}: {totals["faults"]} faults say nothing");
        // Of all faults, the missed ones included: what was not seen was not told.
        var told = (double?)totals["diagnosisTop1"] * (int)totals["detected"]! / (int)totals["faults"]!;
        Assert.True(told >= LeastTop1, $"{name}: {told:P0} told rightly; not {string.Join(", ", mistaken)}");
    }

    /// <summary>Some sixty hours; each class at least three times, hardware wearing out while network, mains and room trouble its site.</summary>
    private const string Mixture = """
        name: mixed
        start: 2026-03-02T00:00:00Z
        duration: 58h
        sampling: 2m
        step: 10m
        sites:
          - { id: beijing-centre, name: Beijing Data Centre, latitude: 39.9042, longitude: 116.4074, timeZone: Asia/Shanghai, customer: North Data }
          - { id: frankfurt-water, name: Frankfurt Waterworks, latitude: 50.1109, longitude: 8.6821, timeZone: Europe/Berlin, customer: Rhine-Main Water }
          - { id: milan-hotel, name: Milan Grand Hotel, latitude: 45.4642, longitude: 9.1900, timeZone: Europe/Rome, customer: Lombardy Hotels }
        machines:
          - { type: server, count: 5, tier: gold, sites: [beijing-centre] }
          - { type: pump, count: 4, tier: gold, sites: [frankfurt-water] }
          - { type: tv, count: 5, tier: standard, sites: [milan-hotel] }
        faults:
          - { id: HW-fan, fault: fan-failure, device: server-01, onset: 8h, timeToFailure: 18h }
          - { id: HW-disk, fault: disk-wear, device: server-02, onset: 10h, timeToFailure: 30h }
          - { id: HW-bearing, fault: bearing-wear, device: pump-01, onset: 8h, timeToFailure: 26h }
          - { id: HW-seal, fault: seal-leak, device: pump-02, onset: 14h, timeToFailure: 24h }
          - { id: HW-strainer, fault: strainer-clogged, device: pump-03, onset: 18h, timeToFailure: 5h }
          - { id: HW-board, fault: mainboard-overheating, device: tv-01, onset: 9h, timeToFailure: 24h }
          - { id: SW-hang, fault: service-hang, device: server-03, onset: 13h, timeToFailure: 1h }
          - { id: SW-leak, fault: memory-leak, device: server-04, onset: 20h, timeToFailure: 8h }
          - { id: SW-crash, fault: app-crash-loop, device: tv-02, onset: 15h, timeToFailure: 1h }
          - { id: SW-firmware, fault: firmware-bug, device: tv-03, onset: 24h, timeToFailure: 6h }
          - { id: NET-room, fault: network-loss, site: beijing-centre, onset: 17h, timeToFailure: 60m }
          - { id: NET-again, fault: network-loss, site: beijing-centre, onset: 46h, timeToFailure: 50m }
          - { id: NET-wifi, fault: wifi-interference, device: tv-04, onset: 19h, timeToFailure: 1h }
          - { id: NET-channel, fault: wifi-interference, device: tv-05, onset: 38h, timeToFailure: 1h }
          - { id: ENV-cooling, fault: cooling-failure, site: beijing-centre, onset: 33h, timeToFailure: 2h }
          - { id: ENV-mains, fault: supply-undervoltage, site: frankfurt-water, onset: 26h, timeToFailure: 50m }
          - { id: ENV-hotel, fault: supply-undervoltage, site: milan-hotel, onset: 29h, timeToFailure: 60m }
          - { id: ENV-centre, fault: supply-undervoltage, site: beijing-centre, onset: 54h, timeToFailure: 40m }
        """;
}
