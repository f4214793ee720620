using Seamless.Rules.Packs;
using Seamless.Storage.TimeSeries;
using Seamless.Telemetry;

namespace Seamless.Rules.Backtests;

/// <summary>The series around the first alarms, so that one sees what the rule saw.</summary>
internal sealed class Plotting(ITimeSeriesStore store)
{
    public const int MostPlots = 3;
    public const int MostPoints = 200;
    private static readonly TimeSpan LeastMargin = TimeSpan.FromMinutes(30);
    private static readonly TimeSpan Longest = TimeSpan.FromHours(12);

    public async Task<IReadOnlyList<BacktestPlot>> OfAsync(string tenant, EquipmentPack pack, IReadOnlyList<JudgedAlarm> alarms, CancellationToken ct)
    {
        var plots = new List<BacktestPlot>();
        foreach (var alarm in alarms.Where(alarm => IsDrawn(alarm, pack)).Take(MostPlots)) plots.Add(await OfAsync(tenant, pack, alarm, ct));
        return plots;
    }

    private static bool IsDrawn(JudgedAlarm alarm, EquipmentPack pack) => alarm.Rule.Metric is { } metric && pack.Metric(metric) is { Type: not MetricType.State };

    private async Task<BacktestPlot> OfAsync(string tenant, EquipmentPack pack, JudgedAlarm alarm, CancellationToken ct)
    {
        var (metric, told) = (alarm.Rule.Metric!, alarm.Alarm);
        var (from, to) = Window(told);
        var series = await store.QueryAsync(new SeriesQuery(new DeviceKey(tenant, told.Device), [metric], from, to), ct);
        var points = series[0].Points.Where(point => point.State is null && double.IsFinite(point.Value)).ToList();
        var setpoint = alarm.Rule.Condition is ConditionKind.High or ConditionKind.Low && alarm.Rule.Symptom != Engine.SensorRules.Symptom ? alarm.Rule.Setpoint : (double?)null;
        return new BacktestPlot(told.Device, told.Rule, metric, pack.Metric(metric)!.Unit, setpoint, told.OnsetAt, told.RaisedAt, told.ClearedAt, Thinned(points, MostPoints));
    }

    /// <summary>The alarm with as much before and behind it as one needs to see it rise and fall.</summary>
    internal static (DateTimeOffset From, DateTimeOffset To) Window(BacktestAlarm alarm)
    {
        var end = alarm.ClearedAt is { } cleared && cleared - alarm.OnsetAt < Longest ? cleared : alarm.OnsetAt + (alarm.ClearedAt is null ? LeastMargin : Longest);
        if (end < alarm.RaisedAt) end = alarm.RaisedAt;
        var margin = (end - alarm.OnsetAt) / 2 is var half && half > LeastMargin ? half : LeastMargin;
        return (alarm.OnsetAt - margin, end + margin);
    }

    /// <summary>Of as many stretches of equal length as there is room for, the least and the greatest value, in order of time: no peak is lost.</summary>
    internal static IReadOnlyList<SeriesPoint> Thinned(IReadOnlyList<SeriesPoint> points, int most)
    {
        if (points.Count <= most) return points;
        var thinned = new List<SeriesPoint>(most);
        var stretches = most / 2;
        for (var i = 0; i < stretches; i++)
        {
            var (first, end) = ((int)((long)i * points.Count / stretches), (int)((long)(i + 1) * points.Count / stretches));
            var (low, high) = (first, first);
            for (var at = first + 1; at < end; at++)
            {
                if (points[at].Value < points[low].Value) low = at;
                if (points[at].Value > points[high].Value) high = at;
            }
            thinned.Add(points[Math.Min(low, high)]);
            if (low != high) thinned.Add(points[Math.Max(low, high)]);
        }
        return thinned;
    }
}
