using Seamless.Machines.Rest;

namespace Seamless.Machines.Scoring;

/// <summary>How many alarms a person had to look at: those that no other alarm explains. EEMUA 191 calls more than ten within ten minutes a flood.</summary>
/// <param name="Alarms">That reached a person.</param>
/// <param name="Explained">Members of others: listed, but nobody's work.</param>
/// <param name="PerHour">Mean over the whole time; at most 2 for an engineer is the goal.</param>
/// <param name="PeakTenMinutes">Most that came within ten minutes.</param>
/// <param name="FloodShare">Share of ten-minute periods with more than ten.</param>
/// <param name="Severe">Of them high or critical.</param>
public sealed record AlarmLoad(int Alarms, int Explained, double PerHour, int PeakTenMinutes, double FloodShare, int Severe)
{
    private const int Flood = 10;
    private static readonly TimeSpan Period = TimeSpan.FromMinutes(10);

    public static AlarmLoad Of(IReadOnlyList<AlarmView> alarms, DateTimeOffset from, DateTimeOffset to)
    {
        var reached = alarms.Where(alarm => alarm.Parent is null).OrderBy(alarm => alarm.RaisedAt).ToList();
        var periods = Math.Max(1, (to - from) / Period);
        var floods = reached.GroupBy(alarm => (long)((alarm.RaisedAt - from) / Period)).Count(period => period.Count() > Flood);
        return new AlarmLoad(
            reached.Count, alarms.Count - reached.Count, Math.Round(reached.Count / Math.Max(1e-9, (to - from).TotalHours), 3), Peak(reached),
            Math.Round(floods / periods, 6), reached.Count(alarm => alarm.Severity.ToLowerInvariant() is "high" or "critical"));
    }

    private static int Peak(List<AlarmView> reached)
    {
        var (peak, first) = (0, 0);
        for (var last = 0; last < reached.Count; last++)
        {
            while (reached[last].RaisedAt - reached[first].RaisedAt >= Period) first++;
            peak = Math.Max(peak, last - first + 1);
        }
        return peak;
    }
}
