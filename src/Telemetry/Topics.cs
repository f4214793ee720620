using System.Diagnostics.CodeAnalysis;

namespace Seamless.Telemetry;

public enum TopicKind { Telemetry, Events, State, Command, CommandResult, ShadowDesired, ShadowReported }

/// <summary>A native topic taken apart: <c>v1/{tenant}/{device}/…</c> (CONTRACTS §1).</summary>
/// <param name="CommandId">The command's id, for <see cref="TopicKind.Command"/> and <see cref="TopicKind.CommandResult"/>.</param>
public readonly record struct Topic(DeviceKey Device, TopicKind Kind, string? CommandId = null)
{
    /// <summary>Reads a topic name; false when it is not one of ours.</summary>
    public static bool TryParse(string name, [NotNullWhen(true)] out Topic? topic)
    {
        topic = null;
        var parts = name.Split('/');
        if (parts.Length < 4 || parts[0] != "v1" || !DeviceKey.IsValidName(parts[1]) || !DeviceKey.IsValidName(parts[2])) return false;
        var device = new DeviceKey(parts[1], parts[2]);
        topic = (parts.Length, parts[3]) switch
        {
            (4, "telemetry") => new Topic(device, TopicKind.Telemetry),
            (4, "events") => new Topic(device, TopicKind.Events),
            (4, "state") => new Topic(device, TopicKind.State),
            (5, "commands") when DeviceKey.IsValidName(parts[4]) => new Topic(device, TopicKind.Command, parts[4]),
            (6, "commands") when DeviceKey.IsValidName(parts[4]) && parts[5] == "result" => new Topic(device, TopicKind.CommandResult, parts[4]),
            (5, "shadow") when parts[4] == "desired" => new Topic(device, TopicKind.ShadowDesired),
            (5, "shadow") when parts[4] == "reported" => new Topic(device, TopicKind.ShadowReported),
            _ => null,
        };
        return topic is not null;
    }

    public static string Prefix(in DeviceKey device) => $"v1/{device.Tenant}/{device.Device}/";
    public static string Telemetry(in DeviceKey device) => Prefix(device) + "telemetry";
    public static string Events(in DeviceKey device) => Prefix(device) + "events";
    public static string State(in DeviceKey device) => Prefix(device) + "state";
    public static string Command(in DeviceKey device, string id) => $"{Prefix(device)}commands/{id}";
    public static string CommandResult(in DeviceKey device, string id) => $"{Prefix(device)}commands/{id}/result";
    public static string Commands(in DeviceKey device) => Prefix(device) + "commands/+";
    public static string ShadowDesired(in DeviceKey device) => Prefix(device) + "shadow/desired";
    public static string ShadowReported(in DeviceKey device) => Prefix(device) + "shadow/reported";

    public override string ToString() => Kind switch
    {
        TopicKind.Telemetry => Telemetry(Device),
        TopicKind.Events => Events(Device),
        TopicKind.State => State(Device),
        TopicKind.Command => Command(Device, CommandId!),
        TopicKind.CommandResult => CommandResult(Device, CommandId!),
        TopicKind.ShadowDesired => ShadowDesired(Device),
        _ => ShadowReported(Device),
    };
}
