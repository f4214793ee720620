using Seamless.Machines.Equipment;
using Seamless.Machines.Rest;
using Seamless.Machines.Scenarios;

namespace Seamless.Machines.Fleet;

/// <summary>Makes the fleet known to the platform. What is known already stays.</summary>
internal static class Registration
{
    public const string Gateway = "gw-simulation";

    /// <returns>Device → token; empty without tokens.</returns>
    public static async Task<IReadOnlyDictionary<string, string>> RegisterAsync(
        Scenario scenario, World world, PlatformApi platform, CancellationToken ct, bool withTokens = true)
    {
        var sites = scenario.Sites.ToDictionary(site => site.Id);
        foreach (var site in scenario.Sites) await platform.PutSiteAsync(site, ct);
        foreach (var part in SpareParts.All.Where(part => scenario.Machines.Any(machine => machine.Type == part.Type))) await platform.PutPartAsync(part, ct);
        foreach (var technician in scenario.Technicians) await platform.PutTechnicianAsync(technician, ct);
        var tokens = new Dictionary<string, string>();
        foreach (var machine in scenario.Machines)
        {
            await platform.AddDeviceAsync(machine, sites[machine.Site], world.Machines[machine.Id].Serial, ct);
            if (withTokens) tokens[machine.Id] = await platform.IssueTokenAsync(machine.Id, ct);
        }
        return tokens;
    }

    public static async Task<string> GatewayAsync(PlatformApi platform, CancellationToken ct)
    {
        await platform.AddGatewayAsync(Gateway, ct);
        return await platform.IssueTokenAsync(Gateway, ct);
    }
}
