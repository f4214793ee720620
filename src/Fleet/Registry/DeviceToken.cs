using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace Seamless.Fleet.Registry;

/// <summary>What a device shows at the door: <c>sd_</c> and 32 random bytes in base64url. Only a salted hash of it is kept.</summary>
/// <remarks>One round of SHA-256 is enough here: the secret is 256 random bits, not a password that someone could guess.</remarks>
internal static class DeviceToken
{
    public const string Prefix = "sd_";

    private const int SecretBytes = 32;
    private const int SaltBytes = 16;

    public static string Create() => Prefix + Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(SecretBytes));

    public static (byte[] Salt, byte[] Hash) Protect(string token)
    {
        var salt = RandomNumberGenerator.GetBytes(SaltBytes);
        return (salt, Hash(salt, token));
    }

    /// <summary>In the same time whether the first or the last byte differs.</summary>
    public static bool Matches(string token, byte[] salt, byte[] hash) =>
        CryptographicOperations.FixedTimeEquals(Hash(salt, token), hash);

    /// <summary>By what a token is found when it comes without a name. It tells as little about the token as the hash does.</summary>
    public static byte[] LookupOf(string token) => SHA256.HashData([.. "lookup\0"u8, .. Encoding.UTF8.GetBytes(token)])[..SaltBytes];

    private static byte[] Hash(byte[] salt, string token) => SHA256.HashData([.. salt, .. Encoding.UTF8.GetBytes(token)]);
}
