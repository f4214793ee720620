using System.Globalization;
using System.IO.Compression;
using Seamless.Learning.Commands;
using Seamless.Learning.Failures;
using Seamless.Learning.Tables;

namespace Seamless.Learning.Tests;

/// <summary>The figures of docs/reference/models.md, with a margin: a change that makes a model worse is noticed.</summary>
public sealed class PublicDataTests : IDisposable
{
    private readonly Folder _folder = new();

    [Fact]
    public void Ai4i_failure_modes_are_told_apart_on_rows_not_trained_on()
    {
        var table = Table.Load(PublicData.File("ai4i/ai4i_dev.csv"));
        var (model, report) = FailureTrainer.Train(table, "Machine failure", ["TWF", "HDF", "PWF", "OSF", "RNF"], seed: 1, null, TestContext.Current.CancellationToken);
        Assert.True(report.Labels["HDF"].F1 > 0.96, $"{report.Labels["HDF"]}");
        Assert.True(report.Labels["PWF"].F1 > 0.97, $"{report.Labels["PWF"]}");
        Assert.True(report.Labels["OSF"].F1 > 0.97, $"{report.Labels["OSF"]}");
        Assert.True(report.Labels["Machine failure"].F1 > 0.9, $"{report.Labels["Machine failure"]}");
        Assert.True(report.Labels["Machine failure"].PrAuc > 0.89, $"{report.Labels["Machine failure"]}");
        Assert.Empty(model.Modes.Append(model.Failure).SelectMany(m => m.Features.Inputs).Intersect(["UDI", "Product ID", "TWF", "HDF", "PWF", "OSF", "RNF"]));
    }

    [Fact]
    public async Task Cmapss_remaining_life_is_within_the_figures_we_publish()
    {
        var ct = TestContext.Current.CancellationToken;
        var train = _folder.Write("train.csv", AsCsv(PublicData.File("cmapss/train_FD001.txt.gz")));
        var test = _folder.Write("test.csv", AsCsv(PublicData.File("cmapss/test_FD001.txt.gz")));
        var truth = File.ReadAllLines(PublicData.File("cmapss/RUL_FD001.txt")).Where(l => l.Length > 0).Select(l => double.Parse(l, CultureInfo.InvariantCulture)).ToArray();
        var trained = await LearningCommands.TrainRulAsync(new(train, "unit", "cycle", _folder["m"]), null, ct);
        Assert.True(trained.Succeeded, trained.Refusal?.Reason);
        await LearningCommands.ScoreRulAsync(new(_folder["m"], test, _folder["rul.csv"]), null, ct);
        var output = Table.Load(_folder["rul.csv"]);
        var capped = output.Numbers("rul_pred").Zip(truth, (p, t) => Math.Min(p, 125) - Math.Min(t, 125)).ToArray();
        var rmse = Math.Sqrt(capped.Average(e => e * e));
        Assert.True(rmse < 10.3, $"capped RMSE {rmse:F2}");
        var covered = Enumerable.Range(0, truth.Length).Count(i =>
            output.Numbers("rul_lo")[i] <= Math.Min(125, truth[i]) && Math.Min(125, truth[i]) <= output.Numbers("rul_hi")[i]);
        Assert.InRange(covered, 82, 100);
    }

    /// <summary>FD001 as published: blank separated, no header.</summary>
    private static IEnumerable<string> AsCsv(string path)
    {
        yield return "unit,cycle,setting1,setting2,setting3," + string.Join(',', Enumerable.Range(1, 21).Select(i => $"s{i}"));
        using var reader = new StreamReader(new GZipStream(File.OpenRead(path), CompressionMode.Decompress));
        while (reader.ReadLine() is { } line) yield return string.Join(',', line.Split(' ', StringSplitOptions.RemoveEmptyEntries));
    }

    public void Dispose() => _folder.Dispose();
}
