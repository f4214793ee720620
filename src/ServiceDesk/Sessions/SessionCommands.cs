using System.Collections.Concurrent;
using Microsoft.EntityFrameworkCore;
using Seamless.Fleet.Commands;
using Seamless.ServiceDesk.Database;
using Seamless.Telemetry;

namespace Seamless.ServiceDesk.Sessions;

/// <summary>Takes what stands in a transcript to the device, and its result back into the transcript.</summary>
/// <remarks>
/// Written down, sent, result written down: each in its own step, and each is done again by the beat when a crash came before the next. The idempotency key makes the sending happen once.
/// What waits for its device when its session ends is recalled.
/// </remarks>
internal sealed class SessionCommands : IDisposable
{
    /// <summary>A command that was written down and not sent by then was left by a crash.</summary>
    public static readonly TimeSpan HealAfter = TimeSpan.FromSeconds(5);

    /// <summary>How often we look for a result that nobody has announced: the announcement may have been before a restart, or in another process.</summary>
    private static readonly TimeSpan LookAgainAfter = TimeSpan.FromSeconds(15);
    private const int MostLookedThrough = 1000;

    private readonly Workbench _workbench;
    private readonly ICommands _commands;
    private readonly DeskSignals _signals;
    private readonly TimeProvider _clock;
    private readonly ConcurrentDictionary<string, byte> _announced = new(StringComparer.Ordinal);   // keys of commands that have ended

    public SessionCommands(Workbench workbench, ICommands commands, DeskSignals signals, TimeProvider clock)
    {
        (_workbench, _commands, _signals, _clock) = (workbench, commands, signals, clock);
        _commands.Changed += OnChanged;
    }

    public void Dispose() => _commands.Changed -= OnChanged;

    public async Task<DateTimeOffset?> NextDueAsync(DeskContext db, CancellationToken ct) => _announced.IsEmpty ? await db.SessionCommands.MinAsync(c => c.DueAt, ct) : DateTimeOffset.MinValue;

    public async Task LookAroundAsync(DateTimeOffset now, CancellationToken ct)
    {
        var announced = _announced.Keys.ToList();
        var waiting = await _workbench.ReadAsync(db => db.SessionCommands.Where(c => announced.Count > 0 ? c.DueAt != null : c.DueAt <= now)
            .OrderBy(c => c.DueAt).ThenBy(c => c.Ticket).ThenBy(c => c.Session).ThenBy(c => c.Entry).ToListAsync(ct), ct);
        foreach (var row in waiting.Where(row => row.DueAt <= now || announced.Contains(row.IdempotencyKey))) await LookAsync(row, now, ct);
        foreach (var key in announced) _announced.TryRemove(key, out _);
    }

    /// <summary>The first time, right after it was written down.</summary>
    public async Task<SessionCommand> HandOverAsync(SessionCommandRow row, CancellationToken ct)
    {
        if (row.Command is null && row.State is null) await LookAsync(row, _clock.GetUtcNow(), ct);
        return (await _workbench.ReadAsync(db => db.SessionCommands.FirstAsync(c => c.Ticket == row.Ticket && c.Session == row.Session && c.Key == row.Key, ct), ct)).ToCommand();
    }

    private async Task LookAsync(SessionCommandRow row, DateTimeOffset now, CancellationToken ct)
    {
        var device = new DeviceKey(row.Tenant, row.Device);
        var isOpen = await _workbench.ReadAsync(db => db.Sessions.AnyAsync(s => s.Ticket == row.Ticket && s.Number == row.Session && s.State == SessionState.Open && s.EndsAt > now, ct), ct);
        var command = row.Command is { } id ? await _commands.FindAsync(device, id, ct) : null;
        if (command is null && row.Command is null)
        {
            // Neither what the customer has meanwhile ended nor what is too late is sent; it may have been before the crash.
            if (isOpen && row.ExpiresAt > now)
            {
                var sent = await _commands.SendAsync(new CommandRequest(device, row.Name, row.Args, row.Risk.ToString(), row.ExpiresAt - now, row.IdempotencyKey, row.Actor), ct);
                if (!sent.Succeeded)
                {
                    await CloseAsync(row, "unsent", sent.Refusal.Reason, null, ct);
                    return;
                }
                command = sent.Value;
            }
            else command = (await _commands.ListAsync(device, MostLookedThrough, ct)).FirstOrDefault(c => c.IdempotencyKey == row.IdempotencyKey);
        }
        if (command is null) await CloseAsync(row, "unsent", isOpen ? "its time was over" : "the session had ended", null, ct);
        else if (command.IsFinished) await CloseAsync(row, command.State.ToString().ToLowerInvariant(), command.Detail, command.DataJson, ct, command.Id);
        else await FollowAsync(row, device, command, isOpen, now, ct);
    }

    private async Task FollowAsync(SessionCommandRow row, DeviceKey device, Command command, bool isOpen, DateTimeOffset now, CancellationToken ct)
    {
        if (!isOpen) await _commands.RecallAsync(device, command.Id, "the remote session has ended", ct);
        await ChangeAsync(row, (_, kept) =>
        {
            (kept.Command, kept.DueAt) = (command.Id, now + LookAgainAfter);
            return Task.CompletedTask;
        }, ct);
    }

    private Task CloseAsync(SessionCommandRow row, string state, string? detail, string? dataJson, CancellationToken ct, string? command = null) => ChangeAsync(row, async (work, kept) =>
    {
        if (kept.State is not null || await work.SessionAsync(row.Tenant, row.Ticket, row.Session, ct) is not { } session) return;
        (kept.Command, kept.State, kept.DueAt) = (command ?? kept.Command, state, null);
        work.Write(session, Transcript.Result, $"device:{row.Device}", SessionTexts.Result(row.Name, state, detail), SessionWork.Json(new { row.Key, Command = row.Entry, State = state, Detail = detail, Data = dataJson }));
    }, ct);

    private Task ChangeAsync(SessionCommandRow row, Func<DeskWork, SessionCommandRow, Task> change, CancellationToken ct) => _workbench.CommitAsync(_clock.GetUtcNow(), async work =>
    {
        if (await work.Db.SessionCommands.FindAsync([row.Ticket, row.Session, row.Key], ct) is not { DueAt: not null } kept) return false;
        await change(work, kept);
        kept.Version++;
        return true;
    }, ct);

    private void OnChanged(Command command)
    {
        if (!command.IsFinished || !command.IdempotencyKey.StartsWith(SessionCommandRow.Prefix, StringComparison.Ordinal)) return;
        _announced.TryAdd(command.IdempotencyKey, 0);
        _signals.Touch();
    }
}
