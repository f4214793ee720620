namespace Seamless.ServiceDesk.Kpis;

/// <summary>One figure of the service scoreboard.</summary>
/// <param name="Code">Stable: faults, remoteFixShare, unnoticedShare, ticketsOpened, duplicatesPerFault, diagnosisTop1, partsHitRate, firstTimeFix, respondMet, arriveMet, resolveMet, meanTimeToRestoreMinutes, alarmsPerEngineerHour …</param>
/// <param name="Value">Null when there is nothing to measure yet.</param>
/// <param name="Samples">What the figure rests on.</param>
public sealed record Kpi(string Code, string Unit, double? Value, int Samples, double? Target);

public interface IKpis
{
    Task<IReadOnlyList<Kpi>> MeasureAsync(string tenant, DateTimeOffset from, DateTimeOffset to, CancellationToken ct);
}
