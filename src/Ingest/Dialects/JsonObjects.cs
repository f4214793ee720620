using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Seamless.Ingest.Dialects;

/// <summary>JSON objects as twins and attributes use them: merged key by key, <c>null</c> deletes (RFC 7396).</summary>
internal static class JsonObjects
{
    // A name that stands twice would mean one thing here and another elsewhere.
    private static readonly JsonDocumentOptions Strict = new() { MaxDepth = 32, AllowDuplicateProperties = false };

    /// <summary>Null with the fault when it is not one JSON object.</summary>
    public static JsonObject? Parse(ReadOnlySpan<byte> utf8, out string fault)
    {
        try
        {
            if (JsonNode.Parse(utf8, documentOptions: Strict) is JsonObject parsed)
            {
                fault = "";
                return parsed;
            }
            fault = "a JSON object is wanted";
        }
        catch (JsonException notJson)
        {
            fault = notJson.Message;
        }
        return null;
    }

    /// <summary>For what the platform itself has stored.</summary>
    public static JsonObject Parse(string stored) => JsonNode.Parse(stored)!.AsObject();

    public static byte[] ToUtf8(this JsonNode node) => Encoding.UTF8.GetBytes(node.ToJsonString());

    /// <summary>Changes <paramref name="target"/> as <paramref name="patch"/> says.</summary>
    public static void Merge(JsonObject target, JsonObject patch)
    {
        foreach (var (name, value) in patch)
        {
            if (value is null) target.Remove(name);
            else if (value is not JsonObject inner) target[name] = value.DeepClone();
            else
            {
                if (target[name] is not JsonObject existing) target[name] = existing = [];
                Merge(existing, inner);
            }
        }
    }

    /// <summary>The patch that makes <paramref name="after"/> out of <paramref name="before"/>.</summary>
    public static JsonObject Difference(JsonObject before, JsonObject after)
    {
        var patch = new JsonObject();
        foreach (var (name, _) in before)
            if (!after.ContainsKey(name)) patch[name] = null;
        foreach (var (name, value) in after)
        {
            if (before.TryGetPropertyValue(name, out var old) && JsonNode.DeepEquals(old, value)) continue;
            patch[name] = old is JsonObject oldObject && value is JsonObject newObject ? Difference(oldObject, newObject) : value?.DeepClone();
        }
        return patch;
    }
}
