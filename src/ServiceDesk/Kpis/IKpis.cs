using Seamless.Telemetry;

namespace Seamless.ServiceDesk.Kpis;

/// <summary>One figure of the service scoreboard.</summary>
/// <param name="Code">Stable: faults, remoteFixShare, unnoticedShare, ticketsOpened, duplicatesPerFault, diagnosisTop1, partsHitRate, firstTimeFix, respondMet, arriveMet, resolveMet, meanTimeToRestoreMinutes, alarmsPerEngineerHour …</param>
/// <param name="Value">Null when there is nothing to measure yet.</param>
/// <param name="Samples">What the figure rests on.</param>
/// <param name="Low">Lower end of the 95 % interval; null where there is none.</param>
/// <param name="High">Upper end of the 95 % interval.</param>
public sealed record Kpi(string Code, string Unit, double? Value, int Samples, double? Target, double? Low = null, double? High = null);

/// <param name="Head">The end of the event log that the figures rest on: the same period, period end and head give the same figures for ever, bit for bit.</param>
public sealed record Measured(DateTimeOffset From, DateTimeOffset To, IReadOnlyList<Kpi> Figures, LogHead Head);

/// <param name="By"><c>technician</c> or <c>site</c>.</param>
/// <param name="Stage"><c>respond</c> from opening to the answer, <c>travel</c> from there to arrival, <c>work</c> from arrival to repaired, <c>total</c> from opening to closing.</param>
/// <param name="MedianMinutes">Half took no longer.</param>
/// <param name="P90Minutes">Nine of ten took no longer.</param>
public sealed record TurnaroundLine(string By, string Stage, int Count, double MedianMinutes, double P90Minutes);

public interface IKpis
{
    Task<IReadOnlyList<Kpi>> MeasureAsync(string tenant, DateTimeOffset from, DateTimeOffset to, CancellationToken ct);

    /// <param name="upTo">Number of the last event that counts: the figures as they were known then. Null for all.</param>
    Task<Outcome<Measured>> MeasureAsync(string tenant, DateTimeOffset from, DateTimeOffset to, long? upTo, CancellationToken ct);

    /// <summary>How long each stage took, slowest total first.</summary>
    /// <param name="by"><c>technician</c> or <c>site</c>.</param>
    Task<IReadOnlyList<TurnaroundLine>> TurnaroundAsync(string tenant, string by, DateTimeOffset from, DateTimeOffset to, CancellationToken ct);
}
