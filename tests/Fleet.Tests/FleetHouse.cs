using System.Collections.Concurrent;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Time.Testing;
using Seamless.Fleet.Audit;
using Seamless.Fleet.Commands;
using Seamless.Fleet.Limits;
using Seamless.Fleet.Registry;
using Seamless.Fleet.Shadows;
using Seamless.Fleet.Updates;
using Seamless.Storage.Operations;
using Seamless.Telemetry;
using Seamless.Telemetry.Commands;

namespace Seamless.Fleet.Tests;

/// <summary>The room on a database file of its own. Several processes at once are several of these over one directory.</summary>
internal sealed class FleetHouse : IAsyncDisposable
{
    private readonly ServiceProvider _services;
    private readonly bool _ownsDirectory;

    private FleetHouse(string directory, bool ownsDirectory, FakeTimeProvider time, RecordingTransport transport, Action<FleetOptions>? configure, LimitSet? tenant = null, Action<IServiceCollection>? neighbours = null)
    {
        (Directory, _ownsDirectory, Time, Transport) = (directory, ownsDirectory, time, transport);
        var services = new ServiceCollection();
        services.AddLogging();
        services.AddSingleton<TimeProvider>(time);
        services.AddSingleton(new OperationsDatabase(directory));
        services.AddSingleton<ICommandTransport>(transport);
        services.AddSingleton<IShadowTransport>(transport);
        neighbours?.Invoke(services);
        services.AddFleet(configure);
        services.ConfigureDbContext<Database.FleetDatabase>(database => database.AddInterceptors(Queries));
        if (tenant is not null) services.Configure<LimitOptions>(limits => limits.Tenant = tenant);
        _services = services.BuildServiceProvider();
    }

    public string Directory { get; }
    public FakeTimeProvider Time { get; }
    public RecordingTransport Transport { get; }
    public CountedQueries Queries { get; } = new();
    public DeviceRegistry Registry => _services.GetRequiredService<DeviceRegistry>();
    public FleetBeat Beat => _services.GetServices<IHostedService>().OfType<FleetBeat>().Single();
    public ICommands Commands => _services.GetRequiredService<ICommands>();
    public IAudit Audit => _services.GetRequiredService<IAudit>();
    public ILimits Limits => _services.GetRequiredService<ILimits>();
    public IShadows Shadows => _services.GetRequiredService<IShadows>();

    public IUpdates Updates => _services.GetRequiredService<IUpdates>();
    public Microsoft.EntityFrameworkCore.IDbContextFactory<Database.FleetDatabase> Databases => _services.GetRequiredService<Microsoft.EntityFrameworkCore.IDbContextFactory<Database.FleetDatabase>>();

    public static CancellationToken Ct => TestContext.Current.CancellationToken;

    public static async Task<FleetHouse> OpenAsync(Action<FleetOptions>? configure = null, LimitSet? tenant = null, Action<IServiceCollection>? neighbours = null)
    {
        var directory = System.IO.Directory.CreateTempSubdirectory("seamless-fleet-").FullName;
        var house = new FleetHouse(directory, true, new FakeTimeProvider(new DateTimeOffset(2026, 3, 1, 8, 0, 0, TimeSpan.Zero)), new RecordingTransport(), configure, tenant, neighbours);
        foreach (var room in house._services.GetServices<IRoomDatabase>()) await room.MigrateAsync(Ct);
        await house.Registry.LoadAsync(Ct);
        return house;
    }

    /// <summary>Another process on the same directory, or the same after a restart.</summary>
    public async Task<FleetHouse> AnotherAsync()
    {
        var house = new FleetHouse(Directory, false, Time, new RecordingTransport(), null);
        await house.Registry.LoadAsync(Ct);
        return house;
    }

    public async Task<Device> AddAsync(string id, string type = "pump", string site = "s1")
    {
        var added = await Registry.AddAsync(Some.Device(id, type, site), "test", Ct);
        Assert.True(added.Succeeded, added.Refusal?.Reason);
        return added.Value;
    }

    public async ValueTask DisposeAsync()
    {
        await _services.DisposeAsync();
        Microsoft.Data.Sqlite.SqliteConnection.ClearAllPools();
        if (_ownsDirectory) System.IO.Directory.Delete(Directory, recursive: true);
    }
}

/// <summary>A door that can be opened and closed, and remembers what went through it.</summary>
internal sealed class RecordingTransport : ICommandTransport, IShadowTransport
{
    public bool IsOpen { get; set; } = true;
    public ConcurrentQueue<CommandMessage> Sent { get; } = new();
    public ConcurrentQueue<Shadow> Published { get; } = new();

    /// <summary>What a sending waits for behind the door.</summary>
    public Task Delivery { get; set; } = Task.CompletedTask;

    public async Task<bool> TrySendAsync(DeviceKey device, CommandMessage message, CancellationToken ct)
    {
        if (!IsOpen) return false;
        Sent.Enqueue(message);
        await Delivery.WaitAsync(ct);
        return true;
    }

    public Task PublishDesiredAsync(Shadow shadow, CancellationToken ct)
    {
        Published.Enqueue(shadow);
        return Task.CompletedTask;
    }
}

internal static class Some
{
    public static DeviceKey Key(string device) => new(DeviceKey.DefaultTenant, device);

    public static Device Device(string id, string type = "pump", string site = "s1") => new(
        Key(id), type, site, "acme", null, null, new Dictionary<string, string>(), "standard", null, null, default, 0);

    public static CommandRequest Command(string device, string key = "k1", string name = "self-test", string args = "{}") =>
        new(Key(device), name, args, "R1", TimeSpan.FromMinutes(2), key, "test");
}
