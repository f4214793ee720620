using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.DependencyInjection;
using Seamless.Machines.Fleet;
using Seamless.Portal.Commands;
using Seamless.ServiceDesk.Notifications;
using Seamless.Storage.TimeSeries;

namespace Seamless.EndToEnd.Tests.Rig;

/// <summary>The whole platform on a clock that the test moves; everything else goes through its HTTP door.</summary>
public sealed class SimulatedPlatform : IAsyncDisposable
{
    private const string ApiKey = "sk_simulated_platform_tests_0123456789";

    private readonly DirectoryInfo _data;
    private readonly SimulatedClock _clock;
    private readonly Platform _platform;
    private readonly HttpClient _http;
    private readonly Dictionary<string, HttpClient> _people = [];

    private SimulatedPlatform(DirectoryInfo data, SimulatedClock clock, Platform platform)
    {
        (_data, _clock, _platform) = (data, clock, platform);
        _http = new HttpClient { BaseAddress = platform.HttpAddress };
        _http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", ApiKey);
    }

    public DateTimeOffset Now => _clock.GetUtcNow();

    /// <summary>Everything the platform has written.</summary>
    public string DataDirectory => _data.FullName;

    /// <summary>Copied there by the rules' project.</summary>
    public static string ShippedPacks => Path.Combine(AppContext.BaseDirectory, "packs");

    /// <param name="packs">Instead of those that are shipped.</param>
    public static async Task<SimulatedPlatform> StartAsync(DateTimeOffset at, string? packs = null, Action<NotificationOptions>? notifications = null)
    {
        var data = Directory.CreateTempSubdirectory("seamless-e2e-");
        var clock = new SimulatedClock(at);
        var platform = await Platform.StartAsync(new PlatformOptions
        {
            DataDirectory = data.FullName,
            PacksDirectory = packs ?? ShippedPacks,
            HttpUrl = new Uri("http://127.0.0.1:0"),
            MqttEndpoint = new IPEndPoint(IPAddress.Loopback, 0),
            AdminApiKey = ApiKey,
            Time = clock,
            Beats = false,
            Durable = false,
            Notifications = notifications,
        }, CancellationToken.None);
        return new SimulatedPlatform(data, clock, platform);
    }

    /// <summary>Time passes; the desk is beaten at the end of it, and at every <paramref name="step"/> on the way.</summary>
    public async Task PassAsync(TimeSpan time, TimeSpan? step = null)
    {
        var beat = _platform.Services.GetRequiredService<Beat>();
        var end = Now + time;
        while (Now < end)
        {
            var next = Now + (step ?? time);
            _clock.AdvanceTo(next < end ? next : end);
            await beat.AdvanceAsync(Now, CancellationToken.None);
        }
    }

    /// <summary>Sends the messages that are due; by itself that goes on only on the machine's clock.</summary>
    public Task SendMessagesAsync() => _platform.Services.GetRequiredService<IOutboxSender>().SendDueAsync(CancellationToken.None);

    /// <summary>What the job of each night does to the samples; jobs run by themselves only on the machine's clock.</summary>
    public Task NightAsync() => _platform.Services.GetRequiredService<ITimeSeriesStore>().DeleteBeforeAsync(Now - TimeSpan.FromDays(365), CancellationToken.None);

    public async Task<JsonNode> GetAsync(string path) => JsonNode.Parse(await _http.GetStringAsync(path))!;

    /// <summary>What it says when it refuses to answer.</summary>
    public async Task<JsonNode> GetProblemAsync(string path)
    {
        using var response = await _http.GetAsync(path);
        Assert.False(response.IsSuccessStatusCode, $"GET {path} was answered");
        return JsonNode.Parse(await response.Content.ReadAsStringAsync())!;
    }

