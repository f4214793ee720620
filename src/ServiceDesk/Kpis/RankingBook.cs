using Seamless.Telemetry;

namespace Seamless.ServiceDesk.Kpis;

public interface IRanking
{
    /// <param name="upTo">Number of the last event that counts: the ranking as it was known then. Null for all.</param>
    /// <param name="hash">That this event had when it was kept; null when it was not.</param>
    /// <returns>Refused when the log, up to there, is not the one that was recorded.</returns>
    Task<Outcome<RankingTable>> RankAsync(string tenant, DateTimeOffset from, DateTimeOffset to, long? upTo, string? hash, CancellationToken ct);
}

/// <summary>Reads the log once: checked and counted in the same pass, so that what is ranked is what was checked.</summary>
internal sealed class RankingBook(IEventLog log) : IRanking
{
    public async Task<Outcome<RankingTable>> RankAsync(string tenant, DateTimeOffset from, DateTimeOffset to, long? upTo, string? hash, CancellationToken ct)
    {
        var last = upTo ?? (await log.HeadAsync(tenant, ct)).Number;
        var check = new ChainCheck(hash is null ? null : new LogHead(last, hash));
        var work = new List<LoggedEvent>();
        await foreach (var happened in log.ReadAsync(tenant, 0, ct))
        {
            if (happened.Number > last) break;
            check.Take(happened);
            if (Ranking.Counts(happened)) work.Add(happened);
        }
        var result = check.Result();
        if (!result.Whole) return Refusal.Because($"the event log is not the one that was recorded, so nobody is ranked by it: {result.Why}; see kpis/log/check");
        if (result.Head.Number != last) return Refusal.NotFound($"the event log has no event {last}; see kpis/log/head for its end");
        return new RankingTable(from, to, Ranking.Weights, Ranking.Of(work, from, to), result.Head);
    }
}
