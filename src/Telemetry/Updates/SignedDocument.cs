using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Serialization;

namespace Seamless.Telemetry.Updates;

/// <param name="Key">Id of the key that signed; see <see cref="SignedDocument.KeyId(byte[])"/>.</param>
/// <param name="Value">ECDSA P-256 with SHA-256, r and s of 32 bytes each (IEEE P1363).</param>
public sealed record DocumentSignature(string Key, byte[] Value);

/// <summary>Bytes that somebody answers for. The bytes themselves are signed, not what a reader makes of them.</summary>
/// <param name="Type">What the bytes are; it is signed with them, so that no document passes for one of another type.</param>
public sealed record SignedDocument(string Type, byte[] Payload, IReadOnlyList<DocumentSignature> Signatures)
{
    /// <summary>More than any document of ours needs.</summary>
    public const int MostBytes = 64 << 10;
    private const int MostSignatures = 16;

    /// <summary>Names the document by its content: SHA-256 of the payload, lower-case hex.</summary>
    [JsonIgnore]
    public string Hash => Convert.ToHexStringLower(SHA256.HashData(Payload));

    public static SignedDocument Create(string type, byte[] payload, params ReadOnlySpan<ECDsa> signers)
    {
        var document = new SignedDocument(type, payload, []);
        foreach (var signer in signers) document = document.SignedBy(signer);
        return document;
    }

    public SignedDocument SignedBy(ECDsa key) =>
        this with { Signatures = [.. Signatures, new DocumentSignature(KeyId(key), key.SignData(Said(), HashAlgorithmName.SHA256))] };

    /// <summary>How many different keys of <paramref name="trusted"/> have signed it.</summary>
    /// <param name="trusted">Public keys as SubjectPublicKeyInfo.</param>
    public int CountSigners(string type, IEnumerable<byte[]> trusted)
    {
        if (Type != type || Payload.Length > MostBytes || Signatures.Count > MostSignatures) return 0;
        var said = Said();
        return trusted.DistinctBy(KeyId).Count(key => IsSignedBy(key, said));
    }

    /// <summary>16 hex digits of SHA-256 over the SubjectPublicKeyInfo.</summary>
    public static string KeyId(byte[] publicKey) => Convert.ToHexStringLower(SHA256.HashData(publicKey).AsSpan(0, 8));
    public static string KeyId(ECDsa key) => KeyId(key.ExportSubjectPublicKeyInfo());

    private bool IsSignedBy(byte[] publicKey, byte[] said)
    {
        var id = KeyId(publicKey);
        using var key = ECDsa.Create();
        try
        {
            key.ImportSubjectPublicKeyInfo(publicKey, out _);
        }
        catch (CryptographicException)
        {
            return false;
        }
        return key.KeySize == 256 && Signatures.Any(signature => signature.Key == id && key.VerifyData(said, signature.Value, HashAlgorithmName.SHA256));
    }

    private byte[] Said() => [.. Encoding.UTF8.GetBytes($"seamless-update-1 {Type} {Payload.Length}\n"), .. Payload];
}
