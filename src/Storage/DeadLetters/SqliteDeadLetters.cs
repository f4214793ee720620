using System.Diagnostics.Metrics;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Seamless.Storage.Operations;

namespace Seamless.Storage.DeadLetters;

/// <summary>Dead letters in the operations database, up to a total size; beyond it the oldest go.</summary>
public sealed partial class SqliteDeadLetters : IDeadLetters, IRoomDatabase, IDisposable
{
    private readonly IDbContextFactory<DeadLetterContext> _contexts;
    private readonly OperationsDatabase _database;
    private readonly DeadLetterOptions _options;
    private readonly ILogger<SqliteDeadLetters> _logger;
    private readonly Meter _meter;
    private readonly Counter<long> _added;
    private readonly Counter<long> _dropped;
    private readonly SemaphoreSlim _adding = new(1, 1);
    private long? _bytes;   // under _adding

    public SqliteDeadLetters(
        IDbContextFactory<DeadLetterContext> contexts, OperationsDatabase database, IOptions<StorageOptions> options, ILogger<SqliteDeadLetters> logger, IMeterFactory? meters = null)
    {
        (_contexts, _database, _options, _logger) = (contexts, database, options.Value.DeadLetters, logger);
        _meter = meters?.Create("Seamless.Storage") ?? new Meter("Seamless.Storage");
        _added = _meter.CreateCounter<long>("seamless.dead_letters.added", description: "Messages refused, wholly or in part, and kept");
        _dropped = _meter.CreateCounter<long>("seamless.dead_letters.dropped", description: "Oldest dead letters deleted because the store was full");
    }

    public string Room => DeadLetterContext.Room;

    public async Task MigrateAsync(CancellationToken ct)
    {
        await using var context = await _contexts.CreateDbContextAsync(ct);
        await _database.MigrateAsync(context, ct);
    }

    public async Task<long> AddAsync(DeadLetter letter, CancellationToken ct)
    {
        if (letter.Rejects.Count == 0) throw new ArgumentException("a dead letter says why it is one", nameof(letter));
        await using var context = await _contexts.CreateDbContextAsync(ct);
        var row = RowOf(letter);
        await _adding.WaitAsync(ct);
        try
        {
            context.DeadLetters.Add(row);
            await context.SaveChangesAsync(ct);
            _bytes = await BytesAsync(context, row, ct);
            if (_bytes > _options.MaxBytes) await DropOldestAsync(context, ct);
        }
        finally
        {
            _adding.Release();
        }
        foreach (var reason in letter.Rejects.Select(r => r.Reason).Distinct()) _added.Add(1, new KeyValuePair<string, object?>("reason", reason.ToString()));
        return row.Id;
    }

    private async Task<long> BytesAsync(DeadLetterContext context, DeadLetterRow added, CancellationToken ct) =>
        _bytes is { } known ? known + added.PayloadBytes : await context.DeadLetters.SumAsync(l => (long)l.PayloadBytes, ct);

    /// <summary>Makes a tenth of the room free, so that not every further letter has to.</summary>
    private async Task DropOldestAsync(DeadLetterContext context, CancellationToken ct)
    {
        var target = _options.MaxBytes - _options.MaxBytes / 10;
        var dropped = 0;
        var bytes = _bytes!.Value;
        var newest = await context.DeadLetters.MaxAsync(l => l.Id, ct);
        while (bytes > target)
        {
            var oldest = await context.DeadLetters.Where(l => l.Id != newest).OrderBy(l => l.Id).Take(500).Select(l => new { l.Id, l.PayloadBytes }).ToListAsync(ct);
            if (oldest.Count == 0) break;
            var taken = 0;
            while (taken < oldest.Count && bytes > target) bytes -= oldest[taken++].PayloadBytes;
            var last = oldest[taken - 1].Id;
            dropped += await context.DeadLetters.Where(l => l.Id <= last).ExecuteDeleteAsync(ct);
        }
        _bytes = bytes;
        _dropped.Add(dropped);
        Dropped(_logger, dropped, _options.MaxBytes);
    }

    public async Task<IReadOnlyList<DeadLetter>> ListAsync(string tenant, string? device, long? before, int limit, CancellationToken ct)
    {
        await using var context = await _contexts.CreateDbContextAsync(ct);
        var rows = context.DeadLetters.AsNoTracking().Where(l => l.Tenant == tenant);
        if (device is not null) rows = rows.Where(l => l.Device == device);
        if (before is not null) rows = rows.Where(l => l.Id < before);
        return [.. (await rows.OrderByDescending(l => l.Id).Take(limit).ToListAsync(ct)).Select(LetterOf)];
    }

    public async Task<DeadLetter?> FindAsync(string tenant, long id, CancellationToken ct)
    {
        await using var context = await _contexts.CreateDbContextAsync(ct);
        var row = await context.DeadLetters.AsNoTracking().SingleOrDefaultAsync(l => l.Id == id && l.Tenant == tenant, ct);
        return row is null ? null : LetterOf(row);
    }

    public async Task MarkReplayedAsync(long id, DateTimeOffset at, string outcome, CancellationToken ct)
    {
        await using var context = await _contexts.CreateDbContextAsync(ct);
        var atMs = at.ToUnixTimeMilliseconds();
        await context.DeadLetters.Where(l => l.Id == id)
            .ExecuteUpdateAsync(l => l.SetProperty(r => r.ReplayedAt, atMs).SetProperty(r => r.ReplayOutcome, outcome), ct);
    }

    public async Task<long> CountAsync(string tenant, CancellationToken ct)
    {
        await using var context = await _contexts.CreateDbContextAsync(ct);
        return await context.DeadLetters.LongCountAsync(l => l.Tenant == tenant, ct);
    }

    public async Task<int> DeleteBeforeAsync(DateTimeOffset before, CancellationToken ct)
    {
        await using var context = await _contexts.CreateDbContextAsync(ct);
        var beforeMs = before.ToUnixTimeMilliseconds();
        await _adding.WaitAsync(ct);
        try
        {
            _bytes = null;
            return await context.DeadLetters.Where(l => l.ReceivedAt < beforeMs).ExecuteDeleteAsync(ct);
        }
        finally
        {
            _adding.Release();
        }
    }

    private static DeadLetterRow RowOf(DeadLetter letter) => new()
    {
        Tenant = letter.Tenant,
        Device = letter.Device,
        Channel = letter.Channel,
        Topic = letter.Topic,
        Source = letter.Source,
        ContentType = letter.ContentType,
        Payload = letter.Payload,
        PayloadBytes = letter.Payload.Length,
        Rejects = RejectsJson.Write(letter.Rejects),
        ReceivedAt = letter.ReceivedAt.ToUnixTimeMilliseconds(),
        ReplayedAt = letter.ReplayedAt?.ToUnixTimeMilliseconds(),
        ReplayOutcome = letter.ReplayOutcome,
    };

    private static DeadLetter LetterOf(DeadLetterRow row) => new(
        row.Id, row.Tenant, row.Device, row.Channel, row.Topic, row.Source, row.ContentType, row.Payload, RejectsJson.Read(row.Rejects),
        DateTimeOffset.FromUnixTimeMilliseconds(row.ReceivedAt),
        row.ReplayedAt is { } at ? DateTimeOffset.FromUnixTimeMilliseconds(at) : null, row.ReplayOutcome);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Count} oldest dead letters deleted: the store holds at most {MaxBytes} bytes")]
    private static partial void Dropped(ILogger logger, int count, long maxBytes);

    public void Dispose()
    {
        _adding.Dispose();
        _meter.Dispose();
    }
}
