using System.Text.Json;
using System.Text.Json.Serialization;

namespace Seamless.Learning.Training;

internal static class TrainingJson
{
    public static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web) { WriteIndented = true, Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase) } };
}
