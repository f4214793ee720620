using System.Text.Json;
using System.Text.Json.Serialization;
using Seamless.Telemetry.Payloads;

namespace Seamless.Storage.DeadLetters;

/// <summary>The rejects of a letter as they stand in its row.</summary>
internal static class RejectsJson
{
    private static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web) { Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase) } };

    public static string Write(IReadOnlyList<Reject> rejects) => JsonSerializer.Serialize(rejects, Options);

    public static IReadOnlyList<Reject> Read(string json) => JsonSerializer.Deserialize<List<Reject>>(json, Options) ?? [];
}
