using CsCheck;
using Microsoft.EntityFrameworkCore;
using Seamless.Rules.Packs;
using Seamless.ServiceDesk.Parts;
using Seamless.ServiceDesk.Parts.Resupply;
using Seamless.ServiceDesk.Tickets;

namespace Seamless.ServiceDesk.Tests.Parts;

public sealed class NetworkTests
{
    [Fact]
    public async Task Two_tickets_of_two_processes_want_the_only_unit_and_exactly_one_gets_it()
    {
        await using var house = await House.OpenAsync();
        house.Add("pump-1");
        house.Add("pump-2");
        await house.BeatAsync();
        await using var other = house.Another();
        await other.BeatAsync();

        var opened = await Task.WhenAll(OpenAsync(house, "pump-1", "seal-leak"), OpenAsync(other, "pump-2", "seal-leak"));

        Assert.Equal(["reserved", "unavailable"], opened.Select(t => Assert.Single(t.Parts).Status).Order(StringComparer.Ordinal));
        var reservation = Assert.Single(await house.Parts.ReservationsAsync(House.Tenant, null, default));
        Assert.Equal(opened.Single(t => t.Parts[0].Status == "reserved").Number, reservation.Ticket);
        Assert.Contains(opened.Single(t => t.Parts[0].Status == "unavailable").Timeline, e => e.Kind == "escalated");
    }

    [Fact]
    public async Task A_line_that_found_every_shelf_empty_is_filled_when_a_unit_comes_back()
    {
        await using var house = await House.OpenAsync();
        house.Add("pump-1");
        house.Add("pump-2");
        await house.BeatAsync();
        var first = await OpenAsync(house, "pump-1", "seal-leak");
        var second = await OpenAsync(house, "pump-2", "seal-leak");
        await house.BeatAsync();
        Assert.Null((await FindAsync(house, second)).Visit);   // nobody is sent without the part

        await house.ActAsync(first.Number, "cancel", ("class", "withdrawn"));
        await house.PassAsync(TimeSpan.FromHours(1));

        var filled = await FindAsync(house, second);
        Assert.Equal("shipped", filled.Parts[0].Status);
        Assert.NotNull(filled.Visit);
    }

    [Fact]
    public async Task A_site_nobody_has_placed_is_taken_to_be_fifty_km_from_its_central_depot()
    {
        await using var house = await House.OpenAsync();
        house.Add("pump-1", site: "somewhere");
        house.Devices.PutSite(new Fleet.Registry.Site(House.Tenant, "somewhere", "somewhere", null, "Asia/Shanghai", "acme"));
        var ticket = await OpenAsync(house, "pump-1", "bearing-wear");
        Assert.Equal("central-shanghai", ticket.Parts[0].Depot);
    }

    [Fact]
    public async Task A_returned_unit_comes_back_to_a_shelf_to_repair_or_to_scrap()
    {
        await using var house = await House.OpenAsync();
        house.Add("pump-1");
        var ticket = await OpenAsync(house, "pump-1", "bearing-wear");
        await house.ActAsync(ticket.Number, "acknowledge");
        await house.PassAsync(TimeSpan.FromHours(4), TimeSpan.FromMinutes(30));
        await house.ActAsync(ticket.Number, "cancel", ("class", "withdrawn"));   // the part has arrived and is not needed
        var due = Assert.Single(await house.Parts.ReturnsAsync(House.Tenant, default));

        Assert.Equal("invalid", (await house.Parts.ReceiveReturnAsync(House.Tenant, due.Id, "eat", "bob", default)).Refusal?.Code);
        Assert.Equal("restocked", (await house.Parts.ReceiveReturnAsync(House.Tenant, due.Id, "restock", "bob", default)).Value?.Status);
        Assert.Equal("conflict", (await house.Parts.ReceiveReturnAsync(House.Tenant, due.Id, "scrap", "bob", default)).Refusal?.Code);
        Assert.Equal((UnitState.InStock, "regional-paris"), ((await house.Parts.FindUnitAsync(House.Tenant, due.Serial, default))!.State, (await house.Parts.FindUnitAsync(House.Tenant, due.Serial, default))!.Depot));
    }

    /// <summary>Whatever people and carriers do, no unit vanishes or is in two places, none appears that was not bought; and the ledger tells the way of each.</summary>
    [Fact]
    public async Task Units_are_conserved()
    {
        await Gen.Select(Gen.Int[0, 12], Gen.Int[0, 3]).Array[30].SampleAsync(async steps =>
        {
            await using var house = await House.OpenAsync();
            foreach (var id in (string[])["pump-0", "pump-1", "pump-2", "pump-3"]) house.Add(id);
            await house.BeatAsync();
            var total = await CountAsync(house);
            foreach (var (what, which) in steps) await DoAsync(house, what, $"pump-{which}");
            var orders = await house.Resupply.OrdersAsync(House.Tenant, false, default);
            Assert.Equal(total + orders.Count(o => o is { Source: StockOrder.Supplier, State: StockOrderState.Received }), await CountAsync(house));
            await LedgerAgreesAsync(house);
            await PositionsAreTargetsAsync(house);
        }, iter: 4, threads: 1);
    }

