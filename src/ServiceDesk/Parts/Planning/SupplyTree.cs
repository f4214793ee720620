namespace Seamless.ServiceDesk.Parts.Planning;

/// <summary>One depot of a tree in which each is replenished one for one by its parent, the root by the supplier.</summary>
/// <param name="Rate">Demand of its own customers, per day.</param>
/// <param name="LeadTime">From the parent's shelf, or from the supplier, in days.</param>
public sealed record SupplyNode(string Id, string? Parent, double Rate, double LeadTime)
{
    /// <summary>Demand that is already seen coming here within the lead time, beside the usual rate.</summary>
    public PipelineLaw Known { get; init; } = PipelineLaw.Nothing;

    /// <summary>It is to hold no fewer.</summary>
    public int Least { get; init; }
}

/// <summary>Any number of echelons by the VARI-METRIC step, applied from the root outwards.</summary>
/// <remarks>For two echelons it is VARI-METRIC itself. Back-orders of a depot are shared among those it supplies, and its own customers, by their rates.</remarks>
public sealed class SupplyTree
{
    private readonly Dictionary<string, SupplyNode> _nodes;
    private readonly ILookup<string?, SupplyNode> _children;
    private readonly Dictionary<string, double> _rates = new(StringComparer.Ordinal);
    private readonly Dictionary<string, PipelineLaw> _known = new(StringComparer.Ordinal);

    /// <exception cref="ArgumentException">A parent is unknown, or a depot supplies itself.</exception>
    public SupplyTree(IEnumerable<SupplyNode> nodes)
    {
        _nodes = nodes.ToDictionary(n => n.Id, StringComparer.Ordinal);
        foreach (var orphan in _nodes.Values.Where(n => n.Parent is not null && !_nodes.ContainsKey(n.Parent)))
            throw new ArgumentException($"{orphan.Id} is supplied by {orphan.Parent}, which is no depot", nameof(nodes));
        _children = _nodes.Values.OrderBy(n => n.Id, StringComparer.Ordinal).ToLookup(n => n.Parent);
        foreach (var root in Roots) Gather(root);
        if (_rates.Count < _nodes.Count) throw new ArgumentException($"{_nodes.Keys.Except(_rates.Keys).Min()} supplies itself", nameof(nodes));
    }

    public IEnumerable<SupplyNode> Roots => _children[null];
    public IEnumerable<SupplyNode> ChildrenOf(string id) => _children[id];

    /// <summary>All demand that passes through a depot, per day.</summary>
    public double RateThrough(string id) => _rates[id];

    /// <summary>Known demand here and at all depots that it supplies.</summary>
    public double KnownThrough(string id) => _known[id].Mean;

    /// <summary>Mean and variance of what the parent owes are added to what is on the road, and a law is fitted.</summary>
    /// <param name="parent">The parent's pipeline; null at the root.</param>
    public PipelineLaw LawOf(SupplyNode node, PipelineLaw? parent, int parentStock)
    {
        var own = _rates[node.Id] * node.LeadTime;
        if (parent is null || node.Parent is null) return PipelineLaw.Poisson(own).Plus(_known[node.Id]);
        // A unit known to come is outstanding here once, wherever it waits: of the parent's back-orders only the usual ones are added.
        var usual = parent.Mean <= 0 ? 0 : Math.Clamp(1 - KnownThrough(node.Parent) / parent.Mean, 0, 1);
        var share = _rates[node.Parent] <= 0 ? 0 : usual * _rates[node.Id] / _rates[node.Parent];
        var (mean, variance) = BackOrderShare.Add(own, share, parent.ExpectedBackOrders(parentStock), parent.BackOrderVariance(parentStock));
        return PipelineLaw.Fit(mean, variance).Plus(_known[node.Id]);
    }

    /// <summary>Share of demand met at once: P(X ≤ S−1). Where all demand is known there is no one to come besides, and S units meet S of them: P(X ≤ S).</summary>
    public double FillRate(string id, PipelineLaw law, int stock) => _rates[id] > 0 ? law.FillRate(stock) : law.Cumulative(stock);

    /// <summary>The least stock with that share.</summary>
    public int StockFor(string id, PipelineLaw law, double target) => _rates[id] > 0 ? law.StockFor(target) : Math.Max(0, law.StockFor(target) - 1);

    /// <summary>The pipeline of every depot under these stocks.</summary>
    public IReadOnlyDictionary<string, PipelineLaw> Evaluate(IReadOnlyDictionary<string, int> stocks)
    {
        var laws = new Dictionary<string, PipelineLaw>(StringComparer.Ordinal);
        foreach (var root in Roots) Visit(root, null);
        return laws;

        void Visit(SupplyNode node, SupplyNode? parent)
        {
            laws[node.Id] = LawOf(node, parent is null ? null : laws[parent.Id], parent is null ? 0 : stocks[parent.Id]);
            foreach (var child in ChildrenOf(node.Id)) Visit(child, node);
        }
    }

    private void Gather(SupplyNode node)
    {
        var (rate, known) = (node.Rate, node.Known);
        foreach (var child in ChildrenOf(node.Id))
        {
            Gather(child);
            (rate, known) = (rate + _rates[child.Id], known.Plus(_known[child.Id]));
        }
        (_rates[node.Id], _known[node.Id]) = (rate, known);
    }
}
