using System.Globalization;
using Seamless.Learning.Commands;
using Seamless.Learning.Tables;

namespace Seamless.Learning.Tests;

public sealed class AnomalyScoreTests : IDisposable
{
    private readonly Folder _folder = new();

    [Fact]
    public async Task One_event_is_reported_in_one_row()
    {
        var scores = await Score(Rows(1500, eventAt: 1000), labelFree: false);
        Assert.Equal(["timestamp", "anomaly_score", "is_anomaly"], scores.Header);
        Assert.Equal(1500, scores.Rows);
        var score = scores.Numbers("anomaly_score");
        Assert.Equal([1000], Enumerable.Range(0, 1500).Where(row => score[row] >= 0.99));
        Assert.All(score[1001..1100], later => Assert.Equal(0, later));
        Assert.Equal(score.Select(s => s >= 0.5), scores.Labels("is_anomaly"));
        Assert.InRange(score.Count(s => s >= 0.5), 1, 6);   // the noise may be worth a look now and then
        Assert.All(scores.Numbers("anomaly_score"), score => Assert.InRange(score, 0, 1));
    }

    [Fact]
    public async Task No_row_is_scored_with_the_help_of_a_later_one()
    {
        var whole = await Score(Rows(1500, eventAt: 1000), labelFree: true);
        var cut = await Score(Rows(1500, eventAt: 1000).Take(1 + 1020), labelFree: true);
        Assert.Equal(["timestamp", "anomaly_score"], cut.Header);
        Assert.Equal(whole.Text("anomaly_score").Take(1020), cut.Text("anomaly_score"));
    }

    [Theory]
    [InlineData("time", "value", "there is no column 'time'; the columns are: timestamp, value")]
    [InlineData("timestamp", "temperature", "there is no column 'temperature'; the columns are: timestamp, value")]
    [InlineData("value", "value", "data.csv:2: column 'value' holds")]
    public async Task A_wrong_column_is_refused_with_the_right_ones(string time, string value, string expected)
    {
        var input = _folder.Write("data.csv", ["timestamp,value", "2026-01-01 00:00:00,high"]);
        var outcome = await LearningCommands.ScoreAnomalyAsync(new(input, _folder["s.csv"], time, [value], false), null, TestContext.Current.CancellationToken);
        Assert.Contains(expected, outcome.Refusal?.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_file_that_is_not_there_is_refused()
    {
        var outcome = await LearningCommands.ScoreAnomalyAsync(new("nowhere.csv", _folder["s.csv"], "t", ["v"], false), null, TestContext.Current.CancellationToken);
        Assert.Equal("nowhere.csv: there is no such file", outcome.Refusal?.Reason);
    }

    private async Task<Table> Score(IEnumerable<string> rows, bool labelFree)
    {
        var input = _folder.Write("data.csv", rows);
        var outcome = await LearningCommands.ScoreAnomalyAsync(
            new(input, _folder["scores.csv"], "timestamp", ["value"], labelFree), null, TestContext.Current.CancellationToken);
        Assert.True(outcome.Succeeded, outcome.Refusal?.Reason);
        return Table.Load(_folder["scores.csv"]);
    }

    private static IEnumerable<string> Rows(int count, int eventAt)
    {
        var random = new Random(1);
        var start = new DateTime(2026, 1, 1);
        yield return "timestamp,value";
        for (var i = 0; i < count; i++)
        {
            var value = 20 + random.NextDouble() + (i >= eventAt && i < eventAt + 30 ? 10 : 0);
            yield return string.Create(CultureInfo.InvariantCulture, $"{start.AddMinutes(5 * i):yyyy-MM-dd HH:mm:ss},{value:F3}");
        }
    }

    public void Dispose() => _folder.Dispose();
}
