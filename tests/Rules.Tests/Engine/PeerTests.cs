using Seamless.Rules.Alarms;
using Seamless.Rules.Engine;
using Seamless.Rules.Packs;
using Seamless.Telemetry;

namespace Seamless.Rules.Tests.Engine;

/// <summary>A machine among its like: what counts is that it is unlike them, not that all of them have a hot day.</summary>
public sealed class PeerTests
{
    private static readonly PackDirectory Packs = new(Path.Combine(AppContext.BaseDirectory, "testpacks"), null);

    private readonly List<TelemetryChange> _changes = [];
    private readonly Dictionary<string, Alarm> _alarms = [];
    private Judgement _judgement = New();

    private static Judgement New() => new(Packs, _ => null, new RulesOptions(), _ => null);

    private void Stand(int machines, string site = "hall", string prefix = "m", string type = "crowd")
    {
        var registry = new MemoryRegistry();
        for (var i = 0; i < machines; i++)
        {
            registry.Put($"{prefix}{i}", type, site);
            _judgement.Admit(Key(i, prefix), registry.FindCached(Key(i, prefix)), _changes);
        }
    }

    private static DeviceKey Key(int machine, string prefix = "m") => new(DeviceKey.DefaultTenant, $"{prefix}{machine}");

    private void Run(int machines, int minutes, Func<int, int, double> temperature, int fromMinute = 0, string prefix = "m")
    {
        for (var second = 0; second < minutes * 60; second += 10)
            for (var machine = 0; machine < machines; machine++)
                _judgement.Observe(new Sample(Key(machine, prefix), Some.At(fromMinute * 60 + second) + machine, null, [new Reading("bearingTemperature", temperature(machine, fromMinute * 60 + second))]), _changes);
        Note();
    }

    private void Note()
    {
        _judgement.Conclude(_changes);
        foreach (var change in _changes) _alarms[change.AlarmId] = change.Alarm;
        _changes.Clear();
    }

    private IEnumerable<Alarm> Standing => _alarms.Values.Where(a => !a.IsWithdrawn);

    [Fact]
    public void The_one_that_warms_among_its_peers_is_told_of_and_no_other()
    {
        Stand(4);
        Run(4, 30, (machine, second) => 50 + machine + (machine == 2 && second > 600 ? 20 : 0));
        var alarm = Assert.Single(Standing);
        Assert.Equal("m2", alarm.Device);
        Assert.Equal("warmer-than-peers", alarm.Rule);
    }

    [Fact]
    public void A_hot_day_for_all_is_no_fault_of_one()
    {
        Stand(4);
        Run(4, 60, (machine, second) => 45 + machine + 35.0 * second / 3600);
        Assert.Empty(Standing);
    }

    [Fact]
    public void Machines_of_another_site_or_type_are_no_peers()
    {
        Stand(2, "hall");
        Stand(2, "yard", "y");
        Stand(2, "hall", "p", "plain");
        for (var minute = 0; minute < 30; minute++)
        {
            Run(2, 1, (machine, _) => machine == 0 ? 78 : 50, minute);
            Run(2, 1, (_, _) => 50, minute, "y");
            Run(2, 1, (_, _) => 50, minute, "p");
        }
        Assert.Empty(Standing);   // one other is not enough, and the rest are none
    }

    [Fact]
    public void Who_stands_nowhere_has_none()
    {
        Stand(4, "");
        Run(4, 30, (machine, _) => 50 + (machine == 2 ? 20 : 0));
        Assert.Empty(Standing);
    }

    [Fact]
    public async Task After_a_restart_it_knows_its_peers_as_before()
    {
        var directory = Directory.CreateTempSubdirectory("seamless-peers-").FullName;
        Stand(4);
        Run(4, 20, (machine, _) => 50 + machine);
        var snapshot = new EngineSnapshot(Path.Combine(directory, "engine.state"));
        await snapshot.WriteAsync([1], [1], _judgement, new ScorerBank(new NoModels()), TestContext.Current.CancellationToken);
        _judgement = New();
        Assert.NotNull(snapshot.Read(_judgement, new ScorerBank(new NoModels()), _changes));
        // The others say nothing more: only what they said before can tell that the one is apart.
        for (var second = 0; second < 100; second += 10)
            _judgement.Observe(new Sample(Key(2), Some.At(20 * 60 + second) + 2, null, [new Reading("bearingTemperature", 75)]), _changes);
        Note();
        Assert.Equal("m2", Assert.Single(Standing).Device);
        Directory.Delete(directory, recursive: true);
    }