    private static async Task DoAsync(House house, int what, string device)
    {
        var ticket = await house.Tickets.ListAsync(new TicketFilter(House.Tenant, device, Limit: 1), default) is [var newest, ..] ? newest : null;
        var part = ticket?.Parts is [var first, ..] ? first : null;
        string[] actions = ["acknowledge", "depart", "arrive", "resolve", "cancel", "reopen"];
        if (what == 0 || ticket is null) await OpenAsync(house, device, "bearing-wear");
        else if (what <= actions.Length) await house.Tickets.ActAsync(House.Tenant, ticket.Number, new TicketAction(actions[what - 1], new Dictionary<string, string> { ["class"] = "withdrawn" }, "anna"), default);
        else if (what is 7 or 8) await house.PassAsync(TimeSpan.FromHours(3), TimeSpan.FromHours(1));
        else if (what is 12) await house.PassAsync(TimeSpan.FromDays(6), TimeSpan.FromDays(1));
        else if (what is 9 or 10 && part?.Serials is [var serial, ..])
            await house.Tickets.ActAsync(House.Tenant, ticket.Number, new TicketAction("install-part", new Dictionary<string, string> { ["serial"] = serial }, "anna"), default);
        else if ((await house.Parts.ReturnsAsync(House.Tenant, default)).FirstOrDefault(r => r.ReceivedAt is null) is { } back)
            await house.Parts.ReceiveReturnAsync(House.Tenant, back.Id, what % 2 == 0 ? "restock" : "repair", "bob", default);
    }

    private static async Task LedgerAgreesAsync(House house)
    {
        await using var db = await house.Contexts.CreateDbContextAsync();
        var moves = (await db.UnitMoves.OrderBy(m => m.Id).ToListAsync()).ToLookup(m => m.Serial);
        var holding = (await db.Reservations.Where(r => r.State != ReservationState.Released && r.State != ReservationState.Consumed).ToListAsync()).ToLookup(r => r.Serial);
        foreach (var unit in await db.Units.ToListAsync())
        {
            var way = moves[unit.Serial].ToList();
            Assert.Equal(unit.Place, way[^1].To);
            foreach (var (before, after) in way.Zip(way.Skip(1))) Assert.Equal(before.To, after.From);
            var expected = unit.Order is null && unit.State is UnitState.Reserved or UnitState.InTransit or UnitState.Delivered ? 1 : 0;
            Assert.Equal(expected, holding[unit.Serial].Count());
        }
    }

    /// <summary>Nothing used is forgotten: on hand, on order and owed come to the target, or above it by what came back.</summary>
    private static async Task PositionsAreTargetsAsync(House house)
    {
        await house.BeatAsync();
        var (levels, stock) = (await house.Resupply.LevelsAsync(House.Tenant, default), await house.Parts.StockAsync(House.Tenant, default));
        var open = await house.Resupply.OrdersAsync(House.Tenant, true, default);
        await using var db = await house.Contexts.CreateDbContextAsync();
        var awaited = await db.PartLines.Where(l => l.Status == PartLineStatus.Unavailable).ToListAsync();
        foreach (var level in levels)
        {
            var free = stock.Where(s => s.Sku == level.Sku && s.Depot == level.Depot).Sum(s => s.OnHand - s.Reserved);
            var owed = open.Count(o => o.Sku == level.Sku && o.Source == level.Depot && o.State is StockOrderState.Waiting) + awaited.Count(l => l.Sku == level.Sku && l.AwaitedAt == level.Depot);
            Assert.True(free + open.Count(o => o.Sku == level.Sku && o.Depot == level.Depot) - owed >= level.Target, $"{level.Depot} has too few {level.Sku} coming");
        }
    }

    private static async Task<int> CountAsync(House house)
    {
        await using var db = await house.Contexts.CreateDbContextAsync();
        return await db.Units.CountAsync();
    }

    private static async Task<Ticket> FindAsync(House house, Ticket ticket) => (await house.Tickets.FindAsync(House.Tenant, ticket.Number, default))!;

    private static async Task<Ticket> OpenAsync(House house, string device, string fault) =>
        (await house.Tickets.OpenAsync(new NewTicket(House.Tenant, device, "works", Priority.P2, new LocalizedText(fault, fault), fault, null), "anna", default)).Value!;
}
