using System.Text.Json.Nodes;
using Seamless.EndToEnd.Tests.Rig;

namespace Seamless.EndToEnd.Tests.Scenarios;

/// <summary>From the call to completion: what has begun is seen until it ends, and it ends with a code.</summary>
public sealed class LoopTests
{
    private static readonly DateTimeOffset Morning = new(2026, 3, 2, 8, 0, 0, TimeSpan.Zero);
    private static readonly object Codes = new { mode = "VIB", mechanism = "2.4 Wear", cause = "3.4 Expected wear and tear", faultCode = "other" };

    [Fact]
    [Trait("Scenario", "72")]
    public async Task No_case_leaves_the_loop_without_a_closure_code_and_the_board_shows_the_way_of_all()
    {
        await using var platform = await SimulatedPlatform.StartAsync(Morning);
        var (visited, byDesk, cancelled, forgotten, open) = (await platform.OpenTicketAsync(), await platform.OpenTicketAsync(), await platform.OpenTicketAsync(), await platform.OpenTicketAsync(), await platform.OpenTicketAsync());
        await platform.PassAsync(TimeSpan.FromMinutes(5));

        // A person closes: not without codes, whatever else is said.
        foreach (var step in (string[])["acknowledge", "depart", "arrive", "resolve"]) await ActAsync(platform, visited, step);
        Assert.Contains("mode, mechanism, cause", Words(await ActAsync(platform, visited, "close", new { }, 400)), StringComparison.Ordinal);
        await ActAsync(platform, visited, "close", new { @class = "repairedOnSite" }, 400);
        Assert.Equal("repairedOnSite", ClosedAs(await ActAsync(platform, visited, "close", Codes)));
        await platform.PostAsync("/api/v1/surveys/ratings", new { ticket = visited, recommend = 10 });

        // Cancelling says why, with a class of its own.
        Assert.Contains("duplicate, withdrawn, outOfScope", Words(await ActAsync(platform, cancelled, "cancel", new { @class = "repairedOnSite" }, 400)), StringComparison.Ordinal);
        Assert.Equal("withdrawn", ClosedAs(await ActAsync(platform, cancelled, "cancel", new { note = "never mind" })));

        // The desk closes what has its codes, and asks for those of the other as long as it takes.
        await ActAsync(platform, byDesk, "resolve", Codes);
        await ActAsync(platform, forgotten, "resolve");
        await platform.PassAsync(TimeSpan.FromDays(20), TimeSpan.FromDays(1));
        Assert.Equal(("closed", "repairedRemotely"), Ended(await platform.TicketAsync(byDesk)));
        Assert.Equal("resolved", (string)(await platform.TicketAsync(forgotten))["status"]!);
        var board = await platform.GetAsync("/api/v1/kpis/loop");
        Assert.Equal((5, 3, 2, 0), Counts(board));
        Assert.Equal(forgotten, (string)Assert.Single(board["awaitingCode"]!.AsArray())!["ticket"]!);
        Assert.Equal(100, Figure(board, "nps"));
        Assert.Equal(3 / 4.0, Figure(board, "respondMet"));   // one was left to itself; one was called off before its time
        Assert.Contains((await platform.TicketAsync(forgotten))["timeline"]!.AsArray(), e => (string)e!["kind"]! == "escalated");

        await ActAsync(platform, forgotten, "close", new { mode = "UNK", mechanism = "6.2 Unknown", cause = "6.2 Unknown", faultCode = "no-fault-found" });
        board = await platform.GetAsync("/api/v1/kpis/loop");
        Assert.Equal((5, 4, 1, 0), Counts(board));
        Assert.Equal(["noFaultFound", "repairedOnSite", "repairedRemotely", "withdrawn"], board["leftAs"]!.AsArray().Select(l => (string)l!["closedAs"]!).Order(StringComparer.Ordinal));
        var tickets = (await platform.GetAsync("/api/v1/tickets"))["items"]!.AsArray();
        Assert.All(tickets.Where(t => (string)t!["status"]! is "closed" or "cancelled"), t => Assert.NotNull(t!["closedAs"]));
        Assert.Equal(open, (string)Assert.Single(tickets, t => t!["closedAs"] is null)!["id"]!);
    }

    private static Task<JsonNode> ActAsync(SimulatedPlatform platform, string ticket, string action, object? args = null, int? status = null) =>
        platform.PostAsync($"/api/v1/tickets/{ticket}/actions/{action}", args ?? new { }, status);

    private static string Words(JsonNode problem) => (string)problem["detail"]!;
    private static string? ClosedAs(JsonNode ticket) => (string?)ticket["closedAs"];
    private static (string Status, string? ClosedAs) Ended(JsonNode ticket) => ((string)ticket["status"]!, ClosedAs(ticket));
    private static (int Entered, int Left, int InLoop, int WithoutCode) Counts(JsonNode board) => ((int)board["entered"]!, (int)board["left"]!, (int)board["inLoop"]!, (int)board["withoutCode"]!);
    private static double Figure(JsonNode board, string code) => (double)board["figures"]!.AsArray().Single(f => (string)f!["code"]! == code)!["value"]!;
}
