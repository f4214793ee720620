using Seamless.Rules.Engine;
using Seamless.Storage.TimeSeries;
using Seamless.Telemetry;

namespace Seamless.Rules.Backtests;

/// <summary>Judges stored history device after device, several at once, by the engine's own evaluators; by several packs in one reading.</summary>
/// <remarks>History keeps samples only: rules over device events and learned models see nothing here. Silence is a gap in event time.</remarks>
internal sealed class HistoryJudge(ITimeSeriesStore store, IReadOnlyList<CompiledPack> packs, DateTimeOffset from, DateTimeOffset to)
{
    /// <summary>Rules that raise more say nothing to anybody, and would not fit into memory.</summary>
    public const int MostAlarms = 1_000_000;

    private readonly IReadOnlyCollection<string> _metrics = NeededMetrics.Of(packs);
    private readonly List<JudgedAlarm>[] _alarms = [.. packs.Select(_ => new List<JudgedAlarm>())];
    private readonly Lock _gathering = new();
    private int _done;

    public long Samples { get; private set; }

    /// <summary>Whether there were more alarms than anybody wants to see; what was judged is then only a part.</summary>
    public bool TooMany { get; private set; }

    /// <returns>For each pack what it raised, by onset.</returns>
    public async Task<IReadOnlyList<IReadOnlyList<JudgedAlarm>>> JudgeAsync(IReadOnlyList<DeviceKey> devices, IProgress<BacktestProgress>? progress, CancellationToken ct)
    {
        progress?.Report(new BacktestProgress(0, devices.Count));
        if (_metrics.Count > 0 || packs.Any(pack => pack.Missing.Length > 0))
        {
            var options = new ParallelOptions { MaxDegreeOfParallelism = Environment.ProcessorCount, CancellationToken = ct };
            await Parallel.ForEachAsync(devices, options, async (device, token) =>
            {
                if (!TooMany) Gather(await JudgeAsync(device, token));
                progress?.Report(new BacktestProgress(Interlocked.Increment(ref _done), devices.Count));
            });
        }
        return [.. _alarms.Select(InOrder)];
    }

    private async Task<OneDevice> JudgeAsync(DeviceKey device, CancellationToken ct)
    {
        var judged = new OneDevice(device, packs);
        await foreach (var rows in store.ReadRowsAsync(device, _metrics, from, to, ct))
        {
            judged.Observe(rows);
            if (judged.AlarmCount > MostAlarms) break;
        }
        return judged;
    }

    private void Gather(OneDevice judged)
    {
        lock (_gathering)
        {
            Samples += judged.Samples;
            for (var i = 0; i < _alarms.Length; i++) _alarms[i].AddRange(judged.Alarms(i));
            TooMany |= _alarms.Any(alarms => alarms.Count > MostAlarms);
        }
    }

    private static IReadOnlyList<JudgedAlarm> InOrder(List<JudgedAlarm> alarms) =>
        [.. alarms.OrderBy(a => a.OnsetAt).ThenBy(a => a.Device, StringComparer.Ordinal).ThenBy(a => a.Rule.Id, StringComparer.Ordinal)];
}
