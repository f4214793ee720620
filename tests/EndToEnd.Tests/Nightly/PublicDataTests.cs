using System.Globalization;
using static Seamless.EndToEnd.Tests.Nightly.PublicScores;

namespace Seamless.EndToEnd.Tests.Nightly;

/// <summary>The figures of docs/detection.md, by the shipped commands and independent scorers: floors just below what was reached, so that a change that makes detection worse is noticed.</summary>
[Trait("Category", "Nightly")]
public sealed class PublicDataTests
{
    private const string SkabSignals = "Accelerometer1RMS,Accelerometer2RMS,Current,Pressure,Temperature,Thermocouple,Voltage,Volume Flow RateRMS";

    [Fact]
    public async Task Nab_one_signal_at_a_time()
    {
        using var nab = Of("nab", "windows.json");
        foreach (var file in Directory.EnumerateFiles(nab.Data("data"), "*.csv", SearchOption.AllDirectories))
            await SeamlessAsync("score", "anomaly", "--input", file, "--output", nab.Work($"scores/{Path.GetRelativePath(nab.Data("data"), file)}"), "--time", "timestamp", "--value", "value");
        var score = await nab.ScoreAsync("nab_score.py", "--scores", nab.Work("scores"), "--windows", nab.Data("windows.json"), "--threshold", "0.5");
        var (standard, wrong) = ((double)score["standard"]!["fixed"]!["normalized"]!, (double)score["operational"]!["false_episodes_per_1000_rows"]!);
        nab.Publish(("standard", standard), ("falseEventsPer1000Rows", wrong), ("windowsFound", (double)score["standard"]!["fixed"]!["hit"]!));
        Assert.True(standard >= 75.5, $"standard {standard}");
        Assert.True(wrong <= 0.5, $"{wrong} false events per 1,000 rows");
    }

    [Fact]
    public async Task Skab_the_state_of_a_machine()
    {
        using var skab = Of("skab", "valve1/0.csv");
        foreach (var file in Directory.EnumerateFiles(skab.Data("valve1"), "*.csv"))
        {
            var scores = skab.Work($"scores/{Path.GetFileName(file)}");
            await SeamlessAsync("score", "anomaly", "--input", file, "--output", scores, "--time", "datetime", "--value", SkabSignals);
            var (times, said) = (Lines(file).Skip(1).Select(line => line.Split(';')[0]), Lines(scores));
            var rows = times.Zip(Column(said, "is_anomaly"), Column(said, "anomaly_score")).Select(row => $"{row.First},{row.Second},{row.Third}");
            File.WriteAllLines(skab.Work($"said/valve1/{Path.GetFileName(file)}"), ["datetime,anomaly,score", .. rows]);
        }
        var score = await skab.ScoreAsync("skab_score.py", "--truth", skab.Data("."), "--pred", skab.Work("said"), "--train", "400", "--groups", "valve1");
        var (f1, wrong) = ((double)score["F1"]!, (double)score["FAR"]!);
        skab.Publish(("f1", f1), ("falseAlarmRatePercent", wrong), ("prAuc", (double)score["PR_AUC"]!));
        Assert.True(f1 >= 0.885, $"F1 {f1}");
        Assert.True(wrong <= 10, $"false alarm rate {wrong} %");
    }

