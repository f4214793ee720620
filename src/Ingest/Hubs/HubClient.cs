using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Seamless.Telemetry;

namespace Seamless.Ingest.Hubs;

/// <summary>Azure IoT Hub's service calls over REST, version 2021-04-12.</summary>
/// <param name="address">Where the hub answers; its host name is what tokens are signed for.</param>
internal sealed class HubClient(HubConnection hub, Uri address, TimeProvider time) : IDeviceHub, IDisposable
{
    private const string Version = "api-version=2021-04-12";
    private const int Attempts = 5;
    private static readonly TimeSpan TokenLifetime = TimeSpan.FromMinutes(20);
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(30);

    private readonly HttpClient _http = new() { BaseAddress = address, Timeout = TimeSpan.FromSeconds(100) };
    private (string Token, DateTimeOffset RenewAt) _token;

    public static HubClient Of(HubConnection hub, TimeProvider time) => new(hub, new Uri($"https://{hub.HostName}/"), time);

    public Task<Outcome<HubDevice>> CreateDeviceAsync(string id, CancellationToken ct) =>
        CallAsync(HttpMethod.Put, Device(id), Write(json => json.WriteString("deviceId", id)), null, DeviceOf, ct);

    public Task<Outcome<HubDevice>> GetDeviceAsync(string id, CancellationToken ct) => CallAsync(HttpMethod.Get, Device(id), null, null, DeviceOf, ct);

    public async Task<IReadOnlyList<HubDevice>> ListDevicesAsync(int top, CancellationToken ct)
    {
        var listed = await CallAsync(HttpMethod.Get, $"devices/?top={top}&{Version}", null, null, list => list.EnumerateArray().Select(DeviceOf).ToList(), ct);
        return listed.Succeeded ? listed.Value : throw new HubException(listed.Refusal.Reason);
    }

    public Task<Outcome<string>> DeleteDeviceAsync(string id, string? etag, CancellationToken ct) => CallAsync(HttpMethod.Delete, Device(id), null, etag ?? "*", _ => id, ct);

    public Task<Outcome<HubTwin>> GetTwinAsync(string id, CancellationToken ct) => CallAsync(HttpMethod.Get, Twin(id), null, null, TwinOf, ct);

    public Task<Outcome<HubTwin>> PatchTwinAsync(string id, string patchJson, string? etag, CancellationToken ct) =>
        CallAsync(HttpMethod.Patch, Twin(id), Encoding.UTF8.GetBytes(patchJson), etag ?? "*", TwinOf, ct);

    public Task<Outcome<MethodAnswer>> InvokeAsync(string id, string method, string payloadJson, TimeSpan responseTimeout, CancellationToken ct) =>
        CallAsync(HttpMethod.Post, $"twins/{Uri.EscapeDataString(id)}/methods?{Version}", Write(json =>
        {
            json.WriteString("methodName", method);
            json.WriteNumber("responseTimeoutInSeconds", (int)Math.Clamp(responseTimeout.TotalSeconds, 5, 300));   // the hub's own bounds
            json.WritePropertyName("payload");
            json.WriteRawValue(payloadJson);
        }), null, answer => new MethodAnswer(answer.GetProperty("status").GetInt32(), answer.TryGetProperty("payload", out var payload) ? payload.GetRawText() : "null"), ct);

    private static string Device(string id) => $"devices/{Uri.EscapeDataString(id)}?{Version}";
    private static string Twin(string id) => $"twins/{Uri.EscapeDataString(id)}?{Version}";

    private static HubDevice DeviceOf(JsonElement device) => new(
        device.GetProperty("deviceId").GetString()!, Text(device, "etag") ?? "", Text(device, "status") ?? "", Text(device, "connectionState") ?? "",
        device.TryGetProperty("authentication", out var a) && a.TryGetProperty("symmetricKey", out var keys) && keys.ValueKind is JsonValueKind.Object ? Text(keys, "primaryKey") : null);

    private static HubTwin TwinOf(JsonElement twin)
    {
        var properties = twin.TryGetProperty("properties", out var p) ? p : default;
        return new HubTwin(twin.GetProperty("deviceId").GetString()!, Text(twin, "etag") ?? "", Raw(twin, "tags"), Raw(properties, "desired"), Raw(properties, "reported"));
    }

    private static string? Text(JsonElement element, string name) => element.TryGetProperty(name, out var value) && value.ValueKind is JsonValueKind.String ? value.GetString() : null;

    private static string Raw(JsonElement element, string name) =>
        element.ValueKind is JsonValueKind.Object && element.TryGetProperty(name, out var value) ? value.GetRawText() : "{}";

