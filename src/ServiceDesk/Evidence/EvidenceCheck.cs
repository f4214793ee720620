using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Seamless.Telemetry.Updates;

namespace Seamless.ServiceDesk.Evidence;

/// <param name="Problems">In words, each about one thing; empty when the bundle is whole.</param>
/// <param name="KeyId">Of the key that the signature was checked with.</param>
/// <param name="KeyWasGiven">False when the enclosed key had to do: then whoever asks must compare its id with the platform's.</param>
public sealed record EvidenceFinding(IReadOnlyList<string> Problems, EvidenceManifest? Manifest, string? KeyId, bool KeyWasGiven)
{
    public bool Whole => Problems.Count == 0;
}

/// <summary>Says whether a bundle is what the platform signed, from the file alone: no platform, no network.</summary>
public static class EvidenceCheck
{
    private const long MostManifestBytes = 1 << 20;
    private static readonly string[] Seal = [EvidenceArchive.Manifest, EvidenceArchive.Signature, EvidenceArchive.PublicKey];

    /// <param name="archive">Seekable.</param>
    /// <param name="publicKey">SubjectPublicKeyInfo, known from elsewhere; null to take the one in the bundle.</param>
    public static EvidenceFinding Verify(Stream archive, byte[]? publicKey)
    {
        var problems = new List<string>();
        try
        {
            using var zip = new ZipArchive(archive, ZipArchiveMode.Read, leaveOpen: true);
            var entries = zip.Entries.ToLookup(entry => entry.FullName, StringComparer.Ordinal);
            problems.AddRange(entries.Where(entry => entry.Count() > 1).Select(entry => $"{entry.Key} is there {entry.Count()} times"));
            var missing = Seal.Take(2).Where(name => !entries.Contains(name)).ToList();
            if (missing.Count > 0) return new EvidenceFinding([.. problems, .. missing.Select(name => $"{name} is missing: this is no bundle of evidence, or its seal was taken away")], null, null, publicKey is not null);

            var bytes = ReadSmall(entries[EvidenceArchive.Manifest].First());
            var key = publicKey ?? EnclosedKey(entries[EvidenceArchive.PublicKey].FirstOrDefault(), problems);
            var manifest = ReadManifest(bytes, problems);
            if (key is not null) CheckSignature(bytes, ReadSmall(entries[EvidenceArchive.Signature].First()), key, manifest, problems);
            if (manifest is not null) CheckFiles(entries, manifest, problems);
            return new EvidenceFinding(problems, manifest, key is null ? null : SignedDocument.KeyId(key), publicKey is not null);
        }
        catch (Exception damaged) when (damaged is InvalidDataException or EndOfStreamException)
        {
            return new EvidenceFinding([.. problems, $"the file is cut short or damaged, it cannot be read as an archive ({damaged.Message})"], null, null, publicKey is not null);
        }
    }

    /// <returns>Null when the text is no public key on P-256.</returns>
    public static byte[]? ReadPublicKey(string pem)
    {
        using var key = ECDsa.Create();
        try
        {
            key.ImportFromPem(pem);
            return key.KeySize == 256 ? key.ExportSubjectPublicKeyInfo() : null;
        }
        catch (Exception wrong) when (wrong is ArgumentException or CryptographicException)
        {
            return null;
        }
    }

    private static byte[]? EnclosedKey(ZipArchiveEntry? entry, List<string> problems)
    {
        if (entry is not null && ReadPublicKey(Encoding.ASCII.GetString(ReadSmall(entry))) is { } key) return key;
        problems.Add($"{EvidenceArchive.PublicKey} is {(entry is null ? "missing" : "no public key")}; give the platform's key with --key");
        return null;
    }

    private static EvidenceManifest? ReadManifest(byte[] bytes, List<string> problems)
    {
        try
        {
            if (JsonSerializer.Deserialize<EvidenceManifest>(bytes, JsonSerializerOptions.Web) is { Files: not null, KeyId: not null } manifest && manifest.Files.All(file => file is { Name: not null, Sha256: not null }))
            {
                if (manifest.Format == EvidenceManifest.CurrentFormat) return manifest;
                problems.Add($"the manifest has the format '{manifest.Format}'; {EvidenceManifest.CurrentFormat} is known here");
                return null;
            }
        }
        catch (JsonException)
        {
            // said below, as for a manifest that lacks what it must have
        }
        problems.Add($"{EvidenceArchive.Manifest} cannot be read as a manifest");
        return null;
    }

    private static void CheckSignature(byte[] manifest, byte[] signature, byte[] publicKey, EvidenceManifest? read, List<string> problems)
    {
        var id = SignedDocument.KeyId(publicKey);
        if (read is not null && read.KeyId != id)
        {
            problems.Add($"it says that key {read.KeyId} signed it; the key to check with is {id}");
            return;
        }
        using var key = ECDsa.Create();
        key.ImportSubjectPublicKeyInfo(publicKey, out _);
        if (!key.VerifyData(manifest, signature, HashAlgorithmName.SHA256, EvidenceArchive.SignatureFormat))
            problems.Add($"{EvidenceArchive.Manifest} is not what key {id} signed: it or its signature was altered");
    }

    private static void CheckFiles(ILookup<string, ZipArchiveEntry> entries, EvidenceManifest manifest, List<string> problems)
    {
        foreach (var listed in manifest.Files)
        {
            if (entries[listed.Name].FirstOrDefault() is not { } entry) problems.Add($"{listed.Name} is missing");
            else if (HashOf(entry, listed.Bytes) != listed.Sha256) problems.Add($"{listed.Name} was altered");
        }
        var known = manifest.Files.Select(file => file.Name).Concat(Seal).ToHashSet(StringComparer.Ordinal);
        problems.AddRange(entries.Select(entry => entry.Key).Where(name => !known.Contains(name)).Order(StringComparer.Ordinal).Select(name => $"{name} was added: the manifest does not list it"));
    }

    /// <summary>Reads no further than the file may be long: an archive may unpack to any length.</summary>
    private static string HashOf(ZipArchiveEntry entry, long bytes)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        using var stream = entry.Open();
        var buffer = new byte[64 << 10];
        var left = bytes;
        for (int read; (read = stream.Read(buffer)) > 0; left -= read)
        {
            if (read > left) return "";
            hash.AppendData(buffer, 0, read);
        }
        return left == 0 ? Convert.ToHexStringLower(hash.GetHashAndReset()) : "";
    }

    private static byte[] ReadSmall(ZipArchiveEntry entry)
    {
        using var stream = entry.Open();
        var memory = new MemoryStream();
        var buffer = new byte[16 << 10];
        for (int read; (read = stream.Read(buffer)) > 0;)
        {
            if (memory.Length + read > MostManifestBytes) throw new InvalidDataException($"{entry.FullName} is longer than {MostManifestBytes} bytes");
            memory.Write(buffer, 0, read);
        }
        return memory.ToArray();
    }
}
