using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Seamless.Telemetry.Updates;

namespace Seamless.Fleet.Updates;

internal sealed class ArtefactRow
{
    public required string Tenant { get; init; }
    public required string Id { get; init; }
    public required string Name { get; init; }
    public long ReleaseCounter { get; init; }

    /// <summary>The signed release, as it came.</summary>
    public required string DocumentJson { get; init; }
    public DateTimeOffset UploadedAt { get; init; }
    public required string UploadedBy { get; init; }

    public Artefact ToArtefact() => new(Tenant, Id, UpdateDocuments.Read(Document(), ReleaseManifest.Type, UpdateJson.Default.ReleaseManifest).Value!, UploadedAt, UploadedBy);   // read when it was uploaded
    public SignedDocument Document() => JsonSerializer.Deserialize(DocumentJson, UpdateJson.Default.SignedDocument)!;
}

internal sealed class CampaignRow
{
    public required string Tenant { get; init; }
    public required string Id { get; init; }
    public required string Name { get; init; }
    public required string Artefact { get; init; }
    public required string DefinitionJson { get; init; }
    public required string WaveNamesJson { get; set; }
    public CampaignState State { get; set; }
    public int Wave { get; set; }
    public DateTimeOffset? SoakUntil { get; set; }
    public string? Waiting { get; set; }

    /// <summary>The wave that a person let pass although it was judged not to.</summary>
    public int? LetPass { get; set; }

    /// <summary>Paused by a verdict, not by a person.</summary>
    public bool Judged { get; set; }
    public string ComparisonsJson { get; set; } = "[]";
    public DateTimeOffset CreatedAt { get; init; }
    public required string CreatedBy { get; init; }
    public DateTimeOffset? EndedAt { get; set; }
    public int Version { get; set; }

    public CampaignDefinition Definition() => JsonSerializer.Deserialize<CampaignDefinition>(DefinitionJson, JsonSerializerOptions.Web)!;
}

internal sealed class DeviceUpdateRow
{
    public required string Tenant { get; init; }
    public required string Campaign { get; init; }
    public required string Device { get; init; }
    public int Wave { get; init; }
    public DeviceUpdateState State { get; set; }
    public UpdatePhase? Phase { get; set; }
    public string? Detail { get; set; }
    public string? FromVersion { get; set; }

    /// <summary>Of the assignment.</summary>
    public long Counter { get; set; }

    /// <summary>The signed offer, kept while it is under way: what is sent again is the same to the byte.</summary>
    public string? OfferJson { get; set; }
    public string? Command { get; set; }
    public DateTimeOffset? OfferedAt { get; set; }
    public DateTimeOffset? ExpiresAt { get; set; }
    public DateTimeOffset? EndedAt { get; set; }

    public DeviceUpdate ToUpdate() => new(Device, Wave, State, Phase, Detail, FromVersion, OfferedAt, EndedAt);
}

internal static class UpdateTables
{
    public static void Create(ModelBuilder model)
    {
        model.Entity<ArtefactRow>(artefact =>
        {
            artefact.ToTable("fleet_update_artefacts").HasKey(row => new { row.Tenant, row.Id });
            artefact.HasIndex(row => new { row.Tenant, row.Name, row.ReleaseCounter }).IsUnique();
        });
        model.Entity<CampaignRow>(campaign =>
        {
            campaign.ToTable("fleet_update_campaigns").HasKey(row => new { row.Tenant, row.Id });
            campaign.Property(row => row.Version).IsConcurrencyToken();
        });
        model.Entity<DeviceUpdateRow>(device =>
        {
            device.ToTable("fleet_update_devices").HasKey(row => new { row.Tenant, row.Campaign, row.Device });
            // At most one change per device at a time, whatever the code does.
            device.HasIndex(row => new { row.Tenant, row.Device }).IsUnique().HasFilter("State = 1");
            device.HasIndex(row => new { row.Tenant, row.Campaign, row.State });
        });
    }
}
