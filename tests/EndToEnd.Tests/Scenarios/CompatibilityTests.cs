using System.Text.Json.Nodes;
using Seamless.EndToEnd.Tests.Rig;
using static Seamless.EndToEnd.Tests.Rig.PartsStory;

namespace Seamless.EndToEnd.Tests.Scenarios;

/// <summary>Each part has its number, and a part of one generation is none of another. The chain: A (generation 1) → B (1 and 2) ⇄ C (2 and 3).</summary>
public sealed class CompatibilityTests(MorningPlatform morning) : IClassFixture<MorningPlatform>
{
    private const string A = Bearing, B = Bearing + "-B", C = Bearing + "-C";

    [Fact]
    [Trait("Scenario", "17")]
    public async Task An_incompatible_generation_cannot_be_reserved_and_what_supersedes_it_is_offered_instead()
    {
        var platform = morning.Platform;
        await PutCatalogueAsync(platform);
        foreach (var (id, generation) in ((string, string?)[])[("g1", "1"), ("g2", "2"), ("g9", "9"), ("g0", null)]) await platform.AddPumpAsync(id, Rotterdam, generation);
        foreach (var (serial, sku) in ((string, string)[])[("B-1", B), ("C-1", C), ("C-2", C)]) await platform.EnterAsync(serial, sku, "central-rotterdam");

        // By hand: refused, with the name of what fits; nothing is reserved.
        var second = await platform.OpenAsync("g2");
        var refused = await ReserveAsync(platform, second, A, 409);
        Assert.Contains($"{A} does not fit g2", refused.Text("detail"), StringComparison.Ordinal);
        Assert.Contains($"ask for {C}", refused.Text("detail"), StringComparison.Ordinal);
        Assert.Empty(await platform.ItemsAsync("/api/v1/reservations"));
        Assert.Equal([(C, true, 2), (B, true, 1), (A, false, 28)], await AlternativesAsync(platform, A, "g2"));
        Assert.Equal("C-1", await SerialAsync(platform, second, C));

        // By diagnosis, which names A: the newest that fits goes out.
        var part = await platform.OnlyPartAsync(await platform.OpenAsync("g2", "bearing-wear"));
        Assert.Equal((A, "C-2", "reserved"), (part.Text("sku"), (string)part["serials"]![0]!, part.Text("status")));

        // The newest does not fit generation 1: the newest that does.
        Assert.Equal("B-1", await SerialAsync(platform, await platform.OpenAsync("g1"), A));
        // One way only: A, of which there are plenty, does not stand in for B.
        var wanting = await platform.OpenAsync("g1");
        Assert.Empty((await ReserveAsync(platform, wanting, B))["items"]!.AsArray());
        Assert.Equal("unavailable", (await platform.OnlyPartAsync(wanting)).Text("status"));

        // Nothing fits, or nobody knows: nothing is sent.
        foreach (var device in (string[])["g9", "g0"])
        {
            var ticket = await platform.OpenAsync(device, "bearing-wear");
            Assert.Equal("unavailable", (await platform.OnlyPartAsync(ticket)).Text("status"));
            Assert.Contains("nor does anything that superseded it", (await ReserveAsync(platform, ticket, A, 409)).Text("detail"), StringComparison.Ordinal);
        }
        await platform.AssertConservedAsync();
    }

    [Fact]
    public async Task A_catalogue_that_cannot_be_is_refused_and_each_that_was_in_force_is_kept()
    {
        var platform = morning.Platform;
        await PutCatalogueAsync(platform);
        Assert.Contains("supersedes itself", (await PutAsync(platform, [], [(A, B), (B, A)], 400)).Text("detail"), StringComparison.Ordinal);
        Assert.Contains("superseded twice", (await PutAsync(platform, [], [(A, B), (A, C)], 400)).Text("detail"), StringComparison.Ordinal);
        Assert.Contains("says nothing", (await platform.PutAsync("/api/v1/parts/compatibility", new { fits = new[] { new { sku = A } } }, 400)).Text("detail"), StringComparison.Ordinal);
        var seen = (int)(await platform.GetAsync("/api/v1/parts/compatibility"))["version"]!;
        await platform.PutAsync("/api/v1/parts/compatibility", new { fits = Array.Empty<object>(), expected = seen - 1 }, 409);
        await platform.PutAsync("/api/v1/parts/compatibility", new { expected = seen });
        var versions = await platform.ItemsAsync("/api/v1/parts/compatibility/versions");
        Assert.Equal([(seen + 1, 0), (seen, 2)], versions.Take(2).Select(v => ((int)v["version"]!, v["catalogue"]!["supersessions"]!.AsArray().Count)));
        Assert.Equal(0, (int)versions[^1]["version"]!);
    }

    private static Task<JsonNode> PutCatalogueAsync(SimulatedPlatform platform) => platform.PutAsync("/api/v1/parts/compatibility", new
    {
        fits = new object[] { new { sku = A, model = "CP-100", generations = (string[])["1"] }, new { sku = B, model = "CP-100", generations = (string[])["1", "2"] }, new { sku = C, generations = (string[])["2", "3"] } },
        supersessions = new object[] { new { old = A, @new = B }, new { old = B, @new = C, interchange = "twoWay" } },
    });

    private static Task<JsonNode> PutAsync(SimulatedPlatform platform, object[] fits, (string Old, string New)[] chain, int status) =>
        platform.PutAsync("/api/v1/parts/compatibility", new { fits, supersessions = chain.Select(s => new { old = s.Old, @new = s.New }) }, status);

    private static Task<JsonNode> ReserveAsync(SimulatedPlatform platform, string ticket, string sku, int status = 200) => platform.PostAsync("/api/v1/reservations", new { ticket, sku }, status);

    private static async Task<string> SerialAsync(SimulatedPlatform platform, string ticket, string sku)
    {
        var reserved = Assert.Single((await ReserveAsync(platform, ticket, sku))["items"]!.AsArray())!;
        Assert.Equal(sku, reserved.Text("wanted"));
        return reserved.Text("serial");
    }

    private static async Task<List<(string, bool, int)>> AlternativesAsync(SimulatedPlatform platform, string sku, string device) =>
        (await platform.ItemsAsync($"/api/v1/parts/{sku}/alternatives?device={device}")).ConvertAll(a => (a.Text("sku"), (bool)a["fits"]!, (int)a["free"]!));
}
