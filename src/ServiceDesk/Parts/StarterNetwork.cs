using Microsoft.EntityFrameworkCore;
using Seamless.Fleet.Registry;
using Seamless.Rules.Packs;
using Seamless.ServiceDesk.Commerce.Prices;
using Seamless.ServiceDesk.Database;
using Seamless.ServiceDesk.Dispatch.Technicians;
using Seamless.ServiceDesk.Parts.Resupply;

namespace Seamless.ServiceDesk.Parts;

/// <summary>Depots, stock and technicians for a first start: a national centre, two central depots, eight regional ones, stocked as the packs say.</summary>
internal static class StarterNetwork
{
    private static readonly (string Id, string Name, DepotTier Tier, double Latitude, double Longitude, string Zone, string? Parent)[] Cities =
    [
        ("national-frankfurt", "Frankfurt", DepotTier.National, 50.1109, 8.6821, "Europe/Berlin", null),
        ("central-rotterdam", "Rotterdam", DepotTier.Central, 51.9244, 4.4777, "Europe/Amsterdam", "national-frankfurt"),
        ("central-shanghai", "Shanghai", DepotTier.Central, 31.2304, 121.4737, "Asia/Shanghai", "national-frankfurt"),
        ("regional-paris", "Paris", DepotTier.Regional, 48.8566, 2.3522, "Europe/Paris", "central-rotterdam"),
        ("regional-madrid", "Madrid", DepotTier.Regional, 40.4168, -3.7038, "Europe/Madrid", "central-rotterdam"),
        ("regional-milan", "Milan", DepotTier.Regional, 45.4642, 9.1900, "Europe/Rome", "central-rotterdam"),
        ("regional-warsaw", "Warsaw", DepotTier.Regional, 52.2297, 21.0122, "Europe/Warsaw", "central-rotterdam"),
        ("regional-beijing", "Beijing", DepotTier.Regional, 39.9042, 116.4074, "Asia/Shanghai", "central-shanghai"),
        ("regional-guangzhou", "Guangzhou", DepotTier.Regional, 23.1291, 113.2644, "Asia/Shanghai", "central-shanghai"),
        ("regional-chengdu", "Chengdu", DepotTier.Regional, 30.5728, 104.0668, "Asia/Shanghai", "central-shanghai"),
        ("regional-wuhan", "Wuhan", DepotTier.Regional, 30.5928, 114.3055, "Asia/Shanghai", "central-shanghai"),
    ];

    public static IReadOnlyList<Depot> DepotsOf(string tenant) =>
        [.. Cities.Select(c => new Depot(tenant, c.Id, c.Name, c.Tier, new GeoPoint(c.Latitude, c.Longitude), c.Zone, c.Parent))];

    public static int StockOf(PartDefinition part, DepotTier tier) => tier switch
    {
        DepotTier.National => part.Starter.National,
        DepotTier.Central => part.Starter.Central,
        _ => part.Starter.Regional,
    };

    /// <summary>The starter network and its prices, where no real one is described and they are wanted.</summary>
    public static async Task FillAsync(DeskWork work, string tenant, IReadOnlyList<PartDefinition> parts, IPacks packs, ServiceDeskOptions options, CancellationToken ct)
    {
        if (options is not { NetworkFolder: null, Starter: true }) return;
        await EnsureAsync(work, tenant, parts, packs, ct);
        await StarterPrices.EnsureAsync(work, tenant, parts, ct);
    }

    /// <summary>Fills an empty tenant; a part that is new is stocked when it first appears.</summary>
    private static async Task EnsureAsync(DeskWork work, string tenant, IReadOnlyList<PartDefinition> parts, IPacks packs, CancellationToken ct)
    {
        var db = work.Db;
        var depots = await db.Depots.Where(d => d.Tenant == tenant).OrderBy(d => d.Id).ToListAsync(ct);
        if (depots.Count == 0)
        {
            depots = [.. DepotsOf(tenant).Select(DepotRow.Of)];
            db.Depots.AddRange(depots);
            db.Technicians.AddRange(TechniciansOf(tenant, packs));
        }
        var known = await db.Units.Where(u => u.Tenant == tenant).Select(u => u.Sku).Distinct().ToListAsync(ct);
        foreach (var part in parts.Where(p => !known.Contains(p.Sku))) Stock(work, tenant, part, depots);
        await StockLevelRow.EnsureAsync(work, tenant, parts.SelectMany(p => depots.Select(d => (p.Sku, d.Id, StockOf(p, d.Tier)))), "starter", ct);
    }

    private static void Stock(DeskWork work, string tenant, PartDefinition part, List<DepotRow> depots)
    {
        var number = 0;
        foreach (var depot in depots.OrderBy(d => d.Tier).ThenBy(d => d.Id, StringComparer.Ordinal))
            for (var i = 0; i < StockOf(part, depot.Tier); i++)
                AddUnit(work, tenant, part.Sku, SerialOf(part.Sku, ++number), depot.Id);
    }

    public static string SerialOf(string sku, int number) => string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{sku}-{number:000000}");

    /// <summary>A unit enters the ledger from the supplier.</summary>
    public static void AddUnit(DeskWork work, string tenant, string sku, string serial, string depot, string actor = DeskWork.Desk, string quality = UnitQuality.New) =>
        work.Enter(new UnitRow { Tenant = tenant, Serial = serial, Sku = sku, State = UnitState.InStock, Depot = depot, Quality = quality }, "received", "supplier", actor);

    /// <summary>Two in each city, who between them have every skill that a remedy asks for.</summary>
    private static IEnumerable<TechnicianRow> TechniciansOf(string tenant, IPacks packs)
    {
        string[] mechanical = ["mechanical", "electrical"];
        var others = packs.All.SelectMany(p => p.Faults.Faults).SelectMany(f => f.Remedies).Select(r => r.Skill).OfType<string>()
            .Union(["electronics", "it", "network"]).Except(mechanical).Order(StringComparer.Ordinal).ToList();
        var number = 0;
        foreach (var city in Cities)
            foreach (IReadOnlyList<string> skills in (IReadOnlyList<string>[])[mechanical, others])
                yield return new TechnicianRow { Tenant = tenant, Id = $"tech-{++number:00}", Latitude = city.Latitude, Longitude = city.Longitude, Skills = skills };
    }
}
