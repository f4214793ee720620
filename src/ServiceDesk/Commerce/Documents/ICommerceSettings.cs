using Seamless.Fleet.Audit;
using Seamless.ServiceDesk.Commerce.Catalogue;
using Seamless.ServiceDesk.Commerce.Coverage;
using Seamless.ServiceDesk.Database;
using Seamless.Telemetry;

namespace Seamless.ServiceDesk.Commerce.Documents;

/// <summary>What a tenant decides once and every case follows: policy, coverage table, service catalogue. Each change is a version.</summary>
public interface ICommerceSettings
{
    Task<Versioned<CommercePolicy>> PolicyAsync(string tenant, CancellationToken ct);
    Task<Outcome<Versioned<CommercePolicy>>> PutPolicyAsync(string tenant, CommercePolicy policy, int? expected, string actor, CancellationToken ct);

    Task<Versioned<CoverageTable>> CoverageAsync(string tenant, CancellationToken ct);

    /// <summary>Newest first.</summary>
    Task<IReadOnlyList<Versioned<CoverageTable>>> CoverageVersionsAsync(string tenant, CancellationToken ct);
    Task<Outcome<Versioned<CoverageTable>>> PutCoverageAsync(string tenant, CoverageTable table, int? expected, string actor, CancellationToken ct);

    Task<Versioned<ServiceCatalogue>> CatalogueAsync(string tenant, CancellationToken ct);
    Task<Outcome<Versioned<ServiceCatalogue>>> PutCatalogueAsync(string tenant, ServiceCatalogue catalogue, int? expected, string actor, CancellationToken ct);
}

internal sealed class CommerceSettings(Workbench workbench, IAudit audit, TimeProvider clock) : ICommerceSettings
{
    public Task<Versioned<CommercePolicy>> PolicyAsync(string tenant, CancellationToken ct) => InForceAsync(tenant, CommerceDocuments.Policy, ct);
    public Task<Versioned<CoverageTable>> CoverageAsync(string tenant, CancellationToken ct) => InForceAsync(tenant, CommerceDocuments.Coverage, ct);
    public Task<Versioned<ServiceCatalogue>> CatalogueAsync(string tenant, CancellationToken ct) => InForceAsync(tenant, CommerceDocuments.Catalogue, ct);

    public Task<IReadOnlyList<Versioned<CoverageTable>>> CoverageVersionsAsync(string tenant, CancellationToken ct) =>
        workbench.ReadAsync(db => VersionedDocuments.ListAsync(db, tenant, CommerceDocuments.Coverage, ct), ct);

    public Task<Outcome<Versioned<CommercePolicy>>> PutPolicyAsync(string tenant, CommercePolicy policy, int? expected, string actor, CancellationToken ct) =>
        PutAsync(tenant, CommerceDocuments.Policy, policy, policy.Fault(), expected, actor, ct);

    public Task<Outcome<Versioned<CoverageTable>>> PutCoverageAsync(string tenant, CoverageTable table, int? expected, string actor, CancellationToken ct) =>
        PutAsync(tenant, CommerceDocuments.Coverage, table, table.Fault(), expected, actor, ct);

    public Task<Outcome<Versioned<ServiceCatalogue>>> PutCatalogueAsync(string tenant, ServiceCatalogue catalogue, int? expected, string actor, CancellationToken ct) =>
        PutAsync(tenant, CommerceDocuments.Catalogue, catalogue, catalogue.Fault(), expected, actor, ct);

    private Task<Versioned<T>> InForceAsync<T>(string tenant, DocumentKind<T> kind, CancellationToken ct) where T : class =>
        workbench.ReadAsync(async db => await VersionedDocuments.InForceAsync(db, tenant, kind, ct) ?? throw new InvalidOperationException($"no {kind.Words} is delivered"), ct);

    private async Task<Outcome<Versioned<T>>> PutAsync<T>(string tenant, DocumentKind<T> kind, T value, string? fault, int? expected, string actor, CancellationToken ct) where T : class
    {
        var put = fault is not null ? Refusal.Invalid(fault)
            : await workbench.TryAsync(clock.GetUtcNow(), work => VersionedDocuments.PutAsync(work, tenant, kind, value, expected, actor, ct), ct);
        await audit.RecordAsync(tenant, actor, $"{kind.Name}.put", kind.Name, null, put.Refusal?.Code ?? "ok", put.Refusal?.Reason, ct);
        return put;
    }
}
