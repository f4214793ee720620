using Seamless.Telemetry.Commands;

namespace Seamless.DeviceAgent.Commands;

/// <summary>Does what commands ask, on a real machine or a simulated one.</summary>
public interface ICommandExecutor
{
    /// <summary>Whether this machine knows the command at all.</summary>
    bool Knows(string name);

    /// <param name="progress">Takes 0–100 while it runs.</param>
    /// <returns>How it ended; an exception counts as failed.</returns>
    Task<CommandOutcome> ExecuteAsync(CommandMessage command, Func<int, Task> progress, CancellationToken ct);
}

/// <param name="Detail">One sentence for the person who asked.</param>
/// <param name="DataJson">A JSON value with what was found, or null.</param>
public readonly record struct CommandOutcome(CommandStatus Status, string Detail, string? DataJson = null)
{
    public static CommandOutcome Succeeded(string detail, string? dataJson = null) => new(CommandStatus.Succeeded, detail, dataJson);
    public static CommandOutcome Failed(string detail, string? dataJson = null) => new(CommandStatus.Failed, detail, dataJson);
    public static CommandOutcome Rejected(string detail) => new(CommandStatus.Rejected, detail);
}