    [Fact]
    public void What_peers_say_late_takes_an_alarm_back()
    {
        Stand(5);
        double Warm(int machine) => machine is 1 or 2 ? 50 : 70;
        void Say(params int[] machines)
        {
            for (var second = 0; second < 5 * 60; second += 10)
                foreach (var machine in machines)
                    _judgement.Observe(new Sample(Key(machine), Some.At(second) + machine, null, [new Reading("bearingTemperature", Warm(machine))]), _changes);
            Note();
        }
        Say(0, 1, 2);
        Assert.Equal("m0", Assert.Single(Standing).Device);   // beside two at 50
        Say(3, 4);
        Assert.Empty(Standing);                               // beside 50, 50, 70 and 70
        Assert.Equal("m0", Assert.Single(_alarms.Values).Device);
    }
}

/// <summary>What counts, and from when.</summary>
public sealed class PeerGroupTests
{
    private const long Hour = 3_600_000;

    private readonly PeerGroup _group = new(partsKept: 3);

    private double Of(int machine, long atMs) => _group.Of(new PeerSignal(0, IsSpread: false, "warmth", Hour, Least: 2), Key(machine), atMs);

    private void Tell(int machine, long part, double mean, long? closedMs = null) =>
        _group.Tell(Key(machine), "warmth", Hour, new Seamless.Analytics.Evaluation.PartMean(0, part, mean, closedMs ?? (part + 1) * Hour));

    private static DeviceKey Key(int machine) => new(DeviceKey.DefaultTenant, $"m{machine}");

    [Fact]
    public void A_part_counts_from_half_its_length_after_its_end_until_the_next_does()
    {
        for (var machine = 1; machine <= 3; machine++)
        {
            Tell(machine, 10, machine);
            Tell(machine, 11, 10 * machine);
        }
        Assert.Equal(double.NaN, Of(1, 11 * Hour + Hour / 2 - 1));
        Assert.Equal(2.5, Of(1, 11 * Hour + Hour / 2));
        Assert.Equal(2.5, Of(1, 12 * Hour + Hour / 2 - 1));
        Assert.Equal(25, Of(1, 12 * Hour + Hour / 2));
        Assert.Equal(double.NaN, Of(1, 13 * Hour + Hour / 2));
    }

    [Fact]
    public void What_is_told_too_late_is_left_out_by_event_time_alone()
    {
        Tell(1, 10, 5);
        Tell(2, 10, 6, 11 * Hour + Hour / 2 - 1);
        Tell(3, 10, 7, 11 * Hour + Hour / 2);
        Assert.Equal(double.NaN, Of(1, 12 * Hour));   // only one other
        Assert.Equal(5.5, Of(3, 12 * Hour));
    }

    [Fact]
    public void News_for_a_time_that_rows_have_passed_asks_for_them_again()
    {
        _group.Passed(12 * Hour);
        Tell(1, 11, 5);
        Assert.Null(_group.ChangedFromMs);            // counts from 12:30
        Tell(1, 10, 5);
        Assert.Equal(11 * Hour + Hour / 2, _group.ChangedFromMs);
        _group.Settle();
        Tell(1, 10, 5);
        Assert.Null(_group.ChangedFromMs);            // said before
        _group.Retell(Key(1), "warmth", Hour, 10, 0, []);
        Assert.Equal(11 * Hour + Hour / 2, _group.ChangedFromMs);
    }

    [Fact]
    public void So_many_parts_are_remembered()
    {
        for (var part = 1; part <= 5; part++)
            for (var machine = 1; machine <= 3; machine++) Tell(machine, part, machine);
        Assert.Equal([false, false, true, true, true], Enumerable.Range(1, 5).Select(part => double.IsFinite(Of(1, (part + 1) * Hour + Hour / 2))));
    }
}

/// <summary>Ranks with one left out, against the plain reckoning.</summary>
public sealed class RankedOthersTests
{
    [Fact]
    public void Median_and_spread_are_those_of_the_others()
    {
        var random = new Random(1);
        for (var trial = 0; trial < 2000; trial++)
        {
            double[] values = [.. Enumerable.Range(0, random.Next(2, 12)).Select(_ => (double)random.Next(0, 20))];
            Array.Sort(values);
            var own = random.Next(0, values.Length + 1);
            double[] rest = [.. values.Where((_, i) => i != own)];
            var others = new RankedOthers(values, own);
            var median = Median(rest);
            Assert.Equal(rest.Length, others.Count);
            Assert.Equal(median, others.Median(), 12);
            Assert.Equal(1.4826022185056018 * Median([.. rest.Select(v => Math.Abs(v - median)).Order()]), others.Spread(), 9);
        }
    }

    private static double Median(double[] sorted) => (sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]) / 2;
}
