using System.Text.Json;

namespace Seamless.ServiceDesk.Knowledge.Context;

/// <summary>Which version a device runs, by what it reports of itself.</summary>
internal static class Firmware
{
    /// <param name="reportedJson">The reported side of its shadow: <c>firmware</c>, or the section <c>update</c> that our agent keeps there.</param>
    /// <param name="agentVersion">What it said when it came online.</param>
    public static string? Of(string reportedJson, string? agentVersion)
    {
        using var reported = JsonDocument.Parse(reportedJson);
        if (reported.RootElement.ValueKind is not JsonValueKind.Object) return agentVersion;
        if (Text(reported.RootElement, "firmware") is { } firmware) return firmware;
        return reported.RootElement.TryGetProperty("update", out var update) && update.ValueKind is JsonValueKind.Object ? Text(update, "version") ?? agentVersion : agentVersion;
    }

    private static string? Text(JsonElement element, string name) =>
        element.TryGetProperty(name, out var value) && value.ValueKind is JsonValueKind.String && value.GetString() is { Length: > 0 } text ? text : null;
}
