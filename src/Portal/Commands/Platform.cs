using System.Net;
using Microsoft.Extensions.Logging.Console;
using Microsoft.Extensions.Options;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using Seamless.Fleet;
using Seamless.Fleet.Limits;
using Seamless.Ingest;
using Seamless.Ingest.Brokers;
using Seamless.Ingest.Hubs;
using Seamless.Learning;
using Seamless.Machines.Fleet;
using Seamless.Portal.Accounts;
using Seamless.Portal.Api;
using Seamless.Portal.Pages;
using Seamless.Portal.Training;
using Seamless.Portal.Updates;
using Seamless.Rules;
using Seamless.Rules.Packs;
using Seamless.ServiceDesk;
using Seamless.Storage;
using Seamless.Storage.TimeSeries;

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

    /// <summary>Where devices really connect.</summary>
    public IPEndPoint MqttEndpoint => _app.Services.GetRequiredService<Doors>().Mqtt!.Endpoint!;   // both set once the host has started

    /// <summary>Both doors, for a fleet in the same process.</summary>
    internal FleetTarget Target() => new(MqttEndpoint.Address.Equals(IPAddress.Any) ? "127.0.0.1" : MqttEndpoint.Address.ToString(), MqttEndpoint.Port, HttpAddress, Control.Key);

    /// <summary>Completes when the platform is asked to stop.</summary>
    public Task WaitForShutdownAsync(CancellationToken ct) => _app.WaitForShutdownAsync(ct);

    public static async Task<Platform> StartAsync(PlatformOptions options, CancellationToken ct)
    {
        var dataLock = DataDirectoryLock.Take(options.DataDirectory);
        try
        {
            var controlKey = ControlFile.NewKey();
            var app = Build(options, controlKey);
            var newKey = await PrepareAsync(app.Services, options, ct);
            LimitPersonal(app.Services, options);
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

    /// <summary>The database is made ready on one thread while another makes what the host will start (it reads the packs and opens the stores): each has most of a second to compile.</summary>
    /// <remarks>No constructor asks the database, and nothing is started before both are done.</remarks>
    /// <returns>The administrator's new API key, if there had to be one.</returns>
    private static async Task<string?> PrepareAsync(IServiceProvider services, PlatformOptions options, CancellationToken ct)
    {
        var parts = Task.Run(() => services.GetServices<IHostedService>().Count(), ct);
        var accounts = Task.Run(async () =>
        {
            await Rooms.MigrateAsync(services, ct);
            return await services.GetRequiredService<FirstStart>().PrepareAsync(options.AdminApiKey, ct);
        }, ct);
        await Task.WhenAll(parts, accounts);
        return await accounts;
    }

    /// <summary>What tells about a person is kept no longer than the owner says; the packs say which metrics those are.</summary>
    private static void LimitPersonal(IServiceProvider services, PlatformOptions options)
    {
        var retention = services.GetRequiredService<IOptions<StorageOptions>>().Value.TimeSeries.Retention;
        foreach (var pack in services.GetRequiredService<IPacks>().All)
            foreach (var metric in pack.Metrics.Where(metric => metric.Personal))
            {
                if (options.StoreKind is not TimeSeriesKind.Segments || options.External.Influx is not null)
                    throw new InvalidOperationException($"pack '{pack.Type}' calls its metric '{metric.Name}' personal, and only the store segments forgets single metrics earlier: set store.kind: segments, or leave 'personal' out and see to it in the other store");
                retention[metric.Name] = retention.TryGetValue(metric.Name, out var named) && named < options.KeepPersonal ? named : options.KeepPersonal;
            }
    }

    public async ValueTask DisposeAsync()
    {
        ControlFile.Delete(_dataDirectory);
        try
        {
            await _app.StopAsync();
            await _app.DisposeAsync();
        }
        finally
        {
            _lock.Dispose();
        }
    }

    /// <summary>The house, room by room, in the order in which a sample passes through it.</summary>
    private static WebApplication Build(PlatformOptions options, string controlKey)
    {
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions { ApplicationName = "seamless", ContentRootPath = AppContext.BaseDirectory });
        Log(builder.Logging, options.LogLevel);
        var doors = new Doors();
        builder.Services.AddSingleton(doors);
        builder.WebHost.ConfigureKestrel(kestrel => Doors.Open(kestrel, options));

        builder.Services.AddSingleton(options.Time);
        AddRooms(builder.Services, options, controlKey);
        doors.Mqtt = builder.Services.AddMqttSocket(options.MqttEndpoint);
        AddFace(builder.Services, options);

        var app = builder.Build();
        MapFace(app);
        return app;
    }

    /// <summary>Our own words at the level asked for; the frameworks' only when something is wrong, or when everything is asked for.</summary>
    private static void Log(ILoggingBuilder logging, LogLevel level)
    {
        logging.SetMinimumLevel(level);
        if (level is LogLevel.Trace) return;
        logging.AddFilter("Microsoft", level > LogLevel.Warning ? level : LogLevel.Warning);
        logging.AddFilter("Microsoft.AspNetCore.DataProtection", LogLevel.Error);   // keys lie unencrypted in the data directory, as everything there
        logging.AddSimpleConsole(console => console.SingleLine = true);
        logging.Services.Configure<ConsoleLoggerOptions>(console => console.LogToStandardErrorThreshold = LogLevel.Trace);   // standard output is for 'ready' and results
    }

    private static void AddRooms(IServiceCollection services, PlatformOptions options, string controlKey)
    {
        // The registry is loaded before the first follower of the log asks which type a device is.
        services.AddFleet(fleet => fleet.AutoRegister = options.AutoRegister);
        services.Configure<LimitOptions>(limits => (limits.Device, limits.Tenant) = (options.Limits.Device, options.Limits.Tenant));
        services.AddStorage(storage =>
        {
            storage.DataDirectory = options.DataDirectory;
            storage.Log.Ticks = options.Beats;
            storage.Log.Durable = options.Durable;
            (storage.Log.MinFreeBytes, storage.Log.WarnFreeBytes) = (options.DiskReserveBytes, options.DiskWarnBytes);
            storage.TimeSeries.Kind = options.StoreKind;
            storage.TimeSeries.KeepRollups = options.KeepHours;
            foreach (var (metric, length) in options.KeepMetrics) storage.TimeSeries.Retention[metric] = length;
            storage.TimeSeries.WriteDelay = options.WriteDelay ?? storage.TimeSeries.WriteDelay;
            storage.Influx = options.External.Influx;
        });
        services.AddIngest(ingest =>
        {
            ingest.ClockTolerance = options.ClockTolerance;
            options.Ingest?.Invoke(ingest);
        });
        if (options.External.Broker is { } broker) services.AddExternalBroker(broker);
        if (options.External.Hub is { } hub) services.AddAzureHub(hub);
        services.AddLearning(learning =>
        {
            learning.Directory = Path.Combine(options.DataDirectory, "models");
            learning.TrustedKeys = options.TrustedModelKeys;
        });
        services.AddHostedService(provider => ActivatorUtilities.CreateInstance<TrainingWatch>(provider, options.Beats));
        services.AddRules(rules =>
        {
            rules.PacksDirectory = options.PacksDirectory;
            options.Rules?.Invoke(rules);
        });
        services.AddServiceDesk(desk =>
        {
            desk.Heartbeat = options.Beats ? Heartbeat.Quartz : Heartbeat.External;
            desk.KeepSamples = options.KeepSamples ?? desk.KeepSamples;
            options.Mystery?.Invoke(desk.Mystery);
            options.Notifications?.Invoke(desk.Notifications);
        });
        if (options.Beats) DriftJob.AddTo(services);
        UpdateNeighbours.AddTo(services, options.Beats);
        services.AddAccounts(new AccountsOptions { DemoAccess = options.DemoAccess, ControlKey = controlKey });
        services.AddSingleton<Beat>();
    }

    private static void AddFace(IServiceCollection services, PlatformOptions options)
    {
        services.AddHttpAuthentication(options.DataDirectory);
        services.AddApi();
        services.AddPages();
        if (options.DemoAccess) services.Configure<PagesOptions>(ShowDemoLogins);
        AddMetrics(services);
    }

    private static void ShowDemoLogins(PagesOptions pages)
    {
        foreach (var user in Users.DemoUsers) pages.DemoLogins.Add(new DemoLogin(user, Users.DemoPassword, user));
    }

    private static void MapFace(WebApplication app)
    {
        app.UseSecurityHeaders();
        app.UseApiProblems();
        app.UseRouting();
        app.UseRateLimiter();
        app.UseAuthentication();
        app.UseSameSiteGuard();
        app.UseAuthorization();
        app.MapIngest();
        app.MapAccounts();
        app.MapApi();
        app.MapApiDocumentation();
        app.MapHealth();
        app.MapPrometheusScrapingEndpoint("/metrics").AllowAnonymous();
        app.MapPages();
    }

    private static void AddMetrics(IServiceCollection services) =>
        services.AddOpenTelemetry().ConfigureResource(resource => resource.AddService("seamless")).WithMetrics(metrics => metrics
            .AddMeter("Seamless.*").AddRuntimeInstrumentation().AddAspNetCoreInstrumentation().AddPrometheusExporter());
}
