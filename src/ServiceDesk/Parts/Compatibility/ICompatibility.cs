using Seamless.Telemetry;

namespace Seamless.ServiceDesk.Parts.Compatibility;

/// <param name="Version">0 is what the packs alone say.</param>
public sealed record CatalogueVersion(int Version, PartCatalogue Catalogue, string Actor, DateTimeOffset? At)
{
    internal static CatalogueVersion Delivered { get; } = new(0, PartCatalogue.Empty, Database.DeskWork.Desk, null);
}

/// <param name="Fits">Null when no device was named.</param>
/// <param name="Approved">Null for what is no alternate; false: it is not taken until somebody approves it.</param>
public sealed record PartAlternative(string Sku, string? SupersededBy, bool? Fits, int Free, decimal? UnitCost = null, string? Currency = null, string? AlternateTo = null, bool? Approved = null, string? Quality = null);

/// <summary>The part and what can stand in for it, the newest first.</summary>
public sealed record PartAlternatives(string Sku, Machine? Machine, IReadOnlyList<PartAlternative> Items);

/// <summary>Which parts there are beside those of the packs, which fits which machine and which came after which, by tenant and version.</summary>
public interface ICompatibility
{
    Task<CatalogueVersion> CurrentAsync(string tenant, CancellationToken ct);

    /// <summary>Newest first, with what the packs alone say as the last.</summary>
    Task<IReadOnlyList<CatalogueVersion>> ListAsync(string tenant, CancellationToken ct);

    /// <param name="expected">The version that the writer has seen; refused as a conflict when another is in force. Null to put it in any case.</param>
    Task<Outcome<CatalogueVersion>> PutAsync(string tenant, PartCatalogue catalogue, int? expected, string actor, CancellationToken ct);

    /// <summary>Adds a part, or changes one, in a new version of the catalogue.</summary>
    Task<Outcome<CatalogueVersion>> PutPartAsync(string tenant, OwnPart part, string actor, CancellationToken ct);

    /// <summary>Takes an own part out; where a pack has one of the same SKU, what the pack says counts again. Its units stay in the ledger.</summary>
    Task<Outcome<CatalogueVersion>> RemovePartAsync(string tenant, string sku, string actor, CancellationToken ct);

    Task<Outcome<PartAlternatives>> AlternativesAsync(string tenant, string sku, string? device, CancellationToken ct);
}
