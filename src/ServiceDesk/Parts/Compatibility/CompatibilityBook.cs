using System.Collections.Concurrent;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Seamless.Fleet.Registry;
using Seamless.Rules.Packs;
using Seamless.ServiceDesk.Database;
using Seamless.ServiceDesk.Tickets;
using Seamless.Telemetry;

namespace Seamless.ServiceDesk.Parts.Compatibility;

internal sealed class CatalogueRow
{
    public required string Tenant { get; init; }
    public int Version { get; init; }
    public required PartCatalogue Catalogue { get; init; }
    public required string Actor { get; init; }
    public DateTimeOffset At { get; init; }

    public CatalogueVersion ToVersion() => new(Version, Catalogue, Actor, At);
}

internal sealed class CompatibilityBook(Workbench workbench, IPacks packs, IDeviceRegistry devices, DeskSignals signals, TimeProvider clock, IOptions<ServiceDeskOptions> options) : ICompatibility
{
    private const string ModelTag = "model", GenerationTag = "generation";

    /// <summary>Versions never change; packs may be added to.</summary>
    private readonly ConcurrentDictionary<(string Tenant, int Version, int Packs), Interchanges> _read = new();

    public Task<CatalogueVersion> CurrentAsync(string tenant, CancellationToken ct) => workbench.ReadAsync(async db =>
        await db.Catalogues.Where(c => c.Tenant == tenant).OrderByDescending(c => c.Version).FirstOrDefaultAsync(ct) is { } row ? row.ToVersion() : CatalogueVersion.Delivered, ct);

    public Task<IReadOnlyList<CatalogueVersion>> ListAsync(string tenant, CancellationToken ct) => workbench.ReadAsync<IReadOnlyList<CatalogueVersion>>(async db =>
        [.. (await db.Catalogues.Where(c => c.Tenant == tenant).OrderByDescending(c => c.Version).ToListAsync(ct)).Select(row => row.ToVersion()), CatalogueVersion.Delivered], ct);

    public Task<Outcome<CatalogueVersion>> PutAsync(string tenant, PartCatalogue catalogue, int? expected, string actor, CancellationToken ct) =>
        ChangeAsync(tenant, expected, actor, _ => catalogue, ct);

    public Task<Outcome<CatalogueVersion>> PutPartAsync(string tenant, OwnPart part, string actor, CancellationToken ct) =>
        ChangeAsync(tenant, null, actor, before => before with { Parts = [.. before.Parts.Where(other => other.Sku != part.Sku), part] }, ct);

    public Task<Outcome<CatalogueVersion>> RemovePartAsync(string tenant, string sku, string actor, CancellationToken ct) => ChangeAsync(tenant, null, actor, before =>
        before.Parts.Any(part => part.Sku == sku) ? before with { Parts = [.. before.Parts.Where(part => part.Sku != sku)] } : Refusal.NotFound("own-part-unknown", $"there is no own part {sku}; what a pack brings stays"), ct);

    private async Task<Outcome<CatalogueVersion>> ChangeAsync(string tenant, int? expected, string actor, Func<PartCatalogue, Outcome<PartCatalogue>> change, CancellationToken ct)
    {
        var put = await workbench.TryAsync<CatalogueRow>(clock.GetUtcNow(), async work =>
        {
            var before = await work.Db.Catalogues.AsNoTracking().Where(c => c.Tenant == tenant).OrderByDescending(c => c.Version).FirstOrDefaultAsync(ct);
            var newest = before?.Version ?? 0;
            if (expected is { } seen && seen != newest) return Refusal.Conflict($"version {newest} has been put in force meanwhile, not {seen}; look at it and put yours again");
            var changed = change(before?.Catalogue ?? PartCatalogue.Empty);
            if (!changed.Succeeded) return changed.Refusal;
            if (changed.Value.Check() is { } refusal) return refusal;
            var row = new CatalogueRow { Tenant = tenant, Version = newest + 1, Catalogue = changed.Value, Actor = actor, At = work.Now };
            work.Db.Catalogues.Add(row);
            await StarterNetwork.FillAsync(work, tenant, new Interchanges(row.Catalogue, packs.All.SelectMany(p => p.Parts)).Parts, packs, options.Value, ct);
            return row;
        }, ct);
        if (!put.Succeeded) return put.Refusal;
        signals.AllStockMoved();   // what waits may now be served by another part
        signals.Touch();
        return put.Value.ToVersion();
    }

    public async Task<Outcome<PartAlternatives>> AlternativesAsync(string tenant, string sku, string? device, CancellationToken ct)
    {
        var machine = device is null ? null : await devices.FindAsync(new DeviceKey(tenant, device), ct) is { } known ? MachineOf(known) : null;
        if (device is not null && machine is null) return Refusal.NotFound($"there is no device '{device}'");
        return await workbench.ReadAsync<Outcome<PartAlternatives>>(async db =>
        {
            var inForce = await InForceAsync(db, tenant, ct);
            var free = await db.Units.Where(u => u.Tenant == tenant && u.State == UnitState.InStock).GroupBy(u => u.Sku).Select(g => new { g.Key, Free = g.Count() }).ToDictionaryAsync(g => g.Key, g => g.Free, ct);
            var skus = inForce.StandInsFor(sku);
            var own = (await db.Catalogues.Where(c => c.Tenant == tenant).OrderByDescending(c => c.Version).FirstOrDefaultAsync(ct))?.Catalogue.Parts ?? [];
            var waiting = own.Where(part => part is { AlternateTo: { } original, Approved: false } && skus.Contains(original)).Select(part => part.Sku);
            return new PartAlternatives(sku, machine, [.. skus.Concat(waiting).Select(s => Alternative(s, own.FirstOrDefault(part => part.Sku == s)))]);

            PartAlternative Alternative(string s, OwnPart? part) => new(
                s, inForce.SuccessorOf(s), machine is null ? null : inForce.Fits(s, machine), free.GetValueOrDefault(s), inForce.PartOf(s)?.UnitCost, inForce.PartOf(s)?.Currency,
                part?.AlternateTo, part?.AlternateTo is null ? null : part.Approved, part?.Quality);
        }, ct);
    }

    public async Task<Interchanges> InForceAsync(DeskContext db, string tenant, CancellationToken ct)
    {
        var key = (tenant, await NewestAsync(db, tenant, ct), packs.All.Count);
        if (_read.TryGetValue(key, out var read)) return read;
        var catalogue = await db.Catalogues.AsNoTracking().FirstOrDefaultAsync(c => c.Tenant == tenant && c.Version == key.Item2, ct);
        return _read[key] = new Interchanges(catalogue?.Catalogue ?? PartCatalogue.Empty, packs.All.SelectMany(p => p.Parts));
    }

    public async Task<Machine> MachineAsync(TicketRow ticket, CancellationToken ct) =>
        ticket.Device is { } id && await devices.FindAsync(new DeviceKey(ticket.Tenant, id), ct) is { } device ? MachineOf(device) : new Machine(null, null, null);

    internal static Machine MachineOf(Device device) => new(device.Type, device.Tags.GetValueOrDefault(ModelTag), device.Tags.GetValueOrDefault(GenerationTag));

    private static async Task<int> NewestAsync(DeskContext db, string tenant, CancellationToken ct) =>
        await db.Catalogues.Where(c => c.Tenant == tenant).MaxAsync(c => (int?)c.Version, ct) ?? 0;
}
