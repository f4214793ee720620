using System.Globalization;
using System.Runtime.CompilerServices;
using DuckDB.NET.Data;
using Seamless.Telemetry;
using Seamless.Telemetry.Rows;

namespace Seamless.Storage.TimeSeries;

/// <summary>Samples in DuckDB: a wide table for each equipment type, a narrow one for the rest. Tables in <see cref="Schema"/>.</summary>
/// <remarks>
/// Writes never look for what is there already: they append with a rising write number, and reading merges on (device, ts, metric).
/// One writer at a time; readers have connections of their own and see whole batches.
/// </remarks>
public sealed class DuckDbTimeSeriesStore : ITimeSeriesStore, IDisposable
{
    private readonly string _connectionString;
    private readonly DuckDBConnection _writer;
    private readonly SemaphoreSlim _writing = new(1, 1);
    private readonly LatestValues _latest = new();
    private Schema _schema;
    private long _written;
    private long _durable;

    public DuckDbTimeSeriesStore(string path, TimeSeriesOptions options, IEquipmentCatalog catalog)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!);
        _connectionString = string.Create(CultureInfo.InvariantCulture,
            $"Data Source={path};memory_limit={options.MemoryMegabytes}MB;threads={options.Threads};preserve_insertion_order=false");
        Feed = new StoreFeed(options.WriteBatch, options.WriteDelay);
        _writer = Open();
        _schema = new Schema(_writer, catalog);
        _written = ReadWritten();
        ReadLatest();
    }

    private DuckDBConnection Open()
    {
        var connection = new DuckDBConnection(_connectionString);
        connection.Open();
        return connection;
    }

    // Opening

    private long ReadWritten()
    {
        var tables = _schema.WideTables.Select(t => t.Name).Append("readings");
        return tables.Max(t => _writer.Query(r => r.GetInt64(0), $"SELECT coalesce(max(w), 0)::BIGINT FROM {t}")[0]);
    }

    private void ReadLatest()
    {
        var devices = _schema.Devices.ToDictionary(d => d.Number, d => d.Key);
        foreach (var table in _schema.WideTables)
            foreach (var metric in table.Metrics)
            {
                var column = WideTable.Column(metric);
                foreach (var (device, ts, value) in _writer.Query(r => (r.GetInt32(0), r.GetInt64(1), r.GetDouble(2)),
                             $"SELECT device, max(ts), arg_max({column}, (ts, w)) FROM {table.Name} WHERE {column} IS NOT NULL GROUP BY device"))
                    _latest.Put(devices[device], new LatestValue(metric, ts, value, null));
            }
        foreach (var (device, metric, ts, value, state) in _writer.Query(
                     r => (r.GetInt32(0), r.GetString(1), r.GetInt64(2), r.IsDBNull(3) ? double.NaN : r.GetDouble(3), r.IsDBNull(4) ? null : r.GetString(4)),
                     $"""
                      SELECT device, metric, ts, value, state FROM readings WHERE quality < {(int)Quality.Bad}
                      QUALIFY row_number() OVER (PARTITION BY device, metric ORDER BY ts DESC, w DESC) = 1
                      """))
            _latest.Put(devices[device], new LatestValue(metric, ts, value, state));
    }

    // Writing

    public async ValueTask<long> AppendAsync(SampleRows rows, CancellationToken ct)
    {
        var samples = new Sample[rows.Count];
        for (var row = 0; row < samples.Length; row++) samples[row] = rows.ToSample(row);
        await _writing.WaitAsync(ct);
        long ordinal;
        try
        {
            if (samples.Length > 0) Append(samples);
            ordinal = ++_durable;
        }
        finally
        {
            _writing.Release();
        }
        foreach (var sample in samples) _latest.Put(sample);
        return ordinal;
    }

    /// <summary>An append has committed when it returns.</summary>
    public long Durable => Interlocked.Read(ref _durable);

    public Task FlushAsync(CancellationToken ct) => Task.CompletedTask;

    public StoreFeed Feed { get; }

    private void Append(IReadOnlyList<Sample> samples)
    {
        using var transaction = _writer.BeginTransaction();
        try
        {
            using (var batch = new AppendBatch(_writer, _schema, _written)) _written = batch.Append(samples);
            transaction.Commit();
            _schema.Publish();
        }
        catch
        {
            transaction.Rollback();
            _schema = _schema.Reloaded();   // what it remembers of this batch's new devices and columns is not there
            throw;
        }
    }

    // Reading

    public Task<IReadOnlyList<Series>> QueryAsync(SeriesQuery query, CancellationToken ct) => Task.Run<IReadOnlyList<Series>>(() => Query(query, ct), ct);

    private List<Series> Query(SeriesQuery query, CancellationToken ct)
    {
        if (_schema.Find(query.Device) is not { } device) return [.. query.Metrics.Select(m => new Series(m, []))];
        using var connection = Open();
        var series = new List<Series>(query.Metrics.Count);
        foreach (var metric in query.Metrics)
        {
            ct.ThrowIfCancellationRequested();
            series.Add(new Series(metric, SeriesSql.Read(connection, _schema, device, metric, query)));
        }
        return series;
    }

    public Task<IReadOnlyList<LatestValue>> LatestAsync(DeviceKey device, CancellationToken ct) => Task.FromResult(_latest.Of(device));

    public Task<IReadOnlyList<DeviceLatest>> LatestOfAllAsync(string tenant, CancellationToken ct) => Task.FromResult(_latest.OfTenant(tenant));

    /// <summary>Every device that has rows here.</summary>
    internal IReadOnlyList<DeviceKey> Devices => [.. _schema.Devices.Select(d => d.Key)];

    public async IAsyncEnumerable<Sample> ReadAsync(
        IReadOnlyCollection<DeviceKey> devices, DateTimeOffset from, DateTimeOffset to, [EnumeratorCancellation] CancellationToken ct)
    {
        var known = devices.Select(d => _schema.Find(d)).OfType<StoredDevice>().ToArray();
        if (known.Length == 0) yield break;
        using var connection = await Task.Run(Open, ct);
        var history = new HistoryReader(connection, _schema, known);
        foreach (var sample in history.Read(from.ToUnixTimeMilliseconds(), to.ToUnixTimeMilliseconds()))
        {
            ct.ThrowIfCancellationRequested();
            yield return sample;
        }
    }

    public Task<long> CountAsync(CancellationToken ct) => Task.Run(() =>
    {
        using var connection = Open();
        return _schema.WideTables.Select(t => t.Name).Append("readings").Sum(t => connection.Query(r => r.GetInt64(0), $"SELECT count(*) FROM {t}")[0]);
    }, ct);

    // Retention

    public async Task<long> DeleteBeforeAsync(DateTimeOffset before, CancellationToken ct)
    {
        var beforeMs = before.ToUnixTimeMilliseconds();
        await _writing.WaitAsync(ct);
        try
        {
            var deleted = _schema.WideTables.Select(t => t.Name).Append("readings").Sum(t => (long)_writer.Execute($"DELETE FROM {t} WHERE ts < $1", beforeMs));
            _latest.DeleteBefore(beforeMs);
            return deleted;
        }
        finally
        {
            _writing.Release();
        }
    }

    public void Dispose()
    {
        _writing.Wait();
        _writer.Dispose();
        _writing.Dispose();
    }
}
