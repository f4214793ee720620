using System.Text.Json.Nodes;
using Seamless.EndToEnd.Tests.Rig;

namespace Seamless.EndToEnd.Tests.Scenarios;

/// <summary>From a machine to what the customer's business lives on.</summary>
public sealed class BusinessImpactTests
{
    private static readonly DateTimeOffset March = new(2026, 3, 1, 0, 0, 0, TimeSpan.Zero);

    /// <summary>Bottling and dispatch need each other; labels are somebody else's.</summary>
    private static readonly object[] Plant =
    [
        new { id = "bottling", name = "Bottling", customer = "acme", devices = new[] { "filler" }, services = new[] { "cooling", "dispatch" } },
        new { id = "cooling", name = "Cooling", customer = "acme", devices = new[] { "chiller-1", "chiller-2" } },
        new { id = "dispatch", name = "Dispatch", customer = "acme", services = new[] { "bottling" } },
        new { id = "labels", name = "Labels", customer = "other", devices = new[] { "filler" } },
    ];

    [Fact]
    [Trait("Scenario", "5")]
    public async Task The_impact_of_a_device_is_all_that_depends_on_it_and_the_month_tells_what_it_cost_and_what_to_do()
    {
        await using var platform = await SimulatedPlatform.StartAsync(March);
        await platform.PostAsync("/api/v1/devices", new { id = "filler", type = "pump", site = "s1", customer = "acme" });
        foreach (var id in (string[])["chiller-1", "chiller-2"]) await platform.PostAsync("/api/v1/devices", new { id, type = "chiller", site = "s1", customer = "acme", redundancyGroup = "cold" });
        await RefusedAsync(platform);
        Assert.Equal(1, (int)(await PutAsync(platform, Plant, expected: 0))["version"]!);
        await PutAsync(platform, Plant, expected: 0, status: 409);

        Assert.Equal(["filler>bottling", "filler>labels", "filler>bottling>dispatch"], await PathsAsync(platform, "filler"));
        Assert.Equal(["chiller-1>cooling", "chiller-1>cooling>bottling", "chiller-1>cooling>bottling>dispatch"], await PathsAsync(platform, "chiller-1"));
        Assert.Equal("chiller-2", (string)Assert.Single((await platform.GetAsync("/api/v1/devices/chiller-1/impact"))["standIns"]!.AsArray())!);

        string[] tickets = [await FailAsync(platform, "filler", hours: 4), await FailAsync(platform, "filler", hours: 6)];
        var chilled = await FailAsync(platform, "chiller-1", hours: 3);
        await platform.PassAsync(March.AddMonths(1).AddHours(1) - platform.Now, TimeSpan.FromDays(1));
        var advice = await AdviceAsync(platform, "2026-03");
        Assert.Equal(["filler 10", "chiller-1 3"], Lines(advice["failed"]!, "device", "downHours"));
        Assert.Equal(13, (double)advice["downHours"]!, 6);
        Assert.Equal(["bottling 13", "dispatch 13", "cooling 3"], Lines(advice["touched"]!, "service", "hours"));   // no word of the other customer's
        Assert.Equal([.. tickets, chilled], advice["failed"]!.AsArray().SelectMany(f => f!["failures"]!.AsArray()).Select(f => (string)f!["ticket"]!));
        Assert.Equal([("repeatedCause", "filler", string.Join(',', tickets)), ("noStandIn", "filler", "")], advice["advice"]!.AsArray().Select(a => ((string)a!["kind"]!, (string)a["device"]!, Ids(a["tickets"]!))));
        var chinese = await platform.GetAsync("/api/v1/customers/acme/advice?month=2026-03", "zh-CN");
        Assert.Contains("同一原因（bearing-wear）故障 2 次", (string)chinese["advice"]![0]!["text"]!, StringComparison.Ordinal);

        Assert.Empty((await AdviceAsync(platform, "2026-02"))["failed"]!.AsArray());
        foreach (var (path, words) in new[] { ("acme/advice?month=2026-05", "has not begun"), ("acme/advice?month=May", "a month such as 2026-03"), ("nobody/advice", "nothing is known of a customer 'nobody'") })
            Assert.Contains(words, (string)(await platform.GetProblemAsync($"/api/v1/customers/{path}"))["detail"]!, StringComparison.Ordinal);
    }

    private static async Task RefusedAsync(SimulatedPlatform platform)
    {
        foreach (var (service, words) in new (object, string)[]
        {
            (new { id = "a", name = "A", customer = "acme", devices = new[] { "ghost" } }, "depends on the device 'ghost', which is not registered"),
            (new { id = "a", name = "A", customer = "acme", services = new[] { "b" } }, "depends on the service 'b', which is not in the list"),
            (new { id = "a", name = "A" }, "needs a 'name' and the 'customer'"),
        })
            Assert.Contains(words, (string)(await PutAsync(platform, [service], null, 400))["detail"]!, StringComparison.Ordinal);
        Assert.Contains("no device 'ghost'", (string)(await platform.GetProblemAsync("/api/v1/devices/ghost/impact"))["detail"]!, StringComparison.Ordinal);
    }

    private static async Task<string> FailAsync(SimulatedPlatform platform, string device, double hours)
    {
        await platform.PassAsync(TimeSpan.FromDays(2), TimeSpan.FromDays(1));
        var number = (string)(await platform.PostAsync("/api/v1/tickets", new { device, faultCode = "bearing-wear", priority = "p2", title = "It is loud" }))["id"]!;
        await platform.PassAsync(TimeSpan.FromHours(hours), TimeSpan.FromHours(1));
        foreach (var action in (string[])["acknowledge", "depart", "arrive", "resolve"]) await platform.PostAsync($"/api/v1/tickets/{number}/actions/{action}", new { });
        await platform.PostAsync($"/api/v1/tickets/{number}/actions/close", new { mode = "VIB", mechanism = "2.4 Wear", cause = "Expected wear and tear", faultCode = "bearing-wear" });
        return number;
    }

    private static Task<JsonNode> PutAsync(SimulatedPlatform platform, object[] services, int? expected, int? status = null) => platform.PutAsync("/api/v1/business-services", new { services, expected }, status);

    private static Task<JsonNode> AdviceAsync(SimulatedPlatform platform, string month) => platform.GetAsync($"/api/v1/customers/acme/advice?month={month}");

    private static async Task<IEnumerable<string>> PathsAsync(SimulatedPlatform platform, string device) =>
        (await platform.GetAsync($"/api/v1/devices/{device}/impact"))["services"]!.AsArray().Select(s => string.Join('>', s!["path"]!.AsArray().Select(step => (string)step!)));

    private static string Ids(JsonNode ids) => string.Join(',', ids.AsArray().Select(id => (string)id!));
    private static IEnumerable<string> Lines(JsonNode rows, string name, string figure) => rows.AsArray().Select(row => FormattableString.Invariant($"{row![name]} {Math.Round((double)row[figure]!, 6)}"));
}
