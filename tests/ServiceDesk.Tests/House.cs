using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Time.Testing;
using Seamless.Fleet.Audit;
using Seamless.Fleet.Commands;
using Seamless.Fleet.Registry;
using Seamless.Rules.Alarms;
using Seamless.Rules.Alarms.Maintenance;
using Seamless.Rules.Packs;
using Seamless.ServiceDesk.Database;
using Seamless.ServiceDesk.Kpis;
using Seamless.ServiceDesk.Notifications;
using Seamless.ServiceDesk.Parts;
using Seamless.ServiceDesk.Parts.Planning;
using Seamless.ServiceDesk.Parts.Resupply;
using Seamless.ServiceDesk.Remedies;
using Seamless.ServiceDesk.Tickets;
using Seamless.Storage.Operations;
using Seamless.Storage.Tests.TimeSeries;
using Seamless.Storage.TimeSeries;
using Seamless.Telemetry;

namespace Seamless.ServiceDesk.Tests;

/// <summary>The real desk on a real database file, among small real neighbours, on a clock that the test moves.</summary>
internal sealed class House : IAsyncDisposable
{
    public const string Tenant = DeviceKey.DefaultTenant;
    public static readonly DateTimeOffset Start = new(2026, 3, 2, 9, 0, 0, TimeSpan.Zero);

    private readonly string _folder;
    private readonly bool _ownsFolder;
    private readonly ServiceProvider _services;

    private House(string? folder, House? neighboursOf, Action<ServiceDeskOptions>? configure, IInterceptor? interceptor)
    {
        _ownsFolder = folder is null;
        _folder = folder ?? Directory.CreateTempSubdirectory("desk-").FullName;
        Clock = neighboursOf?.Clock ?? new FakeTimeProvider(Start);
        Alarms = neighboursOf?.Alarms ?? new MemoryAlarms();
        Commands = neighboursOf?.Commands ?? new MemoryCommands(Clock);
        Devices = neighboursOf?.Devices ?? new MemoryDevices();
        Maintenance = neighboursOf?.Maintenance ?? new MemoryMaintenance();
        Store = neighboursOf?.Store ?? new MemoryTimeSeriesStore();
        var services = new ServiceCollection().AddLogging()
            .AddSingleton(new OperationsDatabase(_folder))
            .AddSingleton<TimeProvider>(Clock).AddSingleton<IAlarms>(Alarms).AddSingleton<ICommands>(Commands).AddSingleton<IDeviceRegistry>(Devices).AddSingleton<IMaintenance>(Maintenance)
            .AddSingleton<IHostApplicationLifetime>(new Schedule.HeartbeatTests.StartedHost())
            .AddSingleton<ITimeSeriesStore>(Store).AddSingleton<IPacks>(new MemoryPacks()).AddSingleton<IAudit>(new MemoryAudit())
            .AddServiceDesk(options =>
            {
                options.Heartbeat = Heartbeat.External;
                configure?.Invoke(options);
            });
        if (interceptor is not null) services.ConfigureDbContext<DeskContext>(options => options.AddInterceptors(interceptor));
        _services = services.BuildServiceProvider();
    }

    public static async Task<House> OpenAsync(Action<ServiceDeskOptions>? configure = null, IInterceptor? interceptor = null)
    {
        var house = new House(null, null, configure, interceptor);
        await File.WriteAllBytesAsync(house._services.GetRequiredService<OperationsDatabase>().FilePath, await EmptyDatabase.Value);
        return house;
    }

    /// <summary>Migrated once; each test has a copy.</summary>
    private static readonly Lazy<Task<byte[]>> EmptyDatabase = new(async () =>
    {
        await using var house = new House(null, null, null, null);
        foreach (var room in house._services.GetServices<IRoomDatabase>()) await room.MigrateAsync(default);
        Microsoft.Data.Sqlite.SqliteConnection.ClearAllPools();   // the last connection to close writes the log back
        return await File.ReadAllBytesAsync(house._services.GetRequiredService<OperationsDatabase>().FilePath);
    });

    /// <summary>Another process on the same data, with the same neighbours: a second node, or the one after a crash.</summary>
    public House Another(IInterceptor? interceptor = null, Action<ServiceDeskOptions>? configure = null) => new(_folder, this, configure, interceptor);

    public FakeTimeProvider Clock { get; }
    public MemoryAlarms Alarms { get; }
    public MemoryCommands Commands { get; }
    public MemoryDevices Devices { get; }
    public MemoryMaintenance Maintenance { get; }
    public MemoryTimeSeriesStore Store { get; }
    public DateTimeOffset Now => Clock.GetUtcNow();
    public IServiceDesk Desk => _services.GetRequiredService<IServiceDesk>();
    public ITickets Tickets => _services.GetRequiredService<ITickets>();
    public IRemedies Remedies => _services.GetRequiredService<IRemedies>();
    public IPartsNetwork Parts => _services.GetRequiredService<IPartsNetwork>();
    public IStockPlans Plans => _services.GetRequiredService<IStockPlans>();
    public IResupply Resupply => _services.GetRequiredService<IResupply>();
    public INotifications Notifications => _services.GetRequiredService<INotifications>();
    public IOutboxSender Sender => _services.GetRequiredService<IOutboxSender>();
    public IKpis Kpis => _services.GetRequiredService<IKpis>();
    public IAutomationSwitch Automation => _services.GetRequiredService<IAutomationSwitch>();
    public IDbContextFactory<DeskContext> Contexts => _services.GetRequiredService<IDbContextFactory<DeskContext>>();
    public IServiceProvider Services => _services;

    public Task BeatAsync() => Desk.AdvanceAsync(Now, default);

    /// <summary>Lets <paramref name="span"/> pass in steps of <paramref name="step"/> (by default a second), a beat after each.</summary>
    public async Task PassAsync(TimeSpan span, TimeSpan? step = null)
    {
        var by = step ?? TimeSpan.FromSeconds(1);
        for (var passed = TimeSpan.Zero; passed < span; passed += by)
        {
            Clock.Advance(by);
            await BeatAsync();
        }
    }

    public Device Add(string id, string type = "pump", string site = "works", string tier = "standard", bool online = true, string? group = null, GeoPoint? location = null) =>
        Devices.Add(id, type, site, tier, online, group, location);

    public async Task<Ticket> OnlyTicketAsync() => Assert.Single(await Tickets.ListAsync(new TicketFilter(Tenant), default));

    public async Task<Ticket> ActAsync(string number, string action, params (string Name, string Value)[] args)
    {
        var done = await Tickets.ActAsync(Tenant, number, new TicketAction(action, args.ToDictionary(a => a.Name, a => a.Value), "anna"), default);
        Assert.True(done.Succeeded, done.Refusal?.Reason);
        return done.Value!;
    }

    public async Task<Refusal> RefusedAsync(string number, string action, params (string Name, string Value)[] args)
    {
        var done = await Tickets.ActAsync(Tenant, number, new TicketAction(action, args.ToDictionary(a => a.Name, a => a.Value), "anna"), default);
        return Assert.IsType<Refusal>(done.Refusal);
    }

    public async Task<double?> KpiAsync(string code) =>
        (await Kpis.MeasureAsync(Tenant, DateTimeOffset.MinValue, DateTimeOffset.MaxValue, default)).Single(k => k.Code == code).Value;

    public async ValueTask DisposeAsync()
    {
        await _services.DisposeAsync();
        if (!_ownsFolder) return;
        Microsoft.Data.Sqlite.SqliteConnection.ClearAllPools();
        Directory.Delete(_folder, true);
    }
}
