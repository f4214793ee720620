using System.Text.Json;
using System.Text.Json.Nodes;

namespace Seamless.EndToEnd.Tests.Rig;

/// <summary>The HTTP API as an outside program uses it.</summary>
public static class Api
{
    public static async Task<JsonNode> GetAsync(this PlatformProcess platform, string path)
    {
        using var response = await platform.Http.GetAsync(path);
        var body = await response.Content.ReadAsStringAsync();
        Assert.True(response.IsSuccessStatusCode, $"GET {path}: {(int)response.StatusCode} {body}");
        return JsonNode.Parse(body)!;
    }

    public static async Task<JsonNode> PostAsync(this PlatformProcess platform, string path, object body)
    {
        using var response = await platform.Http.PostAsync(path, new StringContent(JsonSerializer.Serialize(body), System.Text.Encoding.UTF8, "application/json"));
        var text = await response.Content.ReadAsStringAsync();
        Assert.True(response.IsSuccessStatusCode, $"POST {path}: {(int)response.StatusCode} {text}");
        return text.Length == 0 ? new JsonObject() : JsonNode.Parse(text)!;
    }

    public static async Task<List<JsonNode>> ListAsync(this PlatformProcess platform, string path)
    {
        var items = new List<JsonNode>();
        string? cursor = null;
        do
        {
            var separator = path.Contains('?', StringComparison.Ordinal) ? '&' : '?';
            var page = await platform.GetAsync(cursor is null ? path : $"{path}{separator}cursor={Uri.EscapeDataString(cursor)}");
            items.AddRange(page["items"]!.AsArray().Select(item => item!));
            cursor = (string?)page["next"];
        }
        while (cursor is not null);
        return items;
    }

    /// <summary>Asks again until <paramref name="satisfied"/>; the last answer is in the failure.</summary>
    public static async Task<List<JsonNode>> UntilAsync(this PlatformProcess platform, string path, Func<List<JsonNode>, bool> satisfied, int seconds = 60)
    {
        var deadline = TimeProvider.System.GetTimestamp();
        while (true)
        {
            var items = await platform.ListAsync(path);
            if (satisfied(items)) return items;
            Assert.True(TimeProvider.System.GetElapsedTime(deadline).TotalSeconds < seconds, $"{path} after {seconds} s: {new JsonArray([.. items.Select(i => i.DeepClone())])}\n{platform.Output}");
            await Task.Delay(250);
        }
    }

    public static string Text(this JsonNode node, string property) => (string?)node[property] ?? "";
}
