using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Seamless.Fleet.Commands;
using Seamless.Fleet.Shadows;

namespace Seamless.Ingest.Receiving;

/// <summary>The way out that is registered so far, for another that goes before it and leaves to it whom it does not reach.</summary>
internal sealed record OwnDoor(Func<IServiceProvider, ICommandTransport> Commands, Func<IServiceProvider, IShadowTransport> Shadows)
{
    public static OwnDoor Take(IServiceCollection services) => new(Take<ICommandTransport>(services), Take<IShadowTransport>(services));

    private static Func<IServiceProvider, T> Take<T>(IServiceCollection services) where T : class
    {
        var registered = services.Last(s => s.ServiceType == typeof(T));
        services.RemoveAll<T>();
        return p => (T)(registered.ImplementationInstance ?? registered.ImplementationFactory?.Invoke(p) ?? ActivatorUtilities.CreateInstance(p, registered.ImplementationType!));
    }
}
