using System.Diagnostics;
using System.Text.Json.Nodes;
using Seamless.EndToEnd.Tests.Rig;

namespace Seamless.EndToEnd.Tests.Scenarios;

/// <summary>Ten thousand tags of a store are read by a radio gate and brought together with the ledger; what a product tells about its owner goes when its time is over.</summary>
public sealed class StockCountTests
{
    private const string Frankfurt = "national-frankfurt";
    private const int Kinds = 10;
    private const int EachKind = 1000;

    [Fact]
    [Trait("Scenario", "81")]
    public async Task A_census_of_ten_thousand_tags_finds_what_is_missing_strayed_and_unknown_and_nothing_else()
    {
        await using var platform = await SimulatedPlatform.StartAsync(new DateTimeOffset(2026, 3, 2, 8, 0, 0, TimeSpan.Zero));
        for (var kind = 1; kind <= Kinds; kind++)
            await platform.PutAsync($"/api/v1/parts/LBL-{kind:00}", new { title = new { en = "Label", zhCN = "标签" }, leadTimeDays = 5, unitCost = 2, stock = new { national = EachKind, central = 0, regional = 1 } });
        var shelf = Enumerable.Range(1, Kinds).SelectMany(kind => Enumerable.Range(1, EachKind).Select(n => $"LBL-{kind:00}-{n:000000}")).ToHashSet();
        var elsewhere = await StrayAsync(platform);
        await platform.PassAsync(TimeSpan.FromMinutes(10));
        var count = await ReadAsync(platform, [.. shelf]);
        var others = count["differences"]!.AsArray().Select(line => line!.Text("serial")).ToList();   // what the packs' starter stock has there: read it as well
        Assert.All(others, serial => Assert.DoesNotContain("LBL-", serial, StringComparison.Ordinal));

        // The gate reads each tag three times, in GS1's form; seven units are gone, one has strayed in, one is nobody's.
        var gone = shelf.Where((_, index) => index % 1500 == 7).ToHashSet();
        var tags = shelf.Concat(others).Where(serial => !gone.Contains(serial)).SelectMany(serial => Enumerable.Repeat($"]d20109506000134352" + $"21{serial}", 3)).Append(elsewhere).Append("urn:epc:id:sgtin:9506000.013435.NOBODYS").ToList();
        var watch = Stopwatch.StartNew();
        count = await ReadAsync(platform, tags);
        Assert.True(watch.Elapsed < TimeSpan.FromSeconds(20), $"{watch.Elapsed}");
        Assert.Equal(shelf.Count + others.Count - gone.Count, (int)count["present"]!);
        var found = count["differences"]!.AsArray().ToLookup(line => line!.Text("finding"), line => line!.Text("serial"));
        Assert.Equal(gone.Order(StringComparer.Ordinal), found["missing"]);
        Assert.Equal([elsewhere], found["misplaced"]);
        Assert.Equal(["NOBODYS"], found["unknown"]);

        Assert.Contains("national-frankfurt: 7, not 0", (await platform.PostAsync($"/api/v1/depots/{Frankfurt}/counts/settle", new { tags, missing = 0 }, 409)).Text("detail"), StringComparison.Ordinal);
        var settled = await platform.PostAsync($"/api/v1/depots/{Frankfurt}/counts/settle", new { tags, missing = gone.Count });
        Assert.Equal(gone.Count + 1, settled["differences"]!.AsArray().Count(line => (bool)line!["settled"]!));
        Assert.Equal(gone.Count * 2m, (decimal)(await platform.GetAsync("/api/v1/parts/losses?open=true"))["totals"]![0]!["value"]!);
        Assert.Equal($"depot:{Frankfurt}", (await platform.UnitAsync(elsewhere))["history"]!.AsArray()[^1]!.Text("to"));
        Assert.Equal(["NOBODYS"], (await ReadAsync(platform, tags))["differences"]!.AsArray().Select(line => line!.Text("serial")));
        await platform.AssertConservedAsync();
        Assert.True((bool)(await platform.GetAsync("/api/v1/parts/custody/check"))["whole"]!);
    }

    [Fact]
    [Trait("Scenario", "81")]
    public async Task What_a_pack_calls_personal_goes_after_thirty_days_and_the_rest_stays()
    {
        var packs = Directory.CreateTempSubdirectory("chair-packs-");
        Directory.CreateDirectory(Path.Combine(packs.FullName, "chair"));
        await File.WriteAllTextAsync(Path.Combine(packs.FullName, "chair", "pack.yaml"), """
            pack: chair
            version: 1.0.0
            title: { en: Smart chair, zh-CN: 智能座椅 }
            metrics:
              sittingMinutes: { title: { en: Sitting, zh-CN: 久坐时间 }, unit: min, range: [0, 1440], personal: true }
              battery: { title: { en: Battery, zh-CN: 电量 }, unit: "%", range: [0, 100] }
            """);
        await using (var platform = await SimulatedPlatform.StartAsync(new DateTimeOffset(2026, 3, 2, 8, 0, 0, TimeSpan.Zero), packs.FullName))
        {
            await platform.PostAsync("/api/v1/devices", new { id = "chair-1", type = "chair", site = "office", customer = "acme" });
            await platform.PostAsync("/api/v1/devices/chair-1/telemetry", new { values = new { sittingMinutes = 55, battery = 80 } });
            await platform.PassAsync(TimeSpan.FromDays(29));
            await platform.NightAsync();
            Assert.Equal((1, 1), (await CountAsync(platform, "sittingMinutes"), await CountAsync(platform, "battery")));
            await platform.PassAsync(TimeSpan.FromDays(2));
            await platform.NightAsync();
            Assert.Equal((0, 1), (await CountAsync(platform, "sittingMinutes"), await CountAsync(platform, "battery")));
        }
        packs.Delete(recursive: true);
    }

    private static Task<JsonNode> ReadAsync(SimulatedPlatform platform, IReadOnlyList<string> tags) => platform.PostAsync($"/api/v1/depots/{Frankfurt}/counts", new { tags });

    /// <summary>A unit that the ledger has in Paris.</summary>
    private static async Task<string> StrayAsync(SimulatedPlatform platform)
    {
        await platform.EnterAsync("LBL-STRAY", "LBL-01", "regional-paris");
        return "LBL-STRAY";
    }

    private static async Task<int> CountAsync(SimulatedPlatform platform, string metric) =>
        (await platform.GetAsync($"/api/v1/devices/chair-1/telemetry?metric={metric}&from=2026-01-01T00:00:00Z&to=2027-01-01T00:00:00Z"))["series"]!.AsArray().Sum(series => series!["points"]!.AsArray().Count);
}
