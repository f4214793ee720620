using Seamless.Fleet;
using Seamless.Fleet.Limits;
using Seamless.Portal.Accounts;
using Seamless.Storage.Operations;

namespace Seamless.Portal.Commands;

/// <summary>The rooms without doors: what a verb needs that works on a data directory beside a running <c>serve</c>.</summary>
internal static class Rooms
{
    /// <summary>The operational database alone: registry, credentials, accounts, audit. Opens neither the log nor the time series.</summary>
    /// <param name="limits">Of the settings; for who adds devices.</param>
    public static async Task<ServiceProvider> OpenRegistryAsync(string dataDirectory, CancellationToken ct, LimitOptions? limits = null)
    {
        var services = new ServiceCollection();
        services.AddLogging();
        services.AddSingleton(TimeProvider.System);
        services.AddSingleton(new OperationsDatabase(dataDirectory));
        services.AddFleet();
        if (limits is not null) services.Configure<LimitOptions>(options => (options.Device, options.Tenant) = (limits.Device, limits.Tenant));
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
