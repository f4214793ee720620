using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Time.Testing;
using Seamless.Fleet.Registry;
using Seamless.Fleet.Tests;
using Seamless.Learning;
using Seamless.Rules.Alarms;
using Seamless.Rules.Versions;
using Seamless.Storage.Log;
using Seamless.Storage.Operations;
using Seamless.Storage.Space;
using Seamless.Telemetry;

namespace Seamless.Rules.Tests;

/// <summary>The rules room as it is assembled, over a log in memory and a data directory of its own.</summary>
internal sealed class RulesRoom : IAsyncDisposable
{
    public static readonly DateTimeOffset Noon = new(2026, 3, 2, 12, 0, 0, TimeSpan.Zero);

    private readonly ServiceProvider _services;
    private readonly bool _ownsDirectory;
    private bool _killed;

    private RulesRoom(string? directory, MemoryLog? log, MemoryRegistry? registry, Action<RulesOptions>? configure)
    {
        _ownsDirectory = directory is null;
        DirectoryPath = directory ?? Directory.CreateTempSubdirectory("seamless-rules-").FullName;
        (Log, Registry) = (log ?? new MemoryLog(), registry ?? new MemoryRegistry());
        var services = new ServiceCollection().AddLogging();
        services.AddSingleton(new OperationsDatabase(DirectoryPath));
        services.AddSingleton<ITelemetryLog>(Log);
        services.AddSingleton<IDeviceRegistry>(Registry);
        services.AddSingleton<IModels>(Models);
        services.AddSingleton<TimeProvider>(Clock);
        services.AddSingleton<IDiskWatch>(Disk);
        services.AddSingleton<IReviewers>(Engineers);
        services.AddRules(options =>
        {
            options.PacksDirectory = Repository.Packs;
            configure?.Invoke(options);
        });
        services.ConfigureDbContext<RulesContext>(database => database.AddInterceptors(Queries));
        _services = services.BuildServiceProvider();
    }

    public string DirectoryPath { get; }
    public MemoryLog Log { get; }
    public MemoryRegistry Registry { get; }
    public NoModels Models { get; } = new();
    public ADisk Disk { get; } = new();
    public CountedQueries Queries { get; } = new();
    public SomeEngineers Engineers { get; } = new();
    public FakeTimeProvider Clock { get; } = new(Noon);
    public IAlarms Alarms => _services.GetRequiredService<IAlarms>();

    public T Get<T>() where T : notnull => _services.GetRequiredService<T>();

    public static async Task<RulesRoom> OpenAsync(string? directory = null, MemoryLog? log = null, MemoryRegistry? registry = null, Action<RulesOptions>? configure = null)
    {
        var room = await StartAsync(directory, log, registry, configure);
        foreach (var service in room._services.GetServices<IHostedService>().OfType<IHostedLifecycleService>()) await service.StartedAsync(default);
        return room;
    }

    /// <summary>As it is while the doors of the platform are still closed: nothing is judged yet.</summary>
    public static async Task<RulesRoom> StartAsync(string? directory = null, MemoryLog? log = null, MemoryRegistry? registry = null, Action<RulesOptions>? configure = null)
    {
        var room = new RulesRoom(directory, log, registry, configure);
        foreach (var database in room._services.GetServices<IRoomDatabase>()) await database.MigrateAsync(default);
        foreach (var service in room._services.GetServices<IHostedService>()) await service.StartAsync(default);
        return room;
    }

    /// <summary>Sends a sample <paramref name="seconds"/> after noon.</summary>
    public Task SendAsync(string device, double seconds, params (string Metric, double Value)[] values) =>
        SendAsync(Some.Sample(device, seconds, values));

    public async Task SendAsync(params Sample[] samples)
    {
        await Log.AppendAsync([.. samples.Select(s => LogEntry.Of(s, s.TimestampMs))], default);
        await SettledAsync();
    }

