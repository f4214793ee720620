using System.Globalization;
using Seamless.Learning.Failures;
using Seamless.Learning.Models;
using Seamless.Learning.RemainingLife;
using Seamless.Learning.Tables;
using Seamless.Learning.Training;
using Seamless.Telemetry;

namespace Seamless.Learning.Commands;

/// <summary>Training and scoring from files, for the command line (CONTRACTS §3). Wrong input is refused with file, line, column and what would be right.</summary>
public static class LearningCommands
{
    public static Task<Outcome<ModelInfo>> TrainFailureAsync(TrainFailureRequest request, IProgress<TrainingProgress>? progress, CancellationToken ct) =>
        Task.Run(() => TrainFailure(request, progress, ct), ct);

    /// <summary>On the caller's thread.</summary>
    public static Outcome<ModelInfo> TrainFailure(TrainFailureRequest request, IProgress<TrainingProgress>? progress, CancellationToken ct) =>
        Guard(() =>
        {
            progress?.Report(new(TrainingStage.Reading, 0));
            var table = Table.Load(request.Input);
            var (model, report) = FailureTrainer.Train(table, request.Label, request.Modes, request.Seed, progress, ct, request.Group);
            var inputs = model.Modes.Prepend(model.Failure).SelectMany(m => m.Features.Inputs).Distinct().ToArray();
            var card = CardOf(ModelFolder.Failure, request.Model, request.Name, request.Version, request.Input, inputs, request.Seed, request.Clock, report) with
            {
                Columns = new Dictionary<string, string> { ["id"] = table.Header[0], ["label"] = request.Label },
                Settings = new Dictionary<string, string> { ["label"] = request.Label, ["modes"] = string.Join(", ", request.Modes) },
                Data = new ModelData(table.Rows, table.Header.Count), Parent = request.Parent, History = request.History, Deciles = DecilesOf(table, inputs),
            };
            progress?.Report(new(TrainingStage.Writing, 1));
            ct.ThrowIfCancellationRequested();
            ModelFolder.Write(request.Model, card, model.Write);
            return card.Info("active");
        });

    public static Task<Outcome<ScoreSummary>> ScoreFailureAsync(ScoreFailureRequest request, IProgress<string>? progress, CancellationToken ct) =>
        Guarded(() =>
        {
            Expect(request.Model, ModelFolder.Failure);
            var model = ModelFolder.ReadFailure(request.Model);
            var table = Table.Load(request.Input);
            progress?.Report($"scoring {table.Rows} rows");
            var numbers = model.Modes.Prepend(model.Failure).SelectMany(m => m.Features.Columns.Keys).Distinct().ToDictionary(c => c, table.Numbers);
            var texts = model.Modes.Prepend(model.Failure).SelectMany(m => m.Features.Categories.Keys).Distinct().ToDictionary(c => c, table.Text);
            var ids = table.Text(table.Header[0]);
            using var output = OpenOutput(request.Output, [table.Header[0], "p_failure", .. model.Modes.Select(m => "p_" + m.Label), .. model.Modes.Count > 0 ? ["p_unknown"] : (string[])[]]);
            var modes = new double[model.Modes.Count];
            for (var row = 0; row < table.Rows; row++)
            {
                var at = row;
                var failure = model.Probability(column => numbers[column][at], column => texts[column][at], modes);
                var unknown = model.Modes.Count == 0 ? [] : (string[])[model.Unknown(column => numbers[column][at], modes) is { } p ? Format(p) : ""];
                WriteRow(output, [ids[row], Format(failure), .. modes.Select(Format), .. unknown]);
            }
            return new ScoreSummary(request.Output, table.Rows);
        }, ct);

    public static Task<Outcome<ModelInfo>> TrainRulAsync(TrainRulRequest request, IProgress<TrainingProgress>? progress, CancellationToken ct) =>
        Task.Run(() => TrainRul(request, progress, ct), ct);

    /// <summary>On the caller's thread.</summary>
    public static Outcome<ModelInfo> TrainRul(TrainRulRequest request, IProgress<TrainingProgress>? progress, CancellationToken ct) =>
        Guard(() =>
        {
            progress?.Report(new(TrainingStage.Reading, 0));
            var table = Table.Load(request.Input);
            var (model, report) = RulTrainer.Train(table, request.Unit, request.Time, request.Cap, request.Horizon, request.Seed, progress, ct);
            int[] lives = [.. table.Text(request.Unit).GroupBy(machine => machine).Select(machine => machine.Count())];
            var card = CardOf(ModelFolder.Rul, request.Model, request.Name, request.Version, request.Input, model.Scale.Inputs, request.Seed, request.Clock, report) with
            {
                Columns = new Dictionary<string, string> { ["unit"] = request.Unit, ["time"] = request.Time },
                Horizon = request.Horizon,
                Settings = new Dictionary<string, string> { ["unit"] = request.Unit, ["time"] = request.Time, ["cap"] = Format(request.Cap), ["horizon"] = Format(request.Horizon) },
                Data = new ModelData(table.Rows, table.Header.Count, lives.Length, lives.Min(), lives.Max()), Parent = request.Parent, History = request.History, Deciles = DecilesOf(table, model.Scale.Inputs),
            };
            progress?.Report(new(TrainingStage.Writing, 1));
            ct.ThrowIfCancellationRequested();
            ModelFolder.Write(request.Model, card, model.Write);
            return card.Info("active");
        });

