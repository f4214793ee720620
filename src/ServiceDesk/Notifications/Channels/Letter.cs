using System.Text.Encodings.Web;
using System.Text.Json;

namespace Seamless.ServiceDesk.Notifications.Channels;

/// <summary>A message in the form of its channel: exactly what goes over the wire.</summary>
internal sealed record Letter(Uri Url, byte[] Body, params IReadOnlyList<(string Name, string Value)> Headers)
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static byte[] JsonOf(object body) => JsonSerializer.SerializeToUtf8Bytes(body, Json);

    public override string ToString() => "(letter)";   // its address may be a secret
}
