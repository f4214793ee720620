using System.Text.Json;
using Seamless.DeviceAgent.Sensing;
using Seamless.Telemetry.Commands;

namespace Seamless.DeviceAgent.Commands;

/// <summary>The commands of a real host.</summary>
/// <remarks>
/// <c>self-test</c> · <c>set-interval</c> {"seconds":10} · <c>restart-service</c> {"service":"nginx"}, only for services whose argv the
/// configuration names · <c>reboot</c>, only where the configuration gives its argv. Nothing from the network ever becomes a command line.
/// </remarks>
/// <param name="services">Service name → argv that restarts it. The first is meant when a command names none.</param>
/// <param name="reboot">The argv of a reboot; empty: never.</param>
public sealed class HostExecutor(
    SamplingInterval interval, SelfTest selfTest, IReadOnlyDictionary<string, string[]> services, string[] reboot, IProcessRunner processes) : ICommandExecutor
{
    public bool Knows(string name) => name is "self-test" or "set-interval" or "restart-service" or "reboot";

    public Task<CommandOutcome> ExecuteAsync(CommandMessage command, Func<int, Task> progress, CancellationToken ct)
    {
        using var args = JsonDocument.Parse(command.ArgsJson);
        return command.Name switch
        {
            "self-test" => selfTest.RunAsync(progress),
            "set-interval" => Task.FromResult(SetInterval(args.RootElement)),
            "restart-service" => RestartServiceAsync(args.RootElement, ct),
            "reboot" => RebootAsync(ct),
            _ => Task.FromResult(CommandOutcome.Rejected($"'{command.Name}' is unknown")),
        };
    }

    private CommandOutcome SetInterval(JsonElement args)
    {
        if (!args.TryGetProperty("seconds", out var value) || value.ValueKind is not JsonValueKind.Number || !value.TryGetDouble(out var seconds))
        {
            return CommandOutcome.Rejected("args: {\"seconds\": number}");
        }
        var asked = TimeSpan.FromSeconds(Math.Clamp(seconds, 0, 1e6));
        return interval.TrySet(asked)
            ? CommandOutcome.Succeeded($"measuring every {asked.TotalSeconds} s")
            : CommandOutcome.Rejected($"the interval must be between {SamplingInterval.Shortest.TotalSeconds} s and {SamplingInterval.Longest.TotalSeconds} s");
    }

    private async Task<CommandOutcome> RestartServiceAsync(JsonElement args, CancellationToken ct)
    {
        var name = args.TryGetProperty("service", out var value) ? value.ToString() : services.Keys.FirstOrDefault();
        if (name is null || !services.TryGetValue(name, out var argv)) return CommandOutcome.Rejected($"service '{name}' is not in this agent's list");
        var (exitCode, output) = await processes.RunAsync(argv, ct);
        return exitCode == 0 ? CommandOutcome.Succeeded($"{name} restarted") : CommandOutcome.Failed($"exit code {exitCode}: {output}");
    }

    private async Task<CommandOutcome> RebootAsync(CancellationToken ct)
    {
        if (reboot.Length == 0) return CommandOutcome.Rejected("reboot is not enabled on this device");
        var (exitCode, output) = await processes.RunAsync(reboot, ct);
        return exitCode == 0 ? CommandOutcome.Succeeded("rebooting") : CommandOutcome.Failed($"exit code {exitCode}: {output}");
    }
}
