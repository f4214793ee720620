using System.Globalization;
using System.Text.Json.Nodes;
using Seamless.EndToEnd.Tests.Rig;

namespace Seamless.EndToEnd.Tests.Scenarios;

/// <summary>Regular inspections and visits, from the plan to the ticket for what was found.</summary>
public sealed class CareTests : IAsyncLifetime
{
    private static readonly DateTimeOffset Monday = new(2026, 1, 5, 10, 0, 0, TimeSpan.Zero);
    private static readonly TimeSpan Week = TimeSpan.FromDays(7);
    private SimulatedPlatform _platform = null!;   // started before each test

    public async ValueTask InitializeAsync() => _platform = await SimulatedPlatform.StartAsync(Monday);
    public ValueTask DisposeAsync() => _platform.DisposeAsync();

    [Fact]
    [Trait("Scenario", "12")]
    public async Task A_room_is_inspected_every_week_and_the_one_visit_that_is_skipped_escalates()
    {
        await _platform.PostAsync("/api/v1/devices", new { id = "pump-12", type = "pump", site = "room-12", customer = "acme" });
        await _platform.PostAsync("/api/v1/care/checklists", Checklist(maxBearing: 70));
        await PutPlanAsync("room", new { title = Text("Machine room"), scope = new { site = "room-12" }, per = "site", rule = $"FREQ=WEEKLY;BYDAY={Day}", at = "08:00:00", windowDays = 3, checklist = "room" });
        var begin = _platform.Now;
        for (var week = 0; week < 52; week++)
        {
            if (week == 10) await _platform.PostAsync("/api/v1/care/checklists", Checklist(maxBearing: 60));
            if (week != 20) await InspectAsync(week);
            await _platform.PassAsync(Week, TimeSpan.FromDays(3.5));
        }
        await _platform.DeleteAsync("/api/v1/care/plans/room");

        var visits = (await _platform.GetAsync($"/api/v1/care/visits?plan=room&limit=200"))["items"]!.AsArray();
        var year = visits.Where(v => At(v!, "from") < begin.Date + 52 * Week).ToList();
        Assert.Equal(52, year.Count);
        Assert.Equal(52, year.Select(v => At(v!, "from").Date).Distinct().Count());
        var skipped = Assert.Single(year, v => (string)v!["status"]! != "done")!;
        Assert.Equal(("missed", begin.AddDays(140).Date), ((string)skipped["status"]!, At(skipped, "from").Date));
        Assert.True((int)skipped["escalationLevel"]! > 0);
        Assert.Equal((int)skipped["escalationLevel"]!, await EscalationsAsync((string)skipped["number"]!));
        var adherence = Assert.Single((await AdherenceAsync("plan")), a => (string)a!["of"]! == "room")!;
        Assert.Equal((51.0 / 52, 52, 1), ((double)adherence["value"]!, (int)adherence["due"]!, (int)adherence["missed"]!));
    }

    /// <summary>In week 30 the bearing is warm: by the new version of the checklist, not by the one before.</summary>
    private async Task InspectAsync(int week)
    {
        await _platform.PostAsync("/api/v1/devices/pump-12/telemetry", new { values = new { bearingTemperature = 40 + week } });
        while (await BearingAsync() is not { } bearing || bearing < 40 + week) await Task.Yield();   // durable at once, to be read a moment later
        var visit = await OpenVisitAsync("room");
        var hot = week is 8 or 30;
        var done = await _platform.PostAsync($"/api/v1/care/visits/{visit}/complete", new { answers = new { clean = new { yes = true }, bearing = new { value = hot ? 65 : 50 }, label = new { photo = $"photos/{visit}.jpg" } } });
        Assert.Equal(40.0 + week, (double)done["snapshot"]!.AsArray().Single(s => (string)s!["metric"]! == "bearingTemperature")!["value"]!);
        if (week != 30)
        {
            Assert.Null(done["ticket"]);
            return;
        }
        var ticket = await _platform.TicketAsync((string)done["ticket"]!);
        Assert.Equal(("p2", "room-12"), (((string)ticket["priority"]!).ToLowerInvariant(), (string)ticket["site"]!));
        Assert.Contains("Bearing temperature: 65", $"{ticket["timeline"]}", StringComparison.Ordinal);
        await _platform.PostAsync($"/api/v1/care/visits/{visit}/complete", new { answers = new { } }, 400);
        await _platform.PostAsync($"/api/v1/care/visits/{visit}/complete", new { answers = new { clean = new { yes = true }, bearing = new { value = 65 }, label = new { photo = "x" } } }, 409);
    }

    private async Task<double?> BearingAsync() =>
        (double?)(await _platform.GetAsync("/api/v1/devices/pump-12/latest"))["items"]!.AsArray().SingleOrDefault(v => (string)v!["metric"]! == "bearingTemperature")?["value"];