    [Fact]
    public async Task Cmapss_fd001_remaining_life()
    {
        using var cmapss = Of("cmapss", "train_FD001.txt.gz");
        var header = "unit,cycle,setting1,setting2,setting3," + string.Join(',', Enumerable.Range(1, 21).Select(i => $"s{i}"));
        foreach (var part in (string[])["train", "test"])
            File.WriteAllLines(cmapss.Work($"{part}.csv"), [header, .. Lines(cmapss.Data($"{part}_FD001.txt.gz")).Select(line => string.Join(',', line.Split(' ', StringSplitOptions.RemoveEmptyEntries)))]);
        await SeamlessAsync("train", "rul", "--input", cmapss.Work("train.csv"), "--unit", "unit", "--time", "cycle", "--model", cmapss.Work("model"));
        await SeamlessAsync("score", "rul", "--model", cmapss.Work("model"), "--input", cmapss.Work("test.csv"), "--output", cmapss.Work("rul.csv"));
        var score = await cmapss.ScoreAsync("cmapss_score.py", "--pred", cmapss.Work("rul.csv"), "--truth", cmapss.Data("RUL_FD001.txt"));
        var (said, truth) = (Lines(cmapss.Work("rul.csv")), Lines(cmapss.Data("RUL_FD001.txt")).Select(line => Math.Min(125, Number(line))).ToList());
        var bounds = Column(said, "rul_lo").Zip(Column(said, "rul_hi"), truth);
        var covered = 100.0 * bounds.Count(row => Number(row.First) <= row.Third && row.Third <= Number(row.Second)) / truth.Count;
        var (raw, capped) = ((double)score["raw"]!["rmse"]!, (double)score["capped"]!["rmse"]!);
        cmapss.Publish(("rmseRaw", raw), ("rmseCapped", capped), ("coveragePercent", covered));
        Assert.True(raw <= 11.5, $"RMSE {raw}");
        Assert.True(capped <= 10.0, $"capped RMSE {capped}");
        Assert.InRange(covered, 88, 93);
    }

    [Fact]
    public async Task Ai4i_failure_in_five_folds()
    {
        using var ai4i = Of("ai4i", "ai4i_dev.csv");
        const int folds = 5;
        string[] modes = ["TWF", "HDF", "PWF", "OSF", "RNF"];
        var lines = Lines(ai4i.Data("ai4i_dev.csv"));
        var shuffled = lines.Skip(1).OrderBy(line => Telemetry.StableHash.Id("row", line), StringComparer.Ordinal).ToList();
        var said = new List<string> { $"UDI,Machine failure,{string.Join(',', modes)}" };
        for (var fold = 0; fold < folds; fold++)
        {
            var (train, test, output) = (ai4i.Work($"train{fold}.csv"), ai4i.Work($"test{fold}.csv"), ai4i.Work($"p{fold}.csv"));
            File.WriteAllLines(train, [lines[0], .. shuffled.Where((_, i) => i % folds != fold)]);
            File.WriteAllLines(test, [lines[0], .. shuffled.Where((_, i) => i % folds == fold)]);
            await SeamlessAsync("train", "failure", "--input", train, "--label", "Machine failure", "--modes", string.Join(',', modes), "--model", ai4i.Work($"model{fold}"));
            await SeamlessAsync("score", "failure", "--model", ai4i.Work($"model{fold}"), "--input", test, "--output", output);
            var rows = Lines(output);
            var columns = modes.Select(mode => Column(rows, $"p_{mode}")).Prepend(Column(rows, "p_failure")).Prepend(Column(rows, "UDI")).ToList();
            said.AddRange(Enumerable.Range(0, rows.Count - 1).Select(i => string.Join(',', columns.Select(column => column[i]))));
        }
        File.WriteAllLines(ai4i.Work("said.csv"), said);
        var failure = (await ai4i.ScoreAsync("ai4i_score.py", "--pred", ai4i.Work("said.csv"), "--truth", ai4i.Data("ai4i_dev.csv")))["Machine failure"]!;
        var (area, f1) = ((double)failure["pr_auc"]!, (double)failure["f1"]!);
        ai4i.Publish(("prAuc", area), ("f1", f1));
        Assert.True(area >= 0.90, $"PR-AUC {area}");
    }

