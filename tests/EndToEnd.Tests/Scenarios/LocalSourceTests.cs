using System.Text.Json.Nodes;
using Seamless.EndToEnd.Tests.Rig;
using static Seamless.EndToEnd.Tests.Rig.PartsStory;

namespace Seamless.EndToEnd.Tests.Scenarios;

/// <summary>A local maker's bearing costs half of the machine maker's. It is taken once somebody has approved it, where it fits, and as long as it is the cheaper one.</summary>
public sealed class LocalSourceTests(MorningPlatform morning) : IClassFixture<MorningPlatform>
{
    private const string Local = "LOC-BRG-6309";
    private const decimal OriginalCost = 86;

    [Fact]
    [Trait("Scenario", "37")]
    public async Task The_approved_local_alternate_is_taken_when_it_is_cheaper_and_fits()
    {
        var platform = morning.Platform;
        foreach (var id in (string[])["l1", "l2", "l3"]) await platform.AddPumpAsync(id, Rotterdam, "2");
        await platform.AddPumpAsync("l9", Rotterdam, "9");
        await PutAsync(platform, cost: 43, approved: false);
        for (var i = 1; i <= 4; i++) await platform.EnterAsync($"L-{i}", Local, "central-rotterdam");

        // Not approved yet: it is shown with its price and what is known of it, and left where it is.
        var known = await platform.ItemsAsync($"/api/v1/parts/{Bearing}/alternatives?device=l1");
        Assert.Equal([(Bearing, OriginalCost, null, null), (Local, 43m, false, "tested by TÜV, grade P6")], known.Select(a => (a.Text("sku"), (decimal)a["unitCost"]!, (bool?)a["approved"], (string?)a["quality"])));
        Assert.StartsWith(Bearing, await SerialAsync(platform, "l1"), StringComparison.Ordinal);

        await PutAsync(platform, cost: 43, approved: true);
        Assert.Equal("L-1", await SerialAsync(platform, "l2"));

        // It does not fit machines of generation 9.
        await platform.PutAsync("/api/v1/parts/compatibility", new { fits = new object[] { new { sku = Local, generations = (string[])["1", "2"] } } });
        Assert.StartsWith(Bearing, await SerialAsync(platform, "l9"), StringComparison.Ordinal);

        // Dearer than the original, also where there are few of that, it is the second choice.
        await PutAsync(platform, cost: 400, approved: true);
        Assert.StartsWith(Bearing, await SerialAsync(platform, "l3"), StringComparison.Ordinal);
        await platform.AssertConservedAsync();
    }

    [Fact]
    public async Task An_alternate_of_an_alternate_and_of_itself_are_refused()
    {
        var platform = morning.Platform;
        await PutAsync(platform, cost: 43, approved: false);
        Assert.Contains("an alternate itself", (await platform.PutAsync("/api/v1/parts/LOC-2", Part(40, true, Local), 400)).Text("detail"), StringComparison.Ordinal);
        Assert.Contains("names another part", (await platform.PutAsync("/api/v1/parts/LOC-2", Part(40, true, "LOC-2"), 400)).Text("detail"), StringComparison.Ordinal);
    }

    private static Task<JsonNode> PutAsync(SimulatedPlatform platform, decimal cost, bool approved) => platform.PutAsync($"/api/v1/parts/{Local}", Part(cost, approved, Bearing));

    private static object Part(decimal cost, bool approved, string alternateTo) => new
    {
        title = new { en = "Local bearing 6309", zhCN = "本地 6309 轴承" }, leadTimeDays = 3, unitCost = cost, types = (string[])["pump"], alternateTo, approved, quality = "tested by TÜV, grade P6",
    };

    /// <summary>What a ticket for a worn bearing is sent; its line is for the original whatever lies in the box.</summary>
    private static async Task<string> SerialAsync(SimulatedPlatform platform, string device)
    {
        var part = await platform.OnlyPartAsync(await platform.OpenAsync(device, "bearing-wear"));
        Assert.Equal((Bearing, "reserved"), (part.Text("sku"), part.Text("status")));
        return (string)Assert.Single(part["serials"]!.AsArray())!;
    }
}
