using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Seamless.Fleet.Commands;
using Seamless.Fleet.Registry;
using Seamless.Fleet.Shadows;
using Seamless.Ingest.Receiving;
using Seamless.Storage;
using Seamless.Storage.Operations;

namespace Seamless.Ingest.Hubs;

[OptionsValidator]
internal sealed partial class AzureHubOptionsValidator : IValidateOptions<AzureHubOptions>;

public static class AzureHubServices
{
    /// <summary>An Azure IoT Hub beside our own door. After <see cref="IngestRoom.AddIngest"/>.</summary>
    public static IServiceCollection AddAzureHub(this IServiceCollection services, AzureHubOptions options)
    {
        if (new AzureHubOptionsValidator().Validate(null, options) is { Failed: true } wrong) throw new OptionsValidationException(nameof(AzureHubOptions), typeof(AzureHubOptions), wrong.Failures);
        services.AddSingleton(Options.Create(options));
        services.AddSingleton<HubMetrics>();
        services.AddSingleton(p => new HubOffsets(Path.Combine(p.GetRequiredService<IOptions<StorageOptions>>().Value.DataDirectory, "hub-offsets.json")));
        // The younger process has the partitions: its start is its epoch.
        services.AddSingleton<IHubTelemetry>(_ => new EventHubReader(
            options.Events, options.Login, options.ConsumerGroup, TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds(), options.Window, TimeProvider.System));
        services.AddSingleton<HubFeed>();
        services.AddHostedService(p => p.GetRequiredService<HubFeed>());
        services.AddSingleton<IExternalPart>(p => p.GetRequiredService<HubFeed>());
        if (options.Hub is { } hub) AddWayOut(services, hub);
        return services;
    }

    private static void AddWayOut(IServiceCollection services, HubConnection hub)
    {
        services.AddSingleton<IDeviceHub>(_ => HubClient.Of(hub, TimeProvider.System));
        // The desk needs its transport, and the transport the desk's ear for the answer: it is asked for late.
        var own = OwnDoor.Take(services);
        services.AddSingleton(p => new HubTransport(
            p.GetRequiredService<IDeviceHub>(), p.GetRequiredService<IDeviceRegistry>(), p.GetRequiredService<ICommands>, own.Commands(p), own.Shadows(p),
            p.GetRequiredService<IOptions<AzureHubOptions>>(), p.GetRequiredService<ILogger<HubTransport>>()));
        services.AddSingleton<ICommandTransport>(p => p.GetRequiredService<HubTransport>());
        services.AddSingleton<IShadowTransport>(p => p.GetRequiredService<HubTransport>());
    }
}
