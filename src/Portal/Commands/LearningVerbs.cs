using System.CommandLine;
using System.Globalization;
using Seamless.Analytics.Vibration;
using Seamless.Learning;
using Seamless.Learning.Commands;
using Seamless.Learning.Training;
using Seamless.Telemetry;

namespace Seamless.Portal.Commands;

/// <summary><c>score</c> and <c>train</c>: models and detectors on files.</summary>
internal static class LearningVerbs
{
    private static readonly Option<string> Input = new("--input") { Description = "CSV with a header.", Required = true, HelpName = "FILE" };
    private static readonly Option<string> Output = new("--output") { Description = "CSV to write.", Required = true, HelpName = "FILE" };
    private static readonly Option<string> Model = new("--model") { Description = "Directory of the model.", Required = true, HelpName = "DIR" };
    private static readonly Option<int> Seed = new("--seed") { Description = "The same seed and data, the same model.", HelpName = "N", DefaultValueFactory = _ => 1 };

    public static Command CreateScore() =>
        Verb.Create("score", "Score a file with a detector or a model.", "score anomaly --input data.csv --output scores.csv")
            .With(ScoreAnomaly(), ScoreVibration(), ScoreRul(), ScoreFailure(), ScoreCondition());

    public static Command CreateTrain() =>
        Verb.Create("train", "Train a model from a file.", "train rul --input train.csv --unit unit --time cycle --model out").With(TrainRul(), TrainFailure(), TrainCondition());

    private static Command ScoreAnomaly()
    {
        var time = new Option<string>("--time") { Description = "Column of the time.", DefaultValueFactory = _ => "timestamp", HelpName = "COLUMN" };
        var value = new Option<string>("--value") { Description = "Column or columns of values, comma-separated.", DefaultValueFactory = _ => "value", HelpName = "COLUMN[,…]" };
        var labelFree = new Option<bool>("--label-free") { Description = "Write scores only, without is_anomaly." };
        return Verb.Create("anomaly", "Streaming scores 0 to 1, one row in at a time, no look-ahead.", "score anomaly --input data.csv --output scores.csv --value temperature,vibration")
            .With(Input, Output, time, value, labelFree, Verb.Json)
            .Runs("scoring", (parsed, progress, ct) => LearningCommands.ScoreAnomalyAsync(
                new ScoreAnomalyRequest(parsed.GetRequiredValue(Input), parsed.GetRequiredValue(Output), parsed.GetRequiredValue(time), Names(parsed.GetRequiredValue(value)), parsed.GetValue(labelFree)), progress, ct), Said);
    }

