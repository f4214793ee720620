using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Seamless.Fleet.Audit;
using Seamless.Fleet.Database;
using Seamless.Fleet.Registry;
using Seamless.Telemetry;
using Seamless.Telemetry.Commands;

namespace Seamless.Fleet.Commands;

internal sealed class CommandDesk(
    IDbContextFactory<FleetDatabase> databases, IDeviceRegistry devices, ICommandTransport transport, IAudit audit, TimeProvider time, IOptions<FleetOptions> options) : ICommands
{
    private static readonly string[] RiskClasses = ["R0", "R1", "R2", "R3"];

    // What was sent before this and is still unanswered was sent by an earlier life of the platform, whose sessions are gone.
    private readonly DateTimeOffset _startedAt = time.GetUtcNow();
    private readonly ConcurrentDictionary<string, byte> _sending = new(StringComparer.Ordinal);   // commands on their way just now

    // What is known without the database: nothing is due before that, unless a command has changed since, or another process has stored one.
    private int _changes;
    private int _settledAt = -1;
    private DateTimeOffset _nextDue;
    private long _lookedAt;   // on the machine's clock: other processes live by it

    public event Action<Command>? Changed;

    public async Task<Outcome<Command>> SendAsync(CommandRequest request, CancellationToken ct)
    {
        if (WhatIsWrongWith(request) is { } wrong) return Refusal.Invalid(wrong);
        if (await devices.FindAsync(request.Device, ct) is null) return Refusal.NotFound($"device {request.Device} is not registered");

        var row = RowOf(request);
        await using (var database = await databases.CreateDbContextAsync(ct))
        {
            // The id is a hash of device and idempotency key: of two who ask at once, one finds the other's row.
            var earlier = await database.Commands.AsNoTracking().FirstOrDefaultAsync(c => c.Id == row.Id, ct);
            if (earlier is null)
            {
                database.Commands.Add(row);
                try
                {
                    await database.SaveChangesAsync(ct);
                }
                catch (DbUpdateException)
                {
                    earlier = await database.Commands.AsNoTracking().FirstOrDefaultAsync(c => c.Id == row.Id, ct);
                    if (earlier is null) throw;
                }
            }
            if (earlier is not null) return SameOrRefused(earlier, request);
        }
        await audit.RecordAsync(request.Device.Tenant, request.Actor, "command.send", $"device:{request.Device.Device}", null, "ok", $"{request.Name} {row.Id}", ct);
        var command = ToCommand(row);
        Interlocked.Increment(ref _changes);
        Changed?.Invoke(command);
        return await TrySendAsync(command, ct);
    }

    public async Task<Command?> FindAsync(DeviceKey device, string id, CancellationToken ct)
    {
        await using var database = await databases.CreateDbContextAsync(ct);
        var row = await database.Commands.AsNoTracking().FirstOrDefaultAsync(c => c.Tenant == device.Tenant && c.Device == device.Device && c.Id == id, ct);
        return row is null ? null : ToCommand(row);
    }

    public async Task<IReadOnlyList<Command>> ListAsync(DeviceKey device, int limit, CancellationToken ct)
    {
        await using var database = await databases.CreateDbContextAsync(ct);
        var rows = await database.Commands.AsNoTracking().Where(c => c.Tenant == device.Tenant && c.Device == device.Device)
            .OrderByDescending(c => c.CreatedAt).ThenBy(c => c.Id).Take(limit).ToListAsync(ct);
        return [.. rows.Select(ToCommand)];
    }

    public async Task<Outcome<Command>> ReportAsync(DeviceKey device, CommandResult result, CancellationToken ct)
    {
        var to = StateOf(result.Status);
        while (await FindAsync(device, result.Id, ct) is { } command)
        {
            if (command.IsFinished && command.State == to) return command;   // QoS 1: the same answer may come twice
            if (!CommandLifeCycle.Allows(command.State, to)) return await RefuseAsync(command, to, ct);
            var next = command with
            {
                State = to,
                Progress = to is CommandState.Succeeded ? 100 : Math.Clamp(result.Progress, 0, 100),
                Detail = result.Detail ?? command.Detail,
                DataJson = result.DataJson ?? command.DataJson,
                FinishedAt = CommandLifeCycle.IsEnd(to) ? time.GetUtcNow() : null,
            };
            if (await TryMoveAsync(command.State, next, ct)) return next;
        }
        return Refusal.NotFound($"device {device} was never sent a command {result.Id}");
    }

    public async Task AdvanceAsync(DateTimeOffset now, CancellationToken ct)
    {
        var changes = Volatile.Read(ref _changes);
        var isSettled = _settledAt == changes && now < _nextDue;
        if (isSettled && Stopwatch.GetElapsedTime(_lookedAt) < options.Value.RefreshEvery / 2) return;
        _lookedAt = Stopwatch.GetTimestamp();
        var wanting = await WantingAsync(now, ct);
        foreach (var command in wanting)
        {
            if (now < EndOf(command))
            {
                await TrySendAsync(command, ct);
                continue;
            }
            var why = command.State switch
            {
                CommandState.Created => "could not be sent in time",
                CommandState.Sent => "the device did not answer in time",
                _ => "the device accepted it but brought no result",
            };
            await TryMoveAsync(command.State, command with { State = CommandState.Expired, Detail = why, FinishedAt = now }, ct);
        }
        if (wanting.Count == 0 && !isSettled) (_nextDue, _settledAt) = (await NextDueAsync(ct), changes);
    }

    public async Task ResendAsync(DeviceKey device, CancellationToken ct)
    {
        var now = time.GetUtcNow();
        await using var database = await databases.CreateDbContextAsync(ct);
        var open = await database.Commands.AsNoTracking()
            .Where(c => c.Tenant == device.Tenant && c.Device == device.Device && c.State <= CommandState.Sent && c.ExpiresAt > now)
            .OrderBy(c => c.CreatedAt).ToListAsync(ct);
        foreach (var row in open) await TrySendAsync(ToCommand(row), ct);
    }

    public async Task RecallAsync(DeviceKey device, string id, string why, CancellationToken ct)
    {
        // Lost to an answer that comes just now: then the device has acted, and its result counts.
        if (await FindAsync(device, id, ct) is { State: CommandState.Created or CommandState.Sent } command)
            await TryMoveAsync(command.State, command with { State = CommandState.Expired, Detail = why, FinishedAt = time.GetUtcNow() }, ct);
    }

    private async Task<Command> TrySendAsync(Command command, CancellationToken ct)
    {
        // The beat may find a command that is being sent for the first time just now: it is not to go out twice.
        if (!_sending.TryAdd(command.Id, 0)) return command;
        try
        {
            return await FindAsync(command.Device, command.Id, ct) is { } current && current.State != command.State ? current : await SendAsync(command, ct);
        }
        finally
        {
            _sending.TryRemove(command.Id, out _);
        }
    }

    private async Task<Command> SendAsync(Command command, CancellationToken ct)
    {
        var message = new CommandMessage(command.Id, command.Name, command.ArgsJson, command.ExpiresAt.ToUnixTimeMilliseconds(), command.IdempotencyKey);
        if (!await transport.TrySendAsync(command.Device, message, ct)) return command;
        var sent = command with { State = CommandState.Sent, SentAt = time.GetUtcNow() };
        // False when the device's answer was faster than this note of ours.
        return await TryMoveAsync(command.State, sent, ct) ? sent : await FindAsync(command.Device, command.Id, ct) ?? command;
    }

    /// <summary>Saves <paramref name="next"/> unless the command has left the state <paramref name="from"/> since it was read.</summary>
    private async Task<bool> TryMoveAsync(CommandState from, Command next, CancellationToken ct)
    {
        await using var database = await databases.CreateDbContextAsync(ct);
        var moved = await database.Commands.Where(c => c.Id == next.Id && c.State == from).ExecuteUpdateAsync(set => set
            .SetProperty(c => c.State, next.State)
            .SetProperty(c => c.Progress, next.Progress)
            .SetProperty(c => c.Detail, next.Detail)
            .SetProperty(c => c.DataJson, next.DataJson)
            .SetProperty(c => c.SentAt, next.SentAt)
            .SetProperty(c => c.FinishedAt, next.FinishedAt), ct) == 1;
        if (!moved) return false;
        Interlocked.Increment(ref _changes);
        Changed?.Invoke(next);
        return true;
    }

    /// <summary>Commands that are overdue, and those that still wait to be sent: one query, since it is asked with every beat.</summary>
    private async Task<IReadOnlyList<Command>> WantingAsync(DateTimeOffset now, CancellationToken ct)
    {
        var resultsDue = now - options.Value.ResultGrace;
        await using var database = await databases.CreateDbContextAsync(ct);
        var rows = await database.Commands.AsNoTracking()
            .Where(c => c.State == CommandState.Created || (c.State == CommandState.Sent && (c.ExpiresAt <= now || c.SentAt < _startedAt))
                || (c.State > CommandState.Sent && c.State <= CommandState.Running && c.ExpiresAt <= resultsDue))
            .OrderBy(c => c.CreatedAt).ThenBy(c => c.Id).Take(1000).ToListAsync(ct);
        return [.. rows.Select(ToCommand)];
    }

    /// <summary>When the time of the first command that was sent is over; none waits to be sent.</summary>
    private async Task<DateTimeOffset> NextDueAsync(CancellationToken ct)
    {
        await using var database = await databases.CreateDbContextAsync(ct);
        var unanswered = await database.Commands.Where(c => c.State == CommandState.Sent).MinAsync(c => (DateTimeOffset?)c.ExpiresAt, ct);
        var unfinished = await database.Commands.Where(c => c.State > CommandState.Sent && c.State <= CommandState.Running).MinAsync(c => (DateTimeOffset?)c.ExpiresAt, ct);
        return new[] { unanswered, unfinished + options.Value.ResultGrace }.Min() ?? DateTimeOffset.MaxValue;
    }

    /// <summary>When the command's time is over; one that was accepted may bring its result a little later.</summary>
    private DateTimeOffset EndOf(Command command) => command.State > CommandState.Sent ? command.ExpiresAt + options.Value.ResultGrace : command.ExpiresAt;

    private async Task<Outcome<Command>> RefuseAsync(Command command, CommandState to, CancellationToken ct)
    {
        var reason = $"command {command.Id} is {command.State}; it cannot become {to}";
        await audit.RecordAsync(command.Device.Tenant, $"device:{command.Device.Device}", "command.result", $"device:{command.Device.Device}", null, "refused", reason, ct);
        return Refusal.Because(reason);
    }

    private static Outcome<Command> SameOrRefused(CommandRow earlier, CommandRequest request) =>
        earlier.Name == request.Name && earlier.ArgsJson == request.ArgsJson
            ? ToCommand(earlier)
            : Refusal.Conflict($"idempotency key '{request.IdempotencyKey}' already belongs to command {earlier.Id} ({earlier.Name}) with other contents");

    private CommandRow RowOf(CommandRequest request)
    {
        var now = time.GetUtcNow();
        return new CommandRow
        {
            Id = StableHash.Id("cmd", request.Device.Tenant, request.Device.Device, request.IdempotencyKey),
            Tenant = request.Device.Tenant, Device = request.Device.Device, Name = request.Name, ArgsJson = request.ArgsJson, RiskClass = request.RiskClass,
            IdempotencyKey = request.IdempotencyKey, Actor = request.Actor, State = CommandState.Created, CreatedAt = now, ExpiresAt = now + request.ExpiresAfter,
        };
    }

    private static string? WhatIsWrongWith(CommandRequest request) => request switch
    {
        _ when !DeviceKey.IsValidName(request.Name) => $"'{request.Name}' is not a command name",
        _ when string.IsNullOrEmpty(request.IdempotencyKey) || request.IdempotencyKey.Length > 256 => "the idempotency key must have 1–256 characters",
        _ when !RiskClasses.Contains(request.RiskClass) => $"risk class '{request.RiskClass}' is none of R0, R1, R2, R3",
        _ when request.ExpiresAfter <= TimeSpan.Zero => "a command must expire in the future",
        _ when !IsObject(request.ArgsJson) => "args must be a JSON object",
        _ => null,
    };

    private static bool IsObject(string json)
    {
        try
        {
            using var document = JsonDocument.Parse(json);
            return document.RootElement.ValueKind is JsonValueKind.Object;
        }
        catch (JsonException)
        {
            return false;
        }
    }

    private static CommandState StateOf(CommandStatus status) => status switch
    {
        CommandStatus.Accepted => CommandState.Accepted,
        CommandStatus.Running => CommandState.Running,
        CommandStatus.Succeeded => CommandState.Succeeded,
        CommandStatus.Failed => CommandState.Failed,
        CommandStatus.Rejected => CommandState.Rejected,
        _ => CommandState.Expired,
    };

    private static Command ToCommand(CommandRow row) => new(
        row.Id, new DeviceKey(row.Tenant, row.Device), row.Name, row.ArgsJson, row.RiskClass, row.IdempotencyKey, row.Actor,
        row.State, row.Progress, row.Detail, row.DataJson, row.CreatedAt, row.ExpiresAt, row.SentAt, row.FinishedAt);
}
