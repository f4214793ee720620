using Seamless.Rules.Packs;
using Seamless.Telemetry;

namespace Seamless.ServiceDesk.Knowledge.Guidance;

public enum GuidanceState : byte
{
    /// <summary>There is a test to make.</summary>
    Asking,

    /// <summary>One cause is sure enough.</summary>
    Found,

    /// <summary>The tests are used up and no cause is sure.</summary>
    Expert,
}

public sealed record Candidate(string Code, LocalizedText Title, double Probability);

/// <param name="FaultCode">The cause that is tested for.</param>
/// <param name="MinutesPerProbability">By which the tests are ordered, least first.</param>
public sealed record GuidedTest(string FaultCode, LocalizedText Title, LocalizedText Cause, int Minutes, double Probability, double MinutesPerProbability, LocalizedText? Tools);

/// <summary>What ends the cause that was found.</summary>
/// <param name="Article">A published article that tells about it.</param>
public sealed record GuidedRemedy(string FaultCode, LocalizedText Cause, IReadOnlyList<LocalizedText> Actions, IReadOnlyList<PartNeeded> Parts, string? Skill, int Minutes, string? Article);

public sealed record PartNeeded(string Sku, LocalizedText Title, int Quantity);

/// <param name="Kind"><c>finding</c> (a symptom) or <c>test</c>.</param>
/// <param name="Positive">It is there; the test showed its cause.</param>
public sealed record GuidedStep(int Number, string Kind, string Code, LocalizedText Title, bool Positive, string? Note, string Actor, DateTimeOffset At);

public sealed record SymptomSeen(string Code, LocalizedText Title, bool? Present);

/// <summary>Where a guided diagnosis stands.</summary>
/// <param name="Causes">Most probable first.</param>
/// <param name="Order">The tests that are left, the next one first.</param>
/// <param name="ExpectedMinutes">What making them in this order costs on average.</param>
/// <param name="Remedy">Once the cause is found.</param>
/// <param name="Symptoms">What can be seen on this type of equipment, and whether it was.</param>
public sealed record GuidedDiagnosis(
    string Ticket, string Type, GuidanceState State, IReadOnlyList<Candidate> Causes, IReadOnlyList<GuidedTest> Order, double ExpectedMinutes, GuidedRemedy? Remedy,
    IReadOnlyList<SymptomSeen> Symptoms, IReadOnlyList<GuidedStep> Steps)
{
    public GuidedTest? Next => State is GuidanceState.Asking && Order is [var next, ..] ? next : null;
}

/// <summary>Leads somebody who does not know the machine from the symptom to its cause. Every step stands in the ticket's timeline.</summary>
public interface IGuidance
{
    Task<Outcome<GuidedDiagnosis>> AtAsync(string tenant, string ticket, CancellationToken ct);

    /// <summary>Symptoms that were looked for and are there, or are not.</summary>
    Task<Outcome<GuidedDiagnosis>> SeeAsync(string tenant, string ticket, IReadOnlyList<string> present, IReadOnlyList<string> absent, string actor, CancellationToken ct);

    /// <summary>The result of the test for a cause.</summary>
    Task<Outcome<GuidedDiagnosis>> TestAsync(string tenant, string ticket, string faultCode, bool found, string? note, string actor, CancellationToken ct);
}

internal sealed class GuidedStepRow
{
    public const string Finding = "finding";
    public const string Test = "test";

    public required string Ticket { get; init; }
    public int Number { get; init; }
    public required string Kind { get; init; }
    public required string Code { get; init; }
    public bool Positive { get; init; }
    public string? Note { get; init; }
    public required string Actor { get; init; }
    public DateTimeOffset At { get; init; }
}
