using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Seamless.ServiceDesk.Database;
using Seamless.Storage.Operations;

namespace Seamless.ServiceDesk.Notifications.Recipients;

/// <summary>Where a message really goes. Never logged, never shown: a robot's address is its secret.</summary>
internal sealed record Destination(string Address, IReadOnlyList<string> Secrets)
{
    public override string ToString() => "(destination)";
}

/// <summary>Keeps addresses and secrets encrypted in the database, with a key that lies beside it in a file of its own.</summary>
/// <remarks>AES-256-GCM: version (1 byte), nonce (12), tag (16), text; base64. Tenant and recipient are authenticated with it, so that no row can take over another's address.
/// Whoever has the database alone (a copy, a query) has no address; whoever has the whole data directory has.</remarks>
internal sealed class AddressVault(OperationsDatabase database)
{
    public const string KeyFile = "notifications.key";
    private const byte Version = 1;
    private const int NonceBytes = 12, TagBytes = 16;

    private readonly SecretFile _key = new(Path.Combine(database.DataDirectory, KeyFile), "remove it and enter the recipients' addresses anew");

    public string Seal(string tenant, string recipient, Destination destination)
    {
        var plain = JsonSerializer.SerializeToUtf8Bytes(destination);
        var whole = new byte[1 + NonceBytes + TagBytes + plain.Length];
        whole[0] = Version;
        var nonce = whole.AsSpan(1, NonceBytes);
        RandomNumberGenerator.Fill(nonce);
        using var aes = new AesGcm(_key.ReadOrMake(), TagBytes);
        aes.Encrypt(nonce, plain, whole.AsSpan(1 + NonceBytes + TagBytes), whole.AsSpan(1 + NonceBytes, TagBytes), Bound(tenant, recipient));
        return Convert.ToBase64String(whole);
    }

    /// <returns>Null when the key is not the one it was sealed with, or the text was changed.</returns>
    public Destination? Open(string tenant, string recipient, string text)
    {
        var whole = new byte[text.Length];
        if (!Convert.TryFromBase64String(text, whole, out var length) || length < 1 + NonceBytes + TagBytes || whole[0] != Version || _key.Read() is not { } key) return null;
        var plain = new byte[length - 1 - NonceBytes - TagBytes];
        try
        {
            using var aes = new AesGcm(key, TagBytes);
            aes.Decrypt(whole.AsSpan(1, NonceBytes), whole.AsSpan(1 + NonceBytes + TagBytes, plain.Length), whole.AsSpan(1 + NonceBytes, TagBytes), plain, Bound(tenant, recipient));
            return JsonSerializer.Deserialize<Destination>(plain);
        }
        catch (CryptographicException)
        {
            return null;
        }
    }

    private static byte[] Bound(string tenant, string recipient) => Encoding.UTF8.GetBytes($"{tenant}\n{recipient}");
}