    // The call

    /// <param name="etag">The version it is based on, <c>*</c> for any, null where none is asked for.</param>
    private async Task<Outcome<T>> CallAsync<T>(HttpMethod method, string path, byte[]? body, string? etag, Func<JsonElement, T> read, CancellationToken ct)
    {
        using var response = await SendAsync(method, path, body, etag, ct);
        var text = await response.Content.ReadAsByteArrayAsync(ct);
        if (!response.IsSuccessStatusCode) return RefusalOf(response, text);
        try
        {
            using var document = JsonDocument.Parse(text.Length == 0 ? "null"u8.ToArray() : text);
            return read(document.RootElement);
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException or FormatException)
        {
            throw new HubException($"{hub}: the answer to {method} {path} does not have the documented form", e);
        }
    }

    private async Task<HttpResponseMessage> SendAsync(HttpMethod method, string path, byte[]? body, string? etag, CancellationToken ct)
    {
        // A method may have reached the device before the answer was lost: it is not called twice.
        var attempts = method == HttpMethod.Post ? 1 : Attempts;
        for (var attempt = 1; ; attempt++)
        {
            Exception? fault = null;
            HttpResponseMessage? response = null;
            try
            {
                using var request = RequestFor(method, path, body, etag);
                response = await _http.SendAsync(request, ct);
                if (response.StatusCode is not HttpStatusCode.TooManyRequests && (int)response.StatusCode < 500) return response;
            }
            catch (Exception e) when (e is HttpRequestException || (e is OperationCanceledException && !ct.IsCancellationRequested))
            {
                fault = e;
            }
            var (status, pause) = (response is null ? fault!.Message : $"{(int)response.StatusCode}", Pause(attempt, response));
            // Throttled before it was done: a method too may be called again.
            var mayRepeat = response?.StatusCode is HttpStatusCode.TooManyRequests ? attempt < Attempts : attempt < attempts;
            response?.Dispose();
            if (!mayRepeat) throw new HubException($"{hub} did not answer {method} {path.Split('?')[0]}: {status}", fault);
            await Task.Delay(pause, time, ct);
        }
    }

    private HttpRequestMessage RequestFor(HttpMethod method, string path, byte[]? body, string? etag)
    {
        var request = new HttpRequestMessage(method, path);
        request.Headers.TryAddWithoutValidation("Authorization", Token());
        request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("application/json"));
        if (etag is not null) request.Headers.TryAddWithoutValidation("If-Match", $"\"{etag.Trim('"')}\"");   // the quotes are required, around * too
        if (body is null) return request;
        request.Content = new ByteArrayContent(body);
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json", "utf-8");
        return request;
    }

    private string Token()
    {
        var now = time.GetUtcNow();
        if (_token.Token is null || now >= _token.RenewAt) _token = (SasToken.ForHub(hub, now + TokenLifetime), now + TokenLifetime / 2);
        return _token.Token;
    }

    private TimeSpan Pause(int attempt, HttpResponseMessage? response)
    {
        if (response?.Headers.RetryAfter is { } header && (header.Delta ?? header.Date - time.GetUtcNow()) is { } wish && wish >= TimeSpan.Zero) return wish < LongestPause ? wish : LongestPause;
        var pause = FirstPause * Math.Pow(2, attempt - 1);
        return (pause < LongestPause ? pause : LongestPause) * (0.5 + Random.Shared.NextDouble() / 2);
    }

    /// <summary>In the hub's words, with its own code (404103: the device is not connected), which is finer than the status.</summary>
    private static Refusal RefusalOf(HttpResponseMessage response, byte[] body)
    {
        var code = response.Headers.TryGetValues("iothub-errorcode", out var codes) ? $" {codes.First()}" : "";
        var said = Encoding.UTF8.GetString(body.AsSpan(0, Math.Min(body.Length, 500)));
        var reason = $"{(int)response.StatusCode}{code}: {said}";
        return response.StatusCode switch
        {
            HttpStatusCode.NotFound => Refusal.NotFound(reason),
            HttpStatusCode.Conflict or HttpStatusCode.PreconditionFailed => Refusal.Conflict(reason),
            HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden => Refusal.Forbidden(reason),
            _ => Refusal.Invalid(reason),
        };
    }

    private static byte[] Write(Action<Utf8JsonWriter> members)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            members(json);
            json.WriteEndObject();
        }
        return buffer.ToArray();
    }

    public void Dispose() => _http.Dispose();
}
