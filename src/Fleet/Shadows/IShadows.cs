using Seamless.Telemetry;

namespace Seamless.Fleet.Shadows;

/// <summary>What a device says it is (reported) and what we want it to be (desired). A version is 0 until that side has spoken.</summary>
/// <param name="DesiredJson">A JSON object; each put replaces the whole.</param>
/// <param name="ReportedJson">A JSON object, as the device last sent it.</param>
public sealed record Shadow(
    DeviceKey Device, long DesiredVersion, string DesiredJson, DateTimeOffset? DesiredAt, long ReportedVersion, string ReportedJson, DateTimeOffset? ReportedAt);

public interface IShadows
{
    Task<Shadow> GetAsync(DeviceKey device, CancellationToken ct);

    /// <summary>Stores what we want, one version on, and publishes it to the device.</summary>
    /// <param name="basedOn">The desired version the caller has seen; null to write whatever it is.</param>
    Task<Outcome<Shadow>> PutDesiredAsync(DeviceKey device, string stateJson, long? basedOn, string actor, CancellationToken ct);

    /// <summary>Stores what the device says. An older version than the stored one is refused.</summary>
    Task<Outcome<Shadow>> ReportAsync(DeviceKey device, long version, string stateJson, CancellationToken ct);

    /// <summary>Every shadow in which something is desired, all tenants: what the door keeps as retained messages.</summary>
    Task<IReadOnlyList<Shadow>> ListDesiredAsync(CancellationToken ct);
}

/// <summary>Takes a desired state to its device. Implemented by the door; a door that opens later reads <see cref="IShadows.ListDesiredAsync"/>.</summary>
public interface IShadowTransport
{
    Task PublishDesiredAsync(Shadow shadow, CancellationToken ct);
}

/// <summary>A process without a door: the one that has it publishes when it starts.</summary>
internal sealed class ClosedShadowDoor : IShadowTransport
{
    public Task PublishDesiredAsync(Shadow shadow, CancellationToken ct) => Task.CompletedTask;
}
