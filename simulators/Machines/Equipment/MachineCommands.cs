namespace Seamless.Machines.Equipment;

/// <summary>What simulated machines may be told; each knows its own.</summary>
internal static class MachineCommands
{
    public static readonly IReadOnlySet<string> All = new HashSet<string>
    {
        "self-test", "restart-service", "backflush-strainer", "clear-app-cache", "update-firmware", "switch-wifi-channel",
    };
}
