using Seamless.ServiceDesk.Dispatch.Technicians;
using Seamless.Telemetry;

namespace Seamless.ServiceDesk.Continuity;

/// <summary>What teams must be so that every ticket has a home and somebody to stand in.</summary>
internal static class TeamChecks
{
    private const int MostTeams = 100;
    private const int LeastSilenceSeconds = 10;
    private const int MostSilenceSeconds = 3600;

    public static Refusal? Of(IReadOnlyList<Team> teams, IReadOnlyCollection<string> partners)
    {
        var ids = teams.Select(t => t.Id).ToHashSet(StringComparer.Ordinal);
        if (teams.Count > MostTeams) return Refusal.Invalid($"there are {teams.Count} teams; {MostTeams} at most");
        if (ids.Count < teams.Count) return Refusal.Invalid($"'{teams.GroupBy(t => t.Id).First(g => g.Count() > 1).Key}' is there twice; each team has its own id");
        if (teams.SelectMany(t => t.Sites).GroupBy(s => s).FirstOrDefault(g => g.Count() > 1) is { Key: { } site }) return Refusal.Invalid($"site '{site}' is named by two teams; its tickets have one home");
        if (teams.Count > 0 && teams.All(t => t.Sites.Count > 0)) return Refusal.Invalid("one team has no 'sites': it is the home of all that no other names");
        return teams.Select(team => Of(team, ids, partners)).FirstOrDefault(refusal => refusal is not null);
    }

    private static Refusal? Of(Team team, HashSet<string> ids, IReadOnlyCollection<string> partners)
    {
        if (!TechnicianChecks.IsId(team.Id)) return Refusal.Invalid($"'{team.Id}' is no id: 1 to 64 letters, digits, '-', '_' or '.'");
        if (partners.Contains(team.Id)) return Refusal.Invalid($"'{team.Id}' is a partner already; the queue could not tell the two apart, so give the team another id");
        if (team.Sites.Any(string.IsNullOrWhiteSpace)) return Refusal.Invalid($"'{team.Id}': a site has a name");
        if (team.Fallback.FirstOrDefault(f => f == team.Id || !ids.Contains(f)) is { } wrong) return Refusal.Invalid($"'{team.Id}' cannot fall back on '{wrong}': name other teams of this list");
        return team.SilenceSeconds is < LeastSilenceSeconds or > MostSilenceSeconds
            ? Refusal.Invalid($"'{team.Id}': silenceSeconds is {team.SilenceSeconds}; it must be {LeastSilenceSeconds} to {MostSilenceSeconds}") : null;
    }
}
