using Seamless.Learning.Reports;
using Seamless.Rules.Packs;

namespace Seamless.Rules.Evaluation;

/// <summary>What people found out about the alarms of one rule, or of one version of a model.</summary>
/// <param name="Kind"><c>rule</c>, <c>detector</c>, <c>model</c> or <c>event</c>.</param>
/// <param name="Alarms">That it raised first, labelled or not.</param>
/// <param name="Precision">Confirmed of confirmed and false; what is known and accepted counts neither way. Null when there are none.</param>
public sealed record RuleFigures(string Type, string Rule, LocalizedText? Title, string Kind, int Alarms, int Confirmed, int False, int Known, Precision? Precision)
{
    /// <summary>For a model: its name.</summary>
    public string? Model { get; init; }

    /// <summary>For a model: the version that spoke.</summary>
    public string? ModelVersion { get; init; }

    /// <summary>What nobody has said anything about.</summary>
    public int Unlabelled => Alarms - Confirmed - False - Known;
}

/// <summary>How far the probabilities of causes can be believed, from closures.</summary>
/// <param name="Tickets">Closed with codes whose label stands.</param>
/// <param name="Right">Of them, those whose most probable cause was the true one.</param>
/// <param name="Brier">Mean squared distance between what was said and what was found; 0 is best. Null when there are none.</param>
/// <param name="Points">Ten bins of equal width; empty ones left out.</param>
public sealed record CauseReliability(int Tickets, int Right, double? Brier, IReadOnlyList<ReliabilityPoint> Points);

/// <param name="From">Of the alarms' onsets.</param>
/// <param name="To">Exclusive.</param>
public sealed record EvaluationReport(DateTimeOffset From, DateTimeOffset To, IReadOnlyList<RuleFigures> Rules, IReadOnlyList<RuleFigures> Models, CauseReliability Causes)
{
    public int Labelled => Rules.Sum(r => r.Confirmed + r.False + r.Known);
}
