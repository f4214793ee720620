using System.Globalization;
using System.IO.Compression;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Seamless.Storage.Operations;

namespace Seamless.Storage.TimeSeries.Influx;

/// <summary>What the server said to a write.</summary>
/// <param name="Refusal">Why it does not take these lines; null when they are stored and can be queried.</param>
/// <param name="RefusedLines">The lines refused, counted from 0, where the server names them: the others are stored. Null where it does not.</param>
internal readonly record struct WriteAnswer(string? Refusal, IReadOnlyList<(int Line, string Reason)>? RefusedLines = null);

/// <summary>The wire: the write forms of three versions, InfluxQL, and what their answers mean.</summary>
internal sealed class InfluxLink : IDisposable
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(30);

    private readonly InfluxOptions _options;
    private readonly TimeProvider _time;
    private readonly HttpClient _http;
    private readonly Action _retried;

    public LinkHealth Health { get; } = new("not asked yet");

    /// <param name="retried">Told of each request that is made again.</param>
    public InfluxLink(InfluxOptions options, TimeProvider time, Action retried)
    {
        (_options, _time, _retried) = (options, time, retried);
        _http = new HttpClient { BaseAddress = new Uri(options.Url.AbsoluteUri.TrimEnd('/') + "/"), Timeout = options.Timeout };
        _http.DefaultRequestHeaders.Accept.Add(new MediaTypeWithQualityHeaderValue("application/json"));
        _http.DefaultRequestHeaders.Authorization = Authorization(options);
    }

    private static AuthenticationHeaderValue? Authorization(InfluxOptions options) => options switch
    {
        { Version: InfluxVersion.V2, Token: { } token } => new AuthenticationHeaderValue("Token", token),
        { Version: InfluxVersion.V3, Token: { } token } => new AuthenticationHeaderValue("Bearer", token),
        { Version: InfluxVersion.V1, User: { } user } => new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"{user}:{options.Password}"))),
        _ => null,
    };

    // Writing

    public async Task<WriteAnswer> WriteAsync(ReadOnlyMemory<byte> lines, CancellationToken ct)
    {
        var body = Gzip(lines.Span);
        using var response = await SendAsync(() => new HttpRequestMessage(HttpMethod.Post, WritePath()) { Content = LinesOf(body) }, ct);
        if (response.IsSuccessStatusCode) return default;
        var text = await response.Content.ReadAsStringAsync(ct);
        if (response.StatusCode is HttpStatusCode.BadRequest or HttpStatusCode.RequestEntityTooLarge or HttpStatusCode.UnprocessableEntity)
            return new WriteAnswer(Reason(response, text), RefusedLines(text));
        // Not the lines' fault: a wrong token, a database that is gone. Throwing the data away would not mend it.
        throw new InfluxException($"InfluxDB at {_options.Url} refuses us, not the data: {Reason(response, text)}");
    }

    private string WritePath() => _options.Version switch
    {
        InfluxVersion.V1 when _options.RetentionPolicy is { } policy => $"write?db={Escape(_options.Database)}&rp={Escape(policy)}&precision=ms",
        InfluxVersion.V1 => $"write?db={Escape(_options.Database)}&precision=ms",
        InfluxVersion.V2 => $"api/v2/write?org={Escape(_options.Organisation ?? "")}&bucket={Escape(_options.Database)}&precision=ms",
        _ => $"api/v3/write_lp?db={Escape(_options.Database)}&precision=millisecond&accept_partial=true&no_sync=false",
    };

    private static ByteArrayContent LinesOf(byte[] gzip)
    {
        var content = new ByteArrayContent(gzip);
        content.Headers.ContentType = new MediaTypeHeaderValue("text/plain", "utf-8");
        content.Headers.ContentEncoding.Add("gzip");
        return content;
    }

    private static byte[] Gzip(ReadOnlySpan<byte> bytes)
    {
        using var stream = new MemoryStream(bytes.Length / 4 + 64);
        using (var gzip = new GZipStream(stream, CompressionLevel.Fastest)) gzip.Write(bytes);
        return stream.ToArray();
    }

    /// <summary>v3 names the lines that it refused: <c>{"error":"partial write…","data":[{"line_number":2,"error_message":"…"}]}</c>.</summary>
    private static List<(int, string)>? RefusedLines(string body)
    {
        if (TryParse(body) is not { } document) return null;
        using (document)
        {
            if (!document.RootElement.TryGetProperty("data", out var data) || data.ValueKind is not JsonValueKind.Array) return null;
            var refused = new List<(int, string)>();
            foreach (var line in data.EnumerateArray())
            {
                if (line.ValueKind is not JsonValueKind.Object || !line.TryGetProperty("line_number", out var number) || !number.TryGetInt32(out var from1)) return null;
                refused.Add((from1 - 1, line.TryGetProperty("error_message", out var message) ? message.ToString() : "refused"));
            }
            return refused.Count == 0 ? null : refused;
        }
    }

    // Reading and managing

    /// <summary>Runs statements of InfluxQL; a result each, in their order. The caller disposes the answer.</summary>
    /// <exception cref="InfluxException">The server is away, refuses us, or a statement failed.</exception>
    public async Task<InfluxAnswer> QueryAsync(string statements, CancellationToken ct)
    {
        var policy = _options is { Version: InfluxVersion.V1, RetentionPolicy: { } name } ? $"&rp={Escape(name)}" : "";
        var path = $"query?db={Escape(_options.Database)}{policy}&epoch=ms";
        using var response = await SendAsync(() => new HttpRequestMessage(HttpMethod.Post, path) { Content = new FormUrlEncodedContent([new("q", statements)]) }, ct);
        if (!response.IsSuccessStatusCode) throw new InfluxException($"InfluxDB at {_options.Url}: {Reason(response, await response.Content.ReadAsStringAsync(ct))}");
        await using var body = await response.Content.ReadAsStreamAsync(ct);
        return InfluxAnswer.Of(await JsonDocument.ParseAsync(body, cancellationToken: ct));
    }

    /// <summary>Creates the database where that takes no more than asking (v1); elsewhere it was made with its token.</summary>
    public async Task CreateDatabaseAsync(CancellationToken ct)
    {
        if (_options.Version is not InfluxVersion.V1) return;
        using var answer = await QueryAsync($"CREATE DATABASE {InfluxQl.Identifier(_options.Database)}", ct);
    }

    /// <summary>v2: everything of a tenant before an instant.</summary>
    public async Task DeleteAsync(string tenant, DateTimeOffset before, CancellationToken ct)
    {
        var path = $"api/v2/delete?org={Escape(_options.Organisation ?? "")}&bucket={Escape(_options.Database)}";
        var body = JsonSerializer.SerializeToUtf8Bytes(new Dictionary<string, string>
        {
            ["start"] = "1970-01-01T00:00:00Z",
            ["stop"] = before.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture),
            ["predicate"] = $"tenant=\"{tenant}\"",
        });
        using var response = await SendAsync(() =>
        {
            var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = new ByteArrayContent(body) };
            request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
            return request;
        }, ct);
        if (!response.IsSuccessStatusCode) throw new InfluxException($"InfluxDB at {_options.Url}: {Reason(response, await response.Content.ReadAsStringAsync(ct))}");
    }

    // Both

    /// <summary>Sends until somebody answers who is neither away nor too busy; gives up after the retries that the options allow.</summary>
    private async Task<HttpResponseMessage> SendAsync(Func<HttpRequestMessage> request, CancellationToken ct)
    {
        for (var attempt = 0; ; attempt++)
        {
            Exception? fault = null;
            HttpResponseMessage? response = null;
            try
            {
                using var message = request();
                response = await _http.SendAsync(message, ct);
                if (response.StatusCode is not HttpStatusCode.TooManyRequests && (int)response.StatusCode < 500)
                {
                    Note(response);
                    return response;
                }
            }
            catch (Exception e) when (e is HttpRequestException || (e is OperationCanceledException && !ct.IsCancellationRequested))
            {
                fault = e;
            }
            var pause = Pause(attempt, response);
            var why = fault?.Message ?? Reason(response!, await response!.Content.ReadAsStringAsync(ct));
            response?.Dispose();
            Health.Failed(why);
            if (attempt >= _options.Retries) throw new InfluxException($"InfluxDB at {_options.Url} did not answer well {attempt + 1} times, last: {why}", fault);
            _retried();
            await Task.Delay(pause, _time, ct);
        }
    }

    /// <summary>Refusing lines is the lines' affair; refusing us is not.</summary>
    private void Note(HttpResponseMessage response)
    {
        if (response.StatusCode is HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden or HttpStatusCode.NotFound) Health.Failed($"it refuses us: {(int)response.StatusCode} {response.ReasonPhrase}");
        else Health.Well();
    }

    /// <summary>What the server asks for; otherwise doubling, and spread so that many who were cut off do not return at once.</summary>
    private TimeSpan Pause(int attempt, HttpResponseMessage? response)
    {
        var asked = response?.Headers.RetryAfter is { } header ? header.Delta ?? header.Date - _time.GetUtcNow() : null;
        if (asked is { } wish && wish >= TimeSpan.Zero) return wish < LongestPause ? wish : LongestPause;
        var pause = FirstPause * Math.Pow(2, Math.Min(attempt, 10));
        return (pause < LongestPause ? pause : LongestPause) * (0.5 + Random.Shared.NextDouble() / 2);
    }

    /// <summary>In the server's words, whichever version wrote them.</summary>
    private static string Reason(HttpResponseMessage response, string body)
    {
        var said = body;
        if (TryParse(body) is { } document)
            using (document)
                foreach (var name in new[] { "message", "error" })
                    if (document.RootElement.TryGetProperty(name, out var value)) { said = value.ToString(); break; }
        return $"{(int)response.StatusCode} {said[..Math.Min(said.Length, 500)].Trim()}";
    }

    private static JsonDocument? TryParse(string body)
    {
        try
        {
            var document = JsonDocument.Parse(body);
            if (document.RootElement.ValueKind is JsonValueKind.Object) return document;
            document.Dispose();
            return null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static string Escape(string text) => Uri.EscapeDataString(text);

    public void Dispose() => _http.Dispose();
}
