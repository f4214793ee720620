using Microsoft.EntityFrameworkCore;
using Seamless.ServiceDesk.Database;

namespace Seamless.ServiceDesk.Parts.Resupply;

internal sealed class StockLevelRow
{
    /// <summary>The origin of a level that a plan has set.</summary>
    public const string Planned = "plan";

    public required string Tenant { get; init; }
    public required string Sku { get; init; }
    public required string Depot { get; init; }
    public int Target { get; set; }
    public required string Origin { get; set; }
    public DateTimeOffset At { get; set; }

    public TargetLevel ToLevel() => new(Sku, Depot, Target, Origin);

    /// <summary>Levels for what has none yet, from how the network was stocked at first.</summary>
    public static async Task EnsureAsync(DeskWork work, string tenant, IEnumerable<(string Sku, string Depot, int Target)> first, string origin, CancellationToken ct)
    {
        var known = await work.Db.StockLevels.Where(l => l.Tenant == tenant).Select(l => new { l.Sku, l.Depot }).ToHashSetAsync(ct);
        foreach (var (sku, depot, target) in first)
            if (known.Add(new { Sku = sku, Depot = depot }))
                work.Db.StockLevels.Add(new StockLevelRow { Tenant = tenant, Sku = sku, Depot = depot, Target = target, Origin = origin, At = work.Now });
    }
}

internal sealed class StockOrderRow
{
    public required string Id { get; init; }
    public required string Tenant { get; init; }
    public required string Sku { get; init; }
    public required string Depot { get; init; }

    /// <summary>The how-manieth order of this part for this depot, from 0: the same order again has the same key.</summary>
    public int Ordinal { get; init; }
    public required string Source { get; set; }
    public StockOrderState State { get; set; }
    public string? Serial { get; set; }
    public DateTimeOffset OrderedAt { get; init; }
    public DateTimeOffset? ShippedAt { get; set; }
    public DateTimeOffset? Eta { get; set; }
    public DateTimeOffset? ReceivedAt { get; set; }

    /// <summary>The supplier was asked to hurry, which he is once.</summary>
    public bool Hastened { get; set; }

    /// <summary>Its arrival by the timetable; null when somebody reports it.</summary>
    public DateTimeOffset? DueAt { get; set; }

    /// <summary>Who brings it from depot to depot.</summary>
    public string? Carrier { get; set; }

    /// <summary>Shipped and not received by then, it is lost; null for a carrier that plays its timetable.</summary>
    public DateTimeOffset? OverdueAt { get; set; }
    public int Version { get; set; }

    public StockOrder ToOrder() => new(Id, Sku, Depot, Source, State, Serial, OrderedAt, ShippedAt, Eta, ReceivedAt, Carrier);
}
