using Seamless.Telemetry;
using Seamless.Telemetry.Updates;

namespace Seamless.Fleet.Updates;

/// <summary>Releases, and how they reach the fleet.</summary>
public interface IUpdates
{
    /// <summary>Takes the document of who may release and assign: the first as it is, each next one as the one after, signed by old and new release keys.</summary>
    Task<Outcome<TrustedKeys>> TrustAsync(string tenant, SignedDocument document, string actor, CancellationToken ct);

    /// <summary>The newest document; null before the first.</summary>
    SignedDocument? TrustedKeysOf(string tenant);

    /// <summary>The platform's public key of the director role, made when first asked for.</summary>
    byte[] DirectorKey { get; }

    /// <summary>Takes a release whose signature and payload are in order. The same again is the same artefact.</summary>
    Task<Outcome<Artefact>> PublishAsync(string tenant, SignedDocument release, Stream payload, string actor, CancellationToken ct);
    Task<IReadOnlyList<Artefact>> ListArtefactsAsync(string tenant, CancellationToken ct);

    /// <summary>The payload's file for a device that has just been offered it; null for every other device and release.</summary>
    Task<string?> FindPayloadAsync(DeviceKey device, string artefact, CancellationToken ct);

    /// <summary>The payload's file, whoever asks: who may have it is for the caller to say. Null when there is no such artefact.</summary>
    Task<string?> FileOfAsync(string tenant, string artefact, CancellationToken ct);

    /// <summary>A draft. Asked for again with the same content it is the same.</summary>
    Task<Outcome<Campaign>> CreateAsync(string tenant, CampaignDefinition definition, string actor, CancellationToken ct);
    Task<Campaign?> FindAsync(string tenant, string id, CancellationToken ct);
    Task<IReadOnlyList<Campaign>> ListAsync(string tenant, CancellationToken ct);
    Task<IReadOnlyList<DeviceUpdate>> ListDevicesAsync(string tenant, string campaign, string? after, int limit, CancellationToken ct);

    /// <summary>Plans the waves and begins with the first.</summary>
    Task<Outcome<Campaign>> StartAsync(string tenant, string id, string actor, CancellationToken ct);

    /// <summary>No more offers; what is under way goes on.</summary>
    Task<Outcome<Campaign>> PauseAsync(string tenant, string id, string actor, CancellationToken ct);

    /// <summary>Goes on; a wave that was judged not to pass is let pass.</summary>
    Task<Outcome<Campaign>> ResumeAsync(string tenant, string id, string actor, CancellationToken ct);

    /// <summary>For good. Devices that do not install yet are told to let go.</summary>
    Task<Outcome<Campaign>> AbortAsync(string tenant, string id, string actor, CancellationToken ct);

    Task<IReadOnlyList<VersionCount>> ListVersionsAsync(string tenant, CancellationToken ct);

    /// <summary>Takes over what devices reported, judges waves, sends offers. Beaten once a second.</summary>
    Task AdvanceAsync(DateTimeOffset now, CancellationToken ct);
}
