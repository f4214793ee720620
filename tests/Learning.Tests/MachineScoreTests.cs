using System.Globalization;
using Seamless.Learning.Commands;
using Seamless.Learning.Tables;

namespace Seamless.Learning.Tests;

public sealed class MachineScoreTests : IDisposable
{
    private readonly Folder _folder = new();

    [Fact]
    public async Task Several_values_are_one_machine_whose_abnormal_rows_are_all_marked()
    {
        var scores = await Score(_folder.Write("data.csv", Rows()), "datetime", ["Current", "Volume Flow"]);
        Assert.Equal(["timestamp", "anomaly_score", "is_anomaly"], scores.Header);
        Assert.Equal(1000, scores.Rows);
        var abnormal = scores.Labels("is_anomaly");
        Assert.DoesNotContain(true, abnormal[..600]);
        Assert.All(abnormal[620..800], Assert.True);
        Assert.DoesNotContain(true, abnormal[860..]);
        Assert.Equal(scores.Numbers("anomaly_score").Select(s => s >= 0.5), abnormal);
    }

    [Fact]
    public async Task One_value_is_scored_as_ever()
    {
        var abnormal = (await Score(_folder.Write("data.csv", Rows()), "datetime", ["Volume Flow"])).Labels("is_anomaly");
        Assert.InRange(abnormal[600..700].Count(on => on), 1, 1);   // the event's first row, then rest
    }

    /// <summary>The figures of docs/detection.md, with a margin, through the command; files of the public data as they are published.</summary>
    [Fact]
    public async Task Skab_states_are_found_within_the_figures_we_publish()
    {
        var (hits, falseAlarms, misses, normal) = (0, 0, 0, 0);
        for (var file = 0; file < 16; file++)
        {
            var path = PublicData.File($"skab/valve1/{file}.csv");
            var truth = Table.Load(path).Numbers("anomaly").Select(label => label > 0).ToArray();
            var abnormal = (await Score(path, "datetime", Sensors)).Labels("is_anomaly");
            for (var row = 400; row < truth.Length; row++)
            {
                if (!truth[row]) normal++;
                if (truth[row] && abnormal[row]) hits++;
                else if (truth[row]) misses++;
                else if (abnormal[row]) falseAlarms++;
            }
        }
        var f1 = 2.0 * hits / (2 * hits + falseAlarms + misses);
        Assert.True(f1 > 0.88, $"F1 {f1:F3}");
        Assert.True(falseAlarms < 0.08 * normal, $"{falseAlarms} false rows of {normal}");
    }

    private static readonly string[] Sensors =
        ["Accelerometer1RMS", "Accelerometer2RMS", "Current", "Pressure", "Temperature", "Thermocouple", "Voltage", "Volume Flow RateRMS"];

    private async Task<Table> Score(string input, string time, string[] values)
    {
        var outcome = await LearningCommands.ScoreAnomalyAsync(new(input, _folder["scores.csv"], time, values, false), null, TestContext.Current.CancellationToken);
        Assert.True(outcome.Succeeded, outcome.Refusal?.Reason);
        return Table.Load(_folder["scores.csv"]);
    }

    /// <summary>Semicolons, a label column nobody asked for, an empty cell now and then; the flow falls from row 600 to 799.</summary>
    private static IEnumerable<string> Rows()
    {
        var random = new Random(1);
        var start = new DateTime(2026, 1, 1);
        yield return "datetime;Current;Volume Flow;anomaly";
        for (var i = 0; i < 1000; i++)
        {
            var flow = 32 + random.NextDouble() - (i is >= 600 and < 800 ? 3 : 0);
            var current = i % 50 == 7 ? "" : (1 + random.NextDouble()).ToString("F3", CultureInfo.InvariantCulture);
            yield return string.Create(CultureInfo.InvariantCulture, $"{start.AddSeconds(i):yyyy-MM-dd HH:mm:ss};{current};{flow:F3};0.0");
        }
    }

    public void Dispose() => _folder.Dispose();
}
