using System.Text.Json.Nodes;
using Seamless.EndToEnd.Tests.Rig;

namespace Seamless.EndToEnd.Tests.Scenarios;

/// <summary>What a repair costs is public, agreed before anybody is sent, and billed as agreed.</summary>
public sealed class ChargeTests(ChargeTests.House house) : IClassFixture<ChargeTests.House>
{
    private static readonly DateTimeOffset Monday = new(2026, 3, 2, 8, 0, 0, TimeSpan.Zero);

    private SimulatedPlatform Platform => house.Platform;

    [Fact]
    [Trait("Scenario", "46")]
    public async Task Nobody_is_sent_and_nothing_is_billed_beyond_what_the_customer_has_approved()
    {
        var (_, prices) = await Platform.AsGuestAsync("/api/v1/prices/EUR");
        Assert.Equal(["Bearing set 6309", "6309 轴承组"], ((string[])["en", "zhCN"]).Select(language => (string)JsonNode.Parse(prices)!["items"]![0]!["name"]![language]!));

        var (number, code) = await TicketAsync("pump-46");
        await Platform.PassAsync(TimeSpan.FromMinutes(1));
        Assert.NotNull((await Platform.TicketAsync(number))["visit"]);
        var quote = await Platform.PostAsync($"/api/v1/tickets/{number}/quotes", new { lines = House.Lines(hours: 1.5) });
        var named = (string)quote["number"]!;
        Assert.Equal((1, "open", 355.45m), ((int)quote["revision"]!, (string)quote["status"]!, (decimal)quote["total"]!));   // 2 × 99.10 + 1.5 h × 71.50 + 50
        Assert.Equal(Platform.Now.AddDays(14), At(quote["validUntil"]!));

        // The desk's visit is taken back and nobody can be sent; at night and by hand alike.
        await Platform.PassAsync(TimeSpan.FromHours(2), TimeSpan.FromMinutes(15));
        Assert.Null((await Platform.TicketAsync(number))["visit"]);
        Assert.DoesNotContain((await Platform.GetAsync("/api/v1/dispatch/board"))["waiting"]!.AsArray(), job => (string)job!["ticket"]! == number);
        await Platform.PostAsync($"/api/v1/tickets/{number}/actions/acknowledge", new { });
        foreach (var action in (string[])["schedule", "depart"])
            Assert.Contains($"{named} revision 1 is Open", (string)(await Platform.PostAsync($"/api/v1/tickets/{number}/actions/{action}", new { }, 409))["detail"]!, StringComparison.Ordinal);

        Assert.Equal((named, 355.45m), await TrackedAsync(code));
        Assert.Equal("approved", (string)(await Platform.AsGuestAsync($"/api/v1/track/{code}/quote/decision", new { revision = 1, approve = true }))["status"]!);
        await Platform.PassAsync(TimeSpan.FromMinutes(1));
        Assert.NotNull((await Platform.TicketAsync(number))["visit"]);
        await DoneAsync(number);

        // Half an hour more than quoted: refused by the cent that it is over, until the customer has approved a revision.
        var refused = await Platform.PostAsync($"/api/v1/tickets/{number}/invoices", new { lines = House.Lines(hours: 2) }, 409);
        Assert.Contains($"391.20 EUR is 35.75 EUR over the approved quote {named}/1 of 355.45 EUR", (string)refused["detail"]!, StringComparison.Ordinal);
        await Platform.PostAsync($"/api/v1/tickets/{number}/quotes", new { lines = House.Lines(hours: 2) });
        await Platform.PostAsync($"/api/v1/tickets/{number}/invoices", new { lines = House.Lines(hours: 2) }, 409);   // made, not approved
        await Platform.PostAsync($"/api/v1/tickets/{number}/quotes/decision", new { revision = 2, approve = true }, 400);   // how do we know?
        await Platform.PostAsync($"/api/v1/tickets/{number}/quotes/decision", new { revision = 2, approve = true, channel = "phone" });
        var invoice = await Platform.PostAsync($"/api/v1/tickets/{number}/invoices", new { lines = House.Lines(hours: 2) });
        Assert.Equal(391.20m, (decimal)invoice["total"]!);
        Assert.Equal((decimal)invoice["total"]!, invoice["lines"]!.AsArray().Sum(line => (decimal)line!["payable"]!));
        await Platform.PostAsync($"/api/v1/tickets/{number}/invoices", new { lines = new[] { new { code = "travel", quantity = 1 } } }, 409);   // a second bill goes beyond it as well
        Assert.Equal(["approved", "superseded"], (await Platform.GetAsync($"/api/v1/tickets/{number}/charges"))["quotes"]!.AsArray().Select(q => (string)q!["status"]!));
    }

