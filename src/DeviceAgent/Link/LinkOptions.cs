using Seamless.Telemetry;

namespace Seamless.DeviceAgent.Link;

/// <param name="Server"><c>mqtt://host[:1883]</c> or <c>mqtts://host[:8883]</c>.</param>
/// <param name="Principal">Who connects: the device itself, or the gateway that speaks for others.</param>
/// <param name="Token">The principal's token; null where the platform asks for none.</param>
/// <param name="ClientId">The session's name at the broker; the principal's id unless a gateway opens several connections.</param>
/// <param name="CaFile">A PEM file with the authority to trust for <c>mqtts</c> instead of the system's.</param>
public sealed record LinkOptions(Uri Server, DeviceKey Principal, string? Token, string AgentVersion, string? ClientId = null, string? CaFile = null)
{
    public TimeSpan KeepAlive { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How long the platform keeps commands for a device that is away.</summary>
    public TimeSpan SessionExpiry { get; init; } = TimeSpan.FromDays(1);

    public TimeSpan FirstBackoff { get; init; } = TimeSpan.FromSeconds(1);
    public TimeSpan LongestBackoff { get; init; } = TimeSpan.FromSeconds(60);

    public bool UseTls => Server.Scheme is "mqtts";
    public int Port => Server.Port > 0 ? Server.Port : UseTls ? 8883 : 1883;
}
