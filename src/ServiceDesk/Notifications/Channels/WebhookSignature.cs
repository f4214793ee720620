using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Seamless.ServiceDesk.Notifications.Channels;

/// <summary>Standard Webhooks, scheme v1: HMAC-SHA256 over <c>id.timestamp.body</c>, base64, one for each secret.</summary>
internal static class WebhookSignature
{
    private const string Prefix = "whsec_";

    /// <returns>Null when it is no secret: whsec_ and the base64 of 24 to 64 bytes.</returns>
    public static byte[]? KeyOf(string secret)
    {
        if (!secret.StartsWith(Prefix, StringComparison.Ordinal)) return null;
        var key = new byte[secret.Length];
        return Convert.TryFromBase64String(secret[Prefix.Length..], key, out var length) && length is >= 24 and <= 64 ? key[..length] : null;
    }

    public static string Of(byte[] key, string id, DateTimeOffset at, ReadOnlySpan<byte> body)
    {
        using var hmac = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, key);
        hmac.AppendData(Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{id}.{at.ToUnixTimeSeconds()}.")));
        hmac.AppendData(body);
        return $"v1,{Convert.ToBase64String(hmac.GetHashAndReset())}";
    }

    /// <summary>The three headers. While a secret is changed the receiver may know either: both sign.</summary>
    public static IReadOnlyList<(string Name, string Value)> Headers(IEnumerable<byte[]> keys, string id, DateTimeOffset at, byte[] body) =>
    [
        ("webhook-id", id),
        ("webhook-timestamp", at.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture)),
        ("webhook-signature", string.Join(' ', keys.Select(key => Of(key, id, at, body)))),
    ];
}
