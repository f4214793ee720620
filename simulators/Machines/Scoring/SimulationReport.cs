using System.Text.Json;
using System.Text.Json.Serialization;
using Seamless.Machines.Rest;

namespace Seamless.Machines.Scoring;

/// <summary>How the platform answered the injected faults, measured through its public API.</summary>
public sealed record SimulationReport(
    string Scenario, int Seed, DateTimeOffset From, DateTimeOffset To, int Machines, long Samples, double ElapsedSeconds,
    Totals Totals, IReadOnlyDictionary<string, Totals> ByClass, IReadOnlyDictionary<string, Totals> ByFault,
    IReadOnlyList<FaultOutcome> Faults, IReadOnlyList<FalseTicket> FalseTickets, AlarmLoad AlarmLoad, Calibration Calibration)
{
    /// <summary>The platform's own scoreboard of the same time, by code; empty when it was not asked.</summary>
    public IReadOnlyDictionary<string, KpiView> Kpis { get; init; } = new Dictionary<string, KpiView>();

    /// <summary>Null where the people were not played to the end.</summary>
    public ServiceOutcome? Service { get; init; }

    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        WriteIndented = true,
        Converters = { new JsonStringEnumConverter() },
    };

    public string ToJson() => JsonSerializer.Serialize(this, Json);

    public static string ToJson(IReadOnlyList<Score> scoreboard) => JsonSerializer.Serialize(scoreboard, Json);

    public static string ToJson(GroundTruth truth) => JsonSerializer.Serialize(truth, Json);
}

/// <summary>Figures over a set of faults. A share without anything to measure is null.</summary>
/// <param name="Recall">Faults that got a ticket or were fixed remotely.</param>
/// <param name="Precision">Tickets and remote fixes that answer a true fault.</param>
/// <param name="DuplicatesPerFault">Tickets per ticketed fault; 1 is right.</param>
/// <param name="DiagnosisTop1">Detected faults that were called what they were.</param>
/// <param name="RemoteFixShare">Of all faults, fixed without a visit.</param>
/// <param name="RemoteFixShareOfFixable">Of the remotely fixable ones.</param>
/// <param name="UnnoticedShare">Of the remote fixes, those of which the customer notices nothing.</param>
/// <param name="PartsHitRate">Of ticketed faults that need a part, those whose ticket had the right one reserved.</param>
/// <param name="MedianLeadHours">Failure − answer, over detected faults that give notice.</param>
/// <param name="MedianLeadShare">The same, as a share of the time from onset to failure.</param>
/// <param name="MedianDetectionMinutes">Answer − onset, over detected faults that give none.</param>
public sealed record Totals(
    int Faults, int Detected, double? Recall, double? Precision, double? DuplicatesPerFault, double? DiagnosisTop1, double? RemoteFixShare,
    double? RemoteFixShareOfFixable, double? UnnoticedShare, double? PartsHitRate, double? MedianLeadHours, double? MedianLeadShare, double? MedianDetectionMinutes, int FalseTickets);

/// <param name="Answer"><c>remote-fix</c>, <c>ticket</c> or <c>missed</c>.</param>
/// <param name="AnsweredAt">When it was fixed remotely, or the first ticket opened.</param>
/// <param name="Diagnosis">What it was called; <c>unknown</c> where no cause was certain enough.</param>
public sealed record FaultOutcome(
    TrueFault Fault, string Answer, DateTimeOffset? AnsweredAt, IReadOnlyList<string> Tickets, IReadOnlyList<string> Alarms, string? Diagnosis, bool? DiagnosisCorrect,
    bool? Unnoticed, bool? RightPart, double? LeadHours);

/// <param name="Diagnosis">What it claimed.</param>
public sealed record FalseTicket(string Ticket, string? Device, string Site, DateTimeOffset OpenedAt, string? Diagnosis);
