using System.Globalization;
using System.Text.Json.Nodes;
using Seamless.EndToEnd.Tests.Rig;

namespace Seamless.EndToEnd.Tests.Scenarios;

/// <summary>What a contract covers, when its end is told, and what it entitles to.</summary>
public sealed class ContractTests(ContractTests.House house) : IClassFixture<ContractTests.House>
{
    private static readonly DateTimeOffset NewYear = new(2026, 1, 1, 6, 0, 0, TimeSpan.Zero);

    private SimulatedPlatform Platform => house.Platform;

    /// <summary>Cover of parts, labour and travel, by cause, for no contract, warranty, care and full cover; then for a device older than thirty days where that differs.</summary>
    [Theory]
    [InlineData("defect", "0/0/0 100/100/0 100/100/100 100/100/100")]
    [InlineData("deadOnArrival", "100/100/100 100/100/100 100/100/100 100/100/100", "0/0/0 100/100/0 100/100/100 100/100/100")]
    [InlineData("wear", "0/0/0 0/0/0 0/100/100 100/100/100")]
    [InlineData("consumable", "0/0/0 0/0/0 0/0/0 100/100/100")]
    [InlineData("accident", "0/0/0 0/0/0 0/0/0 100/100/100")]
    [InlineData("misuse", "0/0/0 0/0/0 0/0/0 0/0/0")]
    [InlineData("environment", "0/0/0 0/0/0 0/0/0 0/100/100")]
    [Trait("Scenario", "43")]
    public async Task The_whole_decision_table_of_coverage(string cause, string young, string? old = null)
    {
        foreach (var (days, expected) in new[] { (0, young), (30, young), (31, old ?? young), (4000, old ?? young) })
        {
            var decided = new List<string>();
            foreach (var pack in (string[])["none", "warranty", "care", "full"])
            {
                var decision = await Platform.GetAsync($"/api/v1/coverage/decision?cause={cause}&pack={pack}&days={days}");
                var covered = decision["covered"]!;
                decided.Add($"{covered["parts"]}/{covered["labour"]}/{covered["travel"]}");
                Assert.False(string.IsNullOrWhiteSpace((string)decision["reason"]!["zhCN"]!), $"{decision["rule"]} says no reason");
            }
            Assert.Equal(expected, string.Join(' ', decided));
        }
    }

    [Fact]
    [Trait("Scenario", "43")]
    public async Task Another_table_is_another_version_and_one_that_leaves_something_undecided_is_refused()
    {
        var delivered = (await Platform.GetAsync("/api/v1/coverage"))["value"]!["rules"]!;
        object Row(string id, object? causes = null) => new { id, covered = new { parts = 50, labour = 0, travel = 0 }, reason = new { en = "half of it", zhCN = "一半" }, causes };
        foreach (var (rows, words) in new (object[], string)[] { ([Row("a", new[] { "wear" })], "has conditions"), ([Row("a"), Row("b")], "'b' never decides"), ([Row("a"), Row("a")], "two rows are called 'a'") })
            Assert.Contains(words, (string)(await Platform.PutAsync("/api/v1/coverage", new { rules = rows }, 400))["detail"]!, StringComparison.Ordinal);
        Assert.Equal(1, (int)(await Platform.PutAsync("/api/v1/coverage", new { rules = new[] { Row("wear", new[] { "wear" }), Row("rest") } }))["version"]!);
        Assert.Equal("rest", (string)(await Platform.GetAsync("/api/v1/coverage/decision?cause=misuse"))["rule"]!);
        await Platform.PutAsync("/api/v1/coverage", new { rules = delivered, expected = 0 }, 409);   // somebody else was first
        await Platform.PutAsync("/api/v1/coverage", new { rules = delivered, expected = 1 });
        Assert.Equal("misuse", (string)(await Platform.GetAsync("/api/v1/coverage/decision?cause=misuse"))["rule"]!);
        Assert.Equal([2, 1, 0], (await Platform.GetAsync("/api/v1/coverage/versions"))["items"]!.AsArray().Select(v => (int)v!["version"]!));
    }

