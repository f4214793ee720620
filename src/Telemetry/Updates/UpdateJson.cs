using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace Seamless.Telemetry.Updates;

/// <summary>The documents of updates as JSON; without reflection, the agent is compiled ahead of time.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    RespectRequiredConstructorParameters = true, RespectNullableAnnotations = true)]
[JsonSerializable(typeof(SignedDocument))]
[JsonSerializable(typeof(ReleaseManifest))]
[JsonSerializable(typeof(UpdateAssignment))]
[JsonSerializable(typeof(TrustedKeys))]
[JsonSerializable(typeof(UpdateOffer))]
[JsonSerializable(typeof(ReportedShadow))]
[JsonSerializable(typeof(ReportedState))]
public sealed partial class UpdateJson : JsonSerializerContext;

/// <summary>Values as the bytes that are signed, and back.</summary>
public static class UpdateDocuments
{
    public static SignedDocument Sign<T>(string type, T value, JsonTypeInfo<T> shape, params ReadOnlySpan<System.Security.Cryptography.ECDsa> signers) =>
        SignedDocument.Create(type, JsonSerializer.SerializeToUtf8Bytes(value, shape), signers);

    /// <summary>What the signed bytes say. Verify the signatures first.</summary>
    public static Outcome<T> Read<T>(SignedDocument document, string type, JsonTypeInfo<T> shape) where T : class =>
        document.Type != type ? Refusal.Invalid($"it is a document of type '{document.Type}' where '{type}' was expected") : Read(document.Payload, shape);

    public static Outcome<T> Read<T>(ReadOnlySpan<byte> json, JsonTypeInfo<T> shape) where T : class
    {
        try
        {
            return JsonSerializer.Deserialize(json, shape) is { } value ? value : Refusal.Invalid("it is null where a document was expected");
        }
        catch (JsonException unreadable)
        {
            return Refusal.Invalid($"it cannot be read: {unreadable.Message}");
        }
    }
}
