using System.Text.Json.Nodes;
using Seamless.EndToEnd.Tests.Rig;

namespace Seamless.EndToEnd.Tests.Scenarios;

/// <summary>What repairs and contracts cost and bring in, from what happened alone; and repair against replacement.</summary>
public sealed class MarginTests(MarginTests.House house) : IClassFixture<MarginTests.House>
{
    private static readonly DateTimeOffset March = new(2026, 3, 1, 0, 0, 0, TimeSpan.Zero);

    private SimulatedPlatform Platform => house.Platform;

    /// <summary>A month of two machines: one under an outcome contract that fails once, one without a contract that is billed.</summary>
    [Fact]
    [Trait("Scenario", "82")]
    [Trait("Scenario", "88")]
    public async Task A_played_month_gives_the_contracts_profit_and_books_that_balance_whichever_way_they_are_counted()
    {
        var start = Platform.Now;
        Assert.Equal(March, start);
        var contract = (string)(await AddAsync("kept", new { device = "kept", pack = "full", end = March.AddDays(310), price = 3100.00, outcome = new { pricePerHour = 2.00, availability = 0.98, bonusPerPoint = 10, malusPerPoint = 10, mostMalus = 100 } }))!;
        await AddAsync("billed", null);
        await Platform.PassAsync(TimeSpan.FromDays(4), TimeSpan.FromDays(1));
        var covered = await RepairAsync("kept", hoursDown: 24, charged: false);
        var charged = await RepairAsync("billed", hoursDown: 12, charged: true);
        await Platform.PassAsync(March.AddMonths(1).AddHours(1) - Platform.Now, TimeSpan.FromDays(1));

        // 744 hours, 24 of them down: 96.774 % of the promised 98 %. The repair: a part of 86.00, two hours of work, one visit, one shipment.
        var profit = await Platform.GetAsync($"/api/v1/contracts/{contract}/profit?month=2026-03");
        var outcome = profit["outcome"]!;
        Assert.Equal((744, 24), (Math.Round((double)outcome["hours"]!, 6), Math.Round((double)outcome["downHours"]!, 6)));
        Assert.Equal((1440.00m, 0m, 12.26m), ((decimal)outcome["hourly"]!, (decimal)outcome["bonus"]!, (decimal)outcome["malus"]!));
        Assert.Equal((310.00m, 1737.74m), ((decimal)profit["earned"]!, (decimal)profit["revenue"]!));
        Assert.Equal("Freight 25, Labour 120, PartsUsed 86, Travel 80", string.Join(", ", profit["costs"]!.AsObject().Select(c => $"{c.Key} {(decimal)c.Value!:0.##}").Order(StringComparer.OrdinalIgnoreCase)), ignoreCase: true);
        Assert.Equal((311.00m, 1426.74m), ((decimal)profit["cost"]!, (decimal)profit["profit"]!));
        Assert.Equal(0.42m, (decimal)(await Platform.GetAsync($"/api/v1/contracts/{contract}/profit?month=2026-04"))["earned"]!);   // its first hour alone

        var period = $"from={March:yyyy-MM-dd}T00:00:00Z&to={March.AddMonths(1):yyyy-MM-dd}T00:00:00.001Z";
        var totals = new List<string>();
        foreach (var by in (string[])["case", "asset", "contract", "customer"])
        {
            var ledger = Assert.Single((await Platform.GetAsync($"/api/v1/ledger?by={by}&{period}"))["currencies"]!.AsArray())!;
            Assert.Equal(Sum(ledger["trial"]!, "debit"), Sum(ledger["trial"]!, "credit"));
            Assert.Equal((Sum(ledger["rows"]!, "revenue"), Sum(ledger["rows"]!, "cost")), ((decimal)ledger["total"]!["revenue"]!, (decimal)ledger["total"]!["cost"]!));
            totals.Add($"{ledger["total"]!["revenue"]} {ledger["total"]!["cost"]} {ledger["total"]!["margin"]}");
            if (by == "case") Assert.Equal([(covered, 0m, 311m), (charged, 260.50m, 311m)], ledger["rows"]!.AsArray().Where(r => (string)r!["of"]! != "").Select(r => ((string)r!["of"]!, (decimal)r["revenue"]!, (decimal)r["cost"]!)));
            if (by is "asset" or "customer") Assert.Equal([("billed", 260.50m, 311m), ("kept", 1737.74m, 311m)], ledger["rows"]!.AsArray().Select(r => (((string)r!["of"]!).Split(' ')[^1], (decimal)r["revenue"]!, (decimal)r["cost"]!)));
            if (by == "contract") Assert.Equal((decimal)profit["profit"]!, (decimal)ledger["rows"]!.AsArray().Single(r => (string)r!["of"]! == contract)!["margin"]!);
        }
        Assert.Single(totals.Distinct());
        Assert.All((await Platform.GetAsync($"/api/v1/ledger/entries?limit=1000&{period}"))["items"]!.AsArray(), entry => Assert.Equal(Sum(entry!["lines"]!, "debit"), Sum(entry["lines"]!, "credit")));
    }