    [Fact]
    public async Task What_the_contract_covers_is_not_charged_and_a_declined_quote_sends_nobody_until_it_is_withdrawn()
    {
        var (number, code) = await TicketAsync("pump-47");
        await Platform.PostAsync("/api/v1/contracts", new { device = "pump-47", pack = "warranty", end = "2027-03-02T00:00:00Z" });
        var quote = await Platform.PostAsync($"/api/v1/tickets/{number}/quotes", new { });
        Assert.Equal(("defect-warranty", 50.00m), ((string)quote["coverage"]!["rule"]!, (decimal)quote["total"]!));   // the way is paid by the customer
        Assert.Equal(0.00m, quote["lines"]!.AsArray().Where(line => (string)line!["kind"]! != "travel").Sum(line => (decimal)line!["payable"]!));

        Assert.Equal("declined", (string)(await Platform.AsGuestAsync($"/api/v1/track/{code}/quote/decision", new { revision = 1, approve = false, note = "too dear" }))["status"]!);
        await Platform.PassAsync(TimeSpan.FromHours(1), TimeSpan.FromMinutes(15));
        Assert.Null((await Platform.TicketAsync(number))["visit"]);
        await Platform.PostAsync($"/api/v1/tickets/{number}/quotes/withdraw", new { note = "goodwill" });
        await Platform.PassAsync(TimeSpan.FromMinutes(1));
        Assert.NotNull((await Platform.TicketAsync(number))["visit"]);
        await DoneAsync(number);
        Assert.Contains("no approved quote", (string)(await Platform.PostAsync($"/api/v1/tickets/{number}/invoices", new { }, 409))["detail"]!, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_quote_that_nobody_answers_expires_on_its_day()
    {
        var (number, code) = await TicketAsync("pump-48");
        await Platform.PostAsync($"/api/v1/tickets/{number}/quotes", new { lines = House.Lines(hours: 1), validDays = 2 });
        await Platform.PassAsync(TimeSpan.FromDays(2), TimeSpan.FromHours(6));
        Assert.Equal("expired", (string)(await Platform.GetAsync($"/api/v1/tickets/{number}/charges"))["quotes"]![0]!["status"]!);
        Assert.Contains("only an open quote", (string)(await Platform.AsGuestAsync($"/api/v1/track/{code}/quote/decision", new { revision = 1, approve = true }))["detail"]!, StringComparison.Ordinal);
    }

    private async Task<(string Number, string Code)> TicketAsync(string device)
    {
        await Platform.PostAsync("/api/v1/devices", new { id = device, type = "pump", site = "s1", customer = "acme" });
        var ticket = await Platform.PostAsync("/api/v1/tickets", new { device, faultCode = "bearing-wear", priority = "p3", title = new { en = "Pump is loud", zhCN = "水泵噪声大" } });
        return ((string)ticket["id"]!, (string)ticket["trackingCode"]!);
    }

    private async Task DoneAsync(string number)
    {
        if ((string)(await Platform.TicketAsync(number))["status"]! == "new") await Platform.PostAsync($"/api/v1/tickets/{number}/actions/acknowledge", new { });
        foreach (var action in (string[])["depart", "arrive", "resolve"]) await Platform.PostAsync($"/api/v1/tickets/{number}/actions/{action}", new { });
    }

    private async Task<(string, decimal)> TrackedAsync(string code)
    {
        var quote = JsonNode.Parse((await Platform.AsGuestAsync($"/api/v1/track/{code}/quote")).Text)!;
        return ((string)quote["number"]!, (decimal)quote["total"]!);
    }

    private static DateTimeOffset At(JsonNode at) => DateTimeOffset.Parse((string)at!, System.Globalization.CultureInfo.InvariantCulture);

    /// <summary>One platform with a price list; each story has a device of its own.</summary>
    public sealed class House : IAsyncLifetime
    {
        public SimulatedPlatform Platform { get; private set; } = null!;   // started before the first story

        public static object[] Lines(double hours) => [new { code = "PMP-BRG-6309", quantity = 2 }, new { code = "labour", quantity = hours }, new { code = "travel", quantity = 1 }];

        public async ValueTask InitializeAsync()
        {
            Platform = await SimulatedPlatform.StartAsync(Monday);
            await Platform.PutAsync("/api/v1/prices/EUR", new
            {
                items = new object[]
                {
                    new { code = "PMP-BRG-6309", kind = "part", name = new { en = "Bearing set 6309", zhCN = "6309 轴承组" }, unit = "piece", price = 99.10 },
                    new { code = "labour", kind = "labour", name = new { en = "Technician, hour", zhCN = "技术员工时" }, unit = "hour", price = 71.50 },
                    new { code = "travel", kind = "travel", name = new { en = "Visit", zhCN = "上门" }, unit = "visit", price = 50.00 },
                },
            });
        }

        public ValueTask DisposeAsync() => Platform.DisposeAsync();
    }
}
