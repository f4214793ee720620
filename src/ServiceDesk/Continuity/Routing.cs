namespace Seamless.ServiceDesk.Continuity;

/// <summary>Which team a ticket is with: a pure function of the teams, of which are up, and of who has it.</summary>
internal sealed class Routing(IReadOnlyList<(Team Team, bool Up)> teams)
{
    private readonly Dictionary<string, bool> _up = teams.ToDictionary(t => t.Team.Id, t => t.Up, StringComparer.Ordinal);

    /// <summary>Null when there are no teams.</summary>
    public Team? HomeOf(string site) => teams.Select(t => t.Team).FirstOrDefault(t => t.Sites.Contains(site)) ?? teams.Select(t => t.Team).FirstOrDefault(t => t.Sites.Count == 0);

    /// <param name="current">Who has it; null for a new ticket.</param>
    /// <param name="begun">Somebody of that team has taken it in hand: it stays with them as long as they are there.</param>
    /// <returns>The home team or the first of its fallbacks that is up. When none is, the ticket stays where it is.</returns>
    public string? TeamOf(string site, string? current, bool begun)
    {
        if (HomeOf(site) is not { } home) return null;
        var there = new[] { home.Id }.Concat(home.Fallback).FirstOrDefault(IsUp);
        if (current is null || !_up.ContainsKey(current)) return there ?? home.Id;
        return begun && IsUp(current) ? current : there ?? current;
    }

    public bool IsUp(string team) => _up.GetValueOrDefault(team);
}