    [Fact]
    [Trait("Scenario", "29")]
    public async Task The_cheapest_repair_within_the_deadline_is_chosen_and_another_when_the_deadline_moves()
    {
        await using var platform = await SimulatedPlatform.StartAsync(March.AddHours(8));
        await platform.PutAsync("/api/v1/agreements", new
        {
            text = """
                policies:
                  slow: { respond: 1h, arrive: 8h, resolve: 72h }
                  soon: { respond: 1h, arrive: 8h, resolve: 30h }
                  fast: { respond: 1h, arrive: 8h, resolve: 20h }
                  now: { respond: 5m, arrive: 5m, resolve: 10m }
                tiers: { default: slow, standard/P3: soon, standard/P2: fast, standard/P1: now }
                """,
        });
        await platform.PutAsync("/api/v1/bom", new
        {
            items = new object[]
            {
                new { part = "PMP-MOT-15KW", name = "Motor", cost = 1480.00, minutes = 120, leadHours = 840 },
                new { part = "MOT-BOARD", name = "Drive board", cost = 260.00, minutes = 90, within = "PMP-MOT-15KW", leadHours = 22 },
                new { part = "MOT-CAP", name = "Capacitor", cost = 4.00, minutes = 60, within = "MOT-BOARD", leadHours = 2, benchHours = 40 },
            },
        });
        await platform.PostAsync("/api/v1/devices", new { id = "pump-1", type = "pump", site = "s1" });
        var number = (string)(await platform.PostAsync("/api/v1/tickets", new { device = "pump-1", priority = "p4", title = "Motor stands still" }))["id"]!;

        foreach (var (priority, level, part, reason) in new[]
        {
            ("p4", "component", "MOT-CAP", "The cheapest, and done by the deadline."), ("p3", "assembly", "MOT-BOARD", "MOT-CAP would save up to 286.00 EUR and be too late"),
            ("p2", "swap", "PMP-MOT-15KW", "MOT-CAP, MOT-BOARD would save up to 1536.00 EUR"), ("p1", "swap", "PMP-MOT-15KW", "None is done by the deadline"),
        })
        {
            await platform.PatchAsync($"/api/v1/tickets/{number}", new { priority });
            var plan = await platform.GetAsync($"/api/v1/tickets/{number}/repair-options?part=MOT-CAP");
            Assert.Equal((level, part), ((string)plan["chosen"]!["level"]!, (string)plan["chosen"]!["part"]!));
            Assert.Contains(reason, (string)plan["reason"]!["en"]!, StringComparison.Ordinal);
            Assert.Equal([169.00m, 455.00m, 1705.00m], plan["options"]!.AsArray().Select(o => (decimal)o!["cost"]!));
        }
    }

    private async Task<string?> AddAsync(string device, object? contract)
    {
        await Platform.PostAsync("/api/v1/devices", new { id = device, type = "pump", site = "s1", customer = $"owner of {device}" });
        return contract is null ? null : (string)(await Platform.PostAsync("/api/v1/contracts", contract))["id"]!;
    }

    /// <summary>One bearing, two hours of work, one visit.</summary>
    private async Task<string> RepairAsync(string device, double hoursDown, bool charged)
    {
        var number = (string)(await Platform.PostAsync("/api/v1/tickets", new { device, faultCode = "bearing-wear", priority = "p2", title = "Pump is loud" }))["id"]!;
        var path = $"/api/v1/tickets/{number}";
        await Platform.PassAsync(TimeSpan.FromHours(hoursDown - 2), TimeSpan.FromHours(1));
        if (charged)
        {
            await Platform.PostAsync($"{path}/quotes", new { lines = new object[] { new { code = "PMP-BRG-6309", quantity = 1 }, new { code = "labour", quantity = 2 }, new { code = "travel", quantity = 1 } } });
            await Platform.PostAsync($"{path}/quotes/decision", new { revision = 1, approve = true, channel = "phone" });
        }
        foreach (var action in (string[])["acknowledge", "depart", "arrive"]) await Platform.PostAsync($"{path}/actions/{action}", new { });
        var serial = (await Platform.TicketAsync(number))["parts"]!.AsArray().Single(p => (string)p!["sku"]! == "PMP-BRG-6309")!["serials"]![0]!;
        await Platform.PostAsync($"{path}/actions/install-part", new { serial = (string)serial! });
        await Platform.PassAsync(TimeSpan.FromHours(2));
        await Platform.PostAsync($"{path}/actions/resolve", new { });
        await Platform.PostAsync($"{path}/actions/close", new { mode = "VIB", mechanism = "2.4 Wear", cause = "Expected wear and tear", faultCode = "bearing-wear" });
        if (charged) await Platform.PostAsync($"{path}/invoices", new { });
        return number;
    }

    private static decimal Sum(JsonNode rows, string what) => rows.AsArray().Sum(row => (decimal)row![what]!);

    public sealed class House : IAsyncLifetime
    {
        public SimulatedPlatform Platform { get; private set; } = null!;   // started before the first story

        public async ValueTask InitializeAsync()
        {
            Platform = await SimulatedPlatform.StartAsync(March);
            await Platform.PutAsync("/api/v1/prices/EUR", new
            {
                items = new object[]
                {
                    new { code = "PMP-BRG-6309", kind = "part", name = "Bearing set", unit = "piece", price = 80.50 },
                    new { code = "labour", kind = "labour", name = "Technician, hour", unit = "hour", price = 65.00 },
                    new { code = "travel", kind = "travel", name = "Visit", unit = "visit", price = 50.00 },
                },
            });
        }

        public ValueTask DisposeAsync() => Platform.DisposeAsync();
    }
}
