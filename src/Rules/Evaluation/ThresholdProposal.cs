using Seamless.Rules.Labels;
using Seamless.Rules.Packs;
using Seamless.Rules.Versions;
using Seamless.Telemetry;

namespace Seamless.Rules.Evaluation;

/// <summary>A labelled alarm and how far it went.</summary>
/// <param name="Peak">The most extreme value, or the highest score, of the rule's evidence.</param>
/// <param name="IsSilenced">The new setpoint would not have raised it.</param>
public sealed record ThresholdCase(Label Label, double Peak, bool IsSilenced);

/// <summary>A setpoint that labels speak for. Nothing comes of it until a person applies it.</summary>
/// <param name="Id">A hash of what it proposes: while the labels speak for the same, it is the same.</param>
/// <param name="File">Name of the rule file in force.</param>
/// <param name="IsScore">The setpoint is a score or probability, not a value with a unit.</param>
/// <param name="Unit">Of the setpoint; empty for none.</param>
/// <param name="Yaml">The file's text with the new setpoint.</param>
/// <param name="Cases">Confirmed and false alarms that the present setpoint would raise, least extreme first.</param>
public sealed record ThresholdProposal(
    string Id, string Type, string File, string Rule, LocalizedText Title, bool IsScore, string Unit, double Before, double After, string Yaml, IReadOnlyList<ThresholdCase> Cases)
{
    public int Silenced => Cases.Count(c => c.IsSilenced);
    public int Confirmed => Cases.Count(c => c.Label.Verdict is Backtests.OutcomeVerdict.True);
    public int False => Cases.Count(c => c.Label.Verdict is Backtests.OutcomeVerdict.False);
}

/// <summary>A proposal that was applied.</summary>
/// <param name="Version">Of the rule file, with the new setpoint.</param>
/// <param name="Labels">Ids of the labels it came from.</param>
/// <param name="UndoneBy">Null while it stands.</param>
public sealed record ThresholdChange(
    string Id, string Type, string File, string Rule, double Before, double After, string Version, IReadOnlyList<string> Labels, string AppliedBy, DateTimeOffset AppliedAt, string? UndoneBy, DateTimeOffset? UndoneAt)
{
    public bool IsUndone => UndoneAt is not null;
}

/// <summary>What was learned from labels: figures, and thresholds that they speak for.</summary>
public interface IEvaluation
{
    /// <param name="to">Exclusive, of the alarms' onsets.</param>
    Task<EvaluationReport> MeasureAsync(string tenant, DateTimeOffset from, DateTimeOffset to, CancellationToken ct);

    /// <summary>From the alarms of the last year, by type and rule.</summary>
    Task<IReadOnlyList<ThresholdProposal>> ProposalsAsync(string tenant, CancellationToken ct);

    /// <summary>Applied proposals of the tenant, newest first.</summary>
    Task<IReadOnlyList<ThresholdChange>> ChangesAsync(string tenant, CancellationToken ct);

    /// <summary>Makes the proposal a version of its rule file and lets it in as far as the stage says.</summary>
    /// <returns>Refused when the labels, or the rules, do not speak for it any more, and as a version's activation is.</returns>
    Task<Outcome<ThresholdChange>> ApplyAsync(string id, RuleStage stage, CanaryChoice? canary, RuleActor actor, CancellationToken ct);

    /// <summary>Puts the setpoint from before in force again, whatever else was changed in the file since.</summary>
    Task<Outcome<ThresholdChange>> UndoAsync(string id, RuleActor actor, CancellationToken ct);
}
