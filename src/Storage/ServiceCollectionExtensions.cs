using System.Diagnostics.Metrics;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Seamless.Storage.DeadLetters;
using Seamless.Storage.Log;
using Seamless.Storage.Operations;
using Seamless.Storage.Space;
using Seamless.Storage.TimeSeries;
using Seamless.Storage.TimeSeries.Influx;
using Seamless.Storage.TimeSeries.Segments;

namespace Seamless.Storage;

public static class ServiceCollectionExtensions
{
    /// <summary>The log, the time-series store and its writer, the dead letters and the operations database.</summary>
    /// <remarks>
    /// Each opens when first asked for, at the latest when the host starts. Whoever knows equipment types registers an <see cref="IEquipmentCatalog"/>.
    /// </remarks>
    public static IServiceCollection AddStorage(this IServiceCollection services, Action<StorageOptions> configure)
    {
        services.AddOptions<StorageOptions>().Configure(configure).ValidateOnStart();
        services.AddSingleton<IValidateOptions<StorageOptions>, StorageOptionsValidator>();
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton(p => new OperationsDatabase(Options(p).DataDirectory, Options(p).Log.Durable));
        services.AddTelemetryLog();
        services.AddTimeSeries();
        services.AddDeadLetters();
        services.AddDiskWatch();
        return services;
    }

    private static StorageOptions Options(IServiceProvider provider) => provider.GetRequiredService<IOptions<StorageOptions>>().Value;

    private static void AddTelemetryLog(this IServiceCollection services)
    {
        services.AddSingleton(p => new FileTelemetryLog(
            Path.Combine(Options(p).DataDirectory, "log"), Options(p).Log, p.GetRequiredService<ILogger<FileTelemetryLog>>(), p.GetService<IMeterFactory>()));
        services.AddSingleton<ITelemetryLog>(p => p.GetRequiredService<FileTelemetryLog>());
        services.AddSingleton<IRowLog>(p => p.GetRequiredService<FileTelemetryLog>());
        services.AddSingleton<ILogHealth>(p => p.GetRequiredService<FileTelemetryLog>());
        services.AddHostedService<LogTicker>();
    }

    private static void AddTimeSeries(this IServiceCollection services)
    {
        services.TryAddSingleton<IEquipmentCatalog, GenericCatalog>();
        services.AddSingleton(OpenTimeSeries);
        services.AddHostedService<StoreImport>();   // before the writer: what is older comes first
        services.AddHostedService<StoreWriter>();
    }

    private static ITimeSeriesStore OpenTimeSeries(IServiceProvider provider)
    {
        var options = Options(provider);
        if (options.Influx is { } influx) return OpenInflux(provider, influx);
        // On a small disk the log must be let go of sooner, and a seal must fit into the reserve.
        options.TimeSeries.SealMegabytes = provider.GetRequiredService<FileTelemetryLog>().Levels.SealMegabytes(options.TimeSeries.SealMegabytes);
        return options.TimeSeries.Kind is TimeSeriesKind.DuckDb
            ? new DuckDbTimeSeriesStore(Path.Combine(options.DataDirectory, StoreImport.DuckDbFile), options.TimeSeries, provider.GetRequiredService<IEquipmentCatalog>())
            : new SegmentTimeSeriesStore(
                Path.Combine(options.DataDirectory, "timeseries"), options.TimeSeries, provider.GetRequiredService<ILogger<SegmentTimeSeriesStore>>(),
                provider.GetRequiredService<TimeProvider>(), durable: options.Log.Durable, meters: provider.GetService<IMeterFactory>());
    }

    // The machine's clock, whatever the platform's: it paces a network.
    private static InfluxTimeSeriesStore OpenInflux(IServiceProvider provider, InfluxOptions influx) => new(
        influx, Path.Combine(Options(provider).DataDirectory, "rejected.lp"), provider.GetRequiredService<IEquipmentCatalog>(), TimeProvider.System,
        provider.GetRequiredService<ILogger<InfluxTimeSeriesStore>>());

    private static void AddDiskWatch(this IServiceCollection services)
    {
        // The machine's clock, whatever the platform's: it paces a disk.
        services.AddSingleton(p => new DiskWatch(
            p.GetRequiredService<OperationsDatabase>().DataDirectory, p.GetRequiredService<FileTelemetryLog>().Levels, p.GetRequiredService<ILogHealth>(), p.GetRequiredService<ITimeSeriesStore>(),
            TimeProvider.System, p.GetRequiredService<ILogger<DiskWatch>>(), p.GetService<IMeterFactory>()));
        services.AddSingleton<IDiskWatch>(p => p.GetRequiredService<DiskWatch>());
        services.AddHostedService(p => p.GetRequiredService<DiskWatch>());
    }

    private static void AddDeadLetters(this IServiceCollection services)
    {
        services.AddPooledDbContextFactory<DeadLetterContext>((p, options) => p.GetRequiredService<OperationsDatabase>().Configure(options, DeadLetterContext.Room));
        services.AddSingleton<SqliteDeadLetters>();
        services.AddSingleton<IDeadLetters>(p => p.GetRequiredService<SqliteDeadLetters>());
        services.AddSingleton<IRoomDatabase>(p => p.GetRequiredService<SqliteDeadLetters>());
    }
}
