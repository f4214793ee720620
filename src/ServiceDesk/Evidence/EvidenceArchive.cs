using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;

namespace Seamless.ServiceDesk.Evidence;

/// <summary>The ZIP archive: the files, their manifest, its signature, and the public key for whoever has none yet.</summary>
/// <remarks>
/// The signature is ECDSA P-256 with SHA-256 over the bytes of the manifest, in DER: <c>openssl dgst -sha256 -verify key.pem -signature manifest.sig manifest.json</c> checks it too.
/// </remarks>
public static class EvidenceArchive
{
    public const string Manifest = "manifest.json";
    public const string Signature = "manifest.sig";
    public const string PublicKey = "public-key.pem";

    internal const DSASignatureFormat SignatureFormat = DSASignatureFormat.Rfc3279DerSequence;

    public static ListedFile List(EvidenceFile file) => new(file.Name, file.Content.Length, Convert.ToHexStringLower(SHA256.HashData(file.Content)));

    public static async Task<byte[]> PackAsync(byte[] manifest, IReadOnlyList<EvidenceFile> files, ECDsa key, DateTimeOffset at, CancellationToken ct)
    {
        var memory = new MemoryStream();
        await using (var zip = new ZipArchive(memory, ZipArchiveMode.Create, leaveOpen: true))
        {
            EvidenceFile[] seal =
            [
                new(Manifest, manifest),
                new(Signature, key.SignData(manifest, HashAlgorithmName.SHA256, SignatureFormat)),
                new(PublicKey, Encoding.ASCII.GetBytes(key.ExportSubjectPublicKeyInfoPem() + "\n")),
            ];
            foreach (var file in (EvidenceFile[])[.. seal, .. files])
            {
                var entry = zip.CreateEntry(file.Name, CompressionLevel.Optimal);
                entry.LastWriteTime = at.ToUniversalTime();
                await using var target = await entry.OpenAsync(ct);
                await target.WriteAsync(file.Content, ct);
            }
        }
        return memory.ToArray();
    }
}
