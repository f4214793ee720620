using Seamless.Telemetry;
using Seamless.Telemetry.Commands;

namespace Seamless.Fleet.Commands;

/// <summary>Created → Sent → the device's own answers; Expired when the time ran out unanswered.</summary>
public enum CommandState : byte { Created, Sent, Accepted, Running, Succeeded, Failed, Rejected, Expired }

/// <summary>What we asked of a device and what became of it.</summary>
/// <param name="RiskClass">R0 read, R1 reversible, R2 service interruption, R3 irreversible: never automatic.</param>
public sealed record Command(
    string Id, DeviceKey Device, string Name, string ArgsJson, string RiskClass, string IdempotencyKey, string Actor,
    CommandState State, int Progress, string? Detail, string? DataJson,
    DateTimeOffset CreatedAt, DateTimeOffset ExpiresAt, DateTimeOffset? SentAt, DateTimeOffset? FinishedAt)
{
    public bool IsFinished => State is CommandState.Succeeded or CommandState.Failed or CommandState.Rejected or CommandState.Expired;
}

/// <param name="IdempotencyKey">The same key for the same device gives the same command, never a second one.</param>
public sealed record CommandRequest(DeviceKey Device, string Name, string ArgsJson, string RiskClass, TimeSpan ExpiresAfter, string IdempotencyKey, string Actor);

public interface ICommands
{
    /// <summary>Stores the command, then hands it to the transport. Durable before it is sent; sent again after a restart until it expires.</summary>
    Task<Outcome<Command>> SendAsync(CommandRequest request, CancellationToken ct);
    Task<Command?> FindAsync(DeviceKey device, string id, CancellationToken ct);
    Task<IReadOnlyList<Command>> ListAsync(DeviceKey device, int limit, CancellationToken ct);

    /// <summary>A result came from the device. Unknown ids and answers after the end are refused, not thrown.</summary>
    Task<Outcome<Command>> ReportAsync(DeviceKey device, CommandResult result, CancellationToken ct);

    /// <summary>Ends what has expired, sends what was never sent, and once after a restart what was sent but not answered.</summary>
    Task AdvanceAsync(DateTimeOffset now, CancellationToken ct);

    /// <summary>The device listens (again): sends what it has not answered. Harmless when it was delivered, the device knows the idempotency key.</summary>
    Task ResendAsync(DeviceKey device, CancellationToken ct);

    /// <summary>Takes back a command that its device has not answered yet: it expires now and is not sent again. One that was answered goes on.</summary>
    Task RecallAsync(DeviceKey device, string id, string why, CancellationToken ct);

    /// <summary>Raised after a command has changed its state or progress, with the command as it is now.</summary>
    event Action<Command>? Changed;
}

/// <summary>Takes a command to its device. Implemented by the door.</summary>
public interface ICommandTransport
{
    /// <returns>False when the door is not open yet: the command stays Created and is tried again.</returns>
    Task<bool> TrySendAsync(DeviceKey device, CommandMessage message, CancellationToken ct);
}
