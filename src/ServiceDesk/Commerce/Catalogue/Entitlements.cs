using Seamless.Fleet.Registry;
using Seamless.ServiceDesk.Commerce.Contracts;
using Seamless.ServiceDesk.Commerce.Documents;
using Seamless.ServiceDesk.Customers;
using Seamless.ServiceDesk.Customers.Requests;
using Seamless.ServiceDesk.Database;
using Seamless.ServiceDesk.Tickets;
using Seamless.Telemetry;

namespace Seamless.ServiceDesk.Commerce.Catalogue;

/// <summary>What a customer is offered, and asking for it. What is not offered is refused with the reason.</summary>
public interface IEntitlements
{
    Task<Outcome<IReadOnlyList<Entitlement>>> OfDeviceAsync(string tenant, string device, CancellationToken ct);
    Task<Outcome<CustomerRequest>> AskAsync(string tenant, string ticket, ServiceOption option, string actor, CancellationToken ct);

    /// <summary>Without a login: by tracking code, or by ticket number and device serial. Null when no repair is known under them.</summary>
    Task<IReadOnlyList<Entitlement>?> TrackAsync(string code, string? serial, CancellationToken ct);
    Task<Outcome<CustomerRequest>> AskAsCustomerAsync(string code, string? serial, ServiceOption option, CancellationToken ct);
}

internal sealed class Entitlements(Workbench workbench, IDeviceRegistry devices, ICustomerRequests requests, TimeProvider clock) : IEntitlements
{
    private const string Customer = "customer";

    public async Task<Outcome<IReadOnlyList<Entitlement>>> OfDeviceAsync(string tenant, string device, CancellationToken ct)
    {
        if (await devices.FindAsync(new DeviceKey(tenant, device), ct) is not { } known) return Refusal.NotFound($"there is no device {device}");
        return new List<Entitlement>(await OfAsync(tenant, device, known.Tier, ct));
    }

    public async Task<Outcome<CustomerRequest>> AskAsync(string tenant, string ticket, ServiceOption option, string actor, CancellationToken ct) =>
        await workbench.ReadAsync(async db => await db.Tickets.FindAsync([ticket], ct), ct) is { } row && row.Tenant == tenant
            ? await AskAsync(row, option, actor, ct)
            : Refusal.NotFound($"there is no ticket {ticket}");

    public async Task<IReadOnlyList<Entitlement>?> TrackAsync(string code, string? serial, CancellationToken ct) =>
        await workbench.ReadAsync(db => db.TrackedAsync(code, serial, ct), ct) is { } ticket ? await OfAsync(ticket.Tenant, ticket.Device, ticket.Tier, ct) : null;

    public async Task<Outcome<CustomerRequest>> AskAsCustomerAsync(string code, string? serial, ServiceOption option, CancellationToken ct) =>
        await workbench.ReadAsync(db => db.TrackedAsync(code, serial, ct), ct) is { } ticket ? await AskAsync(ticket, option, Customer, ct) : ICustomerDoor.Unknown;

    private async Task<Outcome<CustomerRequest>> AskAsync(TicketRow ticket, ServiceOption option, string actor, CancellationToken ct)
    {
        if (!ticket.IsOpen) return Refusal.Because($"{ticket.Number} is {ticket.Status}; options are for repairs that are open");
        if ((await OfAsync(ticket.Tenant, ticket.Device, ticket.Tier, ct)).FirstOrDefault(e => e.Option == option) is not { } entitlement) return Refusal.Because($"{option} is not in the service catalogue");
        if (!entitlement.Offered) return Refusal.Because($"{entitlement.Name.En} is not offered: {entitlement.Reason.En}");
        var terms = entitlement.Included ? "included" : "at the list price";
        return await requests.AskAsync(new NewRequest(ticket.Tenant, ticket.Number, null, $"{entitlement.Name.En} ({terms}) / {entitlement.Name.ZhCn}"), actor, ct);
    }

    private Task<IReadOnlyList<Entitlement>> OfAsync(string tenant, string? device, string tier, CancellationToken ct) => workbench.ReadAsync(async db =>
    {
        var catalogue = (await VersionedDocuments.InForceAsync(db, tenant, CommerceDocuments.Catalogue, ct))!.Value;   // one is delivered
        return catalogue.For(await ContractBook.CoveringAsync(db, tenant, device, clock.GetUtcNow(), ct), tier);
    }, ct);
}
