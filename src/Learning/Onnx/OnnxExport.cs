using Seamless.Learning.Failures;
using Seamless.Learning.Features;
using Seamless.Learning.Models;
using Seamless.Telemetry;

namespace Seamless.Learning.Onnx;

/// <summary>A model as an ONNX file: the readings of a row in, as the doubles <c>X</c> in the order of the card's features; for a failure model <c>p_failure</c> and <c>p_&lt;mode&gt;</c> out.</summary>
/// <remarks>What the trees are asked about (pairs, medians for what is missing) and the probability scale are part of the graph; <c>p_unknown</c> and contributions are not.</remarks>
internal static class OnnxExport
{
    public const string Input = "X", Failure = "p_failure", ModePrefix = "p_", Cycles = "cycles";

    public static Outcome<byte[]> Of(string folder, ModelInfo info) => info.Kind switch
    {
        ModelFolder.Failure => Of(ModelFolder.ReadFailure(folder), info),
        ModelFolder.Rul => Refusal.Because($"{info.Id} cannot be exported: a rul model remembers each machine from row to row (means, slopes, earlier predictions), and an ONNX graph judges each row alone"),
        _ => Refusal.Because($"{info.Id} cannot be exported: a {info.Kind} model reads whole cycles from several files, and an ONNX graph judges a row"),
    };

    private static Outcome<byte[]> Of(FailureModel model, ModelInfo info)
    {
        var labels = model.Modes.Prepend(model.Failure).ToArray();
        if (labels.SelectMany(label => label.Features.Categories.Keys).FirstOrDefault() is { } text)
            return Refusal.Because($"{info.Id} cannot be exported: its column '{text}' is text, and the graph takes numbers; train it with the category as a number");
        var graph = new OnnxGraph(info.Name);
        graph.Input(Input, info.Features.Count);
        var missing = graph.Add("Or", [graph.Add("IsNaN", [Input]), graph.Add("IsInf", [Input])]);
        var probabilities = labels.Select(label => ProbabilityOf(graph, label, info.Features, missing)).ToArray();
        graph.Output(Failure, model.FromModes ? AnyOf(graph, probabilities[1..]) : probabilities[0]);
        for (var mode = 1; mode < labels.Length; mode++) graph.Output(ModePrefix + labels[mode].Label, probabilities[mode]);
        return graph.Model([("model", info.Id), ("kind", info.Kind), ("features", string.Join(", ", info.Features))]);
    }

    private static string AnyOf(OnnxGraph graph, string[] modes)
    {
        var one = graph.Constant(1);
        var none = modes.Select(mode => graph.Add("Sub", [one, mode])).Aggregate((all, next) => graph.Add("Mul", [all, next]));
        return graph.Add("Sub", [one, none]);
    }

    private static string ProbabilityOf(OnnxGraph graph, LabelModel label, IReadOnlyList<string> inputs, string missing)
    {
        var medians = graph.Constant([.. inputs.Select(input => label.Features.Columns.GetValueOrDefault(input))], 1, inputs.Count);
        var (features, order) = FeaturesOf(graph, label.Features.Features, inputs, graph.Add("Where", [missing, medians, Input]));
        var score = graph.Add("Cast", [OnnxTrees.Add(graph, label.Trees, features, order)], OnnxGraph.Attribute("to", 11));
        var scaled = graph.Add("Add", [graph.Add("Mul", [score, graph.Constant(label.Scale.Slope)]), graph.Constant(label.Scale.Offset)]);
        return graph.Add("Sigmoid", [scaled]);
    }

    /// <summary>All features as one matrix, those of a kind beside each other.</summary>
    /// <returns>Its name, and of each feature the column that it has there.</returns>
    private static (string Matrix, int[] Order) FeaturesOf(OnnxGraph graph, IReadOnlyList<Feature> features, IReadOnlyList<string> inputs, string known)
    {
        var parts = new List<string>();
        var order = new int[features.Count];
        var placed = 0;
        foreach (var kind in features.Select((feature, i) => (feature, i)).GroupBy(f => f.feature.Kind).OrderBy(g => g.Key))
        {
            foreach (var (_, i) in kind) order[i] = placed++;
            parts.Add(Of(graph, kind.Key, Columns(kind.Select(f => f.feature.First)), kind.Key is FeatureKind.Column ? "" : Columns(kind.Select(f => f.feature.Second!))));
        }
        return (parts.Count == 1 ? parts[0] : graph.Add("Concat", [.. parts], OnnxGraph.Attribute("axis", 1)), order);

        string Columns(IEnumerable<string> names) => graph.Add("Gather", [known, graph.Indices([.. names.Select(name => (long)inputs.ToList().IndexOf(name))])], OnnxGraph.Attribute("axis", 1));
    }

    private static string Of(OnnxGraph graph, FeatureKind kind, string first, string second) => kind switch
    {
        FeatureKind.Column => first,
        FeatureKind.Product => graph.Add("Mul", [first, second]),
        FeatureKind.Difference => graph.Add("Sub", [first, second]),
        FeatureKind.Ratio => graph.Add("Div", [first, Denominator(graph, second)]),
        _ => throw new InvalidOperationException($"a feature of kind {kind} is no number"),
    };

    /// <summary>As <see cref="Feature"/> does it: a division by nothing is one by the smallest thing we would believe.</summary>
    private static string Denominator(OnnxGraph graph, string second)
    {
        var least = graph.Add("Where", [graph.Add("Less", [second, graph.Constant(0)]), graph.Constant(-Feature.LeastDenominator), graph.Constant(Feature.LeastDenominator)]);
        return graph.Add("Where", [graph.Add("Less", [graph.Add("Abs", [second]), graph.Constant(Feature.LeastDenominator)]), least, second]);
    }
}
