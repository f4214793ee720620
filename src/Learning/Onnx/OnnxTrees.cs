using Seamless.Learning.Trees;

namespace Seamless.Learning.Onnx;

/// <summary><see cref="FlatTrees"/> as one TreeEnsembleRegressor, with cuts and leaves in double precision.</summary>
internal static class OnnxTrees
{
    /// <param name="features">The matrix they are asked about.</param>
    /// <param name="order">Of each feature the column that it has there.</param>
    public static string Add(OnnxGraph graph, FlatTrees trees, string features, int[] order)
    {
        var (bias, roots) = trees.Structure;
        var nodes = new List<Placed>();
        for (var tree = 0; tree < roots.Count; tree++) Place(trees, tree, roots[tree], order, nodes, nodes.Count);
        var leaves = nodes.Where(node => node.IsLeaf).ToArray();
        return graph.Add("TreeEnsembleRegressor", OnnxGraph.MachineLearning, [features],
        [
            OnnxGraph.Attribute("n_targets", 1),
            OnnxGraph.Attribute("base_values_as_tensor", [bias]),
            OnnxGraph.Attribute("nodes_treeids", nodes.Select(n => (long)n.Tree)),
            OnnxGraph.Attribute("nodes_nodeids", nodes.Select(n => n.Id)),
            OnnxGraph.Attribute("nodes_featureids", nodes.Select(n => (long)n.Feature)),
            OnnxGraph.Attribute("nodes_modes", nodes.Select(n => n.IsLeaf ? "LEAF" : "BRANCH_LEQ")),
            OnnxGraph.Attribute("nodes_values_as_tensor", nodes.Select(n => n.Value).ToArray()),
            OnnxGraph.Attribute("nodes_truenodeids", nodes.Select(n => n.True)),
            OnnxGraph.Attribute("nodes_falsenodeids", nodes.Select(n => n.False)),
            OnnxGraph.Attribute("target_treeids", leaves.Select(n => (long)n.Tree)),
            OnnxGraph.Attribute("target_nodeids", leaves.Select(n => n.Id)),
            OnnxGraph.Attribute("target_ids", leaves.Select(_ => 0L)),
            OnnxGraph.Attribute("target_weights_as_tensor", leaves.Select(n => n.Weight).ToArray()),
        ]);
    }

    /// <summary>The root first, each node with a number within its tree.</summary>
    /// <returns>The node's number.</returns>
    private static long Place(FlatTrees trees, int tree, int at, int[] order, List<Placed> nodes, int first)
    {
        var node = trees[at];
        var place = nodes.Count;
        var id = (long)(place - first);
        if (node.Feature < 0)
        {
            nodes.Add(new(tree, id, 0, 0, 0, 0, node.Mean, IsLeaf: true));
            return id;
        }
        nodes.Add(default);
        var left = Place(trees, tree, node.Left, order, nodes, first);
        var right = Place(trees, tree, node.Right, order, nodes, first);
        nodes[place] = new(tree, id, order[node.Feature], node.Threshold, left, right, 0, IsLeaf: false);
        return id;
    }

    private readonly record struct Placed(int Tree, long Id, int Feature, double Value, long True, long False, double Weight, bool IsLeaf);
}
