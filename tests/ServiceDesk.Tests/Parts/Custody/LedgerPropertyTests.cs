using CsCheck;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Seamless.Rules.Packs;
using Seamless.ServiceDesk.Parts;
using Seamless.ServiceDesk.Parts.Custody;
using Seamless.ServiceDesk.Parts.Repairs;
using Seamless.ServiceDesk.Tickets;

namespace Seamless.ServiceDesk.Tests.Parts.Custody;

/// <summary>Whatever people, carriers and repairers do, in whatever order, and whatever is refused on the way.</summary>
public sealed class LedgerPropertyTests
{
    private const string Bearing = "PMP-BRG-6309";
    private static readonly string[] Depots = ["regional-paris", "central-rotterdam", "national-frankfurt"];

    [Fact]
    public async Task A_serial_is_in_exactly_one_place_at_any_time_and_none_appears_or_vanishes()
    {
        await Gen.Select(Gen.Int[0, 13], Gen.Int[0, 30]).Array[60].SampleAsync(async steps =>
        {
            await using var house = await House.OpenAsync();
            var story = new Story(house);
            await story.BeginAsync();
            foreach (var (what, which) in steps)
            {
                await story.DoAsync(what, which);
                await EachUnitHasOnePlaceAsync(house);
            }
            await house.BeatAsync();
            Assert.All(await story.Custody.BalanceAsync(House.Tenant, null, default), balance => Assert.True(balance.Conserved, balance.ToString()));
            Assert.Equal(story.Entered, (await story.Custody.BalanceAsync(House.Tenant, null, default)).Sum(b => b.Entered) - await BoughtAsync(house));
            var check = await story.Custody.CheckAsync(House.Tenant, null, default);
            Assert.True(check.Whole, check.Break?.Why);
        }, iter: 4, threads: 1);
    }

    /// <summary>Its state names one place and only what belongs to it, and the ledger's last word is that place; each move begins where the one before it ended.</summary>
    private static async Task EachUnitHasOnePlaceAsync(House house)
    {
        await using var db = await house.Contexts.CreateDbContextAsync();
        var moves = (await db.UnitMoves.OrderBy(m => m.Id).ToListAsync()).ToLookup(m => m.Serial);
        foreach (var unit in await db.Units.ToListAsync())
        {
            var way = moves[unit.Serial].ToList();
            Assert.Equal(unit.Place, way[^1].To);
            foreach (var (before, after) in way.Zip(way.Skip(1))) Assert.Equal(before.To, after.From);
            Assert.DoesNotContain(unit.Place.Split(':') is [_, var at] ? at : unit.Place, (string[])["", "null"]);
            Assert.True(unit.Device is null || unit.State is UnitState.Installed, $"{unit.Serial} is {unit.State} and in {unit.Device}");
            Assert.True(unit.Depot is null || unit.State is UnitState.InStock or UnitState.Reserved or UnitState.Returned or UnitState.InRepair, $"{unit.Serial} is {unit.State} and in {unit.Depot}");
        }
    }

    private static async Task<int> BoughtAsync(House house) =>
        (await house.Resupply.OrdersAsync(House.Tenant, false, default)).Count(o => o is { Source: Seamless.ServiceDesk.Parts.Resupply.StockOrder.Supplier, State: Seamless.ServiceDesk.Parts.Resupply.StockOrderState.Received });

    private sealed class Story(House house)
    {
        public ICustody Custody { get; } = house.Services.GetRequiredService<ICustody>();
        private readonly IRepairs _repairs = house.Services.GetRequiredService<IRepairs>();
        private readonly ICarriers _carriers = house.Services.GetRequiredService<ICarriers>();
        private int _number;

        public int Entered { get; private set; }

        public async Task BeginAsync()
        {
            for (var i = 0; i < 4; i++) house.Add($"pump-{i}");
            await _carriers.PutAsync(House.Tenant, ScheduledCourier.BuiltIn, new CarrierTerms { Reports = MilestoneReports.Messages, ToleranceHours = 4 }, default);
            await house.BeatAsync();
            Entered = (await Custody.BalanceAsync(House.Tenant, null, default)).Sum(b => b.Entered);
        }

