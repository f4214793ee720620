namespace Seamless.Telemetry.Commands;

/// <summary>What goes to the device on <c>v1/{tenant}/{device}/commands/{id}</c>.</summary>
/// <param name="ArgsJson">The arguments as a JSON object, <c>{}</c> when there are none.</param>
/// <param name="ExpiresAtMs">Unix milliseconds after which the device must refuse to act.</param>
/// <param name="IdempotencyKey">Same key, same effect: a device that has acted on it returns the stored result.</param>
public sealed record CommandMessage(string Id, string Name, string ArgsJson, long ExpiresAtMs, string IdempotencyKey);

public enum CommandStatus : byte { Accepted, Running, Succeeded, Failed, Rejected, Expired }

/// <summary>What the device answers on <c>…/commands/{id}/result</c>.</summary>
/// <param name="Progress">0–100.</param>
public sealed record CommandResult(string Id, CommandStatus Status, int Progress, string? Detail, string? DataJson);
