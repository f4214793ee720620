using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Seamless.Rules.Packs;
using Seamless.ServiceDesk.Parts;
using Seamless.ServiceDesk.Parts.Resupply;
using Seamless.ServiceDesk.Sla;
using Seamless.ServiceDesk.Tickets;

namespace Seamless.ServiceDesk.Tests.Parts;

/// <summary>The starter network of the tests: bearings 2 in Frankfurt, 1 in each depot below; seals 1 in Frankfurt and nowhere else; 14 days from the supplier.</summary>
public sealed class ResupplyTests
{
    private const string Bearing = "PMP-BRG-6309";
    private const string Seal = "PMP-SEAL-45";

    [Fact]
    public async Task What_is_used_is_ordered_again_one_for_one_up_to_the_supplier()
    {
        await using var house = await HouseAsync();
        var units = await CountAsync(house);

        Assert.Equal("regional-paris", (await OpenAsync(house, "pump-1", "bearing-wear")).Parts[0].Depot);
        await house.BeatAsync();

        Assert.Equal(
            [("central-rotterdam", "national-frankfurt"), ("national-frankfurt", "supplier"), ("regional-paris", "central-rotterdam")],
            (await house.Resupply.OrdersAsync(House.Tenant, true, default)).Select(o => (o.Depot, o.Source)).Order());
        Assert.All(await house.Resupply.OrdersAsync(House.Tenant, true, default), o => Assert.Equal(StockOrderState.InTransit, o.State));
        Assert.Equal(0, await OnHandAsync(house, Bearing, "regional-paris"));

        await house.PassAsync(TimeSpan.FromDays(2), TimeSpan.FromHours(1));
        Assert.Equal((1, 1, 1), (await OnHandAsync(house, Bearing, "regional-paris"), await OnHandAsync(house, Bearing, "central-rotterdam"), await OnHandAsync(house, Bearing, "national-frankfurt")));

        await house.PassAsync(TimeSpan.FromDays(13), TimeSpan.FromHours(6));
        Assert.Equal(2, await OnHandAsync(house, Bearing, "national-frankfurt"));
        Assert.Empty(await house.Resupply.OrdersAsync(House.Tenant, true, default));
        Assert.Equal(units + 1, await CountAsync(house));
        var bought = Assert.Single(await house.Resupply.OrdersAsync(House.Tenant, false, default), o => o.Source == StockOrder.Supplier);
        Assert.Equal($"{Bearing}-000013", bought.Serial);   // the one after the twelve it began with
        Assert.Equal(["received"], (await house.Parts.HistoryAsync(House.Tenant, bought.Serial!, default)).Select(m => m.Kind));
    }

    [Fact]
    public async Task A_unit_between_depots_is_in_the_ledger_all_the_way()
    {
        await using var house = await HouseAsync();
        await OpenAsync(house, "pump-1", "bearing-wear");
        await house.BeatAsync();
        var order = (await house.Resupply.OrdersAsync(House.Tenant, true, default)).Single(o => o.Depot == "regional-paris");
        await house.PassAsync(TimeSpan.FromDays(2), TimeSpan.FromHours(1));
        Assert.Equal(
            ["supplier>depot:central-rotterdam", $"depot:central-rotterdam>transit:{order.Id}", $"transit:{order.Id}>depot:regional-paris"],
            (await house.Parts.HistoryAsync(House.Tenant, order.Serial!, default)).Select(m => $"{m.From}>{m.To}"));
    }

    [Fact]
    public async Task A_restart_orders_nothing_twice()
    {
        await using var house = await HouseAsync();
        await OpenAsync(house, "pump-1", "bearing-wear");
        await house.BeatAsync();
        var before = await IdsAsync(house);
        await using var other = house.Another();
        await other.BeatAsync();
        await house.BeatAsync();
        Assert.Equal(before, await IdsAsync(house));
    }

    [Fact]
    public async Task What_a_crash_prevented_is_ordered_after_the_restart_under_the_same_key()
    {
        await using var whole = await HouseAsync();
        await OpenAsync(whole, "pump-1", "bearing-wear");
        await whole.BeatAsync();
        var expected = await IdsAsync(whole);

        var crash = new CrashWhenOrdering();
        await using var house = await HouseAsync(interceptor: crash);
        await OpenAsync(house, "pump-1", "bearing-wear");
        await Assert.ThrowsAsync<IOException>(house.BeatAsync);
        Assert.Empty(await IdsAsync(house));

        await using var restarted = house.Another();
        await restarted.BeatAsync();
        Assert.Equal(expected, await IdsAsync(restarted));
    }

