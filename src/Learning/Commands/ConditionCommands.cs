using Seamless.Learning.Classes;
using Seamless.Learning.Models;
using Seamless.Learning.Tables;
using Seamless.Telemetry;
using static Seamless.Learning.Commands.LearningCommands;

namespace Seamless.Learning.Commands;

/// <summary>Training and scoring of the classes of a machine's parts, from cycles in files.</summary>
public static class ConditionCommands
{
    public static Task<Outcome<ModelInfo>> TrainAsync(TrainConditionRequest request, IProgress<string>? progress, CancellationToken ct) =>
        Guarded(() =>
        {
            var signals = Signals.Load(request.Inputs);
            var truth = Table.Load(request.Truth);
            var (model, report) = ConditionTrainer.Train(signals, truth, request.Labels, request.Group, request.Seed, progress, ct);
            var card = CardOf(ModelFolder.Condition, request.Model, request.Name, null, [.. request.Inputs, request.Truth], signals.Names, request.Seed, request.Clock, report) with
            {
                Columns = new Dictionary<string, string> { ["id"] = signals.IdColumn },
                Settings = new Dictionary<string, string> { ["labels"] = string.Join(", ", request.Labels), ["group"] = request.Group ?? "" },
                Data = new ModelData(signals.Ids.Count, signals.Names.Count),
            };
            ModelFolder.Write(request.Model, card, model.Write);
            return card.Info("active");
        }, ct);

    /// <summary>The id, the class of each label, and the probability of that class; <c>unknown</c> and an empty cell where a label cannot be observed.</summary>
    public static Task<Outcome<ScoreSummary>> ScoreAsync(ScoreConditionRequest request, IProgress<string>? progress, CancellationToken ct) =>
        Guarded(() =>
        {
            Expect(request.Model, ModelFolder.Condition);
            var model = ModelFolder.ReadCondition(request.Model);
            var signals = Signals.Load(request.Inputs);
            progress?.Report($"scoring {signals.Ids.Count} rows");
            var answers = model.Answer(signals);
            string[] labels = [.. model.Labels.Select(label => label.Label)];
            using var output = OpenOutput(request.Output, [signals.IdColumn, .. labels, .. labels.Select(label => "p_" + label)]);
            for (var row = 0; row < signals.Ids.Count; row++)
            {
                var said = labels.Select(label => answers[label][row]).ToArray();
                WriteRow(output, [signals.Ids[row], .. said.Select(a => a.Class), .. said.Select(a => double.IsNaN(a.Probability) ? "" : Format(a.Probability))]);
            }
            return new ScoreSummary(request.Output, signals.Ids.Count);
        }, ct);
}
