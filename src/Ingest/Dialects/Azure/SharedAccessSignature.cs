using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Seamless.Telemetry;

namespace Seamless.Ingest.Dialects.Azure;

/// <summary>A token that its bearer has signed himself: <c>SharedAccessSignature sr={resource}&amp;sig={signature}&amp;se={expiry}[&amp;skn={policy}]</c>.</summary>
/// <param name="Resource">Decoded.</param>
internal sealed record SharedAccessSignature(string Resource, DateTimeOffset ExpiresAt, byte[] Signature, string Signed)
{
    private const string Scheme = "SharedAccessSignature ";
    private const int MaxLength = 4096;

    public static Outcome<SharedAccessSignature> Parse(string token)
    {
        if (!token.StartsWith(Scheme, StringComparison.Ordinal) || token.Length > MaxLength) return Refusal.Invalid("the password is no shared access signature");
        var fields = token[Scheme.Length..].Split('&').Select(field => field.Split('=', 2)).Where(pair => pair.Length == 2)
            .GroupBy(pair => pair[0], StringComparer.Ordinal).ToDictionary(same => same.Key, same => same.First()[1], StringComparer.Ordinal);
        if (!fields.TryGetValue("sr", out var resource) || !fields.TryGetValue("sig", out var signature) || !fields.TryGetValue("se", out var expiry))
            return Refusal.Invalid("the shared access signature lacks sr, sig or se");
        if (!long.TryParse(expiry, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds) || seconds > DateTimeOffset.MaxValue.ToUnixTimeSeconds())
            return Refusal.Invalid("se of the shared access signature is not a time in seconds since 1970");
        var bytes = new byte[64];
        if (!Convert.TryFromBase64String(Uri.UnescapeDataString(signature), bytes, out var length)) return Refusal.Invalid("sig of the shared access signature is not Base64");
        return new SharedAccessSignature(Uri.UnescapeDataString(resource), DateTimeOffset.FromUnixTimeSeconds(seconds), bytes[..length], $"{resource}\n{expiry}");
    }

    /// <summary>Whether the token is for <paramref name="resource"/> or for something that contains it, whole segments only: <c>hub/devices/pump-1</c> does not contain <c>hub/devices/pump-10</c>.</summary>
    public bool Covers(string resource) =>
        resource.StartsWith(Resource, StringComparison.OrdinalIgnoreCase) && Resource.Length > 0 && (resource.Length == Resource.Length || resource[Resource.Length] == '/');

    /// <summary>In the same time whichever byte differs.</summary>
    public bool IsSignedWith(byte[] key) => CryptographicOperations.FixedTimeEquals(HMACSHA256.HashData(key, Encoding.UTF8.GetBytes(Signed)), Signature);
}
