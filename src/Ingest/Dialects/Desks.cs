using Microsoft.Extensions.DependencyInjection;
using Seamless.Fleet.Commands;
using Seamless.Fleet.Shadows;

namespace Seamless.Ingest.Dialects;

/// <summary>Commands and shadows, found when first needed: the way out beneath them knows the dialects, so a dialect cannot ask for them when it is made.</summary>
internal sealed class Desks(IServiceProvider services)
{
    public ICommands Commands => services.GetRequiredService<ICommands>();
    public IShadows Shadows => services.GetRequiredService<IShadows>();
}
