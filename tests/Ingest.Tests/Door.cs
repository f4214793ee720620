using Seamless.Fleet.Gaps;
using System.Net;
using System.Security.Claims;
using System.Security.Cryptography.X509Certificates;
using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using MQTTnet;
using MQTTnet.Formatter;
using MQTTnet.Protocol;
using Seamless.Fleet;
using Seamless.Fleet.Audit;
using Seamless.Fleet.Commands;
using Seamless.Fleet.Registry;
using Seamless.Fleet.Shadows;
using Seamless.Ingest.Ledger;
using Seamless.Ingest.Mqtt;
using Seamless.Storage;
using Seamless.Storage.DeadLetters;
using Seamless.Storage.Log;
using Seamless.Storage.Operations;
using Seamless.Telemetry;

namespace Seamless.Ingest.Tests;

/// <summary>Both doors, open on free ports over a data directory of their own; real log, real registry.</summary>
internal sealed class Door : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly string _directory;
    private readonly MqttListener _pipe;
    private readonly MqttListener _socket;
    private readonly List<IMqttClient> _clients = [];
    private MqttListener? _tls;

    private Door(WebApplication app, string directory, MqttListener pipe, MqttListener socket) => (_app, _directory, _pipe, _socket) = (app, directory, pipe, socket);

    public static CancellationToken Ct => TestContext.Current.CancellationToken;

    /// <summary>The plain socket.</summary>
    public IPEndPoint MqttEndpoint => _socket.Endpoint!;

    /// <summary>The same behind Kestrel's pipe, as TLS and WebSocket are.</summary>
    public IPEndPoint PipeEndpoint => _pipe.Endpoint!;
    public IPEndPoint TlsEndpoint => _tls!.Endpoint!;
    public HttpClient Http => new() { BaseAddress = new Uri(_app.Urls.First(url => !url.EndsWith($":{PipeEndpoint.Port}", StringComparison.Ordinal))) };
    public GatedLog Log => _app.Services.GetRequiredService<GatedLog>();
    public IDeviceRegistry Devices => _app.Services.GetRequiredService<IDeviceRegistry>();
    public IDeviceLogins Logins => _app.Services.GetRequiredService<IDeviceLogins>();
    public ICommands Commands => _app.Services.GetRequiredService<ICommands>();
    public IShadows Shadows => _app.Services.GetRequiredService<IShadows>();
    public IAudit Audit => _app.Services.GetRequiredService<IAudit>();
    public IServiceProvider Services => _app.Services;
    public IDeadLetters DeadLetters => _app.Services.GetRequiredService<IDeadLetters>();

    public IGapLedger Ledger => _app.Services.GetRequiredService<IGapLedger>();

    /// <param name="certificate">Opens a third door, MQTT over TLS.</param>
    /// <param name="directory">A data directory that is there already, perhaps a copy from another door; the new door owns it.</param>
    public static async Task<Door> OpenAsync(
        Action<FleetOptions>? fleet = null, Action<IngestOptions>? ingest = null, Action<StorageOptions>? storage = null, string? directory = null,
        X509Certificate2? certificate = null, Action<IServiceCollection>? more = null)
    {
        directory ??= Directory.CreateTempSubdirectory("seamless-ingest-").FullName;
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        MqttListener? listener = null, tls = null;
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.Listen(IPAddress.Loopback, 0);
            listener = kestrel.ListenMqtt(new IPEndPoint(IPAddress.Loopback, 0));
            if (certificate is not null) tls = kestrel.ListenMqtt(new IPEndPoint(IPAddress.Loopback, 0), certificate);
        });
        builder.Services.AddStorage(options =>
        {
            options.DataDirectory = directory;
            storage?.Invoke(options);
        });
        builder.Services.RemoveAll<IHostedService>();   // neither ticks nor the time series: the log is where this room ends
        builder.Services.AddSingleton<GatedLog>();
        builder.Services.Replace(ServiceDescriptor.Singleton<ITelemetryLog>(provider => provider.GetRequiredService<GatedLog>()));
        builder.Services.Replace(ServiceDescriptor.Singleton<IRowLog>(provider => provider.GetRequiredService<GatedLog>()));
        builder.Services.AddFleet(fleet);
        builder.Services.AddIngest(ingest);
        more?.Invoke(builder.Services);
        builder.Services.AddAuthentication("key").AddScheme<AuthenticationSchemeOptions, AnyKey>("key", null);
        builder.Services.AddAuthorizationBuilder()
            .AddPolicy(IngestPolicies.WriteTelemetry, policy => policy.RequireAuthenticatedUser())
            .AddPolicy(IngestPolicies.Operate, policy => policy.RequireAuthenticatedUser());
        var socket = builder.Services.AddMqttSocket(new IPEndPoint(IPAddress.Loopback, 0));
        var app = builder.Build();
        app.UseAuthentication();
        app.UseAuthorization();
        app.MapIngest();
        foreach (var room in app.Services.GetServices<IRoomDatabase>()) await room.MigrateAsync(Ct);
        await app.StartAsync(Ct);
        return new Door(app, directory, listener!, socket) { _tls = tls };
    }

    /// <summary>What a kill at this instant would leave on the disk.</summary>
    public string CopyOfDirectory()
    {
        // Not File.Copy: it respects the locks of the one who runs, and a kill does not.
        var copy = Directory.CreateTempSubdirectory("seamless-ingest-").FullName;
        using var process = System.Diagnostics.Process.Start("cp", ["-r", $"{_directory}/.", copy]);
        process.WaitForExit();
        return copy;
    }

    /// <returns>The device's token.</returns>
    public async Task<string> AddDeviceAsync(string id, string type = "pump")
    {
        var key = new DeviceKey(DeviceKey.DefaultTenant, id);
        var added = await Devices.AddAsync(new Device(key, type, "s1", "", null, null, new Dictionary<string, string>(), "standard", null, null, default, 0), "test", Ct);
        Assert.True(added.Succeeded, added.Refusal?.Reason);
        return (await Devices.IssueTokenAsync(key, "test", Ct)).Value!;
    }

    public async Task<IMqttClient> ConnectAsync(string user, string token, MqttProtocolVersion version = MqttProtocolVersion.V500, Action<MqttClientOptionsBuilder>? configure = null)
    {
        var client = new MqttClientFactory().CreateMqttClient();
        _clients.Add(client);
        await client.ConnectAsync(Options(user, token, version, configure), Ct);
        return client;
    }

    public MqttClientOptions Options(string user, string token, MqttProtocolVersion version, Action<MqttClientOptionsBuilder>? configure = null)
    {
        var options = new MqttClientOptionsBuilder().WithTcpServer("127.0.0.1", MqttEndpoint.Port).WithCredentials(user, token).WithProtocolVersion(version);
        configure?.Invoke(options);
        return options.Build();
    }

    /// <summary>Waits for what another process or thread is about to bring about.</summary>
    public static async Task UntilAsync(Func<bool> condition, string what)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(Ct);
        patience.CancelAfter(TimeSpan.FromSeconds(20));
        while (!condition())
        {
            if (patience.IsCancellationRequested) Assert.Fail($"waited in vain: {what}");
            await Task.Delay(5, Ct);
        }
    }

    public static async Task UntilAsync(Func<Task<bool>> condition, string what)
    {
        var met = false;
        for (var attempt = 0; attempt < 1000 && !met; attempt++)
        {
            met = await condition();
            if (!met) await Task.Delay(10, Ct);
        }
        Assert.True(met, $"waited in vain: {what}");
    }

    public async ValueTask DisposeAsync()
    {
        Log.Open();
        foreach (var client in _clients) client.Dispose();
        await _app.StopAsync();
        await _app.DisposeAsync();
        Microsoft.Data.Sqlite.SqliteConnection.ClearAllPools();
        Directory.Delete(_directory, recursive: true);
    }

    /// <summary>Stands for the host's accounts: any bearer that is not a device's token is an operator.</summary>
    private sealed class AnyKey(IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory logger, UrlEncoder encoder)
        : AuthenticationHandler<AuthenticationSchemeOptions>(options, logger, encoder)
    {
        protected override Task<AuthenticateResult> HandleAuthenticateAsync()
        {
            if (!Request.Headers.Authorization.ToString().StartsWith("Bearer sk_", StringComparison.Ordinal)) return Task.FromResult(AuthenticateResult.NoResult());
            var identity = new ClaimsIdentity([new Claim(ClaimTypes.Name, "operator"), new Claim("tenant", DeviceKey.DefaultTenant)], Scheme.Name);
            return Task.FromResult(AuthenticateResult.Success(new AuthenticationTicket(new ClaimsPrincipal(identity), Scheme.Name)));
        }
    }
}

internal static class Clients
{
    public static Task<MqttClientPublishResult> SendAsync(this IMqttClient client, string topic, string payload, int qos = 1, bool retain = false) =>
        client.PublishStringAsync(topic, payload, (MqttQualityOfServiceLevel)qos, retain, Door.Ct);
}
