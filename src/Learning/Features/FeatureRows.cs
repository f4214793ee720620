using Seamless.Learning.Tables;

namespace Seamless.Learning.Features;

/// <summary>The features of every row of a table.</summary>
public static class FeatureRows
{
    /// <exception cref="TableException">The table lacks a column that the features need.</exception>
    public static IEnumerable<double[]> Of(Table table, FeatureSet set)
    {
        var numbers = set.Columns.Keys.ToDictionary(column => column, table.Numbers);
        var texts = set.Categories.Keys.ToDictionary(column => column, table.Text);
        for (var row = 0; row < table.Rows; row++)
        {
            var at = row;
            var features = new double[set.Features.Count];
            set.Fill(column => numbers[column][at], column => texts[column][at], features);
            yield return features;
        }
    }
}
