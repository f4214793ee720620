using Seamless.Fleet.Gaps;
using Seamless.Fleet.Limits;
using System.Net;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using MQTTnet.Diagnostics.Logger;
using MQTTnet.Server;
using Seamless.Fleet.Commands;
using Seamless.Fleet.Shadows;
using Seamless.Storage.Log;
using Seamless.Fleet.Registry;
using Seamless.Ingest.Dialects;
using Seamless.Ingest.Dialects.Sparkplug;
using Seamless.Ingest.Dialects.ThingsBoard;
using Seamless.Ingest.Http;
using Seamless.Ingest.Ledger;
using Seamless.Ingest.Limits;
using Seamless.Ingest.Mqtt;
using Seamless.Ingest.Mqtt.Front;
using Seamless.Ingest.Receiving;
using Seamless.Ingest.Replay;
using Seamless.Telemetry.Payloads;

namespace Seamless.Ingest;

/// <summary>The policies this room's endpoints ask of the host that defines them.</summary>
public static class IngestPolicies
{
    public const string WriteTelemetry = "telemetry:write";
    public const string Operate = "operate";
}

public static class IngestRoom
{
    /// <summary>Registers the MQTT broker, the pipeline behind it and the HTTP door. Needs Storage, Fleet and a <see cref="TimeProvider"/>.</summary>
    public static IServiceCollection AddIngest(this IServiceCollection services, Action<IngestOptions>? configure = null)
    {
        var options = services.AddOptions<IngestOptions>().ValidateOnStart();
        if (configure is not null) options.Configure(configure);
        services.AddSingleton<IValidateOptions<IngestOptions>, IngestOptionsValidator>();

        services.AddSingleton<IngestMetrics>();
        services.AddSingleton<Meters>();
        services.AddSingleton<ILimitUse>(provider => provider.GetRequiredService<Meters>());
        services.AddSingleton<Admission>();
        services.AddHostedService<DayBook>();   // before the broker: who comes in is counted on from where the day was
        services.AddSingleton(CreateDecoders);
        services.AddSingleton<Receiver>();
        services.AddSingleton<DeadLetterReplay>();
        AddLedger(services);   // before the broker: it knows what came before when the doors open
        services.AddSingleton<TelemetryWriters>();
        services.AddDialectParts().AddAzureIotHub().AddThingsBoard();
        AddBroker(services);
        services.AddSparkplug();   // after the broker: it says goodbye while the broker still listens
        return services;
    }

    /// <summary>MQTT over WebSocket at <c>/mqtt</c>, telemetry over HTTP, and the replay of dead letters.</summary>
    public static void MapIngest(this IEndpointRouteBuilder endpoints)
    {
        endpoints.MapConnectionHandler<PipeDoor>("/mqtt", PipeDoor.OverWebSocket);   // who comes in shows a device's token in CONNECT
        endpoints.MapConnectionHandler<PipeDoor>("/$iothub/websocket", PipeDoor.OverWebSocket);   // where the SDKs of Azure IoT Hub look for it
        IngestEndpoints.Map(endpoints);
        ThingsBoardEndpoints.Map(endpoints);
    }

    /// <summary>Opens plain MQTT on a socket of its own: the fastest way in.</summary>
    /// <returns>Tells where it listens, once the host has started.</returns>
    public static MqttListener AddMqttSocket(this IServiceCollection services, IPEndPoint endpoint)
    {
        var listener = new MqttListener();
        services.AddHostedService(provider => ActivatorUtilities.CreateInstance<SocketDoor>(provider, endpoint, listener));
        return listener;
    }

    /// <summary>Opens MQTT on a port of Kestrel's.</summary>
    /// <param name="certificate">For TLS (8883); null for plain TCP.</param>
    /// <returns>Tells where it listens, once the host has started.</returns>
    public static MqttListener ListenMqtt(this KestrelServerOptions kestrel, IPEndPoint endpoint, X509Certificate2? certificate = null)
    {
        var listener = new MqttListener();
        listener.Open(kestrel, endpoint, certificate);
        return listener;
    }

    private static void AddLedger(IServiceCollection services)
    {
        services.AddSingleton<GapLedger>();
        services.AddSingleton<IGapLedger>(provider => provider.GetRequiredService<GapLedger>());
        services.AddHostedService(provider => provider.GetRequiredService<GapLedger>());
        services.AddHostedService<Backfill>();
    }

    private static void AddBroker(IServiceCollection services)
    {
        services.AddConnections();
        services.AddSingleton(provider => new TopicTable(
            provider.GetRequiredService<IDeviceRegistry>(), provider.GetRequiredService<ITelemetryLog>(), provider.GetRequiredService<Meters>(), provider.GetServices<IDialect>));
        services.AddSingleton<FrontDoor>();
        services.AddSingleton<IMqttServerAdapter>(provider => provider.GetRequiredService<FrontDoor>());
        services.AddSingleton<PipeDoor>();
        services.AddSingleton(CreateServer);
        services.AddSingleton<Peers>();
        services.AddSingleton<MqttOutlet>();
        services.AddSingleton<MqttTransport>();
        services.Replace(ServiceDescriptor.Singleton<ICommandTransport>(provider => provider.GetRequiredService<MqttTransport>()));
        services.Replace(ServiceDescriptor.Singleton<IShadowTransport>(provider => provider.GetRequiredService<MqttTransport>()));
        services.AddHostedService<Broker>();
    }

    private static MqttServer CreateServer(IServiceProvider provider)
    {
        var options = new MqttServerOptionsBuilder()
            .WithoutDefaultEndpoint()
            .WithPersistentSessions(true)
            .WithMaxPendingMessagesPerClient(provider.GetRequiredService<IOptions<IngestOptions>>().Value.MaxPendingMessages)
            .WithPendingMessagesOverflowStrategy(MqttPendingMessagesOverflowStrategy.DropOldestQueuedMessage)
            .Build();
        return new MqttServer(options, provider.GetServices<IMqttServerAdapter>(), MqttNetNullLogger.Instance);
    }

    private static SampleDecoders CreateDecoders(IServiceProvider provider)
    {
        var options = new DecoderOptions { ClockTolerance = provider.GetRequiredService<IOptions<IngestOptions>>().Value.ClockTolerance };
        return new SampleDecoders(new JsonSampleDecoder(options), new Dictionary<string, ISampleDecoder> { ["application/cbor"] = new CborSampleDecoder(options) });
    }
}
