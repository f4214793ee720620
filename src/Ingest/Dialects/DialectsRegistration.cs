using Microsoft.Extensions.DependencyInjection;
using Seamless.Ingest.Dialects.Azure;
using Seamless.Ingest.Dialects.ThingsBoard;

namespace Seamless.Ingest.Dialects;

/// <summary>A line per dialect for <see cref="IngestRoom"/>.</summary>
internal static class DialectsRegistration
{
    /// <summary>What dialects share.</summary>
    public static IServiceCollection AddDialectParts(this IServiceCollection services) => services
        .AddSingleton<Desks>()
        .AddSingleton<PrincipalOutlet>()
        .AddSingleton<TelemetryIntake>()
        .AddSingleton<ReportedMerge>();

    public static IServiceCollection AddAzureIotHub(this IServiceCollection services) => services
        .AddSingleton<AzureConnections>()
        .AddHostedService(provider => provider.GetRequiredService<AzureConnections>())
        .AddSingleton<CloudToDevice>()
        .AddHostedService(provider => provider.GetRequiredService<CloudToDevice>())
        .AddSingleton<IDialect, AzureDialect>();

    public static IServiceCollection AddThingsBoard(this IServiceCollection services) => services
        .AddSingleton<Attributes>()
        .AddSingleton<Rpc>()
        .AddSingleton<DeviceApi>()
        .AddSingleton<GatewayApi>()
        .AddSingleton<ThingsBoardEndpoints.HttpDoor>()
        .AddSingleton<IDialect, ThingsBoardDialect>();
}
