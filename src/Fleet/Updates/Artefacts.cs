using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Seamless.Fleet.Database;
using Seamless.Telemetry;
using Seamless.Telemetry.Updates;

namespace Seamless.Fleet.Updates;

/// <summary>Releases in the table, their payloads as files named by their hash.</summary>
internal sealed class Artefacts(IDbContextFactory<FleetDatabase> databases, KeyRing keys, TimeProvider time, string folder)
{
    private const int BlockBytes = 128 << 10;
    private const string HowTo = "sign it with: seamless update sign";

    public string FileOf(Artefact artefact) => Path.Combine(folder, $"{artefact.Manifest.Sha256}.payload");

    public async Task<Artefact?> FindAsync(string tenant, string id, CancellationToken ct)
    {
        await using var database = await databases.CreateDbContextAsync(ct);
        return (await database.Artefacts.AsNoTracking().FirstOrDefaultAsync(a => a.Tenant == tenant && a.Id == id, ct))?.ToArtefact();
    }

    public async Task<IReadOnlyList<Artefact>> ListAsync(string tenant, CancellationToken ct)
    {
        await using var database = await databases.CreateDbContextAsync(ct);
        var rows = await database.Artefacts.AsNoTracking().Where(a => a.Tenant == tenant).OrderByDescending(a => a.UploadedAt).ThenBy(a => a.Id).ToListAsync(ct);
        return [.. rows.Select(row => row.ToArtefact())];
    }

    public async Task<Outcome<Artefact>> AddAsync(string tenant, SignedDocument release, Stream payload, string actor, CancellationToken ct)
    {
        var manifest = Check(tenant, release);
        if (!manifest.Succeeded) return manifest.Refusal;
        if (await FindAsync(tenant, release.Hash, ct) is { } known) return known;
        if (await NewestAsync(tenant, manifest.Value.Name, ct) is { } newest && manifest.Value.ReleaseCounter <= newest)
            return Refusal.Conflict($"releaseCounter {manifest.Value.ReleaseCounter} is not above {newest}, which {manifest.Value.Name} has had; devices would refuse it");
        var artefact = new Artefact(tenant, release.Hash, manifest.Value, time.GetUtcNow(), actor);
        if (await ReceiveAsync(artefact, payload, ct) is { } wrong) return wrong;
        await using var database = await databases.CreateDbContextAsync(ct);
        database.Artefacts.Add(new ArtefactRow
        {
            Tenant = tenant, Id = artefact.Id, Name = manifest.Value.Name, ReleaseCounter = manifest.Value.ReleaseCounter, UploadedAt = artefact.UploadedAt, UploadedBy = actor,
            DocumentJson = JsonSerializer.Serialize(release, UpdateJson.Default.SignedDocument),
        });
        try
        {
            await database.SaveChangesAsync(ct);
        }
        catch (DbUpdateException)
        {
            return await FindAsync(tenant, release.Hash, ct) is { } faster ? faster : Refusal.Conflict($"{manifest.Value.Name} has had releaseCounter {manifest.Value.ReleaseCounter}");
        }
        return artefact;
    }

    private Outcome<ReleaseManifest> Check(string tenant, SignedDocument release)
    {
        if (keys.Trusted(tenant) is not { } trusted) return Refusal.Because("nobody is trusted to release yet; make and upload the trusted keys first: seamless update trust");
        if (release.Signatures.Count == 0) return Refusal.Invalid($"the release is not signed; {HowTo}");
        if (!trusted.HasRelease(release, ReleaseManifest.Type))
            return Refusal.Because($"the release is not signed by {trusted.ReleaseThreshold} of the {trusted.Release.Count} trusted release keys, or was changed after it was signed; {HowTo}");
        var manifest = UpdateDocuments.Read(release, ReleaseManifest.Type, UpdateJson.Default.ReleaseManifest);
        if (!manifest.Succeeded) return Refusal.Invalid($"the release: {manifest.Refusal.Reason}");
        if (manifest.Value.WhatIsWrong() is { } wrong) return Refusal.Invalid($"the release: {wrong}");
        return manifest.Value.Expires <= time.GetUtcNow() ? Refusal.Invalid($"the release expired {manifest.Value.Expires:O}") : manifest;
    }

    private async Task<long?> NewestAsync(string tenant, string name, CancellationToken ct)
    {
        await using var database = await databases.CreateDbContextAsync(ct);
        return await database.Artefacts.Where(a => a.Tenant == tenant && a.Name == name).MaxAsync(a => (long?)a.ReleaseCounter, ct);
    }

    /// <summary>Reads no more than the release says; the file is there only when it is whole and right.</summary>
    private async Task<Refusal?> ReceiveAsync(Artefact artefact, Stream payload, CancellationToken ct)
    {
        Directory.CreateDirectory(folder);
        var fresh = Path.Combine(folder, $"{Guid.CreateVersion7():N}.new");
        try
        {
            using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
            var total = 0L;
            await using (var file = new FileStream(fresh, FileMode.CreateNew, FileAccess.Write))
            {
                var block = new byte[BlockBytes];
                while (await payload.ReadAsync(block, ct) is > 0 and var read)
                {
                    if ((total += read) > artefact.Manifest.Size) return Refusal.Invalid($"the payload is larger than the {artefact.Manifest.Size} bytes that were signed");
                    hash.AppendData(block, 0, read);
                    await file.WriteAsync(block.AsMemory(0, read), ct);
                }
                file.Flush(flushToDisk: true);
            }
            if (total < artefact.Manifest.Size) return Refusal.Invalid($"the payload has {total} bytes of the {artefact.Manifest.Size} that were signed");
            if (Convert.ToHexStringLower(hash.GetHashAndReset()) != artefact.Manifest.Sha256) return Refusal.Invalid("the payload is not the one that was signed: its SHA-256 differs");
            File.Move(fresh, FileOf(artefact), overwrite: true);
            return null;
        }
        finally
        {
            File.Delete(fresh);
        }
    }
}
