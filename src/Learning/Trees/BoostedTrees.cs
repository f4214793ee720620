using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Trainers.FastTree;
using Microsoft.ML.Trainers.LightGbm;

namespace Seamless.Learning.Trees;

/// <summary>How trees are grown. One setting per kind of task, none per data set.</summary>
/// <param name="Bags">Ensembles of different seeds whose mean is the model.</param>
/// <param name="FeatureShare">Share of the features each tree may use.</param>
/// <param name="RowShare">Share of the rows each tree sees.</param>
public sealed record Growth(int Trees, int Leaves, int RowsPerLeaf, double Rate, double FeatureShare, double RowShare, double L2, int Bins, int Bags);

/// <summary>Trains with LightGBM and takes the trees over into <see cref="FlatTrees"/>. Same rows, same seed: same trees.</summary>
public static class BoostedTrees
{
    private sealed class Example
    {
        public float[] Features { get; set; } = [];
        public float Target { get; set; }
        public bool Positive { get; set; }
    }

    /// <summary>Trees whose score is near the target (least squares).</summary>
    public static FlatTrees Regression(IReadOnlyList<float[]> rows, IReadOnlyList<float> targets, Growth growth, int seed, CancellationToken ct) =>
        Grow(rows, growth, seed, row => new Example { Features = rows[row], Target = targets[row] }, (ml, data, bag) =>
        {
            var options = new LightGbmRegressionTrainer.Options { LabelColumnName = nameof(Example.Target) };
            Apply(options, growth, bag);
            return ml.Regression.Trainers.LightGbm(options).Fit(data).Model.TrainedTreeEnsemble;
        }, ct);

    /// <summary>Trees whose score rises with the log-odds of the label.</summary>
    public static FlatTrees Binary(IReadOnlyList<double[]> rows, IReadOnlyList<bool> labels, Growth growth, int seed, CancellationToken ct)
    {
        var ranks = Ranks.Of(rows);
        return Grow(ranks.Rows, growth, seed, row => new Example { Features = ranks.Rows[row], Positive = labels[row] }, (ml, data, bag) =>
        {
            var options = new LightGbmBinaryTrainer.Options { LabelColumnName = nameof(Example.Positive), Sigmoid = 1 };
            Apply(options, growth, bag);
            return ml.BinaryClassification.Trainers.LightGbm(options).Fit(data).Model.SubModel.TrainedTreeEnsemble;
        }, ct).WithThresholds(ranks.Threshold);
    }

    private static FlatTrees Grow(
        IReadOnlyList<float[]> rows, Growth growth, int seed, Func<int, Example> example,
        Func<MLContext, IDataView, int, RegressionTreeEnsemble> train, CancellationToken ct)
    {
        var ml = new MLContext(seed);
        var schema = SchemaDefinition.Create(typeof(Example));
        schema[nameof(Example.Features)].ColumnType = new VectorDataViewType(NumberDataViewType.Single, rows[0].Length);
        var data = ml.Data.LoadFromEnumerable(Enumerable.Range(0, rows.Count).Select(example).ToArray(), schema);
        var bags = new List<FlatTrees>();
        for (var bag = 0; bag < growth.Bags; bag++)
        {
            ct.ThrowIfCancellationRequested();
            bags.Add(Flatten(train(ml, data, seed * 1000 + bag), rows));
        }
        return FlatTrees.Average(bags);
    }

    private static void Apply<TOptions, TOutput, TTransformer, TModel>(
        LightGbmTrainerBase<TOptions, TOutput, TTransformer, TModel>.OptionsBase options, Growth growth, int seed)
        where TOptions : LightGbmTrainerBase<TOptions, TOutput, TTransformer, TModel>.OptionsBase, new()
        where TTransformer : ISingleFeaturePredictionTransformer<TModel>
        where TModel : class
    {
        options.NumberOfThreads = 1;   // sums in another order are other trees
        options.Deterministic = true;
        options.Seed = seed;
        options.NumberOfIterations = growth.Trees;
        options.NumberOfLeaves = growth.Leaves;
        options.MinimumExampleCountPerLeaf = growth.RowsPerLeaf;
        options.LearningRate = growth.Rate;
        options.MaximumBinCountPerFeature = growth.Bins;
        options.Silent = true;
        options.Booster = new GradientBooster.Options
        {
            FeatureFraction = growth.FeatureShare, SubsampleFraction = growth.RowShare, SubsampleFrequency = growth.RowShare < 1 ? 1 : 0,
            L2Regularization = growth.L2, MinimumSplitGain = 0,
        };
    }

    private static FlatTrees Flatten(RegressionTreeEnsemble ensemble, IReadOnlyList<float[]> rows)
    {
        var nodes = new List<FlatTrees.Node>();
        var roots = new List<int>();
        for (var i = 0; i < ensemble.Trees.Count; i++)
        {
            var tree = ensemble.Trees[i];
            var weight = ensemble.TreeWeights[i];
            roots.Add(nodes.Count);
            nodes.AddRange(FlattenTree(tree, weight, nodes.Count, rows));
        }
        return new FlatTrees([.. nodes], [.. roots], ensemble.Bias);
    }

    /// <summary>Inner nodes first, then leaves; children below zero are leaves, in their own numbering (~index).</summary>
    private static FlatTrees.Node[] FlattenTree(RegressionTree tree, double weight, int offset, IReadOnlyList<float[]> rows)
    {
        var inner = tree.NumberOfNodes;
        var nodes = new FlatTrees.Node[inner + tree.NumberOfLeaves];
        int Place(int child) => child >= 0 ? child : inner + ~child;
        for (var i = 0; i < inner; i++)
            nodes[i] = new(tree.NumericalSplitFeatureIndexes[i], tree.NumericalSplitThresholds[i], Place(tree.LeftChild[i]), Place(tree.RightChild[i]), 0);
        for (var i = 0; i < tree.NumberOfLeaves; i++)
            nodes[inner + i] = new(-1, 0, 0, 0, weight * tree.LeafValues[i]);
        SetMeans(nodes, rows);
        for (var i = 0; i < inner; i++) nodes[i] = nodes[i] with { Left = nodes[i].Left + offset, Right = nodes[i].Right + offset };
        return nodes;
    }

    private static void SetMeans(FlatTrees.Node[] nodes, IReadOnlyList<float[]> rows)
    {
        var cover = new int[nodes.Length];
        foreach (var row in rows)
        {
            var at = 0;
            cover[at]++;
            while (nodes[at].Feature >= 0)
            {
                at = row[nodes[at].Feature] <= nodes[at].Threshold ? nodes[at].Left : nodes[at].Right;
                cover[at]++;
            }
        }
        MeanOf(0);

        double MeanOf(int at)
        {
            var node = nodes[at];
            if (node.Feature < 0) return node.Mean;
            var (left, right) = (MeanOf(node.Left), MeanOf(node.Right));
            var total = Math.Max(1, cover[node.Left] + cover[node.Right]);
            var mean = (left * cover[node.Left] + right * cover[node.Right]) / total;
            nodes[at] = node with { Mean = mean };
            return mean;
        }
    }
}
