namespace Seamless.Ingest.Dialects.Azure;

internal enum AzureTopicKind { Unknown, Events, TwinGet, TwinReported, MethodAnswer }

/// <summary>A topic of the device side of a hub, taken apart.</summary>
/// <param name="Device">For events, whose: a module's as <c>device:module</c>.</param>
/// <param name="Bag">Events: the message's properties as they stand in the topic. Otherwise: the query, with <c>$rid</c>.</param>
/// <param name="Status">The status of a method's answer, as sent.</param>
internal readonly record struct AzureTopic(AzureTopicKind Kind, string Device, string Bag, string Status = "")
{
    private const string TwinGet = "$iothub/twin/GET/?";
    private const string TwinReported = "$iothub/twin/PATCH/properties/reported/?";
    private const string MethodAnswer = "$iothub/methods/res/";

    public static bool IsOurs(string topic) => topic.StartsWith("devices/", StringComparison.Ordinal) || topic.StartsWith("$iothub/", StringComparison.Ordinal);

    public static AzureTopic Parse(string topic)
    {
        if (topic.StartsWith(TwinGet, StringComparison.Ordinal)) return new AzureTopic(AzureTopicKind.TwinGet, "", topic[TwinGet.Length..]);
        if (topic.StartsWith(TwinReported, StringComparison.Ordinal)) return new AzureTopic(AzureTopicKind.TwinReported, "", topic[TwinReported.Length..]);
        if (topic.StartsWith(MethodAnswer, StringComparison.Ordinal)) return Answer(topic[MethodAnswer.Length..]);
        var (device, rest) = DeviceOf(topic);
        return rest is "messages/events" || rest.StartsWith("messages/events/", StringComparison.Ordinal)
            ? new AzureTopic(AzureTopicKind.Events, device, rest["messages/events".Length..].TrimStart('/'))
            : default;
    }

    /// <summary>Splits <c>devices/{device}[/modules/{module}]/{rest}</c>; both empty for any other topic.</summary>
    public static (string Device, string Remainder) DeviceOf(string topic)
    {
        var parts = topic.Split('/', 3);
        if (parts.Length < 3 || parts[0] != "devices") return ("", "");
        var device = Uri.UnescapeDataString(parts[1]);
        var inner = parts[2].Split('/', 3);
        return inner is ["modules", var module, var rest] ? ($"{device}:{Uri.UnescapeDataString(module)}", rest) : (device, parts[2]);
    }

    public static string TwinAnswer(int status, string rid) => $"$iothub/twin/res/{status}/?$rid={rid}";
    public static string TwinAnswer(int status, string rid, long version) => $"$iothub/twin/res/{status}/?$rid={rid}&$version={version}";
    public static string Desired(long version) => $"$iothub/twin/PATCH/properties/desired/?$version={version}";
    public static string Method(string name, string rid) => $"$iothub/methods/POST/{name}/?$rid={rid}";

    private static AzureTopic Answer(string rest)
    {
        var parts = rest.Split('/', 2);
        return parts is [var status, ['?', .. var query]] ? new AzureTopic(AzureTopicKind.MethodAnswer, "", query, status) : default;
    }
}
