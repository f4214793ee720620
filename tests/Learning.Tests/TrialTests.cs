using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Seamless.Learning.Commands;
using Seamless.Learning.Live;
using Seamless.Learning.Models;
using Seamless.Learning.Trials;

namespace Seamless.Learning.Tests;

public sealed class TrialTests : IDisposable
{
    private static readonly DateTimeOffset Start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly IReadOnlyDictionary<string, double> Row = new Dictionary<string, double> { ["heat"] = 40, ["hum"] = 0.5, ["noise"] = 0 };
    private readonly Folder _folder = new();
    private readonly FakeTimeProvider _time = new(Start);
    private readonly LearningOptions _options;

    public TrialTests() => _options = new LearningOptions { Directory = _folder["models"] };

    [Fact]
    public async Task A_challenger_judges_the_same_rows_and_only_the_active_version_is_heard()
    {
        var (first, second) = await TrainTwoAsync();
        using var book = Book();
        var (verdicts, drift) = (new LatestVerdicts(), new InputDrift(_options, _time));
        using var models = new ModelDirectory(_options, NullLogger<ModelDirectory>.Instance, _time, verdicts, drift, book);
        var rows = LifeOf("1");
        var alone = models.OpenScorer("wear")!;
        var said = rows.Take(30).Select((row, i) => alone.Observe("default/m0", i, row)!.RemainingLife).ToArray();
        Assert.Null(book.Of(models.Find(first)!));

        var shadowed = models.Shadow(second, "li").Value!;
        Assert.Equal(("shadow", true), (shadowed.Status, shadowed.IsChallenger));
        Assert.Equal("refused", models.Shadow(second, "li").Refusal?.Code);
        Assert.Contains("is the active version", models.Shadow(first, "li").Refusal?.Reason, StringComparison.Ordinal);
        var pair = models.OpenScorer("wear")!;
        Assert.Equal(first, pair.Model.Id);
        Assert.Equal(said, rows.Take(30).Select((row, i) => pair.Observe("default/m0", i, row)!.RemainingLife));
        Assert.Equal(first, Assert.Single(verdicts.Of("default/m0")).Model.Id);
        var report = book.Of(shadowed)!;
        Assert.Equal((10L, 1, first, second), (report.Rows, report.Machines, report.Champion.Model, report.Challenger.Model));   // the first 20 are the warm-up
        for (var i = 30; i < 250; i++) pair.Observe("default/m0", i, Row);
        Assert.Equal([first, second], drift.Judge().Select(d => d.Model).Order());

        Assert.True(models.Promote(second, "li", "it is tried", force: true).Succeeded);
        Assert.DoesNotContain(models.All(), model => model.IsChallenger);
    }

    [Fact]
    public async Task Both_go_on_where_they_were_and_the_active_one_also_without_its_challenger()
    {
        var (_, second) = await TrainTwoAsync();
        using var book = Book();
        using var models = new ModelDirectory(_options, NullLogger<ModelDirectory>.Instance, _time, trials: book);
        models.Shadow(second, "li");
        var whole = models.OpenScorer("wear")!;
        for (var i = 0; i < 40; i++) whole.Observe("default/m1", i, Row);
        var snapshot = whole.Snapshot();
        var next = whole.Observe("default/m1", 41, Row)!.RemainingLife;

        var again = models.OpenScorer("wear")!;
        again.Restore(snapshot);
        Assert.Equal(next, again.Observe("default/m1", 41, Row)!.RemainingLife);
        models.Retire(second, "li");
        var alone = models.OpenScorer("wear")!;
        alone.Restore(snapshot);
        Assert.Equal(next, alone.Observe("default/m1", 41, Row)!.RemainingLife);
    }

