using System.Globalization;
using System.Text.Json;

namespace Seamless.Learning.Models;

/// <summary>Lets no version into force that would cry wolf more often than the one it replaces, or whose probabilities are believed for less reason.</summary>
/// <remarks>Figures are those of the reports, on rows that were held out; chance is allowed for, so that two trainings on the same data are alike.</remarks>
internal static class PromotionGate
{
    private const double LeastFalseAlarmSlack = 0.001;
    private const double CalibrationSlack = 0.005;

    /// <summary>A trial has fewer samples than a training, and they come from few machines.</summary>
    private const double TrialCalibrationSlack = 0.02;
    private const double TrialErrorSlack = 0.05;

    public static IReadOnlyList<GateFigure> Compare(ModelInfo model, ModelInfo active)
    {
        var (ours, theirs) = (Measured.Of(model), Measured.Of(active));
        return
        [
            new("falseAlarmRate", ours.FalseAlarmRate, theirs.FalseAlarmRate, theirs.FalseAlarmRate + Math.Max(LeastFalseAlarmSlack, theirs.StandardError)),
            new("calibration", ours.Calibration, theirs.Calibration, theirs.Calibration + CalibrationSlack),
        ];
    }

    /// <summary>What both said of the same rows, against what came.</summary>
    public static IReadOnlyList<GateFigure> Compare(TrialReport trial)
    {
        var (ours, theirs) = (trial.Challenger, trial.Champion);
        var chance = theirs is { FalseAlarmRate: { } rate, Sound: > 0 } ? Math.Sqrt(rate * (1 - rate) / theirs.Sound) : 0;
        List<GateFigure> figures =
        [
            new("falseAlarmRate", ours.FalseAlarmRate, theirs.FalseAlarmRate, theirs.FalseAlarmRate + Math.Max(LeastFalseAlarmSlack, chance)),
            new("calibration", ours.Calibration, theirs.Calibration, theirs.Calibration + TrialCalibrationSlack),
        ];
        if (theirs.Mae is not null) figures.Add(new("mae", ours.Mae, theirs.Mae, theirs.Mae * (1 + TrialErrorSlack)));
        return [.. figures.Select(figure => figure with { Source = "trial" })];
    }

    public static string Words(ModelInfo model, ModelInfo active, IEnumerable<GateFigure> figures) =>
        $"{model.Id} is worse than the active {active.Id} {Where(figures)}: " + string.Join("; ", figures.Where(f => !f.Passes).Select(Words)) + ". Promote it with force and a reason if it must be.";

    private static string Where(IEnumerable<GateFigure> figures) => figures.Any(f => f.Source is "trial") ? "on the same rows in use" : "on held-out rows";

    private static string Words(GateFigure figure) => figure.Model is { } value
        ? string.Create(CultureInfo.InvariantCulture, $"{Named(figure.Code)} {value:0.####}, at most {figure.Allowed:0.####} where the active has {figure.Active:0.####} ({value - figure.Active:0.####} worse)")
        : $"its report has no {Named(figure.Code)}; train it again";

    private static string Named(string code) => code switch { "falseAlarmRate" => "false-alarm rate", "mae" => "error of the remaining life, in cycles,", _ => "calibration error" };

    private readonly record struct Measured(double? FalseAlarmRate, double StandardError, double? Calibration)
    {
        public static Measured Of(ModelInfo model)
        {
            using var report = JsonDocument.Parse(model.ReportJson);
            return model.Kind is ModelFolder.Rul ? OfLife(report.RootElement) : OfLabel(report.RootElement, model.Settings.GetValueOrDefault("label", ""));
        }

        private static Measured OfLife(JsonElement report) =>
            With(Number(report, "falseAlarmRate"), Number(report, "rows") ?? 0, Number(report, "calibration"));

        private static Measured OfLabel(JsonElement report, string label)
        {
            var (figures, reliability) = (Member(Member(report, "labels"), label), Member(Member(report, "reliability"), label));
            return With(Number(reliability, "falseAlarmRate"), (Number(figures, "rows") ?? 0) - (Number(figures, "positives") ?? 0), Number(figures, "calibration"));
        }

        private static Measured With(double? rate, double rows, double? calibration) =>
            new(rate, rate is { } p && rows > 0 ? Math.Sqrt(p * (1 - p) / rows) : 0, calibration);

        private static JsonElement Member(JsonElement of, string name) => of.ValueKind is JsonValueKind.Object && of.TryGetProperty(name, out var member) ? member : default;

        private static double? Number(JsonElement of, string name) => Member(of, name) is { ValueKind: JsonValueKind.Number } number ? number.GetDouble() : null;
    }
}
