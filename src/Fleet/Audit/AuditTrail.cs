using System.Collections.Concurrent;
using Microsoft.EntityFrameworkCore;
using Seamless.Fleet.Database;

namespace Seamless.Fleet.Audit;

/// <summary>Writes entries in batches: whoever comes while a batch is being written joins the next one. Durable when the call returns.</summary>
internal sealed class AuditTrail(IDbContextFactory<FleetDatabase> databases, TimeProvider time) : IAudit, IDisposable
{
    private const int MaxBatch = 500;

    private readonly ConcurrentQueue<Waiting> _queue = new();
    private readonly SemaphoreSlim _writer = new(1);

    public async Task RecordAsync(
        string tenant, string actor, string action, string subject, string? from, string result, string? detail, CancellationToken ct)
    {
        var waiting = new Waiting(new AuditRow
        {
            At = time.GetUtcNow(), Tenant = tenant, Actor = actor, Action = action, Subject = subject, From = from, Result = result, Detail = detail,
        });
        _queue.Enqueue(waiting);
        while (!waiting.Written.Task.IsCompleted)
        {
            await _writer.WaitAsync(ct);
            try
            {
                if (!waiting.Written.Task.IsCompleted) await WriteBatchAsync();
            }
            finally
            {
                _writer.Release();
            }
        }
        await waiting.Written.Task;
    }

    public async Task<IReadOnlyList<AuditEntry>> ListAsync(string tenant, long? before, int limit, CancellationToken ct)
    {
        await using var database = await databases.CreateDbContextAsync(ct);
        var rows = await database.Audit.AsNoTracking()
            .Where(row => row.Tenant == tenant && (before == null || row.Id < before))
            .OrderByDescending(row => row.Id).Take(limit).ToListAsync(ct);
        return [.. rows.Select(row => new AuditEntry(row.Id, row.At, row.Tenant, row.Actor, row.Action, row.Subject, row.From, row.Result, row.Detail))];
    }

    public void Dispose() => _writer.Dispose();

    // Not cancellable: the batch holds other callers' entries too.
    private async Task WriteBatchAsync()
    {
        var batch = new List<Waiting>();
        while (batch.Count < MaxBatch && _queue.TryDequeue(out var next)) batch.Add(next);
        try
        {
            await using var database = await databases.CreateDbContextAsync(CancellationToken.None);
            database.Audit.AddRange(batch.Select(waiting => waiting.Row));
            await database.SaveChangesAsync(CancellationToken.None);
            foreach (var waiting in batch) waiting.Written.SetResult();
        }
        catch (Exception failure)
        {
            // Each caller hears that its own entry was not written.
            foreach (var waiting in batch) waiting.Written.SetException(failure);
        }
    }

    private sealed record Waiting(AuditRow Row)
    {
        public TaskCompletionSource Written { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
