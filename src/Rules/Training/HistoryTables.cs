using Seamless.Fleet.Registry;
using Seamless.Learning.Training;
using Seamless.Rules.Alarms;
using Seamless.Rules.Alarms.Maintenance;
using Seamless.Rules.Labels;
using Seamless.Rules.Packs;
using Seamless.Storage.TimeSeries;
using Seamless.Telemetry;

namespace Seamless.Rules.Training;

/// <summary>Tables to learn from, of what devices sent and what people found out about them. The same history, labels and windows give the same table.</summary>
internal sealed class HistoryTables(IPacks packs, ITimeSeriesStore store, IDeviceRegistry registry, IAlarms alarms, ILabels labels, IMaintenance maintenance, TimeProvider time) : ITrainingHistory
{
    internal const string Rul = "rul";

    /// <summary>More are thinned out evenly (failure) or refused (rul): the trees are grown on one core, several times over.</summary>
    private const int MostRows = 20_000;
    private const int MostSteps = 1_000_000;

    /// <summary>Whether a machine runs, by the names that packs have for it.</summary>
    private static readonly string[] Running = ["running", "on"];

    private readonly HistoryReader _reader = new(store, registry, alarms, labels, maintenance);

    /// <summary>For tests that want to see thinning without so many rows.</summary>
    internal int Most { get; init; } = MostRows;

    public Refusal? WhatIsWrong(TrainingOrder order)
    {
        var history = order.History!;
        if (packs.Find(history.Type) is not { } pack) return Refusal.Invalid($"history.type: there is no equipment type '{history.Type}'; there are: {string.Join(", ", packs.All.Select(p => p.Type).Order(StringComparer.Ordinal))}");
        if (history.From >= history.To) return Refusal.Invalid("history: from must be before to");
        if (history.Step < TimeSpan.FromSeconds(1) || history.Step > TimeSpan.FromDays(1)) return Refusal.Invalid("history.step must lie between 1s and 1d");
        if (history.Horizon < history.Step) return Refusal.Invalid("history.horizon must be at least a step long");
        if (history.StartUp < TimeSpan.Zero) return Refusal.Invalid("history.startUp must not be below 0");
        if ((history.To - history.From) / history.Step > MostSteps) return Refusal.Invalid($"history: from … to has more than {MostSteps} steps; choose a longer step");
        return history.Metrics.Select(metric => WhatIsWrong(metric, pack, order.Kind)).FirstOrDefault(wrong => wrong is not null)
            ?? (history.Metrics.Distinct().Count() == history.Metrics.Count ? null : Refusal.Invalid("history.metrics: one is named twice"));
    }

    /// <summary>States are words; whether something is on says when it may fail, but is nothing that wears.</summary>
    private static Refusal? WhatIsWrong(string name, EquipmentPack pack, string kind)
    {
        if (pack.Metric(name) is not { } metric) return Refusal.Invalid($"history.metrics: '{pack.Type}' has no metric '{name}'; it has: {string.Join(", ", pack.Metrics.Select(m => m.Name))}");
        if (metric.Type is MetricType.State) return Refusal.Invalid($"history.metrics: '{name}' is a state, which has no mean");
        if (metric.Type is MetricType.Boolean && kind is Rul) return Refusal.Invalid($"history.metrics: '{name}' is on or off; remaining life is learned from numbers");
        return HistoryColumns.Reserved.Contains(name) ? Refusal.Invalid($"history.metrics: '{name}' is the name of a column of the table") : null;
    }

    public async Task<Outcome<HistoryTable>> WriteAsync(string tenant, TrainingOrder order, string? path, IProgress<(int Done, int All)>? progress, CancellationToken ct)
    {
        if (WhatIsWrong(order) is { } wrong) return wrong;
        var pack = packs.Find(order.History!.Type)!;
        var (devices, simulated) = await _reader.DevicesAsync(tenant, pack.Type, ct);
        var metrics = await MetricsAsync(pack, order.History, devices, ct);
        if (metrics.Count == 0) return HistoryEnough.NoMetrics(pack.Type, devices.Count, simulated);
        var gathered = new GatheredRows(Most);
        gathered.Removed(HistoryRemoval.Simulated, simulated);
        await GatherAsync(tenant, order, pack, devices, metrics, gathered, progress, ct);
        var modes = HistoryEnough.Modes(gathered, order);
        if (HistoryEnough.WhatIsMissing(gathered, order, modes, Most) is { } missing) return missing;
        if (modes.FirstOrDefault(mode => metrics.Contains(mode) || HistoryColumns.Reserved.Contains(mode)) is { } twice) return Refusal.Invalid($"the failure mode '{twice}' has the name of another column; name the metrics without it");
        var table = gathered.Table(metrics, modes, order.Kind is Rul);
        if (path is not null) await HistoryCsv.WriteAsync(path, table.Rows, metrics, modes, order.Kind is Rul, ct);
        return table.Table;
    }

    private async Task<IReadOnlyList<string>> MetricsAsync(EquipmentPack pack, TrainingHistory history, IReadOnlyList<Device> devices, CancellationToken ct) => history.Metrics.Count > 0
        ? history.Metrics
        : await _reader.SentAsync(devices, [.. pack.Metrics.Where(metric => metric.Type is MetricType.Number).Select(metric => metric.Name).Except(HistoryColumns.Reserved)], ct);

    private async Task GatherAsync(
        string tenant, TrainingOrder order, EquipmentPack pack, IReadOnlyList<Device> devices, IReadOnlyList<string> metrics, GatheredRows gathered, IProgress<(int, int)>? progress, CancellationToken ct)
    {
        var history = order.History!;
        var verdicts = await _reader.VerdictsAsync(tenant, pack.Type, ct);
        var running = Running.FirstOrDefault(name => pack.Metric(name) is { Type: MetricType.Boolean });
        string[] read = running is null || metrics.Contains(running) ? [.. metrics] : [.. metrics, running];
        var runs = running is null ? -1 : Array.IndexOf(read, running);
        for (var done = 0; done < devices.Count; done++)
        {
            progress?.Report((done, devices.Count));
            var device = devices[done];
            var rows = new DeviceRows(device.Id, await _reader.SpansAsync(device, history, verdicts, ct), history, order.Kind is Rul, time.GetUtcNow() - history.Horizon);
            await foreach (var (at, values) in _reader.StepsAsync(device, read, history, ct))
                gathered.Add(rows.Next(at, values.Length == metrics.Count ? values : values[..metrics.Count], runs < 0 ? double.NaN : values[runs]));
        }
        progress?.Report((devices.Count, devices.Count));
    }
}
