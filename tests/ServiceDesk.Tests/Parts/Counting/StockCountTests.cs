using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Seamless.Rules.Packs;
using Seamless.ServiceDesk.Parts;
using Seamless.ServiceDesk.Parts.Counting;
using Seamless.ServiceDesk.Parts.Custody;
using Seamless.ServiceDesk.Parts.Resupply;
using Seamless.ServiceDesk.Tickets;
using Seamless.Telemetry;

namespace Seamless.ServiceDesk.Tests.Parts.Counting;

/// <summary>Frankfurt has two bearings and one seal in the starter network.</summary>
public sealed class StockCountTests
{
    private const string Frankfurt = "national-frankfurt";
    private const string Bearing = "PMP-BRG-6309";

    [Fact]
    public async Task A_count_that_agrees_says_so_and_settling_it_moves_nothing()
    {
        await using var house = await HouseAsync();
        var all = await OnShelfAsync(house, Frankfurt);
        var count = await SettleAsync(house, [.. all, all[0], $"(01)09506000134352(21){all[1]}"], missing: 0);
        Assert.Equal((3, 3, 0), (count.Read, count.Present, count.Differences.Count));
        Assert.Equal(all, await OnShelfAsync(house, Frankfurt));
    }

    [Fact]
    public async Task What_is_missing_is_lost_with_its_value_ordered_again_and_found_by_the_next_count()
    {
        await using var house = await HouseAsync();
        var all = await OnShelfAsync(house, Frankfurt);
        var gone = all.First(s => s.StartsWith(Bearing, StringComparison.Ordinal));
        Assert.Equal([new CountLine(gone, Bearing, CountFinding.Missing, $"depot:{Frankfurt}", false)], (await CompareAsync(house, [.. all.Where(s => s != gone)])).Differences);
        Assert.Equal(all, await OnShelfAsync(house, Frankfurt));   // comparing leaves no trace

        var count = await SettleAsync(house, [.. all.Where(s => s != gone)], missing: 1);
        Assert.True(Assert.Single(count.Differences).Settled);
        var loss = Assert.Single(await CustodyOf(house).LossesAsync(House.Tenant, true, default));
        Assert.Equal((gone, Frankfurt, 86m), (loss.Serial, loss.From, loss.Value));
        await house.BeatAsync();
        Assert.Contains(await house.Resupply.OrdersAsync(House.Tenant, true, default), o => o.Depot == Frankfurt && o.Sku == Bearing);

        var again = await SettleAsync(house, [.. all], missing: 0);
        Assert.Equal((gone, CountFinding.Found, true), Assert.Single(again.Differences) is var line ? (line.Serial, line.Finding, line.Settled) : default);
        Assert.Empty(await CustodyOf(house).LossesAsync(House.Tenant, true, default));
        Assert.Empty((await SettleAsync(house, [.. all], missing: 0)).Differences);
        Assert.True((await CustodyOf(house).CheckAsync(House.Tenant, null, default)).Whole);
    }

    [Fact]
    public async Task Half_a_count_empties_no_depot()
    {
        await using var house = await HouseAsync();
        var all = await OnShelfAsync(house, Frankfurt);
        var refused = await CountsOf(house).SettleAsync(House.Tenant, Frankfurt, [all[0]], null, 0, "anna", default);
        Assert.Equal("count-missing", refused.Refusal?.Why);
        Assert.Contains($"missing at {Frankfurt}: 2, not 0", refused.Refusal?.Reason, StringComparison.Ordinal);
        Assert.Equal(all, await OnShelfAsync(house, Frankfurt));
    }

    [Fact]
    public async Task What_lies_in_the_wrong_depot_or_has_come_unsaid_is_here_from_now_on()
    {
        await using var house = await HouseAsync(options => options.SupplierKeepsTimetable = false);
        var stray = (await OnShelfAsync(house, "central-rotterdam")).Single();
        var sent = Assert.Single((await OpenAsync(house, "pump-1", "bearing-wear")).Parts[0].Serials);
        await house.BeatAsync();   // Paris sends its bearing, and another is on its way there
        var order = (await house.Resupply.OrdersAsync(House.Tenant, true, default)).Single(o => o.Depot == "regional-paris");
        Assert.Equal(order.Serial, stray);

        var here = await CountsOf(house).SettleAsync(House.Tenant, "regional-paris", [sent, order.Serial!], null, 0, "anna", default);
        Assert.Equal([new CountLine(stray, Bearing, CountFinding.Arrived, $"transit:{order.Id}", true)], here.Value!.Differences);
        Assert.Equal(StockOrderState.Received, (await house.Resupply.OrdersAsync(House.Tenant, false, default)).Single(o => o.Id == order.Id).State);

        var milan = (await OnShelfAsync(house, "regional-milan")).Single();
        var moved = await CountsOf(house).SettleAsync(House.Tenant, "regional-paris", [sent, stray, milan], null, 0, "anna", default);
        Assert.Equal((CountFinding.Misplaced, true), Assert.Single(moved.Value!.Differences) is var line ? (line.Finding, line.Settled) : default);
        Assert.Equal(new[] { stray, milan }.Order(StringComparer.Ordinal), await OnShelfAsync(house, "regional-paris"));
        Assert.Equal("counted", (await house.Parts.HistoryAsync(House.Tenant, milan, default))[^1].Kind);
        Assert.True((await CustodyOf(house).CheckAsync(House.Tenant, null, default)).Whole);
    }

