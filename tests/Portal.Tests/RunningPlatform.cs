using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using Seamless.Portal.Commands;

[assembly: AssemblyFixture(typeof(Seamless.Portal.Tests.RunningPlatform))]

namespace Seamless.Portal.Tests;

/// <summary>One real platform in this process, on free ports, for all tests of the API.</summary>
public sealed class RunningPlatform : IAsyncLifetime
{
    public const string AdminKey = "sk_portal_tests_only_0123456789";
    private readonly DirectoryInfo _data = Directory.CreateTempSubdirectory("seamless-portal-");
    private Platform? _platform;

    public string DataDirectory => _data.FullName;
    public Platform Platform => _platform ?? throw new InvalidOperationException("not started");
    public HttpClient Admin { get; private set; } = new();

    public async ValueTask InitializeAsync()
    {
        _platform = await Platform.StartAsync(new PlatformOptions
        {
            DataDirectory = _data.FullName, PacksDirectory = PacksFolder.Find(null) ?? throw new InvalidOperationException("no packs"),
            HttpUrl = new Uri("http://127.0.0.1:0"), MqttEndpoint = new IPEndPoint(IPAddress.Loopback, 0), AdminApiKey = AdminKey, LogLevel = Microsoft.Extensions.Logging.LogLevel.Error,
            KeepSamples = TimeSpan.FromDays(400), KeepMetrics = new Dictionary<string, TimeSpan> { ["short-lived*"] = TimeSpan.FromDays(30) },
        }, CancellationToken.None);
        Admin = Client(AdminKey);
    }

    public HttpClient Client(string? key)
    {
        var client = new HttpClient(new HttpClientHandler { AllowAutoRedirect = false }) { BaseAddress = Platform.HttpAddress };
        if (key is not null) client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", key);
        return client;
    }

    public async ValueTask DisposeAsync()
    {
        Admin.Dispose();
        await Platform.DisposeAsync();
        _data.Delete(recursive: true);
    }

    public static StringContent Json(string text) => new(text, Encoding.UTF8, "application/json");

    public static async Task<JsonNode> BodyAsync(HttpResponseMessage response) => JsonNode.Parse(await response.Content.ReadAsStringAsync())!;
}
