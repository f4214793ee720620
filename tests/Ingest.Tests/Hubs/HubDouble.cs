using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;

namespace Seamless.Ingest.Tests.Hubs;

/// <summary>A test double of Azure IoT Hub's service calls, true to their documentation: signatures, versions, etags with quotes, error codes.</summary>
internal sealed class HubDouble : IDisposable
{
    public const string Host = "plant.azure-devices.net";
    public const string Key = "c2VjcmV0IG9mIHRoZSBodWI=";

    private readonly HttpListener _listener = new();
    private readonly Task _serving;
    private readonly Dictionary<string, (JsonObject Device, JsonObject Twin)> _devices = [];
    private int _versions;

    public HubDouble()
    {
        using (var probe = new TcpListener(IPAddress.Loopback, 0))
        {
            probe.Start();
            Address = new Uri($"http://127.0.0.1:{((IPEndPoint)probe.LocalEndpoint).Port}/");
        }
        _listener.Prefixes.Add(Address.AbsoluteUri);
        _listener.Start();
        _serving = ServeAsync();
    }

    public Uri Address { get; }

    /// <summary>Devices that answer methods: name and payload → status and payload.</summary>
    public Dictionary<string, Func<string, string, (int, string)>> Online { get; } = [];

    /// <summary>So many requests are throttled first.</summary>
    public int Throttle { get; set; }

    public List<string> Requests { get; } = [];

    private async Task ServeAsync()
    {
        while (true)
        {
            HttpListenerContext context;
            try
            {
                context = await _listener.GetContextAsync();
            }
            catch (Exception e) when (e is HttpListenerException or ObjectDisposedException)
            {
                return;
            }
            using var reader = new StreamReader(context.Request.InputStream, Encoding.UTF8);
            var answer = Answer(context.Request, await reader.ReadToEndAsync());
            context.Response.StatusCode = answer.Status;
            if (answer.Code is { } code) context.Response.Headers["iothub-errorcode"] = code;
            if (answer.Status == 429) context.Response.Headers["Retry-After"] = "0";
            var body = answer.Body is { } json ? Encoding.UTF8.GetBytes(json.ToJsonString()) : answer.Code is { } error ? Encoding.UTF8.GetBytes($$"""{"Message":"ErrorCode:{{error}}"}""") : [];
            await context.Response.OutputStream.WriteAsync(body);
            context.Response.Close();
        }
    }

    private (int Status, string? Code, JsonNode? Body) Answer(HttpListenerRequest request, string body)
    {
        var path = request.Url!.AbsolutePath;
        Requests.Add($"{request.HttpMethod} {path}");
        if (Throttle-- > 0) return (429, "ThrottlingException", null);
        if (request.QueryString["api-version"] != "2021-04-12") return (400, "ArgumentInvalid", null);
        if (!IsSigned(request.Headers["Authorization"])) return (401, "IotHubUnauthorizedAccess", null);
        var parts = path.Trim('/').Split('/').Select(Uri.UnescapeDataString).ToArray();
        var etag = request.Headers["If-Match"];
        return (request.HttpMethod, parts) switch
        {
            ("GET", ["devices"]) => (200, null, new JsonArray([.. _devices.Values.Take(int.Parse(request.QueryString["top"]!, System.Globalization.CultureInfo.InvariantCulture)).Select(d => d.Device.DeepClone())])),
            ("PUT", ["devices", var id]) when etag is null => Create(id),
            (_, [_, var id, ..]) when !_devices.ContainsKey(id) => (404, "DeviceNotFound", null),
            ("GET", ["devices", var id]) => (200, null, _devices[id].Device.DeepClone()),
            ("DELETE", ["devices", var id]) => Matches(etag, _devices[id].Device) ? Delete(id) : (412, "PreconditionFailed", null),
            ("GET", ["twins", var id]) => (200, null, _devices[id].Twin.DeepClone()),
            ("PATCH", ["twins", var id]) => Matches(etag, _devices[id].Twin) ? Patch(id, JsonNode.Parse(body)!.AsObject()) : (412, "PreconditionFailed", null),
            ("POST", ["twins", var id, "methods"]) => Invoke(id, JsonNode.Parse(body)!.AsObject()),
            _ => (405, "InvalidOperation", null),
        };
    }

    private static bool IsSigned(string? authorization)
    {
        const string Scheme = "SharedAccessSignature ";
        if (authorization?.StartsWith(Scheme, StringComparison.Ordinal) is not true) return false;
        var parts = authorization[Scheme.Length..].Split('&').Select(p => p.Split('=', 2)).ToDictionary(p => p[0], p => p[1]);
        var expected = Convert.ToBase64String(HMACSHA256.HashData(Convert.FromBase64String(Key), Encoding.UTF8.GetBytes($"{parts["sr"]}\n{parts["se"]}")));
        return parts["sr"] == Host && parts["skn"] == "service" && WebUtility.UrlDecode(parts["sig"]) == expected;
    }

    /// <summary>Quotes are required, as the service requires them.</summary>
    private static bool Matches(string? etag, JsonObject of) => etag == "\"*\"" || etag == $"\"{of["etag"]}\"";

    private (int, string?, JsonNode?) Create(string id)
    {
        if (_devices.ContainsKey(id)) return (409, "DeviceAlreadyExists", null);
        _devices[id] = (
            new JsonObject
            {
                ["deviceId"] = id, ["etag"] = Next(), ["status"] = "enabled", ["connectionState"] = "Disconnected",
                ["authentication"] = new JsonObject { ["type"] = "sas", ["symmetricKey"] = new JsonObject { ["primaryKey"] = "cA==", ["secondaryKey"] = "cw==" } },
            },
            new JsonObject
            {
                ["deviceId"] = id, ["etag"] = Next(), ["tags"] = new JsonObject(),
                ["properties"] = new JsonObject { ["desired"] = new JsonObject { ["$version"] = 1 }, ["reported"] = new JsonObject { ["firmware"] = "1.4" } },
            });
        return (200, null, _devices[id].Device.DeepClone());
    }

    private (int, string?, JsonNode?) Delete(string id)
    {
        _devices.Remove(id);
        return (204, null, null);
    }

    private (int, string?, JsonNode?) Patch(string id, JsonObject patch)
    {
        var twin = _devices[id].Twin;
        Merge(twin, patch);
        twin["etag"] = Next();
        return (200, null, twin.DeepClone());
    }

    private static void Merge(JsonObject into, JsonObject patch)
    {
        foreach (var (name, value) in patch)
        {
            if (value is null) into.Remove(name);
            else if (value is JsonObject inner && into[name] is JsonObject known) Merge(known, inner);
            else into[name] = value.DeepClone();
        }
    }

    private (int, string?, JsonNode?) Invoke(string id, JsonObject call)
    {
        if (!Online.TryGetValue(id, out var device)) return (404, "404103", null);
        if ((int)call["responseTimeoutInSeconds"]! is < 5 or > 300) return (400, "ArgumentInvalid", null);
        var (status, payload) = device((string)call["methodName"]!, call["payload"]!.ToJsonString());
        return (200, null, new JsonObject { ["status"] = status, ["payload"] = JsonNode.Parse(payload) });
    }

    private string Next() => $"AAAA{++_versions}=";

    public void Dispose()
    {
        _listener.Close();
        _serving.GetAwaiter().GetResult();
    }
}
