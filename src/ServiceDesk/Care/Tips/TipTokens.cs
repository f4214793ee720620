using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using Seamless.ServiceDesk.Database;
using Seamless.Storage.Operations;

namespace Seamless.ServiceDesk.Care.Tips;

/// <param name="Campaign">By whose tip they come.</param>
internal sealed record TipLink(string Tenant, string Recipient, string Campaign);

/// <summary>Links by which a recipient unsubscribes: they name the recipient and are signed, so that nobody makes or alters one.</summary>
/// <remarks>base64url of tenant, recipient and campaign; a dot; the first 16 bytes of HMAC-SHA256 over them, base64url. Short enough for a text message. The same each time it is made.</remarks>
internal sealed class TipTokens(OperationsDatabase database)
{
    public const string KeyFile = "tips.key";
    private const int TagBytes = 16, MostChars = 400;
    private static readonly byte[] Purpose = "seamless/tips/unsubscribe\n"u8.ToArray();

    private readonly SecretFile _key = new(Path.Combine(database.DataDirectory, KeyFile), "remove it: links in tips sent before stop working");

    public string Of(TipLink link)
    {
        var named = Encoding.UTF8.GetBytes($"{link.Tenant}\n{link.Recipient}\n{link.Campaign}");
        return $"{Base64Url.EncodeToString(named)}.{Base64Url.EncodeToString(TagOf(_key.ReadOrMake(), named))}";
    }

    /// <returns>Null for whatever we did not make.</returns>
    public TipLink? Read(string token)
    {
        if (token.Length > MostChars || token.Split('.') is not [var text, var signature] || _key.Read() is not { } key) return null;
        if (!Base64Url.IsValid(text) || !Base64Url.IsValid(signature)) return null;
        var named = Base64Url.DecodeFromChars(text);
        // Base64 has several spellings of the same bytes: only ours is taken.
        if (Base64Url.EncodeToString(named) != text || !CryptographicOperations.FixedTimeEquals(Base64Url.DecodeFromChars(signature), TagOf(key, named))) return null;
        return Encoding.UTF8.GetString(named).Split('\n') is [var tenant, var recipient, var campaign] ? new TipLink(tenant, recipient, campaign) : null;
    }

    private static byte[] TagOf(byte[] key, byte[] named) => HMACSHA256.HashData(key, (byte[])[.. Purpose, .. named])[..TagBytes];
}
