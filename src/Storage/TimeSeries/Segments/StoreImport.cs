using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Seamless.Telemetry.Rows;

namespace Seamless.Storage.TimeSeries.Segments;

/// <summary>Takes in the DuckDB file of an earlier version, before the log's writer begins.</summary>
/// <remarks>A crash meanwhile costs a second time: appending twice equals appending once, and the file gets its other name only when all is durable.</remarks>
internal sealed class StoreImport(ITimeSeriesStore store, IEquipmentCatalog catalog, IOptions<StorageOptions> options, ILogger<StoreImport> logger) : IHostedService
{
    public const string DuckDbFile = "timeseries.duckdb";
    private const int Batch = 10_000;

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        var file = Path.Combine(options.Value.DataDirectory, DuckDbFile);
        if (options.Value.TimeSeries.Kind is not TimeSeriesKind.Segments || !File.Exists(file)) return;
        StoreMessages.Importing(logger, file);
        var rows = await CopyAsync(file, cancellationToken);
        await store.FlushAsync(cancellationToken);
        var done = file + ".imported";
        File.Move(file, done, overwrite: true);
        File.Delete(file + ".wal");
        StoreMessages.Imported(logger, rows, done);
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    private async Task<long> CopyAsync(string file, CancellationToken ct)
    {
        using var old = new DuckDbTimeSeriesStore(file, options.Value.TimeSeries, catalog);
        var (rows, copied) = (new SampleRows(Batch), 0L);
        await foreach (var sample in old.ReadAsync(old.Devices, DateTimeOffset.MinValue, DateTimeOffset.MaxValue, ct))
        {
            rows.Add(sample, sample.TimestampMs);
            copied++;
            if (rows.Count < Batch) continue;
            await store.AppendAsync(rows, ct);
            rows.Clear();
        }
        await store.AppendAsync(rows, ct);
        return copied;
    }
}
