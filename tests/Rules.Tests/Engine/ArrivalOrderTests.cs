using Seamless.Rules.Alarms;
using Seamless.Rules.Engine;
using Seamless.Rules.Packs;
using Seamless.Telemetry;
using Seamless.Telemetry.Rows;

namespace Seamless.Rules.Tests.Engine;

/// <summary>Samples may come late, twice, in any order and around a restart: the alarms that stand are those of the ordered run.</summary>
public sealed class ArrivalOrderTests
{
    private const int Machines = 3;
    private const int Rows = 240;
    private const int StepSeconds = 10;
    private const int MostRowsLate = 24;

    /// <summary>How many histories are tried with each pack; <c>SEAMLESS_HISTORIES</c> for more.</summary>
    private static readonly int Histories = int.TryParse(Environment.GetEnvironmentVariable("SEAMLESS_HISTORIES"), out var many) ? many : 400;

    [Theory]
    [InlineData("mixer")]   // everything the language has, composites and expressions over several metrics
    [InlineData("plain")]   // one metric a rule: most of what is late is harmless
    [InlineData("crowd")]   // compared with the others of the site, whose late samples change what a machine is compared with
    [InlineData("limits")]  // nothing with a memory: what is late and begins nothing is passed over
    public async Task Shuffled_doubled_and_interrupted_telemetry_leaves_the_alarms_of_the_ordered_run(string pack)
    {
        var directory = Directory.CreateTempSubdirectory("seamless-order-").FullName;
        var (raised, corrected, restarts) = (0, 0, 0);
        for (var seed = 1; seed <= Histories; seed++)
        {
            var random = new Random(seed);
            var history = History(random);
            var ordered = await new Run(directory, pack).JudgeAsync(history, restartAt: []);
            var arrival = Shuffled(history, random);
            var at = Enumerable.Range(0, 2).Select(_ => random.Next(arrival.Count)).ToHashSet();
            var shuffled = await new Run(directory, pack).JudgeAsync(arrival, at);
            Assert.True(ordered.Standing == shuffled.Standing, $"history {seed}, restarts at {string.Join(", ", at)}: {Difference(ordered.Standing, shuffled.Standing)}");
            (raised, corrected, restarts) = (raised + ordered.Alarms, corrected + shuffled.Corrections, restarts + at.Count);
        }
        Assert.True(raised > Histories / 2, $"only {raised} alarms in {Histories} histories: nothing was put to the test");
        Assert.True(corrected > Histories / 20, $"only {corrected} corrections: the lateness changed nothing");
        TestContext.Current.TestOutputHelper?.WriteLine($"{Histories} histories: {raised} alarms, {corrected} corrections, {restarts} restarts");
        Directory.Delete(directory, recursive: true);
    }

    /// <summary>Machines of one site that run warm, shake, lose their supply, fall silent in part, and open their doors.</summary>
    private static List<(long AtMs, object What)> History(Random random)
    {
        var history = new List<(long, object)>();
        var brownOut = random.Next(Rows);
        var noon = Some.At(0);
        for (var machine = 0; machine < Machines; machine++)
        {
            var key = new DeviceKey(DeviceKey.DefaultTenant, $"mixer-{machine}");
            var (heat, heatAt, shake, shakeAt) = (random.NextDouble() * 70, random.Next(Rows), random.NextDouble() * 12, random.Next(Rows));
            var (mode, bad) = ("eco", random.Next(Rows));
            var current = 30.0;
            for (var row = 0; row < Rows; row++)
            {
                var atMs = noon + (row * StepSeconds * 1000L) + machine * 7;
                if (random.Next(40) == 0) mode = random.Next(3) switch { 0 => "eco", 1 => "boost", _ => "idle" };
                if (random.Next(6) != 0) current = 30 + random.NextDouble() * (random.Next(10) == 0 ? 40 : 2);
                var low = row >= brownOut && row < brownOut + 30 && machine != random.Next(9);
                var readings = new List<Reading>
                {
                    new("bearingTemperature", 45 + (row > heatAt ? heat * Math.Min(1, (row - heatAt) / 20.0) * (row > heatAt + 60 ? 0 : 1) : 0) + random.NextDouble(), null, row == bad ? Quality.Bad : Quality.Good),
                    new("ambientTemperature", 22 + random.NextDouble()),
                    new("vibration", 2 + (row > shakeAt && row < shakeAt + 50 ? shake : 0) + random.NextDouble() * 0.5),
                    new("current", current),
                };
                if (random.Next(3) != 0) readings.Add(new Reading("voltage", low ? 340 + random.NextDouble() * 3 : 400 + random.NextDouble() * 3));
                if (row % 5 == 0) readings.Add(new Reading("running", random.Next(30) == 0 ? 0 : 1));
                if (row % 7 == 0) readings.Add(new Reading("mode", double.NaN, mode));
                if (random.Next(5) == 0)
                {
                    // In two messages of the same instant, as gateways send them.
                    history.Add((atMs, new Sample(key, atMs, null, [.. readings.Take(2)])));
                    readings.RemoveRange(0, 2);
                }
                history.Add((atMs, new Sample(key, atMs, null, [.. readings])));
                if (random.Next(60) == 0) history.Add((atMs + 1, new DeviceEvent(key, atMs + 1, "door-opened", EventSeverity.Info, "", null)));
            }
        }
        return [.. history.OrderBy(h => h.Item1)];
    }

