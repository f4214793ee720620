using Microsoft.Extensions.Logging;
using Seamless.Telemetry.Commands;

namespace Seamless.DeviceAgent.Commands;

/// <summary>Decides whether a command may act, lets it act at most once, and remembers how it ended.</summary>
/// <remarks>
/// Order: known before (answer again) → allowed → known to the machine → not expired → written down → act.
/// </remarks>
/// <param name="allowed">The names that may act; everything else is rejected aloud.</param>
public sealed partial class CommandDesk(IReadOnlySet<string> allowed, ICommandExecutor executor, ICommandJournal journal, TimeProvider time, ILogger logger)
{
    /// <param name="report">Publishes progress and result; false when the platform did not acknowledge it.</param>
    public async Task HandleAsync(string id, ReadOnlyMemory<byte> payload, Func<CommandResult, Task<bool>> report, CancellationToken ct)
    {
        if (!CommandJson.TryDecode(id, payload, out var command, out var problem))
        {
            await report(new CommandResult(id, CommandStatus.Rejected, 0, problem, null));
            return;
        }
        if (journal.Find(command.IdempotencyKey) is { } known)
        {
            LogRepeated(logger, command.Name, command.IdempotencyKey);
            await report(AnswerAgain(known, id));
            return;
        }
        var result = Refuse(command) ?? await ActAsync(command, report, ct);
        var entry = new JournalEntry(command.IdempotencyKey, id, result, Reported: false);
        journal.Save(entry);
        LogDone(logger, command.Name, result.Status, result.Detail ?? "");
        if (await report(result)) journal.Save(entry with { Reported = true });
    }

    /// <summary>Sends the results that a lost connection or a crash kept back.</summary>
    public async Task ReportLeftoversAsync(Func<CommandResult, Task<bool>> report)
    {
        foreach (var entry in journal.Unreported())
        {
            if (!await report(entry.Result!)) return;   // Unreported lists only entries with a result
            journal.Save(entry with { Reported = true });
        }
    }

    private static CommandResult AnswerAgain(JournalEntry known, string id) =>
        known.Result is { } result
            ? result with { Id = id }
            : new CommandResult(id, CommandStatus.Running, 0, "acting on it already", null);

    private CommandResult? Refuse(CommandMessage command)
    {
        if (!allowed.Contains(command.Name) || !executor.Knows(command.Name))
        {
            return new CommandResult(command.Id, CommandStatus.Rejected, 0, $"'{command.Name}' is not allowed on this device; allowed: {string.Join(", ", allowed.Order(StringComparer.Ordinal))}", null);
        }
        var now = time.GetUtcNow();
        return now.ToUnixTimeMilliseconds() >= command.ExpiresAtMs
            ? new CommandResult(command.Id, CommandStatus.Expired, 0, $"came too late: it was good until {DateTimeOffset.FromUnixTimeMilliseconds(command.ExpiresAtMs):O}, now is {now:O}", null)
            : null;
    }

    private async Task<CommandResult> ActAsync(CommandMessage command, Func<CommandResult, Task<bool>> report, CancellationToken ct)
    {
        journal.Save(new JournalEntry(command.IdempotencyKey, command.Id, Result: null, Reported: false));
        await report(new CommandResult(command.Id, CommandStatus.Accepted, 0, null, null));
        try
        {
            var outcome = await executor.ExecuteAsync(
                command, percent => report(new CommandResult(command.Id, CommandStatus.Running, Math.Clamp(percent, 0, 100), null, null)), ct);
            return new CommandResult(command.Id, outcome.Status, outcome.Status is CommandStatus.Succeeded ? 100 : 0, outcome.Detail, outcome.DataJson);
        }
        catch (Exception e) when (e is not OperationCanceledException || !ct.IsCancellationRequested)
        {
            return new CommandResult(command.Id, CommandStatus.Failed, 0, $"{e.GetType().Name}: {e.Message}", null);
        }
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "command {Name}: {Status} {Detail}")]
    private static partial void LogDone(ILogger logger, string name, CommandStatus status, string detail);

    [LoggerMessage(Level = LogLevel.Information, Message = "command {Name} came again ({Key}); answered from the journal")]
    private static partial void LogRepeated(ILogger logger, string name, string key);
}
