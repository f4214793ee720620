using Seamless.Rules.Engine;
using Seamless.Telemetry;
using Seamless.Telemetry.Rows;

namespace Seamless.Rules.Backtests;

/// <summary>The history of one device, judged by several packs at once.</summary>
/// <param name="peers">What is known of the machine's peers, and takes what it tells them; null where no rule looks at them.</param>
internal sealed class OneDevice(DeviceKey device, IReadOnlyList<CompiledPack> packs, PeerGroup? peers = null)
{
    private readonly DeviceJudge _judge = new(_ => null);
    private readonly JudgedDevice[] _states = [.. packs.Select(pack => new JudgedDevice(device, "", pack) { Peers = peers })];
    private readonly Ledger[] _ledgers = [.. packs.Select(_ => new Ledger(device.Device))];
    private readonly List<Finding> _findings = [];

    public long Samples { get; private set; }

    public int AlarmCount => _ledgers.Max(ledger => ledger.Count);

    public IEnumerable<JudgedAlarm> Alarms(int pack) => _ledgers[pack].All;

    public void Observe(SampleRows rows)
    {
        Samples += rows.Count;
        for (var i = 0; i < _states.Length; i++) Observe(_states[i], rows, _ledgers[i]);
    }

    private void Observe(JudgedDevice state, SampleRows rows, Ledger ledger)
    {
        var times = rows.TimestampsMs;
        for (var row = 0; row < times.Length; row++)
        {
            if (state.NewestMs > 0) _judge.Tick(state, times[row] - state.NewestMs, _findings);
            _judge.Observe(state, rows, row, _findings);
            if (_findings.Count == 0) continue;
            foreach (var finding in _findings) ledger.Note(finding);
            _findings.Clear();
        }
    }

    /// <summary>Begins and ends, put together.</summary>
    private sealed class Ledger(string device)
    {
        private readonly List<JudgedAlarm> _ended = [];
        private readonly Dictionary<string, JudgedAlarm> _open = [];

        public int Count => _ended.Count + _open.Count;
        public IEnumerable<JudgedAlarm> All => _ended.Concat(_open.Values);

        public void Note(in Finding finding)
        {
            var rule = finding.Definition;
            if (finding.Begins) _open[rule.Id] = new JudgedAlarm(new BacktestAlarm(device, rule.Id, At(finding.OnsetMs), At(finding.AtMs), null, finding.Value), rule);
            else if (finding.Kind is Analytics.Evaluation.VerdictKind.Ends && _open.Remove(rule.Id, out var begun)) _ended.Add(begun with { Alarm = begun.Alarm with { ClearedAt = At(finding.AtMs), Value = finding.Value } });
        }

        private static DateTimeOffset At(long unixMs) => DateTimeOffset.FromUnixTimeMilliseconds(unixMs);
    }
}