    [Fact]
    public void A_false_alarm_is_a_call_that_nothing_confirms_within_the_horizon_also_when_the_ticket_is_closed_late()
    {
        var trial = new Trial(Terms(), Start);
        Live(trial, "default/m1", 200, championLeft: left => left, challengerLeft: left => left > 100 ? 10 : left);   // calls at once, too early, and again at the end
        for (var row = 201; row <= 260; row++) trial.Observe("default/m1", At(row), Says(99), Says(99));
        var before = trial.Report();
        Assert.Equal((1, 1), (before.Champion.Calls, before.Champion.FalseAlarms));
        Assert.Equal((2, 2), (before.Challenger.Calls, before.Challenger.FalseAlarms));
        Assert.InRange(before.Agreement!.Value, 0.5, 0.75);

        Assert.True(trial.Confirm("default/m1", Start.AddHours(200), Start.AddHours(200)));
        Assert.False(trial.Confirm("default/m1", Start.AddHours(200), Start.AddHours(200)));
        Assert.False(trial.Confirm("default/m2", Start.AddHours(200), Start.AddHours(200)));
        var after = trial.Report();
        Assert.Equal((1, 0), (after.Champion.Calls, after.Champion.FalseAlarms));
        Assert.Equal((2, 1), (after.Challenger.Calls, after.Challenger.FalseAlarms));
        Assert.Equal(1, after.Ended);
        Assert.InRange(after.Champion.Mae!.Value, 0, 3);   // rows are thinned, so the end is known to a few
        Assert.True(after.Challenger.Mae > 20);
        Assert.True(after.Challenger.FalseAlarmRate > 0.3 && after.Champion.FalseAlarmRate < 0.05);
        Assert.True(after.Challenger.Calibration > after.Champion.Calibration);
    }

    [Fact]
    public void The_same_row_counts_once_and_what_was_seen_survives_a_restart()
    {
        var (champion, challenger) = (Info("wear@1"), Info("wear@2"));
        using (var book = Book())
        {
            for (var twice = 0; twice < 2; twice++) Live(book.Between(champion, challenger), "default/m1", 100, left => left, left => left);
            Assert.True(book.Confirm("wear", "default/m1", Start.AddHours(100), Start.AddHours(101)));
        }
        using var reopened = Book();
        var report = reopened.Of(challenger)!;
        Assert.Equal((80L, 1.0, 1, 0), (report.Rows, report.Agreement, report.Ended, report.Challenger.FalseAlarms));
        Assert.False(reopened.Confirm("wear", "default/m1", Start.AddHours(100), Start.AddHours(101)));
        Assert.Null(reopened.Of(Info("wear@3")));
        Assert.Equal(0, reopened.Between(champion, Info("wear@3")) is var anew ? anew.Report().Rows : -1);
    }

