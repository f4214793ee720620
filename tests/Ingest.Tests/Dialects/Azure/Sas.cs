using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Seamless.Ingest.Tests.Dialects.Azure;

/// <summary>Signs as the device SDKs do.</summary>
internal static class Sas
{
    public static readonly DateTimeOffset FarAhead = new(2050, 1, 1, 0, 0, 0, TimeSpan.Zero);

    public static string Of(string resource, string keyBase64, DateTimeOffset? until = null)
    {
        var sr = Uri.EscapeDataString(resource);
        var se = (until ?? FarAhead).ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
        var signature = HMACSHA256.HashData(Convert.FromBase64String(keyBase64), Encoding.UTF8.GetBytes($"{sr}\n{se}"));
        return $"SharedAccessSignature sr={sr}&sig={Uri.EscapeDataString(Convert.ToBase64String(signature))}&se={se}";
    }
}
