using Seamless.Fleet.Registry;
using Seamless.Learning.Training;
using Seamless.Rules.Alarms;
using Seamless.Rules.Alarms.Maintenance;
using Seamless.Rules.Labels;
using Seamless.Storage.TimeSeries;

namespace Seamless.Rules.Training;

/// <summary>Reads devices and what is known of their time.</summary>
internal sealed class HistoryReader(ITimeSeriesStore store, IDeviceRegistry registry, IAlarms alarms, ILabels labels, IMaintenance maintenance)
{
    /// <summary>Devices that play a part for a check or a demonstration carry one of these tags.</summary>
    private static readonly string[] SimulatedTags = ["mystery", "simulated"];
    private const string MysterySite = "mystery";

    private const int AlarmsAtOnce = 500, StepsAtOnce = 2000;

    /// <summary>All of the type, and which of them are none.</summary>
    public async Task<(IReadOnlyList<Device> Real, int Simulated)> DevicesAsync(string tenant, string type, CancellationToken ct)
    {
        var all = await registry.ListAsync(new DeviceFilter(tenant, type, Limit: int.MaxValue), ct);
        Device[] real = [.. all.Where(device => device.Site != MysterySite && !SimulatedTags.Any(device.Tags.ContainsKey)).OrderBy(device => device.Id, StringComparer.Ordinal)];
        return (real, all.Count - real.Length);
    }

    /// <summary>Metrics that at least half of the devices send.</summary>
    public async Task<IReadOnlyList<string>> SentAsync(IReadOnlyList<Device> devices, IReadOnlyCollection<string> candidates, CancellationToken ct)
    {
        var senders = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var device in devices)
            foreach (var value in await store.LatestAsync(device.Key, ct))
                if (candidates.Contains(value.Metric)) senders[value.Metric] = senders.GetValueOrDefault(value.Metric) + 1;
        return [.. candidates.Where(metric => 2 * senders.GetValueOrDefault(metric) >= devices.Count && senders.ContainsKey(metric))];
    }

    public async Task<Verdicts> VerdictsAsync(string tenant, string type, CancellationToken ct)
    {
        var standing = await labels.StandingAsync(tenant, DateTimeOffset.MinValue, ct);
        var struck = await labels.ListAsync(new LabelFilter(tenant, Type: type, Struck: true, Limit: int.MaxValue), ct);
        return new Verdicts(standing, struck.Select(label => label.Alarm).ToHashSet(StringComparer.Ordinal));
    }

    public async Task<DeviceSpans> SpansAsync(Device device, TrainingHistory order, Verdicts verdicts, CancellationToken ct)
    {
        var tenant = device.Key.Tenant;
        var times = maintenance.List(tenant).Where(window => window.Scope.Holds(device.Id, device.Site, device.Type)).SelectMany(window => window.Between(order.From, order.To));
        return new DeviceSpans(await AlarmsAsync(device, order.To + order.Horizon, ct), verdicts.Standing, verdicts.Struck, [.. times], order.Horizon);
    }

    /// <summary>Means of steps in order of time, read in parts; a metric that a step lacks is NaN.</summary>
    public async IAsyncEnumerable<(DateTimeOffset At, double[] Values)> StepsAsync(
        Device device, IReadOnlyList<string> metrics, TrainingHistory order, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken ct)
    {
        var first = order.From.UtcTicks - order.From.UtcTicks % order.Step.Ticks;
        for (var from = new DateTimeOffset(first, TimeSpan.Zero); from < order.To; from += StepsAtOnce * order.Step)
        {
            ct.ThrowIfCancellationRequested();
            var end = from + StepsAtOnce * order.Step;
            var series = await store.QueryAsync(new SeriesQuery(device.Key, metrics, from < order.From ? order.From : from, end < order.To ? end : order.To, order.Step), ct);
            foreach (var (at, values) in Rows(series, metrics)) yield return (DateTimeOffset.FromUnixTimeMilliseconds(at), values);
        }
    }

    private static SortedDictionary<long, double[]> Rows(IReadOnlyList<Series> series, IReadOnlyList<string> metrics)
    {
        var rows = new SortedDictionary<long, double[]>();
        for (var column = 0; column < metrics.Count; column++)
        {
            if (series.FirstOrDefault(s => s.Metric == metrics[column]) is not { } found) continue;
            foreach (var point in found.Points)
            {
                if (!rows.TryGetValue(point.TimestampMs, out var row))
                {
                    rows[point.TimestampMs] = row = new double[metrics.Count];
                    Array.Fill(row, double.NaN);
                }
                row[column] = point.Value;
            }
        }
        return rows;
    }

    private async Task<List<Alarm>> AlarmsAsync(Device device, DateTimeOffset to, CancellationToken ct)
    {
        var found = new List<Alarm>();
        while (true)
        {
            var page = await alarms.ListAsync(new AlarmFilter(device.Key.Tenant, device.Id, To: to, After: found.LastOrDefault()?.Id, Limit: AlarmsAtOnce), ct);
            found.AddRange(page);
            if (page.Count < AlarmsAtOnce) return found;
        }
    }
}

/// <summary>What people found out about alarms.</summary>
/// <param name="Standing">The label that counts, by alarm.</param>
/// <param name="Struck">Alarms with a label that was struck out.</param>
internal sealed record Verdicts(IReadOnlyDictionary<string, Label> Standing, IReadOnlySet<string> Struck);