    [Fact]
    [Trait("Scenario", "47")]
    public async Task The_end_of_a_contract_is_told_90_30_and_7_days_before_once_each_and_no_more_after_a_renewal()
    {
        var (platform, start) = (Platform, Platform.Now);
        await platform.PutAsync("/api/v1/notifications/recipients/accounts", new { title = "Accounts", audience = "staff", channel = "email", address = "accounts@example.com" });
        await platform.PutAsync("/api/v1/notifications/recipients/acme", new { title = "Acme", audience = "customer", customer = "acme", channel = "email", address = "plant@example.com" });
        foreach (var device in (string[])["kept", "ended", "never"]) await platform.PostAsync("/api/v1/devices", new { id = device, type = "pump", site = "s1", customer = "acme" });
        var end = start.AddDays(100);
        var kept = (string)(await platform.PostAsync("/api/v1/contracts", new { device = "kept", pack = "care", start, end, price = 900 }))["id"]!;
        var ended = (string)(await platform.PostAsync("/api/v1/contracts", new { device = "ended", pack = "warranty", start, end }))["id"]!;

        await platform.PassAsync(TimeSpan.FromDays(80), TimeSpan.FromDays(1));
        var renewed = await platform.PostAsync($"/api/v1/contracts/{kept}/renew", new { end = end.AddDays(365) });
        Assert.Equal((kept, end), ((string)renewed["renews"]!, At(renewed["start"]!)));
        await platform.PostAsync($"/api/v1/contracts/{kept}/renew", new { end = end.AddDays(365) }, 409);
        await platform.PassAsync(TimeSpan.FromDays(40), TimeSpan.FromDays(1));

        Assert.Equal([(kept, 90), (kept, 30), (ended, 90), (ended, 30), (ended, 7)], await ToldAsync(platform, "accounts", end));
        Assert.Equal([(kept, 90), (kept, 30), (ended, 90), (ended, 30), (ended, 7)], await ToldAsync(platform, "acme", end));

        // Twenty days after the end: the renewed one is covered without a break, the other for a hundred days of its life, the third never.
        var cover = (await platform.GetAsync("/api/v1/contracts/cover"))["items"]!.AsArray().Where(c => (string)c!["device"]! is "kept" or "ended" or "never").ToList();
        Assert.Equal([("never", 120.0), ("ended", 20.0), ("kept", 0.0)], cover.Select(c => ((string)c!["device"]!, Math.Round((double)c["daysWithoutCover"]!, 3))));
        Assert.Equal((end, end.AddDays(365)), (At(cover[1]!["gaps"]![0]!["from"]!), At(cover[2]!["coveredUntil"]!)));
        foreach (var (device, statuses) in new[] { ("kept", "expired inForce"), ("ended", "expired") })
            Assert.Equal(statuses, string.Join(' ', (await platform.GetAsync($"/api/v1/contracts?device={device}"))["items"]!.AsArray().Select(c => (string)c!["status"]!)));
    }

    [Fact]
    [Trait("Scenario", "27")]
    public async Task The_contract_of_the_device_decides_what_its_customer_is_offered()
    {
        Assert.Equal("remoteFix onSite€ inspection€", await OfferedAsync(null, "standard"));
        Assert.Equal("remoteFix onSite€ inspection€", await OfferedAsync("warranty", "premium"));
        Assert.Equal("remoteFix onSite inspection", await OfferedAsync("care", "premium"));
        Assert.Equal("remoteFix onSite advanceReplacement inspection", await OfferedAsync("full", "standard"));
        Assert.Equal("remoteFix onSite advanceReplacement inspection loanUnit", await OfferedAsync("full", "premium"));

        // The customer of the one with care asks for both; only what is offered becomes a request.
        var ticket = await Platform.PostAsync("/api/v1/tickets", new { device = "care-premium", title = "Pump is loud" });
        var code = (string)ticket["trackingCode"]!;
        var refused = await Platform.AsGuestAsync($"/api/v1/track/{code}/options/loanUnit", new { });
        Assert.Equal(("refused", true), (((string)refused["type"]!).Split(':')[^1], ((string)refused["detail"]!).Contains("Offered with Full (premium, gold, platinum) only; this device has Care, premium", StringComparison.Ordinal)));
        var asked = await Platform.AsGuestAsync($"/api/v1/track/{code}/options/onSite", new { });
        Assert.Equal("open", (string)asked["status"]!);
        var requests = (await Platform.GetAsync("/api/v1/requests"))["items"]!.AsArray();
        Assert.Equal([((string)asked["number"]!, (string)ticket["id"]!)], requests.Select(r => ((string)r!["number"]!, (string)r["ticket"]!)));
    }

    private async Task<string> OfferedAsync(string? pack, string tier)
    {
        var device = $"{pack ?? "none"}-{tier}";
        await Platform.PostAsync("/api/v1/devices", new { id = device, type = "pump", site = "s1", customer = "acme", tier });
        if (pack is not null) await Platform.PostAsync("/api/v1/contracts", new { device, pack, end = Platform.Now.AddYears(1) });
        var options = (await Platform.GetAsync($"/api/v1/devices/{device}/entitlements"))["items"]!.AsArray();
        return string.Join(' ', options.Where(o => (bool)o!["offered"]!).Select(o => (bool)o!["included"]! ? (string)o["option"]! : $"{o["option"]}€"));
    }

    private static async Task<IEnumerable<(string, int)>> ToldAsync(SimulatedPlatform platform, string recipient, DateTimeOffset end)
    {
        var messages = (await platform.GetAsync($"/api/v1/notifications/outbox?recipient={recipient}&limit=1000"))["items"]!.AsArray().Where(m => (string)m!["milestone"]! == "contract-expires");
        return messages.Select(m => ((string)m!["ticket"]!, (int)(end - At(m["at"]!)).TotalDays)).OrderBy(m => m.Item1, StringComparer.Ordinal).ThenByDescending(m => m.Item2);
    }

    private static DateTimeOffset At(JsonNode at) => DateTimeOffset.Parse((string)at!, CultureInfo.InvariantCulture);

    public sealed class House : IAsyncLifetime
    {
        public SimulatedPlatform Platform { get; private set; } = null!;   // started before the first story

        public async ValueTask InitializeAsync() => Platform = await SimulatedPlatform.StartAsync(NewYear);

        public ValueTask DisposeAsync() => Platform.DisposeAsync();
    }
}
