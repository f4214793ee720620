using Seamless.Fleet;
using Seamless.Portal.Accounts;
using Seamless.Storage.Operations;

namespace Seamless.Portal.Commands;

/// <summary>The rooms without doors: what a verb needs that works on a data directory beside a running <c>serve</c>.</summary>
internal static class Rooms
{
    /// <summary>The operational database alone: registry, credentials, accounts, audit. Opens neither the log nor the time series.</summary>
    public static async Task<ServiceProvider> OpenRegistryAsync(string dataDirectory, CancellationToken ct)
    {
        var services = new ServiceCollection();
        services.AddLogging();
        services.AddSingleton(TimeProvider.System);
        services.AddSingleton(new OperationsDatabase(dataDirectory));
        services.AddFleet();
        services.AddAccounts(new AccountsOptions());
        var provider = services.BuildServiceProvider();
        await MigrateAsync(provider, ct);
        return provider;
    }

    public static async Task MigrateAsync(IServiceProvider services, CancellationToken ct)
    {
        foreach (var room in services.GetServices<IRoomDatabase>()) await room.MigrateAsync(ct);
    }
}
