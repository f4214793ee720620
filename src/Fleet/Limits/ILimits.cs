using Seamless.Telemetry;

namespace Seamless.Fleet.Limits;

/// <summary>How much each device, and each tenant as a whole, may send. What operators set is durable and holds at once.</summary>
public interface ILimits
{
    Allowance InForce(in LimitScope scope);

    /// <summary>What an operator has set; null when the settings hold.</summary>
    LimitSet? Own(in LimitScope scope);

    Task<Outcome<Allowance>> PutAsync(LimitScope scope, LimitSet limits, string actor, CancellationToken ct);

    /// <summary>Back to the settings.</summary>
    Task<Outcome<Allowance>> RemoveAsync(LimitScope scope, string actor, CancellationToken ct);

    /// <summary>Raised when other limits hold for a scope.</summary>
    event Action<LimitScope>? Changed;
}

/// <summary>What is made of the limits; known at the door.</summary>
public interface ILimitUse
{
    LimitState Find(in LimitScope scope);

    /// <summary>The tenant itself, and its devices that have sent something since the start, or today before it, or have limits of their own; worst first.</summary>
    IReadOnlyList<LimitState> List(string tenant);
}

/// <param name="Own">What an operator has set; null when the settings hold.</param>
public sealed record LimitState(LimitScope Scope, Allowance InForce, LimitSet? Own, LimitUse Use, LimitCounts LastHour);

/// <summary>Counted only where something is limited.</summary>
/// <param name="MessagesPerSecond">Mean of the last minute.</param>
/// <param name="BytesToday">Payload bytes of this UTC day.</param>
/// <param name="Metrics">Different metric names since the platform started.</param>
/// <param name="Devices">Registered now, of a tenant; null for a device. Counted whether limited or not.</param>
public sealed record LimitUse(double MessagesPerSecond, long BytesToday, int Metrics, int? Devices = null);

/// <summary>Messages that met a limit.</summary>
/// <param name="Slowed">Not refused: they waited for their turn, as senders without reason codes must.</param>
/// <param name="Metrics">Messages of which at least one metric was refused.</param>
/// <param name="Devices">Messages of devices that there was no room for; counted at the tenant.</param>
public sealed record LimitCounts(long MessagesPerSecond, long BytesPerDay, long Metrics, long Slowed, long Devices = 0)
{
    public long Refused => MessagesPerSecond + BytesPerDay + Metrics + Devices;
}
