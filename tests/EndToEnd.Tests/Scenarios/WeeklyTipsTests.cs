using System.Net;
using System.Text.Json.Nodes;
using Seamless.EndToEnd.Tests.Rig;

namespace Seamless.EndToEnd.Tests.Scenarios;

/// <summary>Pumps of one model vibrate more than usual: their owners read once a week what to do about it, as long as they want to.</summary>
public sealed class WeeklyTipsTests : IAsyncLifetime
{
    private static readonly DateTimeOffset Monday = new(2026, 1, 5, 10, 0, 0, TimeSpan.Zero);
    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);
    private readonly Letterbox _letters = new();
    private SimulatedPlatform _platform = null!;   // started before each test

    public async ValueTask InitializeAsync() => _platform = await SimulatedPlatform.StartAsync(Monday, notifications: options =>
    {
        options.AllowPrivateAddresses = true;
        options.PublicUrl = new Uri("https://service.example.com");
    });

    public async ValueTask DisposeAsync()
    {
        await _platform.DisposeAsync();
        await _letters.DisposeAsync();
    }

    [Fact]
    [Trait("Scenario", "50")]
    public async Task Only_owners_of_the_pumps_that_are_meant_read_the_tip_and_who_unsubscribes_reads_no_more()
    {
        await _platform.PutAsync("/api/v1/sites/hall", new { name = "Hall", timeZone = "Europe/Berlin", customer = "acme" });
        await _platform.PutAsync("/api/v1/sites/quay", new { name = "Quay", timeZone = "Asia/Shanghai", customer = "bohai" });
        await AddAsync("shaky-hall", "CR-95", "hall", "acme");
        await AddAsync("shaky-quay", "CR-95", "quay", "bohai");
        await AddAsync("calm", "CR-95", "hall", "quiet-works");
        await AddAsync("other-model", "CR-32", "hall", "others");
        await MeasureAsync(week: 0);

        // Nobody is told anything before somebody starts a campaign; the preview says who would be, and why the others would not.
        await _platform.PutAsync("/api/v1/care/tips/vibration", new
        {
            title = Text("Pumps that vibrate", "振动偏大的水泵"), subject = Text("Your pump vibrates more than usual", "您的水泵振动偏大"), body = Text("Look at the coupling and tighten the feet.", "请检查联轴器并紧固地脚螺栓。"),
            scope = new { types = new[] { "pump" }, models = new[] { "CR-95" } }, day = "tuesday", at = "09:00:00", repeatDays = 14,
            conditions = new[] { new { test = "metric", metric = "vibration", measure = "mean", days = 7, side = "above", limit = 2.5 } },
        });
        Assert.Equal(["calm notRelevant", "shaky-hall now", "shaky-quay now"], await PreviewAsync());
        await _platform.PassAsync(TimeSpan.FromDays(8), TimeSpan.FromHours(4));
        Assert.Empty(await LettersAsync());

        // Nine o'clock on Tuesday comes to the quay seven hours before it comes to the hall; each reads in their own language.
        await MeasureAsync(week: 1);
        await _platform.PostAsync("/api/v1/care/tips/vibration/start", new { });
        await PassUntilAsync(new(2026, 1, 20, 0, 59, 0, TimeSpan.Zero));
        Assert.Empty(await LettersAsync());
        await _platform.PassAsync(TimeSpan.FromMinutes(1));
        var (recipient, letter) = Assert.Single(await LettersAsync());
        Assert.Equal(("bohai", "tip", "您的水泵振动偏大"), (recipient, (string)letter["type"]!, (string)letter["data"]!["subject"]!));
        var link = new Uri((string)letter["data"]!["link"]!).AbsolutePath;
        await _platform.PassAsync(7 * Hour, Hour);
        (recipient, letter) = Assert.Single(await LettersAsync());
        Assert.Equal(("acme", "Your pump vibrates more than usual"), (recipient, (string)letter["data"]!["subject"]!));
        Assert.Contains("vibration, mean of 7 days: 3.4, above 2.5", (string)letter["data"]!["text"]!, StringComparison.Ordinal);

        // A week later they have had it.
        await MeasureAsync(week: 2);
        await PassUntilAsync(new(2026, 1, 28, 0, 0, 0, TimeSpan.Zero));
        Assert.Empty(await LettersAsync());

        // One opens the link, which changes nothing, and then presses the button.
        Assert.Equal(HttpStatusCode.OK, (await _platform.AsGuestAsync(link)).Status);
        Assert.Equal(HttpStatusCode.OK, (await _platform.AsGuestAsync($"{link}/one-click")).Status);
        Assert.Empty(await _platform.ItemsAsync("/api/v1/care/tip-opt-outs"));
        Assert.Equal(HttpStatusCode.NotFound, (await _platform.GuestAsync(HttpMethod.Post, $"{link[..^1]}{(link[^1] == 'A' ? 'B' : 'A')}/one-click")).Status);
        Assert.Equal(HttpStatusCode.OK, (await _platform.GuestAsync(HttpMethod.Post, $"{link}/one-click")).Status);
        Assert.Equal("bohai", (string)Assert.Single(await _platform.ItemsAsync("/api/v1/care/tip-opt-outs"))["recipient"]!);

        // The next time only the other one is told. What happens to a repair both still hear.
        await MeasureAsync(week: 3);
        await PassUntilAsync(new(2026, 2, 3, 12, 0, 0, TimeSpan.Zero));
        Assert.Equal("acme", Assert.Single(await LettersAsync()).Recipient);
        foreach (var device in (string[])["shaky-hall", "shaky-quay"])
            await _platform.PostAsync("/api/v1/tickets", new { device, priority = "p3", title = Text("Look at the coupling", "检查联轴器") });
        await _platform.PassAsync(Hour);
        Assert.Equal(["acme ticket.opened", "bohai ticket.opened"], (await LettersAsync()).Select(l => $"{l.Recipient} {l.Letter["type"]}").Order());
        var figures = (await _platform.GetAsync("/api/v1/care/tips/vibration"))["figures"]!;
        Assert.Equal((3, 3, 0, 1), ((int)figures["sent"]!, (int)figures["delivered"]!, (int)figures["failed"]!, (int)figures["unsubscribed"]!));
    }

    /// <summary>A pump, and how its owner is reached: of bohai in Chinese.</summary>
    private async Task AddAsync(string id, string model, string site, string customer)
    {
        await _platform.PostAsync("/api/v1/devices", new { id, type = "pump", site, customer, tags = new { model } });
        await _platform.PutAsync($"/api/v1/notifications/recipients/{customer}", new
        {
            title = customer, audience = "customer", customer, channel = "webhook", address = $"{_letters.Url}{customer}", secrets = new[] { "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw" },
            language = customer == "bohai" ? "zh" : "en", milestones = new[] { "opened" },
        });
    }

    private async Task MeasureAsync(int week)
    {
        foreach (var (device, vibration) in new[] { ("shaky-hall", 3.4), ("shaky-quay", 3.4), ("calm", 1.2), ("other-model", 3.9) })
        {
            await _platform.PostAsync($"/api/v1/devices/{device}/telemetry", new { values = new { vibration, flow = 20 + week } });
            while (await FlowAsync(device) != 20 + week) await Task.Yield();   // durable at once, to be read a moment later
        }
    }

    private async Task<double?> FlowAsync(string device) =>
        (double?)(await _platform.ItemsAsync($"/api/v1/devices/{device}/latest")).SingleOrDefault(v => (string)v["metric"]! == "flow")?["value"];

    private async Task<IEnumerable<string>> PreviewAsync() =>
        (await _platform.GetAsync("/api/v1/care/tips/vibration/preview"))["prospects"]!.AsArray().Select(p => $"{p!["device"]} {p["fate"]}").Order();

    private async Task<IReadOnlyList<(string Recipient, JsonNode Letter)>> LettersAsync()
    {
        await _platform.SendMessagesAsync();
        return _letters.Take();
    }

    private Task PassUntilAsync(DateTimeOffset until) => _platform.PassAsync(until - _platform.Now, Hour);

    private static object Text(string en, string zh) => new { en, zhCN = zh };
}