    private static Command ScoreVibration()
    {
        var inputs = new Option<string[]>("--input") { Description = "Recordings of acceleration, CSV with a header, plain or gzip; each is one recording.", Required = true, HelpName = "FILE", AllowMultipleArgumentsPerToken = true };
        var rate = new Option<double>("--rate") { Description = "Samples a second.", Required = true, HelpName = "HZ" };
        var rpm = new Option<double>("--rpm") { Description = "Speed of the shaft; an error of 2 % is found.", Required = true, HelpName = "RPM" };
        var bearing = new Option<string?>("--bearing") { Description = $"Designation, one of {string.Join(", ", BearingTable.Designations)}.", HelpName = "NAME" };
        var bpfo = Order("--bpfo", "Outer race: events per revolution.");
        var bpfi = Order("--bpfi", "Inner race: events per revolution.");
        var bsf = Order("--bsf", "Spin of a rolling element: turns per revolution.");
        var ftf = Order("--ftf", "Cage: turns per revolution.");
        var column = new Option<string?>("--column") { Description = "Column of the acceleration; by default the first that holds a number.", HelpName = "COLUMN" };
        var window = new Option<int>("--window") { Description = "Samples of a window; some 15 turns of the shaft are good.", DefaultValueFactory = _ => 6000, HelpName = "N" };
        var memory = new Option<int>("--memory") { Description = "Windows averaged, each with those before it; 1 answers each alone.", DefaultValueFactory = _ => 8, HelpName = "N" };
        var normal = new Option<double?>("--normal-share") { Description = "high_frequency_share_db of the sound machine, where known.", HelpName = "DB" };
        return Verb.Create("vibration", "Names a rolling bearing's damage in each window: id, time_s, class (Normal, IR, B, OR), probabilities, lines over the noise floor.",
                "score vibration --input rec.csv.gz --rate 12000 --rpm 1797 --bearing 6205-2RS --output p.csv")
            .With(inputs, Output, rate, rpm, bearing, bpfo, bpfi, bsf, ftf, column, window, memory, normal, Verb.Json)
            .Runs("scoring", async (parsed, progress, ct) =>
            {
                var geometry = VibrationCommand.Bearing(parsed.GetValue(bearing), parsed.GetValue(bpfo), parsed.GetValue(bpfi), parsed.GetValue(bsf), parsed.GetValue(ftf));
                if (!geometry.Succeeded) return geometry.Refusal;
                return await VibrationCommand.ScoreAsync(
                    new ScoreVibrationRequest(
                        parsed.GetRequiredValue(inputs), parsed.GetRequiredValue(Output), parsed.GetRequiredValue(rate), parsed.GetRequiredValue(rpm), geometry.Value,
                        parsed.GetValue(column), parsed.GetValue(window), parsed.GetValue(memory), parsed.GetValue(normal)), progress, ct);
            }, Said);

        static Option<double?> Order(string name, string description) => new(name) { Description = description, HelpName = "ORDER" };
    }

    private static Command ScoreRul() =>
        Verb.Create("rul", "Remaining life of each unit at its last row: unit, rul_pred, rul_lo, rul_hi, doubt.", "score rul --model out --input test.csv --output rul.csv")
            .With(Model, Input, Output, Verb.Json)
            .Runs("scoring", (parsed, progress, ct) => LearningCommands.ScoreRulAsync(
                new ScoreRulRequest(parsed.GetRequiredValue(Model), parsed.GetRequiredValue(Input), parsed.GetRequiredValue(Output)), progress, ct), Said);

    private static Command ScoreFailure() =>
        Verb.Create("failure", "Probability of failure for each row: the id column, p_failure, and p_<mode> each.", "score failure --model m --input g.csv --output p.csv")
            .With(Model, Input, Output, Verb.Json)
            .Runs("scoring", (parsed, progress, ct) => LearningCommands.ScoreFailureAsync(
                new ScoreFailureRequest(parsed.GetRequiredValue(Model), parsed.GetRequiredValue(Input), parsed.GetRequiredValue(Output)), progress, ct), Said);

    private static readonly Option<string> Cycles = new("--input") { Description = "CSV files, comma-separated, joined on their first column; numbered columns are a curve.", Required = true, HelpName = "FILE,…" };

    private static Command ScoreCondition() =>
        Verb.Create("condition", "Class of each label for each cycle: the id, <label> each, p_<label> each; 'unknown' where a label cannot be observed.", "score condition --model m --input TS1.csv,TS2.csv --output p.csv")
            .With(Model, Cycles, Output, Verb.Json)
            .Runs("scoring", (parsed, progress, ct) => ConditionCommands.ScoreAsync(
                new ScoreConditionRequest(parsed.GetRequiredValue(Model), Names(parsed.GetRequiredValue(Cycles)), parsed.GetRequiredValue(Output)), progress, ct), Said);

