namespace Seamless.Learning.Trees;

/// <summary>A few shallow trees, each grown on a bootstrap sample with exact cuts half way between two values; the score is the mean share of positives.</summary>
/// <remarks>
/// Where a failure is a rule, a limit on a product or a difference, one cut by one feature is the whole truth. Boosting covers it
/// with many small steps of many features, and is wrong more often right beside the limit.
/// </remarks>
public static class BaggedTrees
{
    private const int Bags = 15;
    private const int Levels = 6;
    private const int FewestPerSide = 2;

    public static FlatTrees Binary(IReadOnlyList<double[]> rows, IReadOnlyList<bool> labels, int seed, CancellationToken ct)
    {
        var ordered = OrderedRows(rows);
        var bags = new List<FlatTrees>();
        for (var bag = 0; bag < Bags; bag++)
        {
            ct.ThrowIfCancellationRequested();
            var random = new Random(seed * 1000 + bag);
            var copies = new int[rows.Count];
            for (var i = 0; i < copies.Length; i++) copies[random.Next(copies.Length)]++;
            bags.Add(new OneTree(rows, labels, copies, ordered).Grow());
        }
        return FlatTrees.Average(bags);
    }

    /// <summary>Per feature the rows from the smallest value to the largest; sorted once for all trees.</summary>
    private static int[][] OrderedRows(IReadOnlyList<double[]> rows)
    {
        var ordered = new int[rows[0].Length][];
        for (var feature = 0; feature < ordered.Length; feature++)
        {
            var values = rows.Select(row => row[feature]).ToArray();
            ordered[feature] = [.. Enumerable.Range(0, values.Length)];
            Array.Sort(values, ordered[feature]);
        }
        return ordered;
    }

    private record struct Count(int Rows, int Positives)
    {
        public readonly double Share => Rows == 0 ? 0 : (double)Positives / Rows;

        public readonly double Nats => Positives == 0 || Positives == Rows ? 0
            : -Positives * Math.Log(Share) - (Rows - Positives) * Math.Log(1 - Share);

        public readonly Count Less(Count part) => new(Rows - part.Rows, Positives - part.Positives);
    }

    private record struct Cut(int Feature, double Threshold, double Gain);

    /// <summary>Grows one level at a time: a single walk along each feature's order finds the best cut of every node of the level.</summary>
    private sealed class OneTree(IReadOnlyList<double[]> rows, IReadOnlyList<bool> labels, int[] copies, int[][] ordered)
    {
        private readonly List<FlatTrees.Node> _nodes = [];
        private readonly List<Count> _counts = [];
        private readonly int[] _nodeOf = new int[rows.Count];

        public FlatTrees Grow()
        {
            var all = new Count();
            for (var row = 0; row < rows.Count; row++) all = With(all, row);
            AddLeaf(all);
            var from = 0;
            for (var level = 0; level < Levels && from < _nodes.Count; level++)
            {
                var cuts = BestCuts(from);
                from = _nodes.Count;
                Split(cuts);
            }
            return new FlatTrees([.. _nodes], [0], 0);
        }

        private Count With(Count count, int row) => new(count.Rows + copies[row], count.Positives + (labels[row] ? copies[row] : 0));

        private void AddLeaf(Count count)
        {
            _nodes.Add(new FlatTrees.Node(-1, 0, 0, 0, count.Share));
            _counts.Add(count);
        }

        private Cut[] BestCuts(int from)
        {
            var best = new Cut[_nodes.Count];
            var left = new Count[_nodes.Count];
            var last = new double[_nodes.Count];
            for (var feature = 0; feature < ordered.Length; feature++)
            {
                Array.Clear(left);
                foreach (var row in ordered[feature])
                {
                    var node = _nodeOf[row];
                    if (node < from || copies[row] == 0 || _counts[node].Nats == 0) continue;
                    var value = rows[row][feature];
                    if (left[node].Rows > 0 && value > last[node]) Consider(ref best[node], node, left[node], feature, last[node], value);
                    left[node] = With(left[node], row);
                    last[node] = value;
                }
            }
            return best;
        }

        private void Consider(ref Cut best, int node, Count left, int feature, double below, double above)
        {
            var right = _counts[node].Less(left);
            if (left.Rows < FewestPerSide || right.Rows < FewestPerSide) return;
            var gain = _counts[node].Nats - left.Nats - right.Nats;
            if (gain > best.Gain + 1e-9) best = new Cut(feature, Ranks.Between(below, above), gain);
        }

        private void Split(Cut[] cuts)
        {
            var split = new bool[cuts.Length];
            for (var node = 0; node < cuts.Length; node++)
            {
                if (cuts[node].Gain <= 0) continue;
                split[node] = true;
                _nodes[node] = _nodes[node] with { Feature = cuts[node].Feature, Threshold = cuts[node].Threshold, Left = _nodes.Count, Right = _nodes.Count + 1 };
                AddLeaf(new Count());
                AddLeaf(new Count());
            }
            for (var row = 0; row < rows.Count; row++)
            {
                if (!split[_nodeOf[row]]) continue;
                var node = _nodes[_nodeOf[row]];
                var child = rows[row][node.Feature] <= node.Threshold ? node.Left : node.Right;
                _nodeOf[row] = child;
                _counts[child] = With(_counts[child], row);
            }
            for (var node = cuts.Length; node < _nodes.Count; node++) _nodes[node] = _nodes[node] with { Mean = _counts[node].Share };
        }
    }
}