        public async Task DoAsync(int what, int which)
        {
            var unit = await AnyUnitAsync(which);
            var depot = Depots[which % Depots.Length];
            switch (what)
            {
                case 0: Entered += (await Custody.EnterAsync(House.Tenant, new NewUnit($"NEW-{_number++}", Bearing, depot), "bob", default)).Succeeded ? 1 : 0; break;
                case 1: await house.Tickets.OpenAsync(new NewTicket(House.Tenant, $"pump-{which % 4}", "works", Priority.P2, new LocalizedText("worn", "磨损"), "bearing-wear", null), "anna", default); break;
                case 2: await ActAsync(unit, "move", depot: depot); break;
                case 3: await Custody.OfferAsync(House.Tenant, unit, which % 2 == 0 ? "technician:tech-01" : $"depot:{depot}", null, "bob", default); break;
                case 4: await DecideAsync(which); break;
                case 5: await ActAsync(unit, "install", device: $"pump-{which % 4}"); break;
                case 6: await ActAsync(unit, "remove", reason: "noisy"); break;
                case 7: await ActAsync(unit, "return", depot: depot); break;
                case 8: await ActAsync(unit, "scrap", reason: "bent"); break;
                case 9: await ReportAsync(which); break;
                case 10: await ComeBackAsync(which); break;
                case 11: await RepairAsync(unit, which); break;
                case 12: await FindLossAsync(which, depot); break;
                default: await house.PassAsync(TimeSpan.FromHours(which), TimeSpan.FromHours(Math.Max(1, which))); break;
            }
        }

        /// <summary>Those that lie on shelves are many: one that is under way is taken each second time.</summary>
        private async Task<string> AnyUnitAsync(int which)
        {
            await using var db = await house.Contexts.CreateDbContextAsync();
            var units = await db.Units.Where(u => u.Sku == Bearing && (which % 2 == 0 || u.State != UnitState.InStock)).OrderBy(u => u.Serial).Select(u => u.Serial).ToListAsync();
            return units.Count == 0 ? "none" : units[which % units.Count];
        }

        private Task ActAsync(string serial, string name, string? depot = null, string? device = null, string? reason = null) =>
            Custody.ActAsync(House.Tenant, serial, new UnitAction(name, "tech-01", depot, device, null, reason), default);

        private async Task DecideAsync(int which)
        {
            if ((await Custody.HandOversAsync(House.Tenant, true, default)) is [var offer, ..]) await Custody.DecideAsync(House.Tenant, offer.Id, which % 3 > 0, "carl", "not the one", default);
        }

        private async Task ReportAsync(int which)
        {
            var shipments = await house.Parts.ShipmentsAsync(House.Tenant, null, false, default);
            if (shipments.Count > 0) await house.Parts.ReportShipmentAsync(House.Tenant, shipments[which % shipments.Count].Id, which % 2 == 0 ? "picked-up" : "delivered", "courier", default);
            if ((await house.Resupply.OrdersAsync(House.Tenant, true, default)) is [var order, ..]) await house.Resupply.ReceiveAsync(House.Tenant, order.Id, null, "bob", default);
        }

        private async Task ComeBackAsync(int which)
        {
            var returns = await house.Parts.ReturnsAsync(House.Tenant, default);
            if (returns.Count > 0) await house.Parts.ReceiveReturnAsync(House.Tenant, returns[which % returns.Count].Id, ((string[])["restock", "repair", "scrap"])[which % 3], "bob", default, null, which % 2 == 0 ? "kugel-ag" : null);
        }

        private async Task RepairAsync(string serial, int which)
        {
            await _repairs.OrderAsync(House.Tenant, serial, null, "bob", default);
            if ((await _repairs.ListAsync(House.Tenant, true, default)) is [var order, ..]) await _repairs.EndAsync(House.Tenant, order.Id, new RepairEnd(which % 3 > 0, 10, "beyond repair"), "bob", default);
        }

        private async Task FindLossAsync(int which, string depot)
        {
            var losses = await Custody.LossesAsync(House.Tenant, false, default);
            if (losses.Count == 0) return;
            var loss = losses[which % losses.Count].Id;
            if (which % 2 == 0) await Custody.FindAsync(House.Tenant, loss, depot, "bob", default);
            else await Custody.WriteOffAsync(House.Tenant, loss, "gone", "bob", default);
        }
    }
}
