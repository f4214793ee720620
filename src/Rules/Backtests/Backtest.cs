using Seamless.Fleet.Registry;
using Seamless.Rules.Engine;
using Seamless.Rules.Packs;
using Seamless.Storage.TimeSeries;
using Seamless.Telemetry;

namespace Seamless.Rules.Backtests;

/// <summary>Judges stored history by given rules, with the engine's own evaluators.</summary>
/// <remarks>History keeps samples only: rules over device events and learned models see nothing here. Silence is a gap in event time.</remarks>
internal sealed class Backtest(ITimeSeriesStore store, IDeviceRegistry registry)
{
    private const int PageSize = 500;

    public async Task<BacktestReport> RunAsync(EquipmentPack pack, BacktestRequest request, CancellationToken ct)
    {
        var compiled = new CompiledPack(pack);
        var devices = request.Devices is { } named ? [.. named.Select(id => new DeviceKey(request.Tenant, id))] : await OfTypeAsync(request, ct);
        var states = devices.ToDictionary(key => key, key => new JudgedDevice(key, "", compiled));
        var (judge, findings, alarms, samples) = (new DeviceJudge(_ => null), new List<Finding>(), new Ledger(), 0L);
        await foreach (var sample in store.ReadAsync(devices, request.From, request.To, ct))
        {
            samples++;
            if (!states.TryGetValue(sample.Device, out var state)) continue;
            if (state.NewestMs > 0) judge.Tick(state, sample.TimestampMs - state.NewestMs, findings);
            judge.Observe(state, sample, findings);
            foreach (var finding in findings) alarms.Note(sample.Device.Device, finding);
            findings.Clear();
        }
        return new BacktestReport(samples, devices.Count, alarms.All());
    }

    private async Task<IReadOnlyList<DeviceKey>> OfTypeAsync(BacktestRequest request, CancellationToken ct)
    {
        var devices = new List<DeviceKey>();
        for (string? after = null; ;)
        {
            var page = await registry.ListAsync(new DeviceFilter(request.Tenant, request.Type, After: after, Limit: PageSize), ct);
            devices.AddRange(page.Select(d => d.Key));
            if (page.Count < PageSize) return devices;
            after = page[^1].Id;
        }
    }

    /// <summary>Begins and ends, put together.</summary>
    private sealed class Ledger
    {
        private readonly List<BacktestAlarm> _ended = [];
        private readonly Dictionary<(string Device, string Rule), BacktestAlarm> _open = [];

        public void Note(string device, in Finding finding)
        {
            var key = (device, finding.Definition.Id);
            if (finding.Begins) _open[key] = new BacktestAlarm(device, finding.Definition.Id, At(finding.OnsetMs), At(finding.AtMs), null, finding.Value);
            else if (finding.Kind is Analytics.Evaluation.VerdictKind.Ends && _open.Remove(key, out var alarm)) _ended.Add(alarm with { ClearedAt = At(finding.AtMs), Value = finding.Value });
        }

        public IReadOnlyList<BacktestAlarm> All() =>
            [.. _ended.Concat(_open.Values).OrderBy(a => a.OnsetAt).ThenBy(a => a.Device, StringComparer.Ordinal).ThenBy(a => a.Rule, StringComparer.Ordinal)];

        private static DateTimeOffset At(long unixMs) => DateTimeOffset.FromUnixTimeMilliseconds(unixMs);
    }
}
