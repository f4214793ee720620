using DuckDB.NET.Data;
using Seamless.Telemetry;

namespace Seamless.Storage.TimeSeries;

/// <summary>The wide table of one equipment type.</summary>
/// <param name="Metrics">The metric columns, in the table's order.</param>
internal sealed record WideTable(string Type, IReadOnlyList<string> Metrics)
{
    /// <summary>device, ts, w, seq: what stands before the metrics.</summary>
    public const int KeyColumns = 4;

    public string Name { get; } = Sql.Quote("samples_" + Type);

    public IReadOnlyDictionary<string, int> ColumnOf { get; } = Metrics.Index().ToDictionary(m => m.Item, m => m.Index, StringComparer.Ordinal);

    public static string Column(string metric) => Sql.Quote("m_" + ColumnKey(metric));

    /// <summary>DuckDB does not tell upper from lower case in column names; metrics do. Upper case is marked so that <c>Flow</c> and <c>flow</c> stay two.</summary>
    private static string ColumnKey(string metric) => string.Concat(metric.Select(c => c switch
    {
        '^' => "^^",
        >= 'A' and <= 'Z' => "^" + c,
        _ => c.ToString(),
    }));
}

/// <summary>The tables, and the numbers that stand for devices in them.</summary>
/// <remarks>
/// <c>devices</c>: number, tenant, device, type. <c>wide_metrics</c>: type, metric, position. <c>samples_&lt;type&gt;</c>: a row a sample, a column a metric.
/// <c>readings</c>: a row a value, for metrics no pack declares, texts, and values of doubtful quality. Column <c>w</c> everywhere: order of
/// writing; of two values of one metric and instant the one with the greater w stands. Only the writer changes this object; readers are
/// shown what <see cref="Publish"/> has shown them last, since tables and columns of an open transaction are not there for their connections.
/// </remarks>
internal sealed class Schema
{
    private readonly DuckDBConnection _connection;
    private readonly IEquipmentCatalog _catalog;
    private readonly Dictionary<DeviceKey, StoredDevice> _devices = [];
    private readonly Dictionary<string, WideTable> _wide = new(StringComparer.Ordinal);
    private volatile Published _published = new([], [], new Dictionary<DeviceKey, StoredDevice>());
    private bool _changed = true;

    private sealed record Published(IReadOnlyCollection<WideTable> WideTables, IReadOnlyCollection<StoredDevice> Devices, IReadOnlyDictionary<DeviceKey, StoredDevice> ByKey);

    public Schema(DuckDBConnection connection, IEquipmentCatalog catalog)
    {
        (_connection, _catalog) = (connection, catalog);
        connection.Execute("""
            CREATE TABLE IF NOT EXISTS devices (device INTEGER NOT NULL, tenant VARCHAR NOT NULL, name VARCHAR NOT NULL, type VARCHAR NOT NULL);
            CREATE TABLE IF NOT EXISTS wide_metrics (type VARCHAR NOT NULL, metric VARCHAR NOT NULL, position INTEGER NOT NULL);
            CREATE TABLE IF NOT EXISTS readings (device INTEGER NOT NULL, ts BIGINT NOT NULL, w BIGINT NOT NULL, seq BIGINT, metric VARCHAR NOT NULL,
                value DOUBLE, state VARCHAR, quality UTINYINT NOT NULL);
            """);
        foreach (var device in connection.Query(r => new StoredDevice(r.GetInt32(0), new DeviceKey(r.GetString(1), r.GetString(2)), r.GetString(3)),
                     "SELECT device, tenant, name, type FROM devices ORDER BY device"))
            _devices[device.Key] = device;
        foreach (var type in connection.Query(r => (Type: r.GetString(0), Metric: r.GetString(1)), "SELECT type, metric FROM wide_metrics ORDER BY type, position").GroupBy(r => r.Type))
            _wide[type.Key] = new WideTable(type.Key, [.. type.Select(r => r.Metric)]);
        Publish();
    }

    // For readers

    public IReadOnlyCollection<WideTable> WideTables => _published.WideTables;

    public IReadOnlyCollection<StoredDevice> Devices => _published.Devices;

    public StoredDevice? Find(in DeviceKey key) => _published.ByKey.GetValueOrDefault(key);

    /// <summary>Shows readers what has been committed. The writer calls it after each commit.</summary>
    public void Publish()
    {
        if (!_changed) return;
        _published = new Published([.. _wide.Values], [.. _devices.Values], new Dictionary<DeviceKey, StoredDevice>(_devices));
        _changed = false;
    }

    // For the writer

    public WideTable? WideTableOf(string type) => _wide.GetValueOrDefault(type);

    /// <summary>The device's number, given on first sight; its type follows the catalog. Rows of a former type stay where they are.</summary>
    public StoredDevice Ensure(in DeviceKey key)
    {
        var type = _catalog.TypeOf(key);
        var known = _devices.GetValueOrDefault(key);
        if (known is not null && known.Type == type) return known;
        var device = new StoredDevice(known?.Number ?? _devices.Count + 1, key, type);
        if (known is null) _connection.Execute("INSERT INTO devices VALUES ($1, $2, $3, $4)", device.Number, key.Tenant, key.Device, type);
        else _connection.Execute("UPDATE devices SET type = $1 WHERE device = $2", type, device.Number);
        _devices[key] = device;
        _changed = true;
        return device;
    }

    /// <summary>The type's wide table with a column for every metric its pack declares now; null when it declares none.</summary>
    public WideTable? EnsureWide(string type)
    {
        var declared = _catalog.MetricsOf(type);
        var table = WideTableOf(type);
        if (declared.Count == 0 || (table is not null && declared.All(table.ColumnOf.ContainsKey))) return table;
        table ??= CreateWide(type);
        var missing = declared.Where(m => !table.ColumnOf.ContainsKey(m)).Distinct(StringComparer.Ordinal).ToArray();
        for (var i = 0; i < missing.Length; i++)
        {
            _connection.Execute($"ALTER TABLE {table.Name} ADD COLUMN IF NOT EXISTS {WideTable.Column(missing[i])} DOUBLE");
            _connection.Execute("INSERT INTO wide_metrics VALUES ($1, $2, $3)", type, missing[i], table.Metrics.Count + i);
        }
        table = new WideTable(type, [.. table.Metrics, .. missing]);
        _wide[type] = table;
        _changed = true;
        return table;
    }

    private WideTable CreateWide(string type)
    {
        var table = new WideTable(type, []);
        _connection.Execute($"CREATE TABLE IF NOT EXISTS {table.Name} (device INTEGER NOT NULL, ts BIGINT NOT NULL, w BIGINT NOT NULL, seq BIGINT)");
        return table;
    }

    /// <summary>After a failed write: what was added since lies in a transaction that is gone.</summary>
    public Schema Reloaded() => new(_connection, _catalog);
}

internal sealed record StoredDevice(int Number, DeviceKey Key, string Type);