    private static Command TrainCondition()
    {
        var truth = new Option<string>("--labels") { Description = "CSV with the labels of each id.", Required = true, HelpName = "FILE" };
        var label = new Option<string>("--label") { Description = "Columns of the labels to learn, comma-separated.", Required = true, HelpName = "COLUMN,…" };
        var group = new Option<string?>("--group") { Description = "Column of the group: rows of one group are never both learned from and judged.", HelpName = "COLUMN" };
        var output = ModelTarget();
        return Verb.Create("condition", "Learn the classes of a machine's parts from its cycles.", "train condition --input TS1.csv,TS2.csv --labels profile.csv --label cooler,pump --group run --model out")
            .With(Cycles, truth, label, group, output, Seed, Verb.Json)
            .Runs("training", (parsed, progress, ct) => ConditionCommands.TrainAsync(
                new TrainConditionRequest(Names(parsed.GetRequiredValue(Cycles)), parsed.GetRequiredValue(truth), Names(parsed.GetRequiredValue(label)), parsed.GetValue(group), parsed.GetRequiredValue(output), Seed: parsed.GetValue(Seed)), progress, ct), Said);
    }

    private static Command TrainRul()
    {
        var unit = new Option<string>("--unit") { Description = "Column that names the machine.", Required = true, HelpName = "COLUMN" };
        var time = new Option<string>("--time") { Description = "Column that orders its rows.", Required = true, HelpName = "COLUMN" };
        var output = ModelTarget();
        return Verb.Create("rul", "Learn remaining life from runs to failure.", "train rul --input train.csv --unit unit --time cycle --model out")
            .With(Input, unit, time, output, Seed, Verb.Json)
            .Runs("training", (parsed, progress, ct) => LearningCommands.TrainRulAsync(
                new TrainRulRequest(parsed.GetRequiredValue(Input), parsed.GetRequiredValue(unit), parsed.GetRequiredValue(time), parsed.GetRequiredValue(output), Seed: parsed.GetValue(Seed)), new Lines(progress), ct), Said);
    }

    private static Command TrainFailure()
    {
        var label = new Option<string>("--label") { Description = "The 0/1 column to learn.", Required = true, HelpName = "COLUMN" };
        var modes = new Option<string?>("--modes") { Description = "0/1 columns of the failure's modes, comma-separated.", HelpName = "COLUMN,…" };
        var output = ModelTarget();
        return Verb.Create("failure", "Learn failures from labelled rows.", "train failure --input f.csv --label \"Machine failure\" --model out --modes TWF,HDF")
            .With(Input, label, modes, output, Seed, Verb.Json)
            .Runs("training", (parsed, progress, ct) => LearningCommands.TrainFailureAsync(
                new TrainFailureRequest(parsed.GetRequiredValue(Input), parsed.GetRequiredValue(label), parsed.GetRequiredValue(output), Names(parsed.GetValue(modes)), Seed: parsed.GetValue(Seed)), new Lines(progress), ct), Said);
    }

    private static Option<string> ModelTarget() => new("--model") { Description = "Directory to write the model to.", Required = true, HelpName = "DIR" };

    private static string[] Names(string? list) => list?.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries) ?? [];

    private static string Said(ScoreSummary summary) => string.Create(CultureInfo.InvariantCulture, $"{summary.Output}: {summary.Rows} rows");
    private static string Said(ModelInfo model) => $"{model.Name} {model.Version} ({model.Kind}), {model.Features.Count} features\n{model.ReportJson}";

    /// <summary>These need no platform and no configuration: files in, files out.</summary>
    private static Command Runs<T>(this Command command, string what, Func<ParseResult, IProgress<string>, CancellationToken, Task<Outcome<T>>> work, Func<T, string> say)
    {
        command.SetAction(async (parsed, ct) =>
        {
            var outcome = await Terminal.WithProgressAsync(what, progress => work(parsed, progress, ct));
            if (!outcome.Succeeded) return Terminal.Refuse(outcome.Refusal);
            if (parsed.GetValue(Verb.Json)) Terminal.PrintJson(outcome.Value);
            else Console.WriteLine(say(outcome.Value));
            return Terminal.Success;
        });
        return command;
    }

    private sealed class Lines(IProgress<string> lines) : IProgress<TrainingProgress>
    {
        public void Report(TrainingProgress value) => lines.Report(value.ToString());
    }
}