    [Fact]
    [Trait("Scenario", "80")]
    public async Task Adherence_of_a_played_quarter_by_plan_customer_and_tier_with_the_outcomes_of_visits()
    {
        foreach (var (device, customer) in new[] { ("pump-80", "north"), ("pump-81", "south") })
            await _platform.PostAsync("/api/v1/devices", new { id = device, type = "pump", site = $"site-{customer}", customer, tier = "premium" });
        object[] objectives = [new { id = "train", text = Text("Train two operators") }, new { id = "review", text = Text("Review the quarter's alarms") }];
        await PutPlanAsync("premium-care", new { title = Text("Premium care"), scope = new { tier = "premium" }, per = "customer", rule = $"FREQ=WEEKLY;INTERVAL=4;BYDAY={Day}", at = "09:00:00", windowDays = 5, objectives });
        var begin = _platform.Now;

        // Three rounds of two customers: the south is visited late in the second round and not at all in the third.
        for (var round = 0; round < 3; round++)
        {
            await _platform.PassAsync(TimeSpan.FromHours(3));
            await VisitAsync("north", "reached", "reached");
            if (round == 0) await VisitAsync("south", "reached", "partly");
            await _platform.PassAsync(Week);
            if (round == 1) await VisitAsync("south", "reached", "notReached");
            await _platform.PassAsync(Week * 3 - TimeSpan.FromHours(3));
        }
        await _platform.DeleteAsync("/api/v1/care/plans/premium-care");

        Assert.Equal([("north", 1.0, 3, 0, 0), ("south", 1 / 3.0, 1, 1, 1)], (await AdherenceAsync("customer", begin)).Where(a => (string)a!["of"]! is "north" or "south").Select(Counted));
        Assert.Equal(("premium", 4 / 6.0, 4, 1, 1), Counted(Assert.Single(await AdherenceAsync("tier", begin), a => (string)a!["of"]! == "premium")));
        var plan = Assert.Single(await AdherenceAsync("plan", begin), a => (string)a!["of"]! == "premium-care")!;
        Assert.Equal(("premium-care", 4 / 6.0, 4, 1, 1), Counted(plan));
        Assert.Equal(8 / 10.0, (double)plan["objectivesReached"]!, 9);
        var kpis = (await _platform.GetAsync($"/api/v1/kpis?from={begin.ToUnixTimeMilliseconds()}"))["items"]!.AsArray();
        Assert.Equal(4 / 6.0, (double)kpis.Single(k => (string)k!["code"]! == "planAdherence")!["value"]!, 9);
        Assert.Equal(["premium-care"], (await _platform.GetAsync("/api/v1/care/visits?plan=premium-care"))["items"]!.AsArray().Select(v => (string)v!["plan"]!).Distinct());
    }

    private async Task VisitAsync(string customer, string train, string review)
    {
        var visit = (string)(await _platform.GetAsync($"/api/v1/care/visits?plan=premium-care&customer={customer}&status=open"))["items"]!.AsArray().Where(v => At(v!, "from") <= _platform.Now).MaxBy(v => At(v!, "from"))!["number"]!;
        await _platform.PostAsync($"/api/v1/care/visits/{visit}/complete", new { outcomes = new[] { new { objective = "train", result = train } } }, 400);   // of every objective
        await _platform.PostAsync($"/api/v1/care/visits/{visit}/complete", new { outcomes = new[] { new { objective = "train", result = train }, new { objective = "review", result = review } } });
    }

    private static (string Of, double Value, int InTime, int Late, int Missed) Counted(JsonNode? a) =>
        ((string)a!["of"]!, (double)a["value"]!, (int)a["inTime"]!, (int)a["late"]!, (int)a["missed"]!);

    private async Task PutPlanAsync(string id, object plan)
    {
        await _platform.PutAsync($"/api/v1/care/plans/{id}", plan);
        await _platform.PassAsync(TimeSpan.FromSeconds(1));
    }

    private async Task<string> OpenVisitAsync(string plan) =>
        (string)(await _platform.GetAsync($"/api/v1/care/visits?plan={plan}&status=planned"))["items"]!.AsArray().MinBy(v => At(v!, "from"))!["number"]!;

    private async Task<JsonArray> AdherenceAsync(string by, DateTimeOffset? from = null) =>
        (await _platform.GetAsync($"/api/v1/care/adherence?by={by}&from={(from ?? Monday).ToUnixTimeMilliseconds()}"))["items"]!.AsArray();

    private async Task<int> EscalationsAsync(string visit) =>
        (await _platform.TextAsync("/api/v1/kpis/log")).Split('\n').Count(line => line.Contains("\"kind\":\"escalated\"", StringComparison.Ordinal) && line.Contains(visit, StringComparison.Ordinal));

    /// <summary>Today's, so that a plan that is put now has its first visit today.</summary>
    private string Day => _platform.Now.DayOfWeek.ToString()[..2].ToUpperInvariant();

    private static object Checklist(double maxBearing) => new
    {
        id = "room", title = Text("Machine room"),
        items = new object[]
        {
            new { id = "clean", text = Text("Floor is dry and clean") },
            new { id = "bearing", text = Text("Bearing temperature"), kind = "value", unit = "°C", max = maxBearing, priority = "P2" },
            new { id = "label", text = Text("Nameplate"), kind = "photo" },
        },
    };

    private static object Text(string english) => new { en = english, zhCN = $"{english}（中文）" };

    private static DateTimeOffset At(JsonNode node, string field) => DateTimeOffset.Parse((string)node[field]!, CultureInfo.InvariantCulture);
}
