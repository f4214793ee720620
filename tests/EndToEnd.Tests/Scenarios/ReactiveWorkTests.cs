using System.Text.Json.Nodes;
using Seamless.EndToEnd.Tests.Rig;

namespace Seamless.EndToEnd.Tests.Scenarios;

/// <summary>Prediction instead of fire-fighting: tickets before the failure, and the share of work that a person or a limit alone has caused.</summary>
public sealed class ReactiveWorkTests
{
    private static readonly Lazy<Task<JsonNode>> Predicting = new(() => RunAsync());

    [Fact]
    [Trait("Scenario", "87")]
    public async Task The_reactive_share_of_work_falls_as_prediction_is_switched_on()
    {
        var predicting = await Predicting.Value;
        var reacting = await RunAsync("--without", "detectors,models,peers");

        Assert.Equal(1, Kpi(reacting, "reactiveShare"));
        Assert.InRange(Kpi(predicting, "reactiveShare"), 0, 0.5);
        Assert.Equal(1 - Kpi(predicting, "reactiveShare"), Kpi(predicting, "predictedShare"), 1e-9);
    }

    /// <summary>Long enough before for the part and for the way.</summary>
    [Fact]
    [Trait("Scenario", "4")]
    public async Task Wear_has_its_ticket_hours_before_the_failure()
    {
        var faults = (await Predicting.Value)["faults"]!.AsArray();
        Assert.Equal(5, faults.Count);
        Assert.All(faults, fault => Assert.Equal("ticket", (string)fault!["answer"]!));
        Assert.All(faults, fault => Assert.InRange((double)fault!["leadHours"]!, 4, 40));
    }

    private static async Task<JsonNode> RunAsync(params string[] more)
    {
        var folder = Directory.CreateTempSubdirectory("seamless-reactive-");
        try
        {
            var (scenario, report) = (Path.Combine(folder.FullName, "wear.yaml"), Path.Combine(folder.FullName, "report.json"));
            await File.WriteAllTextAsync(scenario, Wear);
            await Programs.RunAsync("seamless", ["simulate", "--scenario", scenario, "--seed", "87", "--packs", Path.Combine(AppContext.BaseDirectory, "packs"), "--out", report, .. more]);
            return JsonNode.Parse(await File.ReadAllTextAsync(report))!;
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static double Kpi(JsonNode report, string code) => (double)report["kpis"]![code]!["value"]!;

    /// <summary>Machines that wear out slowly after two quiet days, in which the detectors learn what is usual.</summary>
    private const string Wear = """
        name: wear
        start: 2026-03-02T00:00:00Z
        duration: 96h
        sampling: 5m
        step: 15m
        sites:
          - { id: frankfurt-water, name: Frankfurt Waterworks, latitude: 50.1109, longitude: 8.6821, timeZone: Europe/Berlin, customer: Rhine-Main Water }
          - { id: beijing-centre, name: Beijing Data Centre, latitude: 39.9042, longitude: 116.4074, timeZone: Asia/Shanghai, customer: North Data }
        machines:
          - { type: pump, count: 4, tier: gold, sites: [frankfurt-water] }
          - { type: server, count: 4, tier: gold, sites: [beijing-centre] }
        faults:
          - { id: bearing-1, fault: bearing-wear, device: pump-01, onset: 50h, timeToFailure: 40h }
          - { id: bearing-2, fault: bearing-wear, device: pump-02, onset: 54h, timeToFailure: 38h }
          - { id: seal-1, fault: seal-leak, device: pump-03, onset: 52h, timeToFailure: 40h }
          - { id: disk-1, fault: disk-wear, device: server-01, onset: 50h, timeToFailure: 40h }
          - { id: fan-1, fault: fan-failure, device: server-02, onset: 56h, timeToFailure: 30h }
        """;
}
