using Seamless.ServiceDesk.Parts.Compatibility;
using Seamless.Telemetry;

namespace Seamless.Portal.Tests.Stage;

/// <summary>An own part and a local alternate that nobody has approved yet.</summary>
internal sealed class StageCompatibility : ICompatibility
{
    private readonly List<OwnPart> _parts =
    [
        new("PMP-CPL-45", new("Flexible coupling 45 mm", "45 mm 弹性联轴器"), 'E', 'B', 14, 120, "EUR", ["pump"]),
        new("LOC-BRG-6309", new("Local bearing 6309", "本地 6309 轴承"), 'V', 'B', 3, 43, "EUR", ["pump"], AlternateTo: "PMP-BRG-6309", Quality: "grade P6"),
    ];

    /// <summary>What was asked of it.</summary>
    public List<string> Done { get; } = [];

    private CatalogueVersion Version => new(2, new PartCatalogue([], []) { Parts = [.. _parts] }, "anna", DateTimeOffset.UnixEpoch);

    public Task<CatalogueVersion> CurrentAsync(string tenant, CancellationToken ct) => Task.FromResult(Version);
    public Task<IReadOnlyList<CatalogueVersion>> ListAsync(string tenant, CancellationToken ct) => Task.FromResult<IReadOnlyList<CatalogueVersion>>([Version]);
    public Task<Outcome<CatalogueVersion>> PutAsync(string tenant, PartCatalogue catalogue, int? expected, string actor, CancellationToken ct) => throw new NotSupportedException();
    public Task<Outcome<CatalogueVersion>> PutPartAsync(string tenant, OwnPart part, string actor, CancellationToken ct)
    {
        if (part.LeadTimeDays < 0) return Task.FromResult<Outcome<CatalogueVersion>>(Refusal.Invalid($"'leadTimeDays' of {part.Sku} is 0 to 1000"));
        Done.Add(FormattableString.Invariant($"{part.Sku} {part.Title.En} {part.Criticality}{part.Class} {part.LeadTimeDays} {part.UnitCost} {part.Currency} {string.Join('+', part.Types!)} {part.AlternateTo} {part.Approved} {part.Quality}"));
        return Task.FromResult<Outcome<CatalogueVersion>>(Version);
    }

    public Task<Outcome<CatalogueVersion>> RemovePartAsync(string tenant, string sku, string actor, CancellationToken ct)
    {
        Done.Add($"without {sku}");
        return Task.FromResult<Outcome<CatalogueVersion>>(Version);
    }

    public Task<Outcome<PartAlternatives>> AlternativesAsync(string tenant, string sku, string? device, CancellationToken ct) => throw new NotSupportedException();
}
