using System.Globalization;
using Seamless.Analytics.Vibration;
using Seamless.Learning.Commands;
using Seamless.Learning.Tables;

namespace Seamless.Learning.Tests;

public sealed class VibrationScoreTests : IDisposable
{
    private static readonly BearingGeometry Bearing = BearingTable.Find("6205-2RS")!;

    private readonly Folder _folder = new();

    [Fact]
    public async Task Each_window_of_each_recording_is_answered_with_its_evidence()
    {
        var first = _folder.Write("first.csv", Blows(15_000, "ts,g", i => $"text{i},"));
        var second = _folder.Write("second.csv", Blows(12_000, "g", _ => ""));

        var output = await Score([first, second]);

        Assert.Equal(["first:0", "first:1", "second:0", "second:1"], output.Text("id"));
        Assert.Equal([0.5, 1, 0.5, 1], output.Numbers("time_s"));
        Assert.All(output.Text("class"), state => Assert.Equal("OR", state));
        for (var row = 0; row < output.Rows; row++)
        {
            Assert.Equal(1, new[] { "p_Normal", "p_IR", "p_B", "p_OR" }.Sum(column => output.Numbers(column)[row]), 4);
            Assert.Contains("BPFO", output.Text("evidence")[row], StringComparison.Ordinal);
        }
        Assert.Equal(output.Numbers("bpfo_db")[..2], output.Numbers("bpfo_db")[2..]);   // a recording knows nothing of the one before
    }

    [Fact]
    public async Task A_window_that_cannot_be_judged_says_why()
    {
        var output = await Score([_folder.Write("still.csv", Enumerable.Repeat("0.5", 6000).Prepend("g"))]);

        Assert.Equal("Unknown", output.Text("class")[0]);
        Assert.Equal("", output.Text("p_Normal")[0]);
        Assert.Contains("does not move", output.Text("evidence")[0], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("g", 100, 12_000, 1797, 6000, "data.csv: 100 samples; a window takes 6000")]
    [InlineData("h", 6000, 12_000, 1797, 6000, "there is no column 'h'; the columns are: g")]
    [InlineData("g", 6000, 0, 1797, 6000, "a rate of 0 samples a second")]
    [InlineData("g", 6000, 12_000, 0, 6000, "a shaft speed of 0 rpm")]
    [InlineData("g", 6000, 12_000, 1797, 10, "a window of 10 samples")]
    public async Task Wrong_input_is_refused_in_words(string column, int samples, double rate, double rpm, int window, string expected)
    {
        var input = _folder.Write("data.csv", Blows(samples, "g", _ => ""));

        var outcome = await VibrationCommand.ScoreAsync(new([input], _folder["out.csv"], rate, rpm, Bearing, column, window), null, TestContext.Current.CancellationToken);

        Assert.Contains(expected, outcome.Refusal?.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void A_bearing_is_named_or_given()
    {
        Assert.Equal(Bearing, VibrationCommand.Bearing("6205-2RS", null, null, null, null).Value);
        Assert.Equal(new BearingGeometry("given", 3, 5, 2, 0.4), VibrationCommand.Bearing(null, 3, 5, 2, 0.4).Value);
        Assert.Equal(3.6, VibrationCommand.Bearing("6205-2RS", 3.6, null, null, null).Value!.OuterRace);
        Assert.Contains("6205-2RS", VibrationCommand.Bearing("608", null, null, null, null).Refusal?.Reason, StringComparison.Ordinal);
        Assert.Contains("--bsf", VibrationCommand.Bearing(null, 3, 5, null, null).Refusal?.Reason, StringComparison.Ordinal);
        Assert.Contains("BPFI", VibrationCommand.Bearing(null, 5, 3, 2, 0.4).Refusal?.Reason, StringComparison.Ordinal);
    }

    /// <summary>The figures of docs/detection.md, with a margin.</summary>
    [Theory]
    [InlineData(8, 0.98)]
    [InlineData(1, 0.95)]   // each window alone
    public async Task Cwru_faults_are_named_on_bearings_that_were_not_learned_from(int memory, double least)
    {
        var hits = new Dictionary<string, (int Right, int All)>();
        foreach (var path in Directory.GetFiles(Path.GetDirectoryName(PublicData.File("cwru/README.md"))!, "*.csv.gz"))
        {
            var parts = Path.GetFileName(path).Split('_');
            var outcome = await VibrationCommand.ScoreAsync(
                new([path], _folder["out.csv"], 12_000, double.Parse(parts[0], CultureInfo.InvariantCulture), Bearing, Memory: memory), null, TestContext.Current.CancellationToken);
            Assert.True(outcome.Succeeded, outcome.Refusal?.Reason);
            foreach (var state in Table.Load(_folder["out.csv"]).Text("class"))
            {
                var (right, all) = hits.GetValueOrDefault(parts[1]);
                hits[parts[1]] = (right + (state == parts[1] ? 1 : 0), all + 1);
            }
        }
        var balanced = hits.Values.Average(hit => (double)hit.Right / hit.All);
        Assert.Equal(4, hits.Count);
        Assert.True(balanced >= least, $"balanced accuracy {balanced:F3}");
    }

    private async Task<Table> Score(string[] inputs)
    {
        var outcome = await VibrationCommand.ScoreAsync(
            new(inputs, _folder["out.csv"], 12_000, 1797, Bearing), null, TestContext.Current.CancellationToken);
        Assert.True(outcome.Succeeded, outcome.Refusal?.Reason);
        return Table.Load(_folder["out.csv"]);
    }

    /// <summary>Blows on the outer race in noise.</summary>
    private static IEnumerable<string> Blows(int samples, string header, Func<int, string> before)
    {
        yield return header;
        var period = 12_000 / (Bearing.OuterRace * 1797 / 60);
        for (var i = 0; i < samples; i++)
        {
            var random = new Random(i % 6000);   // the same noise in each window
            var since = i % 6000 % period;
            yield return before(i) + (8 * Math.Exp(-since / 10) * Math.Sin(1.7 * since) + 2 * random.NextDouble()).ToString("G6", CultureInfo.InvariantCulture);
        }
    }

    public void Dispose() => _folder.Dispose();
}
