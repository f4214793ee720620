using System.Globalization;
using Seamless.Telemetry;

namespace Seamless.Storage.TimeSeries.Influx;

/// <summary>The statements that the store asks, in InfluxQL, which all three versions speak.</summary>
/// <remarks>They ask every measurement: a device that was given another equipment type has its past in another one. The tags find its series at once.</remarks>
internal static class InfluxQl
{
    /// <summary>Beyond so many devices a statement names tenants only, and the rest is sifted here.</summary>
    public const int DevicesInAStatement = 200;

    public const string Ours = "\"tenant\" =~ /.+/ AND \"device\" =~ /.+/";

    public static string Identifier(string name) => $"\"{name.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal)}\"";

    private static string Literal(string text) => $"'{text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("'", "\\'", StringComparison.Ordinal)}'";

    /// <summary>The columns of a metric that count as values: good before uncertain, numbers before texts. What is bad is history only.</summary>
    public static readonly (bool IsState, Quality Quality)[] ValueColumns =
        [(false, Quality.Good), (false, Quality.Uncertain), (true, Quality.Good), (true, Quality.Uncertain)];

    /// <summary>Columns: time, then <see cref="ValueColumns"/>.</summary>
    public static string Raw(DeviceKey device, string metric, long fromMs, long toMs, int? newest)
    {
        var columns = string.Join(',', ValueColumns.Select(c => Field(metric, c.IsState, c.Quality)));
        var limit = newest is { } limited ? Invariant($" ORDER BY time DESC LIMIT {limited}") : "";
        return $"SELECT {columns} FROM /.*/ WHERE {Where(device)} AND {Between(fromMs, toMs)}{limit}";
    }

    /// <summary>Columns: time, value, state, states, uncertain, uncertain_states.</summary>
    public static string Buckets(DeviceKey device, string metric, long fromMs, long toMs, long bucketMs, Aggregate aggregate)
    {
        var function = aggregate switch
        {
            Aggregate.Min => "min",
            Aggregate.Max => "max",
            Aggregate.Last => "last",
            Aggregate.Count => "count",
            _ => "mean",
        };
        var (number, state) = (Field(metric, false, Quality.Good), Field(metric, true, Quality.Good));
        return $"SELECT {function}({number}) AS value, last({state}) AS state, count({state}) AS states, "
            + $"count({Field(metric, false, Quality.Uncertain)}) AS uncertain, count({Field(metric, true, Quality.Uncertain)}) AS uncertain_states "
            + Invariant($"FROM /.*/ WHERE {Where(device)} AND {Between(fromMs, toMs)} GROUP BY time({bucketMs}ms) fill(none)");
    }

    /// <summary>Which fields the device has ever had: columns <c>last_…</c>.</summary>
    public static string Fields(DeviceKey device) => $"SELECT last(*) FROM /.*/ WHERE {Where(device)}";

    public static string Last(DeviceKey device, string field) => $"SELECT last({Identifier(field)}) AS value FROM /.*/ WHERE {Where(device)}";

    /// <summary>Columns: key, value; a row for each device of the tenant, perhaps again in another measurement.</summary>
    public static string Devices(string tenant) => $"SHOW TAG VALUES WITH KEY = \"device\" WHERE \"tenant\" = {Literal(tenant)}";

    public static string History(IReadOnlyCollection<DeviceKey> devices, long fromMs, long toMs, int limit)
    {
        var who = devices.Count <= DevicesInAStatement
            ? string.Join(" OR ", devices.Select(d => $"({Where(d)})"))
            : string.Join(" OR ", devices.Select(d => d.Tenant).Distinct().Select(t => $"\"tenant\" = {Literal(t)}"));
        return Invariant($"SELECT * FROM /.*/ WHERE ({who}) AND {Between(fromMs, toMs)} ORDER BY time ASC LIMIT {limit}");
    }

    public static string Count(long? beforeMs) =>
        $"SELECT count(\"{FieldName.Arrived}\") FROM /.*/ WHERE {Ours}" + (beforeMs is { } ms ? Invariant($" AND time < {Clamp(ms)}ms") : "");

    public static string Delete(long beforeMs) => Invariant($"DELETE WHERE {Ours} AND time < {Clamp(beforeMs)}ms");

    public const string Tenants = "SHOW TAG VALUES WITH KEY = \"tenant\"";

    public static long Clamp(long ms) => Math.Clamp(ms, LineBatch.EarliestMs, LineBatch.LatestMs);

    private static string Field(string metric, bool isState, Quality quality) => Identifier(new FieldName(metric, isState, quality).ToString());

    private static string Where(DeviceKey device) => $"\"tenant\" = {Literal(device.Tenant)} AND \"device\" = {Literal(device.Device)}";

    private static string Between(long fromMs, long toMs) => Invariant($"time >= {Clamp(fromMs)}ms AND time < {Clamp(toMs)}ms");

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
