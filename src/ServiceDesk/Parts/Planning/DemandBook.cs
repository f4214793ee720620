using Microsoft.EntityFrameworkCore;
using Seamless.Fleet.Registry;
using Seamless.Rules.Alarms;
using Seamless.Rules.Diagnosis;
using Seamless.Rules.Packs;
using Seamless.ServiceDesk.Database;
using Seamless.ServiceDesk.Parts.Compatibility;
using Seamless.ServiceDesk.Tickets;
using Seamless.Telemetry;

namespace Seamless.ServiceDesk.Parts.Planning;

/// <summary>Reads demand from what tickets have asked for, and from what machines with a fault are about to ask for.</summary>
internal sealed class DemandBook(Workbench workbench, IPacks packs, CompatibilityBook compatibility, IDeviceRegistry devices, IAlarms alarms)
{
    public static readonly TimeSpan Period = TimeSpan.FromDays(7);
    private const int MostPeriods = 104;

    /// <summary>A cause less probable than this asks for nothing.</summary>
    private const double LeastProbability = 0.02;

    /// <summary>Share of the faults with a remote remedy that it does not end: of a pack that nobody has run yet nothing better is known.</summary>
    private const double PlaybookFails = 0.1;

    public async Task<IReadOnlyDictionary<string, PartDemand>> ReadAsync(string tenant, IReadOnlyList<Depot> depots, DateTimeOffset now, CancellationToken ct)
    {
        var homes = await HomesAsync(tenant, depots, ct);
        var asked = await AskedAsync(tenant, now, ct);
        var known = await KnownAsync(tenant, homes, ct);
        var first = asked.Count == 0 ? now : asked.Min(a => a.At);
        var parts = await workbench.ReadAsync(async db => (await compatibility.InForceAsync(db, tenant, ct)).Parts, ct);
        var byPart = asked.ToLookup(a => a.Sku);
        var needs = NeedsOf(homes);
        var exposures = parts.ToDictionary(part => part.Sku, part => new PartExposure(needs.GetValueOrDefault(part.Sku), byPart[part.Sku].Sum(a => a.Quantity)), StringComparer.Ordinal);
        var days = Math.Clamp((now - homes.Since).TotalDays, 0, (Period * MostPeriods).TotalDays);
        var scale = InstalledBase.Scale(exposures.Values, days);
        return parts.ToDictionary(
            part => part.Sku, part => Of(part, [.. byPart[part.Sku]], first, now, homes, known, InstalledBase.RatePerDay(exposures[part.Sku], scale, days)), StringComparer.Ordinal);
    }

    /// <param name="installed">Units a day that its machines would ask for, as far as all parts together tell.</param>
    private static PartDemand Of(
        PartDefinition part, List<Asked> asked, DateTimeOffset first, DateTimeOffset now, Homes homes, ILookup<string, (string Depot, double Probability)> known, double installed)
    {
        var periods = Periods(asked, first, now);
        var (method, perPeriod) = PartDemand.Forecast(periods);
        if (method is DemandMethod.None && installed > 0) (method, perPeriod) = (DemandMethod.InstalledBase, installed * Period.TotalDays);
        var seen = asked.Where(a => homes.Of(a) is not null).GroupBy(a => homes.Of(a)!).ToDictionary(g => g.Key, g => g.Sum(a => a.Quantity));
        var machines = homes.Machines.Where(m => (part.Types.Count == 0 || part.Types.Contains(m.Type))).GroupBy(m => m.Depot).ToDictionary(g => g.Key, g => g.Count());
        return new PartDemand(
            part.Sku, asked.Sum(a => a.Quantity), method, perPeriod / Period.TotalDays, PartDemand.Divide(seen, machines),
            known[part.Sku].GroupBy(k => k.Depot).ToDictionary(g => g.Key, IReadOnlyList<double> (g) => [.. g.Select(k => k.Probability).OrderDescending()], StringComparer.Ordinal));
    }

    /// <summary>Units of each part that tickets have asked for, week by week since the first demand of any part; only parts that were asked for.</summary>
    public async Task<IReadOnlyDictionary<string, double[]>> WeeksAsync(string tenant, DateTimeOffset now, CancellationToken ct)
    {
        var asked = await AskedAsync(tenant, now, ct);
        return asked.GroupBy(a => a.Sku).ToDictionary(g => g.Key, g => Periods(g, asked.Min(a => a.At), now), StringComparer.Ordinal);
    }

    private static double[] Periods(IEnumerable<Asked> asked, DateTimeOffset first, DateTimeOffset now)
    {
        var periods = new double[Math.Clamp((int)Math.Ceiling((now - first) / Period), 1, MostPeriods)];
        foreach (var line in asked)
            if (periods.Length - 1 - (int)((now - line.At) / Period) is var index and >= 0) periods[index] += line.Quantity;
        return periods;
    }

    /// <summary>Lines that were wanted, met or not. What was only listed, or taken back before it left, was no demand; what left a shelf was, also when it came back unused: the shelf was without it.</summary>
    private Task<List<Asked>> AskedAsync(string tenant, DateTimeOffset now, CancellationToken ct) => workbench.ReadAsync(db =>
    {
        var since = now - Period * MostPeriods;
        return db.PartLines.Where(l => l.Status != PartLineStatus.Planned && (l.Status != PartLineStatus.Returned || db.Shipments.Any(s => s.Id == l.Shipment && s.PickedUpAt != null)))
            .Join(db.Tickets.Where(t => t.Tenant == tenant && t.OpenedAt > since && t.OpenedAt <= now), l => l.Ticket, t => t.Number, (l, t) => new Asked(l.Sku, l.Quantity, t.OpenedAt, t.Device, t.Site)).ToListAsync(ct);
    }, ct);

