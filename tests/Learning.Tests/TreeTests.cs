using Seamless.Learning.Trees;

namespace Seamless.Learning.Tests;

public sealed class TreeTests
{
    /// <summary>309.1 − 300.5 and 308.6 − 300.0 are two doubles that one single-precision number stands for.</summary>
    [Fact]
    public void A_limit_between_neighbouring_doubles_is_found_by_both_learners()
    {
        var (below, above) = (Math.BitDecrement(8.6), Math.BitIncrement(8.6));
        double[][] rows = [.. Enumerable.Range(0, 200).Select(i => (double[])[i % 2 == 0 ? below : above, i % 7])];
        bool[] labels = [.. rows.Select(row => row[0] < 8.6)];
        var growth = new Growth(Trees: 30, Leaves: 4, RowsPerLeaf: 2, Rate: 0.1, FeatureShare: 1, RowShare: 1, L2: 1, Bins: 255, Bags: 1);
        foreach (var trees in (FlatTrees[])[BaggedTrees.Binary(rows, labels, 1, default), BoostedTrees.Binary(rows, labels, growth, 1, default)])
            Assert.True(trees.Score<double>([below, 3]) > trees.Score<double>([above, 3]) + 0.5);
    }

    [Fact]
    public void Bagged_trees_give_the_share_of_positives_and_are_the_same_again()
    {
        var random = new Random(1);
        double[][] rows = [.. Enumerable.Range(0, 1000).Select(_ => (double[])[random.NextDouble(), random.NextDouble()])];
        bool[] labels = [.. rows.Select(row => row[0] > 0.7 && row[1] < 0.4)];
        var (one, two) = (BaggedTrees.Binary(rows, labels, 1, default), BaggedTrees.Binary(rows, labels, 1, default));
        Assert.InRange(one.Score<double>([0.9, 0.2]), 0.95, 1);
        Assert.InRange(one.Score<double>([0.9, 0.8]), 0, 0.05);
        Assert.All(rows, row => Assert.Equal(one.Score<double>(row), two.Score<double>(row)));
    }
}
