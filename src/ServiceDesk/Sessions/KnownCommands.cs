using Seamless.Rules.Packs;
using Seamless.ServiceDesk.Customers.Complaints;

namespace Seamless.ServiceDesk.Sessions;

/// <summary>How risky a command is, and which a session allows. Pure.</summary>
public static class KnownCommands
{
    /// <summary>Commands that agents know whatever the machine is.</summary>
    private static readonly Dictionary<string, CommandRisk> Everywhere = new()
    {
        ["self-test"] = CommandRisk.R0, ["set-interval"] = CommandRisk.R1, ["restart-service"] = CommandRisk.R1, ["reboot"] = CommandRisk.R2,
    };

    /// <summary>As the pack's playbooks say (the riskiest of them); what nobody has rated is taken for an interruption.</summary>
    /// <param name="said">The caller's class: only ever raises it.</param>
    public static CommandRisk RiskOf(EquipmentPack? pack, string command, CommandRisk? said = null)
    {
        var rated = pack?.Playbooks.Where(p => p.Command == command).Select(p => Enum.TryParse<CommandRisk>(p.Risk, out var risk) ? risk : CommandRisk.R3).ToList() ?? [];
        var own = rated.Count > 0 ? rated.Max() : Everywhere.GetValueOrDefault(command, CommandRisk.R2);
        return said > own ? said.Value : own;
    }

    /// <summary>The session's own list, else the pack's and those that every agent knows; of them what is not too risky for it.</summary>
    public static IReadOnlyList<(string Name, CommandRisk Risk)> Within(EquipmentPack? pack, RemoteSession session) =>
        [.. (session.Commands ?? [.. (pack?.Playbooks ?? []).Select(p => p.Command), .. Everywhere.Keys]).Distinct().Select(name => (name, RiskOf(pack, name))).Where(c => c.Item2 <= session.UpTo)];
}