    [Fact]
    public async Task What_comes_in_goes_to_the_ticket_with_the_earliest_deadline_before_any_shelf()
    {
        await using var house = await HouseAsync(options =>
        {
            options.SupplierKeepsTimetable = false;
            options.Policies["standard/P1"] = options.Policies["default"] with { ResolveWithin = TimeSpan.FromHours(2) };
        });
        var first = await OpenAsync(house, "pump-1", "seal-leak");
        var patient = await OpenAsync(house, "pump-2", "seal-leak", Priority.P3);
        var urgent = await OpenAsync(house, "pump-3", "seal-leak", Priority.P1);
        await house.BeatAsync();
        Assert.Equal(["reserved", "unavailable", "unavailable"], new[] { first, patient, urgent }.Select(t => t.Parts[0].Status));
        var fromSupplier = (await house.Resupply.OrdersAsync(House.Tenant, true, default)).Where(o => o.Source == StockOrder.Supplier).ToList();
        Assert.Equal(3, fromSupplier.Count);   // one for the shelf, one for each that waits: at once, not one after the other

        Assert.Equal("S-77", (await house.Resupply.ReceiveAsync(House.Tenant, fromSupplier[0].Id, "S-77", "bob", default)).Value!.Serial);
        await house.BeatAsync();

        Assert.Equal(("unavailable", "reserved"), (await StatusAsync(house, patient), await StatusAsync(house, urgent)));
        Assert.NotNull((await house.Tickets.FindAsync(House.Tenant, urgent.Number, default))!.Visit);
        Assert.Equal(0, await OnHandAsync(house, Seal, "national-frankfurt"));
    }

    [Fact]
    public async Task A_ticket_that_found_every_shelf_empty_has_its_part_after_one_lead_time()
    {
        await using var house = await HouseAsync();
        await OpenAsync(house, "pump-1", "seal-leak");
        var waiting = await OpenAsync(house, "pump-2", "seal-leak");
        await house.PassAsync(TimeSpan.FromDays(14.2), TimeSpan.FromHours(2));
        Assert.Contains(await StatusAsync(house, waiting), (string[])["reserved", "shipped", "delivered"]);

        await house.PassAsync(TimeSpan.FromDays(3), TimeSpan.FromHours(2));
        Assert.Equal(1, await OnHandAsync(house, Seal, "national-frankfurt"));
        Assert.Empty(await house.Resupply.OrdersAsync(House.Tenant, true, default));   // what the way there had ordered was cancelled
    }

    [Fact]
    public async Task A_report_that_cannot_be_is_refused_and_one_made_twice_is_one()
    {
        await using var house = await HouseAsync(options => options.SupplierKeepsTimetable = false);
        await OpenAsync(house, "pump-1", "bearing-wear");
        await house.BeatAsync();
        var orders = await house.Resupply.OrdersAsync(House.Tenant, true, default);
        var (bought, moved) = (orders.Single(o => o.Source == StockOrder.Supplier), orders.First(o => o.Source != StockOrder.Supplier));

        Assert.Equal("not-found", await CodeAsync("order-of-nobody", null));
        Assert.Equal("conflict", await CodeAsync(bought.Id, $"{Bearing}-000001"));
        Assert.Equal("conflict", await CodeAsync(moved.Id, "another"));
        Assert.Null(await CodeAsync(bought.Id, "S-1"));
        Assert.Null(await CodeAsync(bought.Id, "S-1"));
        Assert.Equal("conflict", await CodeAsync(bought.Id, "S-2"));
        Assert.Single(await house.Parts.HistoryAsync(House.Tenant, "S-1", default));

        async Task<string?> CodeAsync(string id, string? serial) => (await house.Resupply.ReceiveAsync(House.Tenant, id, serial, "bob", default)).Refusal?.Code;
    }