    /// <summary>Machines with a fault that no ticket has a part for yet: each with the probability that its cause needs one.</summary>
    private async Task<ILookup<string, (string Depot, double Probability)>> KnownAsync(string tenant, Homes homes, CancellationToken ct)
    {
        var served = await workbench.ReadAsync(async db => (await db.PartLines.Where(l => l.Status != PartLineStatus.Planned && l.Status != PartLineStatus.Returned)
            .Join(db.Tickets.Where(t => t.Tenant == tenant && t.Device != null && t.Status != TicketStatus.Closed && t.Status != TicketStatus.Cancelled), l => l.Ticket, t => t.Number, (l, t) => new { t.Device, l.Sku })
            .ToListAsync(ct)).Select(l => (l.Device!, l.Sku)).ToHashSet(), ct);
        var wants = new List<(string Sku, string Depot, double Probability)>();
        foreach (var (device, open) in (await alarms.OpenByDeviceAsync(tenant, ct)).OrderBy(d => d.Key.Device, StringComparer.Ordinal))
            if (homes.OfDevice(device.Device) is { } depot)
                foreach (var (sku, probability) in Wanted(open).Where(w => !served.Contains((device.Device, w.Key)))) wants.Add((sku, depot, probability));
        return wants.ToLookup(w => w.Sku, w => (w.Depot, w.Probability));
    }

    /// <summary>Each part once a machine, with the probability of the surest alarm's causes that need it.</summary>
    private Dictionary<string, double> Wanted(IReadOnlyList<Alarm> open)
    {
        var wanted = new Dictionary<string, double>(StringComparer.Ordinal);
        foreach (var alarm in open.Where(a => a is { IsActive: true, Parent: null, IsUnderMaintenance: false }))
        {
            var here = alarm.Diagnosis.Where(c => c.Class is FaultClass.HW or FaultClass.SW)
                .SelectMany(cause => PartsOf(alarm.Type, cause.Code).Select(sku => (Sku: sku, cause.Probability))).GroupBy(c => c.Sku);
            foreach (var part in here)
                if (part.Sum(c => c.Probability) is var p and >= LeastProbability) wanted[part.Key] = Math.Max(wanted.GetValueOrDefault(part.Key), Math.Min(1, p));
        }
        return wanted;
    }

    /// <summary>For each part: over all machines, the priors of the faults that need it. One that is tried from afar first needs its part only when that fails.</summary>
    private Dictionary<string, double> NeedsOf(Homes homes)
    {
        var needs = new Dictionary<string, double>(StringComparer.Ordinal);
        foreach (var type in homes.Machines.GroupBy(m => m.Type))
            foreach (var fault in packs.Find(type.Key)?.Faults.Faults ?? [])
                if (fault.Remedies.FirstOrDefault(r => r.Playbook is null) is { } byHand)
                    foreach (var need in byHand.Parts)
                        needs[need.Sku] = needs.GetValueOrDefault(need.Sku) + type.Count() * fault.Prior * need.Quantity * (fault.Remedies[0].Playbook is null ? 1 : PlaybookFails);
        return needs;
    }

    private IEnumerable<string> PartsOf(string type, string fault) =>
        VisitPlan.FaultOf(packs, type, fault)?.Remedies.FirstOrDefault(r => r.Playbook is null)?.Parts.Select(p => p.Sku).Distinct() ?? [];

    private async Task<Homes> HomesAsync(string tenant, IReadOnlyList<Depot> depots, CancellationToken ct)
    {
        var sites = (await devices.ListSitesAsync(tenant, ct)).ToDictionary(s => s.Id, s => Nearest(depots, s.Location ?? SupplyMaps.AssumedPlace(depots, s.TimeZone)), StringComparer.Ordinal);
        var (machines, since) = (new List<(string Device, string Type, string Depot)>(), DateTimeOffset.MaxValue);
        for (string? after = null; ;)
        {
            var page = await devices.ListAsync(new DeviceFilter(tenant, After: after, Limit: 1000), ct);
            foreach (var device in page)
            {
                if ((device.Location is { } place ? Nearest(depots, place) : sites.GetValueOrDefault(device.Site)) is { } depot) machines.Add((device.Id, device.Type, depot));
                if (device.RegisteredAt < since) since = device.RegisteredAt;
            }
            if (page.Count < 1000) return new Homes(sites, machines, since);
            after = page[^1].Id;
        }
    }

    private static string? Nearest(IReadOnlyList<Depot> depots, GeoPoint? place) => place is null ? null
        : depots.OrderBy(d => d.Location.DistanceKm(place)).ThenBy(d => d.Id, StringComparer.Ordinal).FirstOrDefault()?.Id;

    private sealed record Asked(string Sku, int Quantity, DateTimeOffset At, string? Device, string Site);

    /// <summary>The depot nearest to each site and machine.</summary>
    /// <param name="Since">The first machine's registration.</param>
    private sealed record Homes(IReadOnlyDictionary<string, string?> Sites, IReadOnlyList<(string Device, string Type, string Depot)> Machines, DateTimeOffset Since)
    {
        private readonly Dictionary<string, string> _machines = Machines.ToDictionary(m => m.Device, m => m.Depot, StringComparer.Ordinal);

        public string? OfDevice(string device) => _machines.GetValueOrDefault(device);
        public string? Of(Asked asked) => (asked.Device is null ? null : OfDevice(asked.Device)) ?? Sites.GetValueOrDefault(asked.Site);
    }
}
