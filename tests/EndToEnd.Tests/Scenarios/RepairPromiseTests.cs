using System.Globalization;
using System.Text.Json.Nodes;
using Seamless.EndToEnd.Tests.Rig;

namespace Seamless.EndToEnd.Tests.Scenarios;

/// <summary>The committed repair time follows the parts, the courier and the technician, and is kept.</summary>
public sealed class RepairPromiseTests : IAsyncLifetime
{
    private const int Repairs = 60;
    private const string Year = "from=2026-01-01T00:00:00Z&to=2028-01-01T00:00:00Z";
    private SimulatedPlatform _platform = null!;   // started before each test

    public async ValueTask InitializeAsync() => _platform = await SimulatedPlatform.StartAsync(SharedPlatform.Morning);
    public ValueTask DisposeAsync() => _platform.DisposeAsync();

    /// <summary>Lateness and work follow laws of this test's own: uniform and exponential, one job in fifteen far longer; the model's are log-normal.</summary>
    [Fact]
    [Trait("Scenario", "23")]
    public async Task Ninety_five_in_a_hundred_promises_of_a_simulated_run_are_kept_and_the_customer_reads_them()
    {
        var random = new Random(2323);
        for (var i = 0; i < 4; i++) await _platform.PostAsync("/api/v1/devices", new { id = $"pump-{i}", type = "pump", site = $"s{i}", customer = "acme" });
        for (var n = 0; n < Repairs; n++) await RepairAsync($"pump-{n % 4}", random, n == 0);

        var figures = (await _platform.GetAsync($"/api/v1/kpis?{Year}"))["items"]!.AsArray();
        var kept = figures.Single(figure => (string)figure!["code"]! == "promiseKept")!;
        Assert.Equal(Repairs, (int)kept["samples"]!);
        Assert.InRange((double)kept["value"]!, 0.95, 1);
        Assert.InRange((double)figures.Single(figure => (string)figure!["code"]! == "promiseLikelyMet")!["value"]!, 0.35, 0.7);
    }

    [Fact]
    public async Task A_promise_that_the_plan_cannot_keep_is_given_anew_and_the_first_one_is_scored_as_missed()
    {
        await _platform.PostAsync("/api/v1/devices", new { id = "pump-late", type = "pump", site = "s9", customer = "globex" });
        var number = await OpenAsync("pump-late");
        var before = (await PromisesAsync(number)).Single();
        await _platform.PostAsync($"/api/v1/tickets/{number}/actions/schedule", new { start = $"{At(before["latest"]!).AddDays(2):O}" });
        await _platform.PassAsync(TimeSpan.FromSeconds(1));
        var promises = await PromisesAsync(number);
        Assert.Equal([0, 1], promises.Select(promise => (int)promise["revision"]!));
        Assert.True(At(promises[1]["likely"]!) > At(before["latest"]!));

        await _platform.PassAsync(At((await _platform.TicketAsync(number))["visit"]!["start"]!) - _platform.Now);
        await _platform.PostAsync($"/api/v1/tickets/{number}/actions/arrive", new { });
        await FinishAsync(number, At(promises[1]["likely"]!));
        Assert.Equal([false, true], (await PromisesAsync(number)).Select(promise => (bool)promise["kept"]!));
    }

    private async Task RepairAsync(string device, Random random, bool lookedAt)
    {
        var number = await OpenAsync(device);
        var (ticket, promise) = (await _platform.TicketAsync(number), (await PromisesAsync(number)).Single());
        if (lookedAt) await IsExplainedAsync(ticket, promise);
        var (start, end) = (At(ticket["visit"]!["start"]!), At(ticket["visit"]!["end"]!));
        var work = (end - start) * (random.Next(15) == 0 ? 4 : 0.5 - 0.6 * Math.Log(1 - random.NextDouble()));
        await FinishAsync(number, start + TimeSpan.FromMinutes(random.Next(0, 75)) + work);
    }

    private async Task IsExplainedAsync(JsonNode ticket, JsonNode promise)
    {
        Assert.Equal(["parts", "visit", "work"], promise["legs"]!.AsArray().Select(leg => (string)leg!["code"]!));
        var part = ticket["parts"]![0]!;
        Assert.Contains($"{part["sku"]} from {part["depot"]}", (string)promise["legs"]![0]!["why"]!, StringComparison.Ordinal);
        Assert.True(At(part["eta"]!) < At(promise["likely"]!) && At(promise["likely"]!) < At(promise["latest"]!));
        var (_, status) = await _platform.AsGuestAsync($"/api/v1/track/{ticket["trackingCode"]}");
        Assert.Equal(At(promise["latest"]!), At(JsonNode.Parse(status)!["promisedBy"]!));
        Assert.Contains("Promised by", (await _platform.AsGuestAsync($"/track/{ticket["trackingCode"]}")).Text, StringComparison.Ordinal);
    }

    private async Task<string> OpenAsync(string device)
    {
        var number = (string)(await _platform.PostAsync("/api/v1/tickets", new { device, faultCode = "bearing-wear", priority = "p3", title = new { en = "Pump is loud", zhCN = "水泵噪声大" } }))["id"]!;
        await _platform.PassAsync(TimeSpan.FromSeconds(1));
        return number;
    }

    private async Task FinishAsync(string number, DateTimeOffset at)
    {
        await _platform.PassAsync(at - _platform.Now);
        await _platform.PostAsync($"/api/v1/tickets/{number}/actions/resolve", new { });
        await _platform.PostAsync($"/api/v1/tickets/{number}/actions/close", new { mode = "VIB", mechanism = "2.4 Wear", cause = "Expected wear and tear", faultCode = "bearing-wear" });
        await _platform.PassAsync(TimeSpan.FromHours(6));
    }

    private async Task<List<JsonNode>> PromisesAsync(string number) => [.. (await _platform.GetAsync($"/api/v1/tickets/{number}/promises"))["items"]!.AsArray().Select(promise => promise!)];

    private static DateTimeOffset At(JsonNode text) => DateTimeOffset.Parse((string)text!, CultureInfo.InvariantCulture);
}
