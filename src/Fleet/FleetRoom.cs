using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using Seamless.Fleet.Audit;
using Seamless.Fleet.Commands;
using Seamless.Fleet.Database;
using Seamless.Fleet.Limits;
using Seamless.Fleet.Registry;
using Seamless.Fleet.Shadows;
using Seamless.Fleet.Updates;
using Seamless.Storage.Operations;

namespace Seamless.Fleet;

public static class FleetRoom
{
    /// <summary>Registers devices, credentials, commands, shadows and the audit trail. Needs an <see cref="OperationsDatabase"/> and a <see cref="TimeProvider"/>.</summary>
    public static IServiceCollection AddFleet(this IServiceCollection services, Action<FleetOptions>? configure = null)
    {
        var options = services.AddOptions<FleetOptions>().ValidateOnStart();
        if (configure is not null) options.Configure(configure);
        services.AddSingleton<IValidateOptions<FleetOptions>, FleetOptionsValidator>();

        services.AddPooledDbContextFactory<FleetDatabase>((provider, database) =>
            provider.GetRequiredService<OperationsDatabase>().Configure(database, FleetDatabase.Room));
        services.AddSingleton<IRoomDatabase, FleetRoomDatabase>();

        services.AddSingleton<IAudit, AuditTrail>();
        services.AddSingleton(provider => new PlatformSecret(provider.GetRequiredService<OperationsDatabase>().DataDirectory));
        services.AddSingleton<DeviceRegistry>();
        services.AddSingleton<IDeviceRegistry>(provider => provider.GetRequiredService<DeviceRegistry>());
        services.AddSingleton<IDeviceLogins>(provider => provider.GetRequiredService<DeviceRegistry>());
        services.AddSingleton<ICommands, CommandDesk>();
        services.AddSingleton<IShadows, ShadowStore>();
        services.AddOptions<LimitOptions>();
        services.AddSingleton<LimitBook>();
        services.AddSingleton<ILimits>(provider => provider.GetRequiredService<LimitBook>());
        services.AddUpdates();
        services.AddSingleton<IHostedService, FleetBeat>();

        // The door replaces these when the process has one.
        services.TryAddSingleton<ICommandTransport, ClosedDoor>();
        services.TryAddSingleton<IShadowTransport, ClosedShadowDoor>();
        return services;
    }

    private static void AddUpdates(this IServiceCollection services)
    {
        services.AddSingleton(provider => new KeyRing(FolderOf(provider)));
        services.AddSingleton(provider => new Artefacts(
            provider.GetRequiredService<IDbContextFactory<FleetDatabase>>(), provider.GetRequiredService<KeyRing>(), provider.GetRequiredService<TimeProvider>(), FolderOf(provider)));
        services.AddSingleton<Offers>().AddSingleton<Controls>().AddSingleton<CampaignBeat>().AddSingleton<IUpdates, CampaignDesk>();
        // Rooms that know of alarms and of the emergency stop replace these.
        services.TryAddSingleton<IUpdateGate, OpenGate>();
        services.TryAddSingleton<IFieldFigures, NoFigures>();

        static string FolderOf(IServiceProvider provider) => Path.Combine(provider.GetRequiredService<OperationsDatabase>().DataDirectory, "updates");
    }
}