    [Fact]
    public void A_failure_model_is_confirmed_by_a_failure_within_a_week()
    {
        var trial = new Trial(Terms() with { Kind = "failure" }, Start);
        for (var hour = 1; hour <= 24 * 20; hour++)
            trial.Observe("default/m1", At(hour), Probably(hour is > 300 and < 400 ? 0.9 : 0.02), Probably(hour is > 40 and < 60 ? 0.8 : 0.02));
        trial.Confirm("default/m1", Start.AddHours(400), Start.AddHours(405));
        var report = trial.Report();
        Assert.Equal((1, 0), (report.Champion.Calls, report.Champion.FalseAlarms));
        Assert.Equal((1, 1), (report.Challenger.Calls, report.Challenger.FalseAlarms));
        Assert.Null(report.Champion.Mae);
        Assert.Equal(0, report.Champion.FalseAlarmRate);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task The_gate_judges_by_the_trial_once_that_is_enough_and_says_what_is_worse(bool better)
    {
        var (first, second) = await TrainTwoAsync();
        using var book = Book();
        using var models = new ModelDirectory(_options, NullLogger<ModelDirectory>.Instance, _time, trials: book);
        models.Shadow(second, "li");
        var trial = book.Between(models.Find(first)!, models.Find(second)!);
        for (var machine = 0; machine < 5; machine++)
        {
            Assert.All(models.Compare(second), figure => Assert.Equal("held-out", figure.Source));
            double Wrong(int left) => left > 60 ? 8 : left;
            Live(trial, $"default/m{machine}", 180, left => better ? Wrong(left) : left, left => better ? left : Wrong(left));
            book.Confirm("wear", $"default/m{machine}", Start.AddHours(180), Start.AddHours(180));
        }
        Assert.True(book.Of(models.Find(second)!)!.IsEnough);
        Assert.Equal(["falseAlarmRate", "calibration", "mae"], models.Compare(second).Select(figure => figure.Code));
        Assert.All(models.Compare(second), figure => Assert.Equal("trial", figure.Source));
        var outcome = models.Promote(second, "li");
        Assert.Equal(better, outcome.Succeeded);
        if (better) return;
        foreach (var words in (string[])["is worse than the active wear@", "on the same rows in use", "error of the remaining life, in cycles,", "worse)"]) Assert.Contains(words, outcome.Refusal!.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_kept_of_a_machine_is_bounded()
    {
        var trial = new Trial(Terms(), Start);
        for (var row = 1; row <= 20_000; row++) trial.Observe("default/m1", At(row), Says(row % 50 < 25 ? 5 : 99), Says(99));
        using var stream = new MemoryStream();
        trial.Write(() => new BinaryWriter(stream, System.Text.Encoding.UTF8, leaveOpen: true));
        Assert.InRange(stream.Length, 1000, 4000);
        Assert.Equal(401, trial.Report().Champion.Calls);
        Assert.Equal(trial.Report().Champion.Calls - 1, trial.Report().Champion.FalseAlarms);   // the last one's horizon has not passed
    }

    /// <summary>A life of so many hourly rows, from new to its end.</summary>
    private static void Live(Trial trial, string device, int rows, Func<int, double> championLeft, Func<int, double> challengerLeft)
    {
        for (var row = 1; row <= rows; row++) trial.Observe(device, At(row), Says(championLeft(rows - row)), Says(challengerLeft(rows - row)));
    }

    private static long At(int hour) => Start.AddHours(hour).ToUnixTimeMilliseconds();

    private static Verdict Says(double left) => Probably(left <= 30 ? 0.95 : 0.02) with { RemainingLife = (left, left, left) };

    private static Verdict Probably(double probability) => new(probability, null, new Dictionary<string, double>(), new Dictionary<string, double>());

    private static TrialTerms Terms() => TrialTerms.Of(Info("wear@1"), Info("wear@2"));

    private static ModelInfo Info(string id) => new(id, "rul", "wear", id[^1..], "active", ["heat"], DateTimeOffset.UnixEpoch, 1, "0", "{}");

    private TrialBook Book() => new(_options, _time, NullLogger<TrialBook>.Instance);

    private async Task<(string First, string Second)> TrainTwoAsync()
    {
        string[] ids = new string[2];
        for (var seed = 2; seed >= 1; seed--)
        {
            var input = _folder.Write("fleet.csv", Synthetic.Fleet(12, seed).Lines);   // another fleet, so that the two say different things
            var clock = new FakeTimeProvider(Start.AddDays(seed));
            var trained = await LearningCommands.TrainRulAsync(new(input, "unit", "cycle", _folder[$"models/wear-{seed}"], Name: "wear", Seed: seed, Clock: clock), null, TestContext.Current.CancellationToken);
            ids[seed - 1] = trained.Value!.Id;
        }
        return (ids[0], ids[1]);
    }

    /// <summary>Rows of a machine that the first version was trained on.</summary>
    private List<Dictionary<string, double>> LifeOf(string unit)
    {
        var lines = File.ReadAllLines(_folder["fleet.csv"]).Select(line => line.Split(',')).ToArray();
        return [.. lines.Skip(1).Where(cells => cells[0] == unit).Select(cells => ((string[])["heat", "hum", "noise"]).ToDictionary(c => c, c => double.Parse(cells[Array.IndexOf(lines[0], c)], System.Globalization.CultureInfo.InvariantCulture)))];
    }

    public void Dispose() => _folder.Dispose();
}
