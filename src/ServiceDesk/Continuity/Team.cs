using Seamless.Telemetry;

namespace Seamless.ServiceDesk.Continuity;

/// <summary>Seats that answer together: a call centre, mobile seats, the desk of another region.</summary>
/// <param name="Sites">Whose tickets are its own; without any it is the home of all sites that no team names when it is the first such, else it only stands in.</param>
/// <param name="Fallback">Who takes over while it is down: the first of these that is up.</param>
/// <param name="SilenceSeconds">With no heartbeat for so long it is down.</param>
public sealed record Team(string Id, IReadOnlyList<string> Sites, IReadOnlyList<string> Fallback, int SilenceSeconds);

/// <param name="DownSince">Null while it is up.</param>
/// <param name="OpenTickets">That are with it now.</param>
public sealed record TeamState(Team Team, bool Up, DateTimeOffset LastBeatAt, DateTimeOffset? DownSince, int OpenTickets);

public interface ITeams
{
    /// <summary>In the order in which they were put.</summary>
    Task<IReadOnlyList<TeamState>> ListAsync(string tenant, CancellationToken ct);

    /// <summary>All of them anew; who stays keeps its heartbeat. None at all: tickets are with nobody in particular.</summary>
    Task<Outcome<IReadOnlyList<TeamState>>> PutAsync(string tenant, IReadOnlyList<Team> teams, string actor, CancellationToken ct);

    /// <summary>It is there. Said by a team that was down, new tickets go to it again, and those that nobody has begun meanwhile.</summary>
    Task<Outcome<TeamState>> BeatAsync(string tenant, string id, string actor, CancellationToken ct);
}

internal sealed class TeamRow
{
    public required string Tenant { get; init; }
    public required string Id { get; init; }

    /// <summary>Its place in the list.</summary>
    public int Ordinal { get; set; }
    public required Team Team { get; set; }
    public DateTimeOffset BeatAt { get; set; }
    public DateTimeOffset? DownSince { get; set; }

    /// <summary>When it is down unless it is heard of before; null while it is.</summary>
    public DateTimeOffset? DueAt { get; set; }
    public int Version { get; set; }

    public bool IsUp => DownSince is null;

    public TimeSpan Limit => TimeSpan.FromSeconds(Team.SilenceSeconds);

    public void Hear(DateTimeOffset now)
    {
        (BeatAt, DownSince, DueAt) = (now, null, now + Limit);
        Version++;
    }

    public void GoDown(DateTimeOffset now)
    {
        (DownSince, DueAt) = (now, null);
        Version++;
    }
}