    public static Task<Outcome<ScoreSummary>> ScoreRulAsync(ScoreRulRequest request, IProgress<string>? progress, CancellationToken ct) =>
        Guarded(() =>
        {
            var card = Expect(request.Model, ModelFolder.Rul);
            var model = ModelFolder.ReadRul(request.Model);
            var table = Table.Load(request.Input);
            var lives = RulTrainer.Lives(table, card.Columns["unit"], card.Columns["time"], model.Scale.Inputs);
            progress?.Report($"scoring {lives.Count} units");
            using var output = OpenOutput(request.Output, ["unit", "rul_pred", "rul_lo", "rul_hi", "doubt"]);
            var follower = new LifeFollower(model);
            foreach (var life in lives)
            {
                var unit = follower.NewUnit();
                var estimate = default(LifeEstimate);   // a life has at least one row
                foreach (var row in life.Rows) estimate = follower.Advance(unit, row);
                WriteRow(output, [life.Unit, Format(estimate.Life), Format(estimate.Low), Format(estimate.High), estimate.Doubt ?? ""]);
            }
            return new ScoreSummary(request.Output, lives.Count);
        }, ct);

    /// <summary>One row in, one score out, from that row and those before it. One value: an event is reported in its first row. Several: all rows of the abnormal state.</summary>
    public static Task<Outcome<ScoreSummary>> ScoreAnomalyAsync(ScoreAnomalyRequest request, IProgress<string>? progress, CancellationToken ct) =>
        Guarded(() =>
        {
            using var reader = CsvReader.Open(request.Input);
            var time = reader.Column(request.TimeColumn);
            var values = request.ValueColumns.Select(reader.Column).ToArray();
            if (values.Length == 0) throw new TableException($"{request.Input}:1: no value column was named; the columns are: {string.Join(", ", reader.Header)}");
            using var output = OpenOutput(request.Output, request.LabelFree ? ["timestamp", "anomaly_score"] : ["timestamp", "anomaly_score", "is_anomaly"]);
            var anomalies = AnomalyStream.Create(values.Length);
            var readings = new double[values.Length];
            var rows = 0L;
            while (reader.Read())
            {
                if (++rows % 100_000 == 0)
                {
                    ct.ThrowIfCancellationRequested();
                    progress?.Report($"{rows} rows");
                }
                for (var i = 0; i < values.Length; i++) readings[i] = reader.Number(values[i]);
                var score = anomalies.Next(Timestamps.Read(reader, time), readings);
                var flag = score >= AnomalyStream.Threshold ? "1" : "0";
                WriteRow(output, request.LabelFree ? [reader.Row[time], Format(score)] : [reader.Row[time], Format(score), flag]);
            }
            return new ScoreSummary(request.Output, rows);
        }, ct);

    internal static Task<Outcome<T>> Guarded<T>(Func<T> work, CancellationToken ct) => Task.Run(() => Guard(work), ct);

    private static Outcome<T> Guard<T>(Func<T> work)
    {
        try
        {
            return work();
        }
        catch (Exception wrong) when (wrong is TableException or InvalidDataException)
        {
            return Refusal.Invalid(wrong.Message);
        }
    }

    internal static ModelFolder.Card CardOf<TReport>(
        string kind, string folder, string? name, string? version, string input, IReadOnlyList<string> inputs, int seed, TimeProvider? clock, TReport report) =>
        CardOf(kind, folder, name, version, [input], inputs, seed, clock, report);

    internal static ModelFolder.Card CardOf<TReport>(
        string kind, string folder, string? name, string? version, IReadOnlyList<string> files, IReadOnlyList<string> inputs, int seed, TimeProvider? clock, TReport report)
    {
        var hash = Table.HashOf(files);
        name ??= new DirectoryInfo(folder).Name;
        if (!DeviceKey.IsValidName(name)) throw new TableException($"'{name}' cannot name a model; use letters, digits, '_', '.', '-' (up to 128)");
        return new ModelFolder.Card(kind, name, version ?? $"{hash[..8]}-{seed}", inputs, (clock ?? TimeProvider.System).GetUtcNow(), seed, hash,
            new Dictionary<string, string>(), null, ModelFolder.ReportOf(report)) { CodeVersion = ModelCard.CodeVersion };
    }

    private static Dictionary<string, IReadOnlyList<double>> DecilesOf(Table table, IEnumerable<string> inputs) =>
        inputs.Where(table.IsNumeric).ToDictionary(input => input, input => (IReadOnlyList<double>)ModelCard.Deciles(table.Numbers(input)));

    internal static ModelFolder.Card Expect(string folder, string kind)
    {
        if (!ModelFolder.Holds(folder)) throw new TableException($"{folder}: there is no model.json in it; 'seamless train {kind} … --model {folder}' writes one");
        var card = ModelFolder.ReadCard(folder);
        return card.Kind == kind ? card : throw new TableException($"{folder} holds a model of kind '{card.Kind}' where '{kind}' was expected");
    }

    internal static StreamWriter OpenOutput(string path, IEnumerable<string> header)
    {
        var directory = Path.GetDirectoryName(Path.GetFullPath(path));
        if (directory is not null) Directory.CreateDirectory(directory);
        var output = new StreamWriter(path) { NewLine = "\n" };
        WriteRow(output, header);
        return output;
    }

    internal static void WriteRow(StreamWriter output, IEnumerable<string> cells) => output.WriteLine(string.Join(',', cells.Select(Quote)));

    private static string Quote(string cell) => cell.AsSpan().ContainsAny(",\"") ? $"\"{cell.Replace("\"", "\"\"", StringComparison.Ordinal)}\"" : cell;

    internal static string Format(double value) => value.ToString("G9", CultureInfo.InvariantCulture);
}
