using System.Net;
using System.Security.Cryptography;
using System.Text;
using Seamless.Telemetry;

namespace Seamless.Ingest.Hubs;

/// <summary>A connection string of Azure, <c>Key=Value;Key=Value</c>, whose values may hold equals signs.</summary>
internal static class ConnectionStrings
{
    public static Outcome<IReadOnlyDictionary<string, string>> Parse(string text, params string[] required)
    {
        var parts = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (var part in text.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            var at = part.IndexOf('=', StringComparison.Ordinal);
            if (at <= 0) return Refusal.Invalid($"the connection string has a part without a name (part {parts.Count + 1})");   // not the part itself: it may be the key
            parts[part[..at]] = part[(at + 1)..];
        }
        var missing = required.Where(name => !parts.TryGetValue(name, out var value) || value.Length == 0).ToList();
        return missing.Count > 0 ? Refusal.Invalid($"the connection string lacks {string.Join(", ", missing)}") : parts;
    }
}

/// <summary>Who we are at the hub's service endpoint: <c>HostName=…;SharedAccessKeyName=…;SharedAccessKey=…</c>.</summary>
/// <param name="Key">Base64, as the hub shows it.</param>
public sealed record HubConnection(string HostName, string Policy, string Key)
{
    public static Outcome<HubConnection> Parse(string text)
    {
        var parts = ConnectionStrings.Parse(text, "HostName", "SharedAccessKeyName", "SharedAccessKey");
        if (!parts.Succeeded) return parts.Refusal;
        var connection = new HubConnection(parts.Value["HostName"], parts.Value["SharedAccessKeyName"], parts.Value["SharedAccessKey"]);
        return Convert.TryFromBase64String(connection.Key, new byte[connection.Key.Length], out _) ? connection : Refusal.Invalid("the hub's SharedAccessKey is not Base64");
    }

    /// <summary>Keys do not belong into logs.</summary>
    public override string ToString() => $"{Policy}@{HostName}";
}

/// <summary>Where telemetry is read: <c>Endpoint=sb://…/;SharedAccessKeyName=…;SharedAccessKey=…;EntityPath=…</c>.</summary>
public sealed record EventHubConnection(string Host, int Port, bool IsSecure, string Policy, string Key, string Entity)
{
    private const int AmqpsPort = 5671;

    public static Outcome<EventHubConnection> Parse(string text)
    {
        var parts = ConnectionStrings.Parse(text, "Endpoint", "SharedAccessKeyName", "SharedAccessKey", "EntityPath");
        if (!parts.Succeeded) return parts.Refusal;
        if (!Uri.TryCreate(parts.Value["Endpoint"], UriKind.Absolute, out var endpoint) || endpoint.Scheme is not ("sb" or "amqps" or "amqp"))
            return Refusal.Invalid("Endpoint is an address such as sb://name.servicebus.windows.net/");
        return new EventHubConnection(
            endpoint.Host, endpoint.Port > 0 ? endpoint.Port : AmqpsPort, endpoint.Scheme is not "amqp", parts.Value["SharedAccessKeyName"], parts.Value["SharedAccessKey"], parts.Value["EntityPath"]);
    }

    public override string ToString() => $"{Policy}@{Host}/{Entity}";
}

/// <summary>Shared access signatures. IoT Hub and Event Hubs sign alike but for the key: the one decodes it from Base64, the other takes its letters.</summary>
internal static class SasToken
{
    public static string ForHub(HubConnection hub, DateTimeOffset expires) => Sign(hub.HostName, hub.Policy, Convert.FromBase64String(hub.Key), expires);

    public static string ForEventHub(EventHubConnection events, DateTimeOffset expires) => Sign($"http://{events.Host}/{events.Entity}", events.Policy, Encoding.UTF8.GetBytes(events.Key), expires);

    private static string Sign(string resource, string policy, byte[] key, DateTimeOffset expires)
    {
        var encoded = WebUtility.UrlEncode(resource);
        var seconds = expires.ToUnixTimeSeconds();
        var signature = Convert.ToBase64String(HMACSHA256.HashData(key, Encoding.UTF8.GetBytes($"{encoded}\n{seconds}")));
        return $"SharedAccessSignature sr={encoded}&sig={WebUtility.UrlEncode(signature)}&se={seconds}&skn={policy}";
    }
}
