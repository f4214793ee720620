using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;

namespace Seamless.Storage.Operations;

/// <summary>Where operational data lives: one SQLite file under the data directory, in which each room owns its tables and its migrations.</summary>
/// <remarks>WAL mode, so the command line can register a device while <c>serve</c> runs. The wait for another writer is the command timeout, 30 s.</remarks>
public sealed class OperationsDatabase
{
    private readonly UnflushedConnections? _unflushed;

    /// <param name="durable">Whether a commit waits for the disk. False only for simulations and tests, whose data nobody is promised.</param>
    public OperationsDatabase(string dataDirectory, bool durable = true)
    {
        _unflushed = durable ? null : new UnflushedConnections();
        Directory.CreateDirectory(dataDirectory);
        DataDirectory = Path.GetFullPath(dataDirectory);
        FilePath = Path.Combine(DataDirectory, "operations.db");
        ConnectionString = new SqliteConnectionStringBuilder { DataSource = FilePath, ForeignKeys = true, DefaultTimeout = 30 }.ToString();
    }

    public string DataDirectory { get; }
    public string FilePath { get; }
    public string ConnectionString { get; }

    /// <summary>Points a room's context at the file, with a migrations history of its own.</summary>
    /// <param name="room">The room's name in snake case: prefix of its tables and of its history table.</param>
    public void Configure(DbContextOptionsBuilder options, string room)
    {
        options.UseSqlite(ConnectionString, sqlite => sqlite.MigrationsHistoryTable($"__{room}_migrations"));
        if (_unflushed is not null) options.AddInterceptors(_unflushed);
    }

    /// <summary>Brings a room's tables up to date. Safe to call from several processes at once. Writes nothing when there is nothing to do: a full disk must not keep us from starting.</summary>
    public async Task MigrateAsync(DbContext context, CancellationToken ct)
    {
        if (File.Exists(FilePath) && !(await context.Database.GetPendingMigrationsAsync(ct)).Any()) return;
        await using (var connection = new SqliteConnection(ConnectionString))
        {
            await connection.OpenAsync(ct);
            await using var pragma = connection.CreateCommand();
            pragma.CommandText = "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;";
            await pragma.ExecuteNonQueryAsync(ct);
        }
        await context.Database.MigrateAsync(ct);
    }
}
