namespace Seamless.Learning.Classes;

/// <summary>How well classes are told on rows that were not trained on.</summary>
/// <param name="Balanced">Mean over the classes of the share of their rows that is told right; chance is 1 ÷ classes.</param>
/// <param name="MacroF1">Mean over the classes of their F1.</param>
public sealed record ClassFigures(double Balanced, double MacroF1)
{
    public static ClassFigures Of(IReadOnlyList<string> truth, IReadOnlyList<string> said)
    {
        var classes = truth.Distinct().Order(StringComparer.Ordinal).ToArray();
        double balanced = 0, f1 = 0;
        foreach (var name in classes)
        {
            double right = 0, of = 0, called = 0;
            for (var row = 0; row < truth.Count; row++)
            {
                if (truth[row] == name) of++;
                if (said[row] == name) called++;
                if (truth[row] == name && said[row] == name) right++;
            }
            balanced += right / of / classes.Length;
            f1 += 2 * right / (of + called) / classes.Length;
        }
        return new ClassFigures(balanced, f1);
    }
}
