using System.Text.RegularExpressions;

namespace Seamless.Rules.Alarms.Routing;

public enum MatchKind : byte { Equal, NotEqual, Regex, NotRegex }

/// <summary>Whether a label has a value. A missing label counts as empty; a regular expression must fit the whole value.</summary>
public sealed class Matcher
{
    private static readonly TimeSpan LongestMatch = TimeSpan.FromSeconds(1);
    private readonly Regex? _regex;

    /// <exception cref="ArgumentException"><paramref name="value"/> is not a regular expression.</exception>
    public Matcher(string label, string value, MatchKind kind = MatchKind.Equal)
    {
        (Label, Value, Kind) = (label, value, kind);
        if (kind is MatchKind.Regex or MatchKind.NotRegex) _regex = new Regex($"^(?:{value})$", RegexOptions.CultureInvariant, LongestMatch);
    }

    public string Label { get; }
    public string Value { get; }
    public MatchKind Kind { get; }

    public bool Matches(LabelSet labels) => Kind switch
    {
        MatchKind.Equal => labels[Label] == Value,
        MatchKind.NotEqual => labels[Label] != Value,
        MatchKind.Regex => _regex!.IsMatch(labels[Label]),
        _ => !_regex!.IsMatch(labels[Label]),
    };

    public static bool All(IReadOnlyList<Matcher> matchers, LabelSet labels)
    {
        foreach (var matcher in matchers)
            if (!matcher.Matches(labels)) return false;
        return true;
    }
}

/// <summary>A node of the routing tree. What is null is its parent's; the root's defaults are Alertmanager's.</summary>
/// <param name="Continue">The siblings that follow are asked too.</param>
/// <param name="GroupBy">Labels whose values make a group; empty: all alerts are one; <see cref="EachAlone"/>: each alert is its own.</param>
/// <param name="GroupWait">How long a new group waits for company; 30 s.</param>
/// <param name="GroupInterval">How often a group tells what is new; 5 min.</param>
/// <param name="RepeatInterval">How often it tells what is not; 4 h. It is looked at once a group interval, so it is rounded up to a multiple of that.</param>
/// <param name="SendResolved">Tell also what is over; true.</param>
public sealed record Route(
    string? Receiver = null, IReadOnlyList<Matcher>? Matchers = null, bool Continue = false, IReadOnlyList<string>? GroupBy = null,
    TimeSpan? GroupWait = null, TimeSpan? GroupInterval = null, TimeSpan? RepeatInterval = null, bool? SendResolved = null, IReadOnlyList<Route>? Routes = null)
{
    public static readonly IReadOnlyList<string> EachAlone = ["..."];
}

/// <summary>A target is mute while a source fires that has the same values of the equal labels; missing is empty.</summary>
public sealed record Inhibition(IReadOnlyList<Matcher> Sources, IReadOnlyList<Matcher> Targets, IReadOnlyList<string> Equal);

/// <param name="To">Exclusive.</param>
public sealed record Silence(IReadOnlyList<Matcher> Matchers, DateTimeOffset From, DateTimeOffset To);

/// <param name="ResolveTimeout">An alert that names no end and is not told again is over after this; 5 min.</param>
public sealed record RoutingPlan(Route Root, IReadOnlyList<Inhibition> Inhibitions, TimeSpan ResolveTimeout)
{
    public static readonly TimeSpan DefaultResolveTimeout = TimeSpan.FromMinutes(5);

    /// <summary>What is wrong with it, in words; empty when it can be used.</summary>
    public IReadOnlyList<string> Problems()
    {
        var problems = new List<string>();
        if (string.IsNullOrEmpty(Root.Receiver)) problems.Add("the root route names no receiver");
        if (Root.Matchers is { Count: > 0 }) problems.Add("the root route has matchers; it must take every alert");
        if (ResolveTimeout <= TimeSpan.Zero) problems.Add("resolveTimeout must be more than nothing");
        Check(Root, "root", problems);
        return problems;
    }

    private static void Check(Route route, string path, List<string> problems)
    {
        if (route.GroupWait < TimeSpan.Zero) problems.Add($"{path}: groupWait is negative");
        if (route.GroupInterval <= TimeSpan.Zero) problems.Add($"{path}: groupInterval must be more than nothing");
        if (route.RepeatInterval <= TimeSpan.Zero) problems.Add($"{path}: repeatInterval must be more than nothing");
        for (var i = 0; i < route.Routes?.Count; i++) Check(route.Routes[i], $"{path}.routes[{i}]", problems);
    }
}
