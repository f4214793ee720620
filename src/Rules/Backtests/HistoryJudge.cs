using Seamless.Rules.Engine;
using Seamless.Storage.TimeSeries;
using Seamless.Telemetry;

namespace Seamless.Rules.Backtests;

/// <summary>Judges stored history device after device, several at once, by the engine's own evaluators; by several packs in one reading.</summary>
/// <remarks>History keeps samples only: rules over device events and learned models see nothing here. Silence is a gap in event time.</remarks>
/// <param name="peers">Which machines are compared with each other; empty where no rule does.</param>
internal sealed class HistoryJudge(ITimeSeriesStore store, IReadOnlyList<CompiledPack> packs, DateTimeOffset from, DateTimeOffset to, PeerSites? peers = null)
{
    /// <summary>Rules that raise more say nothing to anybody, and would not fit into memory.</summary>
    public const int MostAlarms = 1_000_000;

    private readonly IReadOnlyCollection<string> _metrics = NeededMetrics.Of(packs);
    private readonly List<JudgedAlarm>[] _alarms = [.. packs.Select(_ => new List<JudgedAlarm>())];
    private readonly Lock _gathering = new();
    private int _done;
    private int _all;

    public long Samples { get; private set; }

    /// <summary>Whether there were more alarms than anybody wants to see; what was judged is then only a part.</summary>
    public bool TooMany { get; private set; }

    /// <returns>For each pack what it raised, by onset.</returns>
    public async Task<IReadOnlyList<IReadOnlyList<JudgedAlarm>>> JudgeAsync(IReadOnlyList<DeviceKey> devices, IProgress<BacktestProgress>? progress, CancellationToken ct)
    {
        _all = devices.Count + (peers?.Machines.Count ?? 0);
        progress?.Report(new BacktestProgress(0, _all));
        await EachAsync(peers?.Machines ?? [], TellAsync, progress, ct);   // what each tells is known before any is compared
        if (_metrics.Count > 0 || packs.Any(pack => pack.Missing.Length > 0))
        {
            await EachAsync(devices, async (device, token) =>
            {
                if (!TooMany) Gather(await JudgeAsync(device, peers?.Of(device), token));
            }, progress, ct);
        }
        return [.. _alarms.Select(InOrder)];
    }

    private Task EachAsync(IReadOnlyList<DeviceKey> devices, Func<DeviceKey, CancellationToken, ValueTask> work, IProgress<BacktestProgress>? progress, CancellationToken ct)
    {
        var options = new ParallelOptions { MaxDegreeOfParallelism = Environment.ProcessorCount, CancellationToken = ct };
        return Parallel.ForEachAsync(devices, options, async (device, token) =>
        {
            await work(device, token);
            progress?.Report(new BacktestProgress(Interlocked.Increment(ref _done), _all));
        });
    }

    private async ValueTask TellAsync(DeviceKey device, CancellationToken ct)
    {
        var own = new PeerGroup(int.MaxValue);
        await JudgeAsync(device, own, ct);
        lock (_gathering) peers!.Of(device)?.Take(own);
    }

    private async Task<OneDevice> JudgeAsync(DeviceKey device, PeerGroup? group, CancellationToken ct)
    {
        var judged = new OneDevice(device, packs, group);
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