    [Fact]
    public async Task Hydraulic_rig_condition_of_parts_by_run()
    {
        using var rig = Of("hydraulic", "profile.csv");
        const int folds = 4;
        string[] signals = ["TS1", "TS2", "TS3", "TS4"];
        var profile = Lines(rig.Data("profile.csv"));
        var runs = Column(profile, "run");
        var order = runs.Select(run => (int)Number(run)).Distinct().Order().ToList();
        var fold = Column(profile, "cycle").Zip(runs).ToDictionary(row => row.First, row => order.IndexOf((int)Number(row.Second)) % folds);
        var said = new List<string> { "cycle,cooler,valve,pump,accumulator" };
        for (var held = 0; held < folds; held++)
        {
            string Part(string part, string name) => rig.Work($"{part}{held}_{name}.csv");
            foreach (var name in signals.Append("profile"))
            {
                var lines = name == "profile" ? profile : Lines(rig.Data($"{name}.csv.gz"));
                foreach (var part in (string[])["train", "test"]) File.WriteAllLines(Part(part, name), [lines[0], .. lines.Skip(1).Where(line => (fold[line.Split(',')[0]] == held) == (part == "test"))]);
            }
            string Inputs(string part) => string.Join(',', signals.Select(name => Part(part, name)));
            await SeamlessAsync("train", "condition", "--input", Inputs("train"), "--labels", Part("train", "profile"), "--label", "cooler,valve,pump,accumulator", "--group", "run", "--model", rig.Work($"model{held}"));
            await SeamlessAsync("score", "condition", "--model", rig.Work($"model{held}"), "--input", Inputs("test"), "--output", Part("said", "all"));
            var rows = Lines(Part("said", "all"));
            var columns = said[0].Split(',').Select(name => Column(rows, name)).ToList();
            said.AddRange(Enumerable.Range(0, rows.Count - 1).Select(i => string.Join(',', columns.Select(column => column[i]))));
        }
        File.WriteAllLines(rig.Work("said.csv"), said);
        var score = await rig.ScoreAsync("class_score.py", "--truth", rig.Data("profile.csv"), "--pred", rig.Work("said.csv"), "--id", "cycle");
        double F1(string part) => (double)score[part]!["macro_f1"]!;
        rig.Publish(("coolerMacroF1", F1("cooler")), ("pumpMacroF1", F1("pump")), ("accumulatorMacroF1", F1("accumulator")), ("valveMacroF1", F1("valve")));
        Assert.True(F1("cooler") >= 0.99, $"macro F1 of the cooler {F1("cooler")}");
    }

    [Fact]
    public async Task Cwru_bearings_by_kinematics()
    {
        using var cwru = Of("cwru", "1797_Normal_0.csv.gz");
        var (said, truth) = (new List<string> { "id,class" }, new List<string> { "id,class" });
        foreach (var file in Directory.EnumerateFiles(cwru.Data("."), "*.csv.gz").Order(StringComparer.Ordinal))
        {
            var words = Path.GetFileName(file).Split('_');   // speed, fault, diameter
            var output = cwru.Work(Path.GetFileName(file));
            output = output[..^".gz".Length];
            await SeamlessAsync("score", "vibration", "--input", file, "--rate", "12000", "--rpm", words[0], "--bearing", "6205-2RS", "--output", output);
            var rows = Lines(output);
            said.AddRange(Column(rows, "id").Zip(Column(rows, "class")).Select(row => $"{row.First},{row.Second}"));
            truth.AddRange(Column(rows, "id").Select(id => $"{id},{words[1]}"));
        }
        File.WriteAllLines(cwru.Work("said.csv"), said);
        File.WriteAllLines(cwru.Work("truth.csv"), truth);
        var score = (await cwru.ScoreAsync("class_score.py", "--truth", cwru.Work("truth.csv"), "--pred", cwru.Work("said.csv")))["class"]!;
        var (f1, balanced) = ((double)score["macro_f1"]!, (double)score["balanced_accuracy"]!);
        cwru.Publish(("macroF1", f1), ("balancedAccuracy", balanced), ("windows", truth.Count - 1));
        Assert.True(f1 >= 0.90, $"macro F1 {f1}");
    }

    private static double Number(string text) => double.Parse(text, CultureInfo.InvariantCulture);
}
