using Microsoft.Extensions.Logging;
using Seamless.DeviceAgent.Configuration;
using Seamless.DeviceAgent.Link;
using Seamless.Telemetry;

namespace Seamless.DeviceAgent.Updates;

/// <summary>What of updates the agent speaks to.</summary>
public sealed record AgentUpdates(Updater Updater, UpdateLoop Loop, InstallConditions Conditions)
{
    /// <param name="slot">From the launcher; null when this program was started without one.</param>
    /// <param name="restart">Ends this program with <see cref="Launcher.RestartCode"/>.</param>
    public static AgentUpdates? Create(AgentConfiguration configuration, DeviceKey device, string? slot, ILink link, HttpClient http, TimeProvider time, ILogger logger, Action restart)
    {
        if (configuration.Updates is not { } updates || slot is null) return null;
        var conditions = new InstallConditions(updates.Conditions, UpdatesConfiguration.WindowOf(updates.Window));
        var updater = new Updater(
            new UpdateTarget(device, updates.Product, updates.Hardware, (long)updates.MaxMegabytes << 20), updates.FirstKeys().Value!,   // checked by Problem()
            new UpdateStore(Path.Combine(configuration.State, "update.json")), new Slots(updates.Root), slot,
            new Download(http, Path.Combine(configuration.State, "download"), device, configuration.Token), conditions, updates.Options(), time, logger);
        return new AgentUpdates(updater, new UpdateLoop(updater, link, device, updates.Options(), time, restart), conditions);
    }
}