    [Theory]
    [InlineData("regional-milan", StockLevelRow.Planned, "regional-milan")]
    [InlineData("regional-milan", "starter", StockOrder.Supplier)]              // nobody has decided that it is too much there
    [InlineData("regional-chengdu", StockLevelRow.Planned, StockOrder.Supplier)]   // its way costs more than a new bearing
    public async Task Only_what_a_plan_does_not_want_is_moved_instead_of_bought_and_only_where_its_way_costs_less(string at, string origin, string source)
    {
        await using var house = await HouseAsync();
        await using (var db = await house.Contexts.CreateDbContextAsync())
        {
            var level = await db.StockLevels.SingleAsync(l => l.Sku == Bearing && l.Depot == at);
            (level.Target, level.Origin) = (0, origin);   // one lies there
            await db.SaveChangesAsync();
        }

        await OpenAsync(house, "pump-1", "bearing-wear");   // Paris orders above, Rotterdam above that, and Frankfurt has nobody above
        await house.BeatAsync();

        var order = Assert.Single(await house.Resupply.OrdersAsync(House.Tenant, true, default), o => o.Depot == "national-frankfurt");
        Assert.Equal((source, StockOrderState.InTransit), (order.Source, order.State));
        Assert.Equal(source == at ? 0 : 1, await OnHandAsync(house, Bearing, at));
    }

    [Fact]
    public async Task A_network_of_ones_own_orders_but_waits_for_a_person_to_say_that_it_came()
    {
        var folder = Directory.CreateTempSubdirectory("network-");
        await File.WriteAllTextAsync(Path.Combine(folder.FullName, "depots.csv"), "id,name,tier,latitude,longitude,timeZone,parent\nmain,Main,national,48.9,2.3,Europe/Paris,\n");
        await File.WriteAllTextAsync(Path.Combine(folder.FullName, "stock.csv"), $"sku,serial,depot\n{Bearing},B-1,main\n{Bearing},B-2,main\n");
        await File.WriteAllTextAsync(Path.Combine(folder.FullName, "technicians.csv"), "id,latitude,longitude,skills\n");
        await using var house = await HouseAsync(options => options.NetworkFolder = folder.FullName);
        Assert.Equal([new TargetLevel(Bearing, "main", 2, "file")], await house.Resupply.LevelsAsync(House.Tenant, default));
        await OpenAsync(house, "pump-1", "bearing-wear");
        await house.PassAsync(TimeSpan.FromDays(20), TimeSpan.FromDays(1));
        Assert.Equal(StockOrderState.InTransit, Assert.Single(await house.Resupply.OrdersAsync(House.Tenant, true, default)).State);
        Assert.Equal(1, await OnHandAsync(house, Bearing, "main"));
        folder.Delete(recursive: true);
    }

    private static async Task<House> HouseAsync(Action<ServiceDeskOptions>? configure = null, IInterceptor? interceptor = null)
    {
        var house = await House.OpenAsync(configure, interceptor);
        foreach (var id in (string[])["pump-1", "pump-2", "pump-3"]) house.Add(id);
        await house.BeatAsync();
        return house;
    }

    private static async Task<Ticket> OpenAsync(House house, string device, string fault, Priority priority = Priority.P2) =>
        (await house.Tickets.OpenAsync(new NewTicket(House.Tenant, device, "works", priority, new LocalizedText(fault, fault), fault, null), "anna", default)).Value!;

    private static async Task<string> StatusAsync(House house, Ticket ticket) => (await house.Tickets.FindAsync(House.Tenant, ticket.Number, default))!.Parts[0].Status;

    private static async Task<int> OnHandAsync(House house, string sku, string depot) =>
        (await house.Parts.StockAsync(House.Tenant, default)).Where(s => s.Sku == sku && s.Depot == depot).Sum(s => s.OnHand - s.Reserved);

    private static async Task<List<string>> IdsAsync(House house) => [.. (await house.Resupply.OrdersAsync(House.Tenant, false, default)).Select(o => o.Id).Order(StringComparer.Ordinal)];

    private static async Task<int> CountAsync(House house)
    {
        await using var db = await house.Contexts.CreateDbContextAsync();
        return await db.Units.CountAsync();
    }

    /// <summary>The process dies at the moment its orders would be saved.</summary>
    private sealed class CrashWhenOrdering : SaveChangesInterceptor
    {
        public override ValueTask<InterceptionResult<int>> SavingChangesAsync(DbContextEventData eventData, InterceptionResult<int> result, CancellationToken cancellationToken = default) =>
            eventData.Context!.ChangeTracker.Entries<StockOrderRow>().Any() ? throw new IOException("the power went") : base.SavingChangesAsync(eventData, result, cancellationToken);
    }
}