    /// <summary>Who prefers a language.</summary>
    public async Task<JsonNode> GetAsync(string path, string language)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path) { Headers = { { "Accept-Language", language } } };
        using var response = await _http.SendAsync(request);
        return JsonNode.Parse(await response.EnsureSuccessStatusCode().Content.ReadAsStringAsync())!;
    }

    /// <summary>Where machines connect.</summary>
    public int MqttPort => _platform.MqttEndpoint.Port;

    /// <summary>A form with files.</summary>
    public async Task<JsonNode> UploadAsync(string path, params (string Name, byte[] Content)[] parts)
    {
        using var form = new MultipartFormDataContent();
        foreach (var (name, content) in parts) form.Add(new ByteArrayContent(content), name, name);
        using var response = await _http.PostAsync(path, form);
        return JsonNode.Parse(await response.EnsureSuccessStatusCode().Content.ReadAsStringAsync())!;
    }

    /// <summary>As somebody without a login.</summary>
    public async Task<(HttpStatusCode Status, JsonNode? Body)> GuestAsync(HttpMethod method, string path, object? body = null)
    {
        using var guest = new HttpClient { BaseAddress = _http.BaseAddress };
        using var request = new HttpRequestMessage(method, path) { Content = body is null ? null : new StringContent(JsonSerializer.Serialize(body), Encoding.UTF8, "application/json") };
        using var response = await guest.SendAsync(request);
        var text = await response.Content.ReadAsStringAsync();
        return (response.StatusCode, text.StartsWith('{') ? JsonNode.Parse(text) : null);
    }

    public async Task<HttpStatusCode> StatusAsync(string path)
    {
        using var response = await _http.GetAsync(path);
        return response.StatusCode;
    }

    /// <summary>From now on a colleague of that name can act.</summary>
    public async Task IntroduceAsync(string name, string role)
    {
        var key = (string)(await PostAsync("/api/v1/keys", new { name, role }))["secret"]!;
        _people[name] = new HttpClient { BaseAddress = _http.BaseAddress, DefaultRequestHeaders = { Authorization = new AuthenticationHeaderValue("Bearer", key) } };
    }

    /// <summary>As somebody without a login.</summary>
    public async Task<(HttpStatusCode Status, string Text)> AsGuestAsync(string path)
    {
        using var guest = new HttpClient { BaseAddress = _http.BaseAddress };
        using var response = await guest.GetAsync(path);
        return (response.StatusCode, await response.Content.ReadAsStringAsync());
    }

    /// <summary>What somebody without a login posts; the answer's body, whichever its status.</summary>
    public async Task<JsonNode> AsGuestAsync(string path, object body)
    {
        using var guest = new HttpClient { BaseAddress = _http.BaseAddress };
        using var response = await guest.PostAsync(path, new StringContent(JsonSerializer.Serialize(body), Encoding.UTF8, "application/json"));
        return JsonNode.Parse(await response.Content.ReadAsStringAsync())!;
    }

    public Task<string> TextAsync(string path) => _http.GetStringAsync(path);
    public Task<byte[]> BytesAsync(string path) => _http.GetByteArrayAsync(path);

    /// <param name="by">An introduced colleague; the administrator when not given.</param>
    public Task<JsonNode> PostAsync(string path, object body, int? status = null, string? by = null) => SendAsync(HttpMethod.Post, path, body, status, by);
    public Task<JsonNode> PatchAsync(string path, object body, int? status = null, string? by = null) => SendAsync(HttpMethod.Patch, path, body, status, by);
    public Task<JsonNode> PutAsync(string path, object body, int? status = null, string? by = null) => SendAsync(HttpMethod.Put, path, body, status, by);
    public Task<JsonNode> DeleteAsync(string path, int? status = null) => SendAsync(HttpMethod.Delete, path, new { }, status);

    /// <summary>As another person, with a key of their own.</summary>
    public Task<JsonNode> PostAsAsync(string key, string path, object body, int? status = null) => SendAsync(HttpMethod.Post, path, body, status, key: key);

    public async Task<string> KeyAsync(string name, string role) => (string)(await PostAsync("/api/v1/keys", new { name, role }))["secret"]!;

    public async Task<List<JsonNode>> ItemsAsync(string path) => [.. (await GetAsync(path))["items"]!.AsArray().Select(item => item!)];

    /// <summary>As somebody who has the database in hand, past every door.</summary>
    public async Task<int> TamperAsync(string sql)
    {
        await using var database = new SqliteConnection($"Data Source={Path.Combine(_data.FullName, "operations.db")}");
        await database.OpenAsync();
        await using var command = database.CreateCommand();
#pragma warning disable CA2100 // the test's own words
        command.CommandText = sql;
#pragma warning restore CA2100
        return await command.ExecuteNonQueryAsync();
    }

    /// <param name="status">What is expected; any success when not given.</param>
    private async Task<JsonNode> SendAsync(HttpMethod method, string path, object body, int? status, string? by = null, string? key = null)
    {
        using var request = new HttpRequestMessage(method, path) { Content = new StringContent(JsonSerializer.Serialize(body), Encoding.UTF8, "application/json") };
        if (key is not null) request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", key);
        using var response = await (by is null ? _http : _people[by]).SendAsync(request);
        var text = await response.Content.ReadAsStringAsync();
        Assert.True(status is { } expected ? (int)response.StatusCode == expected : response.IsSuccessStatusCode, $"{method} {path}: {(int)response.StatusCode} {text}");
        return JsonNode.Parse(text)!;
    }

    /// <summary>A ticket that a person opens by hand, P1 and without a device.</summary>
    public async Task<string> OpenTicketAsync()
    {
        var ticket = await PostAsync("/api/v1/tickets", new { site = "s1", priority = "p1", title = new { en = "Pump house flooded", zhCN = "泵房进水" } });
        return (string)ticket["id"]!;
    }

    public Task<JsonNode> TicketAsync(string number) => GetAsync($"/api/v1/tickets/{number}");

    public async ValueTask DisposeAsync()
    {
        foreach (var person in _people.Values) person.Dispose();
        _http.Dispose();
        await _platform.DisposeAsync();
        _data.Delete(recursive: true);
    }
}
