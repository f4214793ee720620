using System.Numerics;

namespace Seamless.Learning.Trees;

/// <summary>Boosted trees in one flat array: fast to evaluate, the same on every machine, no native library.</summary>
/// <remarks>
/// Each node carries the mean of the training rows that passed it, so that a score can be taken apart: walking down, the change of the mean is
/// credited to the feature that was asked (the path attribution of Saabas). The mean score + the sum of all contributions = the score.
/// </remarks>
public sealed class FlatTrees
{
    private const int Format = 2;
    private const int FormatOfSingleThresholds = 1;

    /// <summary>An inner node asks whether <c>features[Feature] &lt;= Threshold</c> (then Left, else Right); a leaf has Feature −1.</summary>
    internal readonly record struct Node(int Feature, double Threshold, int Left, int Right, double Mean);

    private readonly Node[] _nodes;
    private readonly int[] _roots;
    private readonly double _bias;

    internal FlatTrees(Node[] nodes, int[] roots, double bias) => (_nodes, _roots, _bias) = (nodes, roots, bias);

    public int Trees => _roots.Length;

    /// <summary>For who writes them down in another form.</summary>
    internal (double Bias, IReadOnlyList<int> Roots) Structure => (_bias, _roots);

    internal Node this[int at] => _nodes[at];

    public double Score<T>(ReadOnlySpan<T> features) where T : INumber<T>
    {
        var sum = _bias;
        var nodes = _nodes;
        foreach (var root in _roots)
        {
            var at = root;
            while (nodes[at].Feature >= 0) at = double.CreateTruncating(features[nodes[at].Feature]) <= nodes[at].Threshold ? nodes[at].Left : nodes[at].Right;
            sum += nodes[at].Mean;
        }
        return sum;
    }

    /// <summary>Adds each feature's share of the score to <paramref name="contributions"/> (one cell per feature).</summary>
    /// <returns>The score.</returns>
    public double Explain<T>(ReadOnlySpan<T> features, Span<double> contributions) where T : INumber<T>
    {
        var sum = _bias;
        foreach (var root in _roots)
        {
            var at = root;
            while (_nodes[at].Feature >= 0)
            {
                var node = _nodes[at];
                var next = double.CreateTruncating(features[node.Feature]) <= node.Threshold ? node.Left : node.Right;
                contributions[node.Feature] += _nodes[next].Mean - node.Mean;
                at = next;
            }
            sum += _nodes[at].Mean;
        }
        return sum;
    }

    /// <summary>The same questions on another scale of the features.</summary>
    internal FlatTrees WithThresholds(Func<int, double, double> threshold) =>
        new([.. _nodes.Select(n => n.Feature < 0 ? n : n with { Threshold = threshold(n.Feature, n.Threshold) })], _roots, _bias);

    /// <summary>The mean of several ensembles as one.</summary>
    public static FlatTrees Average(IReadOnlyList<FlatTrees> parts)
    {
        var nodes = new List<Node>();
        var roots = new List<int>();
        foreach (var part in parts)
        {
            var offset = nodes.Count;
            nodes.AddRange(part._nodes.Select(n => n with { Left = n.Left + offset, Right = n.Right + offset, Mean = n.Mean / parts.Count }));
            roots.AddRange(part._roots.Select(root => root + offset));
        }
        return new FlatTrees([.. nodes], [.. roots], parts.Average(part => part._bias));
    }

    internal void Write(BinaryWriter writer)
    {
        writer.Write(Format);
        writer.Write(_bias);
        writer.Write(_roots.Length);
        foreach (var root in _roots) writer.Write(root);
        writer.Write(_nodes.Length);
        foreach (var node in _nodes)
        {
            writer.Write(node.Feature);
            writer.Write(node.Threshold);
            writer.Write(node.Left);
            writer.Write(node.Right);
            writer.Write(node.Mean);
        }
    }

    internal static FlatTrees Read(BinaryReader reader)
    {
        var format = reader.ReadInt32();
        if (format is not (Format or FormatOfSingleThresholds)) throw new InvalidDataException($"trees of format {format}; this version reads {FormatOfSingleThresholds} and {Format}");
        var bias = reader.ReadDouble();
        var roots = new int[reader.ReadInt32()];
        for (var i = 0; i < roots.Length; i++) roots[i] = reader.ReadInt32();
        var nodes = new Node[reader.ReadInt32()];
        for (var i = 0; i < nodes.Length; i++)
            nodes[i] = new Node(reader.ReadInt32(), format == Format ? reader.ReadDouble() : reader.ReadSingle(), reader.ReadInt32(), reader.ReadInt32(), reader.ReadDouble());
        return new FlatTrees(nodes, roots, bias);
    }
}
