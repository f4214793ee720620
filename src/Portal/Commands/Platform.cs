using System.Net;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using OpenTelemetry.Metrics;
using Seamless.Portal.Accounts;
using Seamless.Portal.Api;

namespace Seamless.Portal.Commands;

/// <summary>The whole platform in one process: every room, both doors. Used by serve, demo and simulate, and by tests.</summary>
public sealed class Platform : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly DataDirectoryLock _lock;

    private readonly string _dataDirectory;

    private Platform(WebApplication app, DataDirectoryLock dataLock, string dataDirectory, string controlKey)
    {
        (_app, _lock, _dataDirectory) = (app, dataLock, dataDirectory);
        Control = new ControlFile(HttpAddress, controlKey);
    }

    public IServiceProvider Services => _app.Services;

    /// <summary>Shown once: the key that the first start made.</summary>
    public string? NewAdminKey { get; private init; }

    /// <summary>How the command line speaks to this process.</summary>
    internal ControlFile Control { get; }

    /// <summary>Where HTTP really listens, also when port 0 was asked for.</summary>
    public Uri HttpAddress => new(_app.Urls.First());

    public IPEndPoint MqttEndpoint { get; private init; } = new(IPAddress.Loopback, 0);

    /// <summary>Completes when the platform is asked to stop.</summary>
    public Task WaitForShutdownAsync(CancellationToken ct) => _app.WaitForShutdownAsync(ct);

    public static async Task<Platform> StartAsync(PlatformOptions options, CancellationToken ct)
    {
        var dataLock = DataDirectoryLock.Take(options.DataDirectory);
        try
        {
            var controlKey = ControlFile.NewKey();
            var app = Build(options, controlKey);
            await Rooms.MigrateAsync(app.Services, ct);
            var newKey = await app.Services.GetRequiredService<FirstStart>().PrepareAsync(options.AdminApiKey, ct);
            await app.StartAsync(ct);
            var platform = new Platform(app, dataLock, options.DataDirectory, controlKey) { NewAdminKey = newKey };
            platform.Control.Write(options.DataDirectory);
            return platform;
        }
        catch
        {
            dataLock.Dispose();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        ControlFile.Delete(_dataDirectory);
        await _app.StopAsync();
        await _app.DisposeAsync();
        _lock.Dispose();
    }

    /// <summary>The house, room by room, in the order in which a sample passes through it.</summary>
    private static WebApplication Build(PlatformOptions options, string controlKey)
    {
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions { ApplicationName = "seamless", ContentRootPath = AppContext.BaseDirectory });
        builder.Logging.SetMinimumLevel(options.LogLevel);
        builder.WebHost.ConfigureKestrel(kestrel => Listen(kestrel, options));

        var services = builder.Services;
        services.AddSingleton(options.Time);
        services.AddAccounts(new AccountsOptions { DemoAccess = options.DemoAccess, ControlKey = controlKey });
        services.AddHttpAuthentication(options.DataDirectory);
        services.AddApi();
        AddMetrics(services);

        var app = builder.Build();
        app.UseApiProblems();
        app.UseRouting();
        app.UseRateLimiter();
        app.UseAuthentication();
        app.UseSameSiteGuard();
        app.UseAuthorization();
        app.MapAccounts();
        app.MapApi();
        app.MapApiDocumentation();
        app.MapHealth();
        app.MapPrometheusScrapingEndpoint("/metrics").AllowAnonymous();
        return app;
    }

    private static void AddMetrics(IServiceCollection services) =>
        services.AddOpenTelemetry().WithMetrics(metrics => metrics
            .AddMeter("Seamless.*").AddRuntimeInstrumentation().AddAspNetCoreInstrumentation().AddPrometheusExporter());

    private static void Listen(KestrelServerOptions kestrel, PlatformOptions options)
    {
        kestrel.AddServerHeader = false;
        var (host, port) = (options.HttpUrl.Host, options.HttpUrl.Port);
        if (IPAddress.TryParse(host.Trim('[', ']'), out var address)) kestrel.Listen(address, port, Secure);
        else if (host == "localhost" && port != 0) kestrel.ListenLocalhost(port, Secure);
        else if (host == "localhost") kestrel.Listen(IPAddress.Loopback, 0, Secure);
        else kestrel.ListenAnyIP(port, Secure);

        void Secure(ListenOptions listen)
        {
            if (options.HttpUrl.Scheme == "https") listen.UseHttps(options.Certificate!, options.CertificatePassword);
        }
    }
}
