using System.Text.Json;
using Seamless.Learning;
using Seamless.Learning.Reports;
using Seamless.Portal.Pages.Viewing;

namespace Seamless.Portal.Pages.Models;

/// <summary>A figure of a report, by the code under which the texts explain it.</summary>
internal readonly record struct ModelFigure(string Code, double Value);

/// <summary>What a label's probabilities are worth: its figures and its reliability.</summary>
internal sealed record ModelLabel(string Name, IReadOnlyList<ModelFigure> Figures, IReadOnlyList<ReliabilityPoint> Points);

/// <summary>The report of a model as the pages show it. What a report of an older version lacks is not there.</summary>
internal sealed class ModelReport
{
    private static readonly string[] LifeFigures = ["rmse", "rmseRaw", "mae", "rmseNearEnd", "coverage90", "calibration", "falseAlarmRate", "recall"];
    private static readonly string[] LabelFigures = ["prAuc", "f1", "precision", "recall", "recallAtOnePercent", "falseAlarmRate", "calibration", "brier"];
    private static readonly string[] InCycles = ["rmse", "rmseRaw", "mae", "rmseNearEnd"];
    private static readonly string[] AsTheyAre = ["prAuc", "f1", "calibration", "brier"];
    private const int FewPositives = 30, FewMachines = 20;
    private const double PoorCalibration = 0.1, LeastCoverage = 0.8;

    private readonly List<string> _doubts = [];

    /// <summary>Of the failure, or of the remaining life; first in <see cref="Labels"/>.</summary>
    public IReadOnlyList<ModelFigure> Figures => Labels.Count > 0 ? Labels[0].Figures : [];

    /// <summary>One for a remaining life; the failure and its modes otherwise.</summary>
    public IReadOnlyList<ModelLabel> Labels { get; private init; } = [];

    public bool IsTrend { get; private init; }

    /// <summary>The failure is the noisy-or of its modes.</summary>
    public bool IsFromModes { get; private init; }

    /// <summary>Column → why it was left out.</summary>
    public IReadOnlyDictionary<string, string> Excluded { get; private init; } = new Dictionary<string, string>();

    /// <summary>Codes of the reasons to believe the figures less.</summary>
    public IReadOnlyList<string> Doubts => _doubts;

    public ModelFigure? Headline => Figures is [var first, ..] ? first : null;

    public double? Figure(string code) => Figures.Where(figure => figure.Code == code).Select(figure => (double?)figure.Value).FirstOrDefault();

    public static ModelReport Of(ModelInfo model)
    {
        try
        {
            using var report = JsonDocument.Parse(model.ReportJson);
            return model.Kind is "rul" ? OfLife(report.RootElement) : OfLabels(report.RootElement, model.Settings.GetValueOrDefault("label"));
        }
        catch (JsonException)
        {
            return new ModelReport();
        }
    }

    /// <summary>As people write it: cycles, shares in per cent, the rest with three digits.</summary>
    public static string Text(double value, string code, Viewer viewer) =>
        InCycles.Contains(code) ? value.ToString("0.0", viewer.Culture)
        : AsTheyAre.Contains(code) ? value.ToString("0.000", viewer.Culture)
        : value.ToString("P1", viewer.Culture);

    private static ModelReport OfLife(JsonElement report)
    {
        var found = new ModelReport
        {
            Labels = [new ModelLabel("", FiguresOf(report, LifeFigures), PointsOf(report, "reliability"))],
            IsTrend = Member(report, "method").ValueKind is JsonValueKind.String && Member(report, "method").GetString() is "trend",
        };
        found.Doubt("machines", Number(report, "units") < FewMachines);
        found.Doubt("calibration", found.Figure("calibration") > PoorCalibration || found.Figure("coverage90") < LeastCoverage);
        found.Doubt("unmeasured", found.Labels[0].Points.Count == 0);
        return found;
    }

    private static ModelReport OfLabels(JsonElement report, string? label)
    {
        var (labels, reliability) = (Member(report, "labels"), Member(report, "reliability"));
        if (labels.ValueKind is not JsonValueKind.Object) return new ModelReport();
        ModelLabel LabelOf(string name)
        {
            var (figures, trust) = (Member(labels, name), Member(reliability, name));
            return new ModelLabel(name, [.. LabelFigures.Select(code => (code, Number(figures, code) ?? Number(trust, code))).Where(f => f.Item2 is not null).Select(f => new ModelFigure(f.code, f.Item2!.Value))], PointsOf(trust, "points"));
        }
        var names = labels.EnumerateObject().Select(member => member.Name).ToList();
        var found = new ModelReport
        {
            Labels = [.. names.OrderByDescending(name => name == label).Select(LabelOf)],
            IsFromModes = Member(report, "protocol").ValueKind is JsonValueKind.String && Member(report, "protocol").GetString()!.Contains("noisy-or", StringComparison.Ordinal),
            Excluded = Member(report, "excluded") is { ValueKind: JsonValueKind.Object } excluded ? excluded.EnumerateObject().ToDictionary(e => e.Name, e => e.Value.ToString()) : new Dictionary<string, string>(),
        };
        if (names.Count == 0) return found;
        var own = Member(labels, found.Labels[0].Name);
        found.Doubt("positives", Number(own, "positives") < FewPositives);
        found.Doubt("chance", Number(own, "prAuc") < 2 * Number(own, "positives") / Number(own, "rows"));
        found.Doubt("calibration", found.Figure("calibration") > PoorCalibration);
        found.Doubt("unmeasured", found.Labels[0].Points.Count == 0);
        return found;
    }

    private void Doubt(string code, bool? applies)
    {
        if (applies is true) _doubts.Add(code);
    }

    private static ModelFigure[] FiguresOf(JsonElement report, string[] codes) =>
        [.. codes.Select(code => (Code: code, Value: Number(report, code))).Where(figure => figure.Value is not null).Select(figure => new ModelFigure(figure.Code, figure.Value!.Value))];

    private static ReliabilityPoint[] PointsOf(JsonElement of, string name) =>
        Member(of, name) is { ValueKind: JsonValueKind.Array } points ? points.Deserialize<ReliabilityPoint[]>(JsonSerializerOptions.Web) ?? [] : [];

    private static JsonElement Member(JsonElement of, string name) => of.ValueKind is JsonValueKind.Object && of.TryGetProperty(name, out var member) ? member : default;

    private static double? Number(JsonElement of, string name) => Member(of, name) is { ValueKind: JsonValueKind.Number } number ? number.GetDouble() : null;

    /// <summary>The report as it is, indented.</summary>
    public static string Indented(string json)
    {
        try
        {
            using var document = JsonDocument.Parse(json);
            return JsonSerializer.Serialize(document.RootElement, Readable);
        }
        catch (JsonException)
        {
            return json;
        }
    }

    private static readonly JsonSerializerOptions Readable = new() { WriteIndented = true };
}
