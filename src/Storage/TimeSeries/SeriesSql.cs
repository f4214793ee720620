using System.Globalization;
using DuckDB.NET.Data;
using Seamless.Telemetry;

namespace Seamless.Storage.TimeSeries;

/// <summary>Reads one metric of one device: merged, then bucketed when asked.</summary>
internal static class SeriesSql
{
    public static List<SeriesPoint> Read(DuckDBConnection connection, Schema schema, StoredDevice device, string metric, SeriesQuery query)
    {
        var sql = Merged(schema, metric);
        sql = query.Bucket is null
            ? $"SELECT ts, value, state FROM ({sql})"
            : Bucketed(sql, (long)query.Bucket.Value.TotalMilliseconds, query.Aggregate);
        sql = query.Limit is { } limit
            ? string.Create(CultureInfo.InvariantCulture, $"SELECT * FROM ({sql} ORDER BY ts DESC LIMIT {limit}) ORDER BY ts")
            : sql + " ORDER BY ts";
        return connection.Query(
            r => new SeriesPoint(r.GetInt64(0), r.IsDBNull(1) ? double.NaN : r.GetDouble(1), r.IsDBNull(2) ? null : r.GetString(2)),
            sql, device.Number, query.From.ToUnixTimeMilliseconds(), query.To.ToUnixTimeMilliseconds(), metric);
    }

    /// <summary>(ts, value, state), one row an instant: the last write stands. A reading that the device marked bad is not a value.</summary>
    private static string Merged(Schema schema, string metric)
    {
        var column = WideTable.Column(metric);
        var wide = schema.WideTables.Where(t => t.ColumnOf.ContainsKey(metric))
            .Select(t => $"SELECT ts, w, {column} AS value, NULL::VARCHAR AS state FROM {t.Name} WHERE device = $1 AND ts >= $2 AND ts < $3 AND {column} IS NOT NULL");
        var narrow = $"SELECT ts, w, value, state FROM readings WHERE device = $1 AND ts >= $2 AND ts < $3 AND metric = $4 AND quality < {(int)Quality.Bad}";
        var all = string.Join(" UNION ALL ", wide.Append(narrow));
        return $"SELECT ts, arg_max_null(value, w) AS value, arg_max_null(state, w) AS state FROM ({all}) GROUP BY ts";
    }

    private static string Bucketed(string merged, long bucketMs, Aggregate aggregate)
    {
        var value = aggregate switch
        {
            Aggregate.Min => "min(value)",
            Aggregate.Max => "max(value)",
            Aggregate.Last => "arg_max_null(value, ts)",
            Aggregate.Count => "count(*)::DOUBLE",
            _ => "avg(value)",
        };
        // A text has no mean: of a state, whatever was asked, the bucket shows the last.
        var bucket = string.Create(CultureInfo.InvariantCulture, $"(ts - ((ts % {bucketMs}) + {bucketMs}) % {bucketMs})");
        return $"SELECT {bucket} AS ts, {value} AS value, arg_max_null(state, ts) AS state FROM ({merged}) AS merged GROUP BY 1";
    }
}
