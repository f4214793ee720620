namespace Seamless.ServiceDesk.Kpis;

/// <summary>Turn-around by stage (THT): how long the answer, the way, the work and the whole took, by who had it in hand or where.</summary>
public static class Turnaround
{
    public const string Respond = "respond";
    public const string Travel = "travel";
    public const string Work = "work";
    public const string Total = "total";

    public const string ByTechnician = "technician";
    public const string BySite = "site";

    public static readonly IReadOnlyList<string> Ways = [ByTechnician, BySite];

    private static readonly string[] Stages = [Respond, Travel, Work, Total];

    /// <summary>The same log gives the same table: whoever has the slowest median of the whole stands first; equals by name.</summary>
    public static IReadOnlyList<TurnaroundLine> Table(IReadOnlyList<LoggedEvent> events, string by, DateTimeOffset from, DateTimeOffset to)
    {
        var lines = events.Where(e => e.Kind == EventKind.Turnaround && e.At >= from && e.At < to)
            .GroupBy(e => (Name: by == BySite ? e.Site : e.Who ?? "-", Stage: e.Detail ?? Total))
            .Select(of => Line(of.Key.Name, of.Key.Stage, [.. of.Select(e => e.Value).Order()])).ToList();
        var slowest = lines.Where(l => l.Stage == Total).ToDictionary(l => l.By, l => l.MedianMinutes, StringComparer.Ordinal);
        return [.. lines.OrderByDescending(l => slowest.GetValueOrDefault(l.By)).ThenBy(l => l.By, StringComparer.Ordinal).ThenBy(l => Array.IndexOf(Stages, l.Stage))];
    }

    private static TurnaroundLine Line(string by, string stage, List<double> minutes) => new(by, stage, minutes.Count, Rank(minutes, 0.5), Rank(minutes, 0.9));

    internal static double Rank(List<double> sorted, double share) => sorted[(int)Math.Ceiling(sorted.Count * share) - 1];
}
