namespace Seamless.Rules.Alarms.Routing;

/// <summary>An alert as it is told to the router.</summary>
/// <param name="EndsAt">When it was over; null while it lasts.</param>
public sealed record RoutedAlert(LabelSet Labels, DateTimeOffset StartsAt, DateTimeOffset? EndsAt = null);

/// <summary>One message to one receiver: everything of a group that fires, and what is over since the last one.</summary>
public sealed record Delivery(string Receiver, LabelSet Group, IReadOnlyList<LabelSet> Firing, IReadOnlyList<LabelSet> Resolved, DateTimeOffset At)
{
    internal AlertGroup? From { get; init; }
    internal SentLog? Before { get; init; }
}

/// <summary>Who is told of which alerts, and when: Prometheus Alertmanager's grouping, waiting, repeating, inhibition and silences.</summary>
/// <remarks>
/// Pure: time comes in with every call and nothing happens in between. <see cref="Take"/> what happens to alerts, <see cref="Advance"/> to get what is due,
/// <see cref="NextAt"/> tells when to ask again. A delivery that could not be made is told with <see cref="Failed"/> and comes again with the next interval:
/// at least once. One owner at a time.
/// </remarks>
public sealed class AlertRouter
{
    private readonly RoutingPlan _plan;
    private readonly RoutingNode _root;
    private readonly Dictionary<LabelSet, KnownAlert> _alerts = [];
    private readonly Dictionary<(RoutingNode, LabelSet), AlertGroup> _groups = [];
    private readonly List<Silence> _silences = [];

    /// <exception cref="ArgumentException">The plan has <see cref="RoutingPlan.Problems"/>.</exception>
    public AlertRouter(RoutingPlan plan)
    {
        if (plan.Problems() is { Count: > 0 } problems) throw new ArgumentException(string.Join("; ", problems), nameof(plan));
        (_plan, _root) = (plan, new RoutingNode(plan.Root));
    }

    /// <summary>When the next group is due; null while there is none.</summary>
    public DateTimeOffset? NextAt => _groups.Count == 0 ? null : _groups.Values.Where(g => g.Alerts.Count > 0).Select(g => (DateTimeOffset?)g.DueAt).Min();

    public void Silence(Silence silence) => _silences.Add(silence);

    /// <summary>An alert began, goes on, or is over.</summary>
    public void Take(RoutedAlert alert, DateTimeOffset now)
    {
        if (!_alerts.TryGetValue(alert.Labels, out var known)) _alerts[alert.Labels] = known = new KnownAlert(alert.Labels);
        (known.StartsAt, known.EndsAt, known.TimesOutAt) = (alert.StartsAt, alert.EndsAt, now + _plan.ResolveTimeout);
        foreach (var node in _root.Match(alert.Labels)) Join(node, known, now);
    }

    /// <summary>What is due by now, in the order in which it was due.</summary>
    public IReadOnlyList<Delivery> Advance(DateTimeOffset now)
    {
        _silences.RemoveAll(silence => silence.To <= now);
        var deliveries = new List<Delivery>();
        foreach (var group in _groups.Values.Where(g => g.DueAt <= now && g.Alerts.Count > 0).OrderBy(g => g.DueAt).ThenBy(g => g.Node.Receiver, StringComparer.Ordinal).ThenBy(g => g.Key.ToString(), StringComparer.Ordinal).ToArray())
        {
            group.DueAt = now + group.Node.GroupInterval;
            if (Tell(group, now) is { } delivery) deliveries.Add(delivery);
            group.Alerts.RemoveAll(alert => alert.IsOver(now));
        }
        Forget(now);
        return deliveries;
    }

    /// <summary>It did not arrive: the group tells it again when it is due next.</summary>
    public void Failed(Delivery delivery)
    {
        if (delivery.From is not { } group) return;
        group.Sent = delivery.Before;
        _groups[(group.Node, group.Key)] = group;
        foreach (var labels in delivery.Resolved)
            if (group.Alerts.TrueForAll(a => !a.Labels.Equals(labels))) group.Alerts.Add(new KnownAlert(labels) { EndsAt = delivery.At });
    }

