namespace Seamless.Rules.Alarms.Routing;

/// <summary>A route with what it has from its parents.</summary>
internal sealed class RoutingNode
{
    private readonly Route _route;
    private readonly RoutingNode[] _children;

    public RoutingNode(Route route, RoutingNode? parent = null)
    {
        _route = route;
        Receiver = route.Receiver ?? parent?.Receiver ?? "";
        var groupBy = route.GroupBy ?? (parent is null ? [] : parent.GroupBy);
        GroupBy = groupBy is not null && groupBy.SequenceEqual(Route.EachAlone) ? null : groupBy;
        GroupWait = route.GroupWait ?? parent?.GroupWait ?? TimeSpan.FromSeconds(30);
        GroupInterval = route.GroupInterval ?? parent?.GroupInterval ?? TimeSpan.FromMinutes(5);
        RepeatInterval = route.RepeatInterval ?? parent?.RepeatInterval ?? TimeSpan.FromHours(4);
        SendResolved = route.SendResolved ?? parent?.SendResolved ?? true;
        _children = [.. (route.Routes ?? []).Select(child => new RoutingNode(child, this))];
    }

    public string Receiver { get; }

    /// <summary>Null: every label.</summary>
    public IReadOnlyList<string>? GroupBy { get; }
    public TimeSpan GroupWait { get; }
    public TimeSpan GroupInterval { get; }
    public TimeSpan RepeatInterval { get; }
    public bool SendResolved { get; }

    /// <summary>The deepest nodes that take the alert: the first of each level, and on from those that say continue.</summary>
    public IReadOnlyList<RoutingNode> Match(LabelSet labels)
    {
        if (!Matcher.All(_route.Matchers ?? [], labels)) return [];
        var found = new List<RoutingNode>();
        foreach (var child in _children)
        {
            var deeper = child.Match(labels);
            found.AddRange(deeper);
            if (deeper.Count > 0 && !child._route.Continue) break;
        }
        return found.Count > 0 ? found : [this];
    }
}