    /// <summary>The first alarm that is missing, too many, or otherwise.</summary>
    private static string Difference(string ordered, string shuffled)
    {
        var (a, b) = (ordered.Split('\n'), shuffled.Split('\n'));
        var (left, right) = (a.Except(b).FirstOrDefault() ?? "", b.Except(a).FirstOrDefault() ?? "");
        var at = Math.Max(0, left.Zip(right).TakeWhile(pair => pair.First == pair.Second).Count() - 300);
        return $"\nordered:  {a.Length} alarms, …{Cut(left, at)}\nshuffled: {b.Length} alarms, …{Cut(right, at)}";
    }

    private static string Cut(string text, int at) => at >= text.Length ? "" : text.Substring(at, Math.Min(700, text.Length - at));

    /// <summary>As it may arrive: some delayed by up to so many rows, some twice.</summary>
    private static List<(long AtMs, object What)> Shuffled(List<(long AtMs, object What)> history, Random random)
    {
        var arrival = new List<(double At, (long, object) What)>();
        foreach (var one in history)
        {
            var delay = random.Next(4) == 0 ? random.NextDouble() * MostRowsLate * StepSeconds * 1000 : 0;
            arrival.Add((one.AtMs + delay, one));
            if (random.Next(10) == 0) arrival.Add((one.AtMs + random.NextDouble() * MostRowsLate * StepSeconds * 1000, one));
        }
        return [.. arrival.OrderBy(a => a.At).Select(a => a.What)];
    }

    /// <summary>An engine's judgement, written to a file and read back at the restarts.</summary>
    private sealed class Run(string directory, string pack)
    {
        private static readonly PackDirectory Packs = new(Path.Combine(AppContext.BaseDirectory, "testpacks"), null);
        private readonly Dictionary<string, TelemetryChange> _last = new(StringComparer.Ordinal);
        private Judgement _judgement = New();
        private int _corrections;

        public async Task<(string Standing, int Alarms, int Corrections)> JudgeAsync(List<(long AtMs, object What)> arrival, HashSet<int> restartAt)
        {
            var changes = new List<TelemetryChange>();
            var rows = new SampleRows();
            for (var i = 0; i < Machines; i++) Admit($"mixer-{i}", changes);
            for (var i = 0; i < arrival.Count; i++)
            {
                if (restartAt.Contains(i)) await RestartAsync(changes);
                Observe(arrival[i].What, rows);
                if (i % 5 != 4 && i < arrival.Count - 1) continue;   // as the log's batches come
                _judgement.Conclude(changes);
                Note(changes);
            }
            var standing = _last.Values.Where(c => !c.Alarm.IsWithdrawn).OrderBy(c => c.AlarmId, StringComparer.Ordinal).ToList();
            return (string.Join('\n', standing.Select(c => AlarmJson.Write(c.Alarm))), standing.Count, _corrections);
        }

        private void Observe(object what, SampleRows rows)
        {
            if (what is DeviceEvent happened)
            {
                _judgement.Observe(happened);
                return;
            }
            rows.Clear();
            rows.Add((Sample)what, ((Sample)what).TimestampMs);
            _judgement.Observe(rows, 0);
        }

        private void Note(List<TelemetryChange> changes)
        {
            foreach (var change in changes)
            {
                if (change.Kind is AlarmChangeKind.Corrected or AlarmChangeKind.Withdrawn) _corrections++;
                if (_last.TryGetValue(change.AlarmId, out var before)) Assert.True(change.Ordinal == before.Ordinal + 1, $"{change.AlarmId}: {before.Ordinal}, then {change.Ordinal}");
                _last[change.AlarmId] = change;
            }
            changes.Clear();
        }

        private async Task RestartAsync(List<TelemetryChange> changes)
        {
            _judgement.Conclude(changes);
            Note(changes);
            var snapshot = new EngineSnapshot(Path.Combine(directory, "engine.state"));
            await snapshot.WriteAsync([1], [1], _judgement, new ScorerBank(new NoModels()), default);
            _judgement = New();
            Assert.NotNull(snapshot.Read(_judgement, new ScorerBank(new NoModels()), changes));
            Assert.Empty(changes);
        }

        private void Admit(string id, List<TelemetryChange> changes)
        {
            var registry = new MemoryRegistry();
            registry.Put(id, pack, "s1");
            var key = new DeviceKey(DeviceKey.DefaultTenant, id);
            _judgement.Admit(key, registry.FindCached(key), changes);
        }

        private static Judgement New() => new(Packs, _ => null, new RulesOptions(), _ => null);
    }
}
