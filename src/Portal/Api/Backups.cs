using System.IO.Compression;
using DuckDB.NET.Data;
using Microsoft.Data.Sqlite;
using Seamless.Portal.Accounts;
using Seamless.Storage.Operations;
using Seamless.Storage.Space;
using Seamless.Storage.TimeSeries;

namespace Seamless.Portal.Api;

/// <summary>A safe copy of the data directory while it is in use.</summary>
/// <remarks>
/// Order makes it consistent: the files (log, checkpoints, time series) are frozen at one moment, in which the time series are held as they are; the databases
/// come after them. A restored platform reads the log from its checkpoints on, and what the databases know already has no second effect. Sealing waits
/// for the freezing alone, not until the archive is written.
/// </remarks>
internal static class Backups
{
    private static readonly string[] Left = ["platform.lock", "control.json", "lock"];   // who runs here now is nobody's business elsewhere

    public static void MapBackups(this RouteGroupBuilder api) =>
        api.MapGet("/backup", BackupAsync).WithName("backup").WithTags("Administration").RequireAuthorization(Policies.Admin)
            .Produces<byte[]>(contentType: "application/zip").WithSummary("The data directory as one ZIP file, safe while running.");

    private static async Task<IResult> BackupAsync(OperationsDatabase operations, ITimeSeriesStore store, CancellationToken ct)
    {
        var work = Directory.CreateTempSubdirectory("seamless-backup-");
        try
        {
            var zip = Path.Combine(work.FullName, "backup.zip");
            using (var frozen = await FreezeAsync(operations, store, ct)) await WriteAsync(operations, frozen, work.FullName, zip, ct);
            // The file lives as long as the answer needs it.
            var stream = new FileStream(zip, FileMode.Open, FileAccess.Read, FileShare.Delete, 64 * 1024, FileOptions.DeleteOnClose | FileOptions.Asynchronous);
            return TypedResults.Stream(stream, "application/zip", "backup.zip");
        }
        finally
        {
            foreach (var file in work.EnumerateFiles().Where(file => file.Name != "backup.zip")) file.Delete();
        }
    }

    private static async Task<FrozenFiles> FreezeAsync(OperationsDatabase operations, ITimeSeriesStore store, CancellationToken ct)
    {
        await using var held = await store.HoldFilesAsync(ct);
        return FrozenFiles.Of(operations.DataDirectory, file =>
            !file.StartsWith(operations.FilePath, StringComparison.Ordinal) && !Left.Contains(Path.GetFileName(file)) && !IsDuckDb(file));
    }

    private static bool IsDuckDb(string file) => file.EndsWith(".duckdb", StringComparison.Ordinal) || file.EndsWith(".duckdb.wal", StringComparison.Ordinal);

    private static async Task WriteAsync(OperationsDatabase operations, FrozenFiles frozen, string work, string zip, CancellationToken ct)
    {
        await using var archive = await ZipFile.OpenAsync(zip, ZipArchiveMode.Create, ct);
        await AddSqliteAsync(archive, operations, work, ct);
        foreach (var file in Directory.EnumerateFiles(operations.DataDirectory, "*.duckdb")) await AddDuckDbAsync(archive, file, Path.GetFileName(file), work, ct);
        foreach (var file in Directory.EnumerateFiles(frozen.Directory, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal))
            await AddFileAsync(archive, file, Path.GetRelativePath(frozen.Directory, file).Replace(Path.DirectorySeparatorChar, '/'), ct);
    }

    private static async Task AddSqliteAsync(ZipArchive archive, OperationsDatabase operations, string work, CancellationToken ct)
    {
        var copy = Path.Combine(work, "operations.db");
        await using (var connection = new SqliteConnection(operations.ConnectionString))
        {
            await connection.OpenAsync(ct);
            await using var command = connection.CreateCommand();
            command.CommandText = "VACUUM INTO $copy";
            command.Parameters.AddWithValue("$copy", copy);
            await command.ExecuteNonQueryAsync(ct);
        }
        await AddFileAsync(archive, copy, Path.GetFileName(operations.FilePath), ct);
    }

    private static async Task AddDuckDbAsync(ZipArchive archive, string file, string entry, string work, CancellationToken ct)
    {
        var copy = Path.Combine(work, Path.GetFileName(file));
        await using (var connection = new DuckDBConnection($"Data Source={file}"))
        {
            await connection.OpenAsync(ct);
            await using var command = connection.CreateCommand();
            command.CommandText = $"""
                ATTACH '{copy.Replace("'", "''", StringComparison.Ordinal)}' AS backup_copy;
                COPY FROM DATABASE "{Path.GetFileNameWithoutExtension(file)}" TO backup_copy;
                DETACH backup_copy;
                """;
            await command.ExecuteNonQueryAsync(ct);
        }
        await AddFileAsync(archive, copy, entry, ct);
    }

    private static async Task AddFileAsync(ZipArchive archive, string file, string entry, CancellationToken ct)
    {
        // Open, append-only files of the log may be shorter than their last batch: its checksum says so when it is read again.
        await using var source = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        await using var target = await archive.CreateEntry(entry, CompressionLevel.Fastest).OpenAsync(ct);
        await source.CopyToAsync(target, ct);
    }
}
