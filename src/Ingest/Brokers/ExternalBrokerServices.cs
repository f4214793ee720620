using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Seamless.Fleet.Commands;
using Seamless.Fleet.Shadows;
using Seamless.Ingest.Receiving;
using Seamless.Storage.Operations;

namespace Seamless.Ingest.Brokers;

[OptionsValidator]
internal sealed partial class ExternalBrokerOptionsValidator : IValidateOptions<ExternalBrokerOptions>;

public static class ExternalBrokerServices
{
    /// <summary>An external broker beside our own door. After <see cref="IngestRoom.AddIngest"/>.</summary>
    public static IServiceCollection AddExternalBroker(this IServiceCollection services, ExternalBrokerOptions options)
    {
        if (new ExternalBrokerOptionsValidator().Validate(null, options) is { Failed: true } wrong) throw new OptionsValidationException(nameof(ExternalBrokerOptions), typeof(ExternalBrokerOptions), wrong.Failures);
        services.AddSingleton(Options.Create(options));
        services.AddSingleton<BrokerMetrics>();
        services.AddSingleton<ExternalBroker>();
        services.AddHostedService(p => p.GetRequiredService<ExternalBroker>());
        services.AddSingleton<IExternalPart>(p => p.GetRequiredService<ExternalBroker>());

        // The door that is registered by now becomes the second way. The broker is asked for late: it needs the desk, and the desk its transport.
        var own = OwnDoor.Take(services);
        services.AddSingleton(p => new BrokerTransport(p.GetRequiredService<ExternalBroker>, own.Commands(p), own.Shadows(p), p.GetRequiredService<TimeProvider>()));
        services.AddSingleton<ICommandTransport>(p => p.GetRequiredService<BrokerTransport>());
        services.AddSingleton<IShadowTransport>(p => p.GetRequiredService<BrokerTransport>());
        return services;
    }
}