    private void Join(RoutingNode node, KnownAlert alert, DateTimeOffset now)
    {
        var key = alert.Labels.Only(node.GroupBy);
        if (!_groups.TryGetValue((node, key), out var group)) _groups[(node, key)] = group = new AlertGroup(node, key);
        // Who has waited long enough already, before we heard of it, does not wait again.
        if (group.Alerts.Count == 0) group.DueAt = alert.StartsAt + node.GroupWait < now ? now : now + node.GroupWait;
        if (group.Alerts.Contains(alert)) return;
        group.Alerts.RemoveAll(other => other.Labels.Equals(alert.Labels));
        group.Alerts.Add(alert);
    }

    private Delivery? Tell(AlertGroup group, DateTimeOffset now)
    {
        var told = group.Alerts.Where(alert => !IsMute(alert, now)).ToList();
        var firing = told.Where(alert => !alert.IsOver(now)).Select(alert => alert.Labels).ToList();
        var resolved = told.Where(alert => alert.IsOver(now)).Select(alert => alert.Labels).ToList();
        var before = group.Sent;
        if (!NeedsTelling(group, firing, resolved, now)) return null;
        group.Sent = new SentLog(now, [.. firing], [.. resolved]);
        return new Delivery(group.Node.Receiver, group.Key, Sorted(firing), group.Node.SendResolved ? Sorted(resolved) : [], now) { From = group, Before = before };
    }

    private static bool NeedsTelling(AlertGroup group, List<LabelSet> firing, List<LabelSet> resolved, DateTimeOffset now)
    {
        if (group.Sent is not { } sent) return firing.Count > 0;   // over before anybody was told
        if (!sent.Firing.IsSupersetOf(firing)) return true;
        if (firing.Count == 0) return group.Node.SendResolved && sent.Firing.Count > 0 && resolved.Count > 0;
        if (group.Node.SendResolved && !sent.Resolved.IsSupersetOf(resolved)) return true;
        return now - sent.At >= group.Node.RepeatInterval;
    }

    private bool IsMute(KnownAlert alert, DateTimeOffset now) =>
        _silences.Exists(silence => silence.From <= now && now < silence.To && Matcher.All(silence.Matchers, alert.Labels))
        || _plan.Inhibitions.Any(inhibition => IsInhibited(inhibition, alert.Labels, now));

    /// <summary>An alert that matches both sides is not inhibited by another for which the same is true: two such would silence each other.</summary>
    private bool IsInhibited(Inhibition inhibition, LabelSet target, DateTimeOffset now)
    {
        if (!Matcher.All(inhibition.Targets, target)) return false;
        var isSourceToo = Matcher.All(inhibition.Sources, target);
        return _alerts.Values.Any(source =>
            !source.IsOver(now) && Matcher.All(inhibition.Sources, source.Labels)
            && inhibition.Equal.All(label => source.Labels[label] == target[label])
            && !(isSourceToo && Matcher.All(inhibition.Targets, source.Labels)));
    }

    /// <summary>What was sent is remembered for as long as it could be repeated.</summary>
    private void Forget(DateTimeOffset now)
    {
        foreach (var (key, group) in _groups)
            if (group.Alerts.Count == 0 && (group.Sent is not { } sent || now - sent.At >= group.Node.RepeatInterval * 2)) _groups.Remove(key);
        foreach (var (labels, alert) in _alerts)
            if (alert.IsOver(now)) _alerts.Remove(labels);
    }

    private static LabelSet[] Sorted(IEnumerable<LabelSet> labels) => [.. labels.OrderBy(l => l.ToString(), StringComparer.Ordinal)];
}

internal sealed class KnownAlert(LabelSet labels)
{
    public LabelSet Labels => labels;
    public DateTimeOffset StartsAt { get; set; }
    public DateTimeOffset? EndsAt { get; set; }
    public DateTimeOffset TimesOutAt { get; set; }

    public bool IsOver(DateTimeOffset now) => (EndsAt ?? TimesOutAt) <= now;
}

internal sealed record SentLog(DateTimeOffset At, HashSet<LabelSet> Firing, HashSet<LabelSet> Resolved);

internal sealed class AlertGroup(RoutingNode node, LabelSet key)
{
    public RoutingNode Node => node;
    public LabelSet Key => key;
    public List<KnownAlert> Alerts { get; } = [];
    public DateTimeOffset DueAt { get; set; }
    public SentLog? Sent { get; set; }
}
