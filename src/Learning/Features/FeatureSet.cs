using System.Text.Json.Serialization;

namespace Seamless.Learning.Features;

[JsonConverter(typeof(JsonStringEnumConverter<FeatureKind>))]
public enum FeatureKind { Column, Is, Product, Difference, Ratio }

/// <summary>One input of a model, made of one or two columns.</summary>
/// <param name="First">The column.</param>
/// <param name="Second">The other column of a pair; for <see cref="FeatureKind.Is"/> the category.</param>
public sealed record Feature(FeatureKind Kind, string First, string? Second = null)
{
    internal const double LeastDenominator = 1e-6;

    [JsonIgnore]
    public string Name => Kind switch
    {
        FeatureKind.Column => First,
        FeatureKind.Is => $"{First} = {Second}",
        FeatureKind.Product => $"{First} × {Second}",
        FeatureKind.Difference => $"{First} − {Second}",
        _ => $"{First} ÷ {Second}",
    };

    /// <summary>The value from a row's numbers (and, for a category, its text).</summary>
    public double Value(Func<string, double> number, Func<string, string?> text) => Kind switch
    {
        FeatureKind.Column => number(First),
        FeatureKind.Is => text(First) == Second ? 1 : 0,
        FeatureKind.Product => number(First) * number(Second!),
        FeatureKind.Difference => number(First) - number(Second!),
        _ => Ratio(number(First), number(Second!)),
    };

    /// <summary>A division by nothing is as large as the numerator divided by the smallest thing we would believe.</summary>
    private static double Ratio(double numerator, double denominator) =>
        numerator / (Math.Abs(denominator) < LeastDenominator ? Math.CopySign(LeastDenominator, denominator) : denominator);
}

/// <summary>The columns a model needs and the features it makes of them. Missing numbers are replaced by the training median.</summary>
/// <param name="Columns">Numeric columns, with their training median.</param>
/// <param name="Categories">Text columns, with the values seen in training.</param>
public sealed record FeatureSet(
    IReadOnlyDictionary<string, double> Columns, IReadOnlyDictionary<string, IReadOnlyList<string>> Categories, IReadOnlyList<Feature> Features)
{
    [JsonIgnore]
    public IEnumerable<string> Inputs => Columns.Keys.Concat(Categories.Keys);

    /// <param name="number">A column's number; NaN when missing.</param>
    public void Fill(Func<string, double> number, Func<string, string?> text, Span<double> features)
    {
        double Known(string column)
        {
            var value = number(column);
            return double.IsFinite(value) ? value : Columns[column];
        }
        for (var i = 0; i < Features.Count; i++) features[i] = Features[i].Value(Known, text);
    }
}
