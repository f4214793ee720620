using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;

namespace Seamless.Portal.Tests.Api;

/// <summary>On a platform of its own: what the other tests' machines are expected to need would move the levels.</summary>
public sealed class StockPlanTests(RunningPlatform running) : IClassFixture<RunningPlatform>
{
    [Fact]
    public async Task A_plan_is_computed_read_filtered_and_taken_away_as_a_table()
    {
        using var computed = await running.Admin.PostAsJsonAsync("/api/v1/parts/plan/compute", new { });
        Assert.Equal(HttpStatusCode.OK, computed.StatusCode);
        var plan = JsonNode.Parse(await computed.Content.ReadAsStringAsync())!;
        var level = plan["levels"]!.AsArray().First(l => (string?)l!["sku"] == "PMP-BRG-6309" && (string?)l["depot"] == "regional-paris")!;
        Assert.Equal(2, (int)level["level"]!);   // as the starter network has it: nothing has been asked for
        Assert.Equal("unseen", (string?)level["reason"]);
        Assert.Contains("too seldom", (string?)level["why"], StringComparison.Ordinal);

        var one = JsonNode.Parse(await running.Admin.GetStringAsync("/api/v1/parts/plan?sku=PMP-BRG-6309&depot=regional-paris"))!;
        Assert.Single(one["levels"]!.AsArray());
        Assert.NotEmpty(JsonNode.Parse(await running.Admin.GetStringAsync("/api/v1/parts/levels"))!["items"]!.AsArray());
        Assert.NotNull(JsonNode.Parse(await running.Admin.GetStringAsync("/api/v1/parts/orders?open=true"))!["items"]);
    }

    [Fact]
    public async Task A_budget_below_nothing_and_an_order_of_nobody_are_refused_in_words()
    {
        using var budget = await running.Admin.PostAsJsonAsync("/api/v1/parts/plan/compute", new { budget = -5 });
        Assert.Equal(HttpStatusCode.BadRequest, budget.StatusCode);
        Assert.Contains("not negative", await budget.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        using var order = await running.Admin.PostAsJsonAsync("/api/v1/parts/orders/nobody/receive", new { serial = "S-1" });
        Assert.Equal(HttpStatusCode.NotFound, order.StatusCode);
    }
}
