using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Seamless.ServiceDesk.Kpis;
using Seamless.ServiceDesk.Notifications.Outbox;
using Seamless.ServiceDesk.Parts.Custody;
using Seamless.Telemetry;

namespace Seamless.ServiceDesk.Database;

/// <summary>Runs pieces of work one at a time, each in one transaction, and again when another process has changed the same rows first.</summary>
internal sealed class Workbench(IDbContextFactory<DeskContext> contexts, DeskSignals signals, OutboxWriter outbox, OutboxSignal written, CustodySeal seal) : IDisposable
{
    private const int MostAttempts = 8;
    private const int ConstraintViolated = 19;   // SQLITE_CONSTRAINT

    private readonly SemaphoreSlim _gate = new(1, 1);

    public Task<T> CommitAsync<T>(DateTimeOffset now, Func<DeskWork, Task<T>> work, CancellationToken ct) => RunAsync(now, work, _ => true, ct);

    /// <summary>Saves nothing when the request is refused.</summary>
    public Task<Outcome<T>> TryAsync<T>(DateTimeOffset now, Func<DeskWork, Task<Outcome<T>>> work, CancellationToken ct) =>
        RunAsync(now, work, outcome => outcome.Succeeded, ct);

    private async Task<T> RunAsync<T>(DateTimeOffset now, Func<DeskWork, Task<T>> work, Func<T, bool> keep, CancellationToken ct)
    {
        await _gate.WaitAsync(ct);
        try
        {
            for (var attempt = 1; ; attempt++)
            {
                await using var db = await OpenAsync(ct);
                try
                {
                    var piece = new DeskWork(db, now);
                    var result = await work(piece);
                    if (!keep(result)) return result;
                    seal.Link(piece.Moves);
                    await EventChain.LinkAsync(db, piece.Recorded, ct);
                    var tells = piece.Noted.Count + piece.Notices.Count > 0 && await outbox.WriteAsync(piece, ct);
                    await db.SaveChangesAsync(ct);
                    if (tells) written.Wake();
                    signals.StockMoved(piece.Moved);
                    return result;
                }
                catch (DbUpdateException lost) when (attempt < MostAttempts && IsLostRace(lost))
                {
                    // Another process was first. Read again and decide again.
                }
            }
        }
        finally
        {
            _gate.Release();
        }
    }

    public async Task<T> ReadAsync<T>(Func<DeskContext, Task<T>> read, CancellationToken ct)
    {
        await using var db = await OpenAsync(ct);
        db.ChangeTracker.QueryTrackingBehavior = QueryTrackingBehavior.NoTracking;
        return await read(db);
    }

    /// <summary>One connection for the whole piece of work, instead of one for each query.</summary>
    private async Task<DeskContext> OpenAsync(CancellationToken ct)
    {
        var db = await contexts.CreateDbContextAsync(ct);
        await db.Database.OpenConnectionAsync(ct);
        return db;
    }

    public void Dispose() => _gate.Dispose();

    private static bool IsLostRace(DbUpdateException exception) =>
        exception is DbUpdateConcurrencyException || exception.InnerException is SqliteException { SqliteErrorCode: ConstraintViolated };
}