    /// <summary>Ticks once a second.</summary>
    public async Task TickAsync(double fromSeconds, double toSeconds)
    {
        var ticks = new List<LogEntry>();
        for (var at = fromSeconds; at <= toSeconds; at++) ticks.Add(LogEntry.Tick(Some.At(at)));
        await Log.AppendAsync(ticks, default);
        await SettledAsync();
    }

    public Task SettledAsync() => Log.WaitForAsync("rules", new CancellationTokenSource(TimeSpan.FromSeconds(20)).Token);

    public async Task<IReadOnlyList<Alarm>> AllAsync() => await Alarms.ListAsync(new AlarmFilter(DeviceKey.DefaultTenant), default);

    /// <summary>Stops as a crash does: the loops end, no last snapshot is written.</summary>
    public async Task KillAsync()
    {
        _killed = true;
        foreach (var service in _services.GetServices<IHostedService>().OfType<BackgroundService>())
        {
            service.Dispose();
            // A crash may hit anywhere, also in the middle of a write: the loop ends as cancelled then.
            await service.ExecuteTask!.WaitAsync(TimeSpan.FromSeconds(10)).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            Assert.True(service.ExecuteTask.IsCompletedSuccessfully || service.ExecuteTask.IsCanceled, $"{service.GetType().Name} did not end: {service.ExecuteTask.Exception}");
        }
    }

    public async Task StopAsync()
    {
        foreach (var service in _services.GetServices<IHostedService>()) await service.StopAsync(default);
    }

    public async ValueTask DisposeAsync()
    {
        if (!_killed) await StopAsync();
        await _services.DisposeAsync();
        Microsoft.Data.Sqlite.SqliteConnection.ClearAllPools();
        if (_ownsDirectory) Directory.Delete(DirectoryPath, recursive: true);
    }
}

internal static class Some
{
    public static long At(double seconds) => RulesRoom.Noon.ToUnixTimeMilliseconds() + (long)(seconds * 1000);

    public static Sample Sample(string device, double seconds, params (string Metric, double Value)[] values) =>
        new(new DeviceKey(DeviceKey.DefaultTenant, device), At(seconds), null, [.. values.Select(v => new Reading(v.Metric, v.Value))]);
}

/// <summary>A disk that is as full as a test says.</summary>
internal sealed class ADisk : IDiskWatch
{
    public DiskReport Report { get; private set; } = new(DiskState.Ample, 1L << 40, DiskLevels.Of(1L << 41, null, null), SendersWait: false);

    public event Action? Changed;

    public void Becomes(DiskState state, long freeBytes)
    {
        Report = Report with { State = state, FreeBytes = freeBytes, SendersWait = state is DiskState.Full };
        Changed?.Invoke();
    }
}

/// <summary>Who else could look at a text.</summary>
internal sealed class SomeEngineers : IReviewers
{
    public List<string> Names { get; } = ["lee", "wang"];

    public Task<bool> AnyButAsync(string tenant, string actor, CancellationToken ct) => Task.FromResult(Names.Any(name => name != actor));
}

internal sealed class NoModels : IModels
{
    public IReadOnlyList<ModelInfo> All() => [];
    public ModelInfo? Find(string id) => null;
    public IScorer? OpenScorer(string name) => null;
    public bool Promote(string id) => false;

    public event Action? Changed
    {
        add { }
        remove { }
    }
}

internal static class Repository
{
    /// <summary>The folder that holds the solution.</summary>
    public static string Root { get; } = RootOf(AppContext.BaseDirectory);

    private static string RootOf(string directory) =>
        File.Exists(Path.Combine(directory, "IoT.sln")) ? directory : RootOf(Path.GetDirectoryName(directory) ?? throw new DirectoryNotFoundException("IoT.sln"));

    /// <summary>The repository's own packs: what is shipped is what is tested.</summary>
    public static string Packs { get; } = Find(AppContext.BaseDirectory);

    private static string Find(string directory)
    {
        var packs = Path.Combine(directory, "packs");
        return Directory.Exists(Path.Combine(packs, "pump")) ? packs : Find(Path.GetDirectoryName(directory) ?? throw new DirectoryNotFoundException("packs"));
    }
}
