using Microsoft.EntityFrameworkCore;
using Seamless.Fleet.Audit;
using Seamless.Fleet.Registry;
using Seamless.ServiceDesk.Commerce.Documents;
using Seamless.ServiceDesk.Commerce.Ledger;
using Seamless.ServiceDesk.Database;
using Seamless.ServiceDesk.Mystery;
using Seamless.ServiceDesk.Tickets;
using Seamless.Telemetry;

namespace Seamless.ServiceDesk.Impacts;

/// <summary>What depends on a device.</summary>
/// <param name="StandIns">Others of its redundancy group.</param>
/// <param name="Version">Of the business services that it rests on.</param>
public sealed record DeviceImpact(string Device, IReadOnlyList<string> StandIns, IReadOnlyList<AffectedService> Services, int Version);

/// <summary>From the device to the customer's business.</summary>
public interface IImpacts
{
    Task<Versioned<BusinessServices>> ServicesAsync(string tenant, CancellationToken ct);

    /// <param name="expected">The version that the writer has seen; null to put them in any case.</param>
    Task<Outcome<Versioned<BusinessServices>>> PutServicesAsync(string tenant, BusinessServices services, int? expected, string actor, CancellationToken ct);
    Task<Outcome<DeviceImpact>> OfDeviceAsync(string tenant, string device, CancellationToken ct);

    /// <summary>Of a calendar month, UTC; of one that still runs, until now.</summary>
    Task<Outcome<CustomerAdvice>> AdviseAsync(string tenant, string customer, Month month, CancellationToken ct);
}

internal sealed class ImpactBook(Workbench workbench, IDeviceRegistry devices, IAudit audit, TimeProvider clock) : IImpacts
{
    private static readonly DocumentKind<BusinessServices> Kind = new("business-services", "business services", BusinessServices.None);

    public Task<Versioned<BusinessServices>> ServicesAsync(string tenant, CancellationToken ct) => workbench.ReadAsync(db => InForceAsync(db, tenant, ct), ct);

    public async Task<Outcome<Versioned<BusinessServices>>> PutServicesAsync(string tenant, BusinessServices services, int? expected, string actor, CancellationToken ct)
    {
        var put = (services.Fault() ?? await UnknownDeviceAsync(tenant, services, ct)) is { } fault ? Refusal.Invalid(fault)
            : await workbench.TryAsync(clock.GetUtcNow(), work => VersionedDocuments.PutAsync(work, tenant, Kind, services, expected, actor, ct), ct);
        await audit.RecordAsync(tenant, actor, "business-services.put", Kind.Name, null, put.Refusal?.Code ?? "ok", put.Refusal?.Reason, ct);
        return put;
    }

    public async Task<Outcome<DeviceImpact>> OfDeviceAsync(string tenant, string device, CancellationToken ct)
    {
        if (await devices.FindAsync(new DeviceKey(tenant, device), ct) is not { } found) return Refusal.NotFound($"there is no device '{device}'");
        var services = await ServicesAsync(tenant, ct);
        var group = found.RedundancyGroup is null ? [] : (await AllAsync(tenant, ct)).Where(d => d.RedundancyGroup == found.RedundancyGroup && d.Id != device);
        return new DeviceImpact(device, [.. group.Select(d => d.Id).Order(StringComparer.Ordinal)], new ImpactGraph(services.Value.Services).Of(device), services.Version);
    }

    public async Task<Outcome<CustomerAdvice>> AdviseAsync(string tenant, string customer, Month month, CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        if (month.From > now) return Refusal.Invalid($"{month.From:yyyy-MM} has not begun");
        var to = month.To < now ? month.To : now;
        var fleet = await AllAsync(tenant, ct);
        var (services, tickets) = await workbench.ReadAsync(async db => (await InForceAsync(db, tenant, ct), await TicketsAsync(db, tenant, customer, month.From, to, ct)), ct);
        if (tickets.Count == 0 && !fleet.Any(d => d.Customer == customer) && !services.Value.Services.Any(s => s.Customer == customer))
            return Refusal.NotFound($"nothing is known of a customer '{customer}': no device, no ticket and no business service is theirs");
        return new Advising(new ImpactGraph(services.Value.Services), new MonthFacts(customer, month.From, to, tickets.ConvertAll(FaultOf), StandIns(fleet), services.Version)).Write();
    }

    private static async Task<Versioned<BusinessServices>> InForceAsync(DeskContext db, string tenant, CancellationToken ct) =>
        (await VersionedDocuments.InForceAsync(db, tenant, Kind, ct))!;   // an empty one is delivered

    private static async Task<List<TicketRow>> TicketsAsync(DeskContext db, string tenant, string customer, DateTimeOffset from, DateTimeOffset to, CancellationToken ct)
    {
        var since = to - Advising.Repeating;
        var rows = await db.Tickets.Where(t => t.Tenant == tenant && t.Customer == customer && t.Device != null && t.Status != TicketStatus.Cancelled
            && t.OnsetAt < to && (t.OnsetAt >= since || t.ResolvedAt == null || t.ResolvedAt > from)).OrderBy(t => t.Sequence).ToListAsync(ct);
        return rows.FindAll(t => !MysteryDevice.Is(t.Site, t.Device));
    }

    private static PastFault FaultOf(TicketRow ticket) =>
        new(ticket.Device!, new DeviceFailure(ticket.Number, ticket.Title, ticket.CauseCode, ticket.OnsetAt, ticket.ResolvedAt), ticket.Down);   // asked for non-null above

    private static HashSet<string> StandIns(IReadOnlyList<Device> fleet) => fleet.Where(d => !string.IsNullOrEmpty(d.RedundancyGroup))
        .GroupBy(d => d.RedundancyGroup).Where(g => g.Count() > 1).SelectMany(g => g).Select(d => d.Id).ToHashSet(StringComparer.Ordinal);

    private async Task<string?> UnknownDeviceAsync(string tenant, BusinessServices services, CancellationToken ct)
    {
        var known = (await AllAsync(tenant, ct)).Select(d => d.Id).ToHashSet(StringComparer.Ordinal);
        var lost = services.Services.SelectMany(s => s.Devices ?? [], (s, on) => (s.Id, On: on)).FirstOrDefault(d => !known.Contains(d.On ?? ""));
        return lost.Id is null ? null : $"service '{lost.Id}' depends on the device '{lost.On}', which is not registered; register it first or take the dependency away";
    }

    private Task<IReadOnlyList<Device>> AllAsync(string tenant, CancellationToken ct) => devices.ListAsync(new DeviceFilter(tenant, Limit: int.MaxValue), ct);
}