    [Fact]
    public async Task What_a_count_cannot_decide_stays_as_it_is_for_a_person()
    {
        await using var house = await HouseAsync();
        var ticket = await OpenAsync(house, "pump-1", "seal-leak");
        var reserved = Assert.Single(ticket.Parts[0].Serials);
        var count = await CountsOf(house).SettleAsync(House.Tenant, "regional-paris", [.. await OnShelfAsync(house, "regional-paris"), reserved, "X-UNHEARD-OF", "(01)09506000134352"], null, 0, "anna", default);
        Assert.Equal([(reserved, CountFinding.Disputed, false), ("X-UNHEARD-OF", CountFinding.Unknown, false)], count.Value!.Differences.Select(l => (l.Serial, l.Finding, l.Settled)));
        Assert.Equal(["(01)09506000134352"], count.Value.Unreadable);
    }

    [Fact]
    public async Task Two_tenants_with_the_same_serial_numbers_count_their_own()
    {
        await using var house = await HouseAsync();
        var all = await OnShelfAsync(house, Frankfurt);
        Assert.Empty((await CountsOf(house).CompareAsync("another", Frankfurt, all, null, default)).Value!.Differences);   // the starter network numbers theirs alike

        await SettleAsync(house, [.. all.Skip(1)], missing: 1);

        Assert.Equal(all.Skip(1), await OnShelfAsync(house, Frankfurt));
        Assert.Empty((await CountsOf(house).CompareAsync("another", Frankfurt, all, null, default)).Value!.Differences);
    }

    [Fact]
    public async Task What_moves_while_people_read_is_no_difference()
    {
        await using var house = await HouseAsync();
        var all = await OnShelfAsync(house, Frankfurt);
        var began = house.Now;
        house.Clock.Advance(TimeSpan.FromMinutes(1));
        await OpenAsync(house, "pump-1", "seal-leak");   // the seal leaves the shelf before the scanner comes by
        house.Clock.Advance(TimeSpan.FromMinutes(1));
        var read = all.Where(s => s.StartsWith(Bearing, StringComparison.Ordinal)).ToList();
        var during = (await CountsOf(house).CompareAsync(House.Tenant, Frankfurt, read, began, default)).Value!;
        Assert.Empty(during.Differences);
        Assert.Equal(1, during.MovedSince);
    }

    [Theory]
    [InlineData("nowhere", 1, 0, "depot-unknown")]
    [InlineData(Frankfurt, 0, 0, "count-tags")]
    [InlineData(Frankfurt, 1, 5, "count-time")]
    public async Task A_count_that_cannot_be_is_refused(string depot, int tags, int minutesAhead, string code)
    {
        await using var house = await HouseAsync();
        Assert.Equal(code, (await CountsOf(house).CompareAsync(House.Tenant, depot, [.. Enumerable.Repeat("A", tags)], house.Now.AddMinutes(minutesAhead), default)).Refusal?.Why);
    }

    private static async Task<House> HouseAsync(Action<ServiceDeskOptions>? configure = null)
    {
        var house = await House.OpenAsync(configure);
        house.Add("pump-1");
        await house.BeatAsync();
        return house;
    }

    private static IStockCounts CountsOf(House house) => house.Services.GetRequiredService<IStockCounts>();
    private static ICustody CustodyOf(House house) => house.Services.GetRequiredService<ICustody>();
    private static async Task<StockCount> CompareAsync(House house, string[] tags) => (await CountsOf(house).CompareAsync(House.Tenant, Frankfurt, tags, null, default)).Value!;

    private static async Task<StockCount> SettleAsync(House house, string[] tags, int missing)
    {
        var settled = await CountsOf(house).SettleAsync(House.Tenant, Frankfurt, tags, null, missing, "anna", default);
        Assert.True(settled.Succeeded, settled.Refusal?.Reason);
        return settled.Value!;
    }

    private static async Task<List<string>> OnShelfAsync(House house, string depot)
    {
        await using var db = await house.Contexts.CreateDbContextAsync();
        return await db.Units.Where(u => u.Tenant == House.Tenant && u.Depot == depot && u.State == UnitState.InStock).Select(u => u.Serial).Order().ToListAsync();
    }

    private static async Task<Ticket> OpenAsync(House house, string device, string fault) =>
        (await house.Tickets.OpenAsync(new NewTicket(House.Tenant, device, "works", Priority.P2, new LocalizedText(fault, fault), fault, null), "anna", default)).Value!;
}
