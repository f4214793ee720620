using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Seamless.Rules.Alarms;
using Seamless.Rules.Backtests;
using Seamless.Rules.Labels;
using Seamless.Rules.Packs;
using Seamless.Rules.Versions;
using Seamless.Telemetry;

namespace Seamless.Rules.Evaluation;

/// <summary>Measures by the labels, and moves thresholds through the life cycle of rule files.</summary>
internal sealed class EvaluationBook(
    IDbContextFactory<RulesContext> contexts, ILabels labels, ThresholdProposals proposals, IRuleVersions versions, PackDirectory packs, TimeProvider time) : IEvaluation
{
    public async Task<EvaluationReport> MeasureAsync(string tenant, DateTimeOffset from, DateTimeOffset to, CancellationToken ct)
    {
        var standing = await labels.StandingAsync(tenant, from, ct);
        var (first, end) = (from, to);   // within a query the name from is a word of the language
        await using var context = await contexts.CreateDbContextAsync(ct);
        var alarms = context.Alarms.AsNoTracking().Where(a => a.Tenant == tenant && a.Type != Alarm.PlatformType && a.OnsetAt >= first && a.OnsetAt < end && a.EvidenceJson != "[]");
        var counted = await alarms.GroupBy(a => new { a.Type, a.Rule }).Select(g => new { g.Key.Type, g.Key.Rule, Count = g.Count() }).ToListAsync(ct);
        var said = standing.Values.Where(label => label.Onset < end).ToList();
        var byRule = said.ToLookup(label => (label.Type, label.Rule));
        var rules = counted.Select(c => FiguresOf(c.Type, c.Rule, c.Count, byRule[(c.Type, c.Rule)]));
        var models = await ModelsAsync(alarms, standing, ct);
        return new EvaluationReport(from, to, [.. rules.OrderBy(r => r.Type, StringComparer.Ordinal).ThenBy(r => r.Rule, StringComparer.Ordinal)], models, CauseCalibration.Of(said));
    }

    private RuleFigures FiguresOf(string type, string rule, int alarms, IEnumerable<Label> said)
    {
        var verdicts = said.ToLookup(label => label.Verdict);
        var (confirmed, wrong, known) = (verdicts[OutcomeVerdict.True].Count(), verdicts[OutcomeVerdict.False].Count(), verdicts[OutcomeVerdict.Known].Count());
        var definition = packs.Find(type)?.Rules.FirstOrDefault(r => r.Id == rule);
        return new RuleFigures(type, rule, definition?.Title, KindOf(definition), alarms, confirmed, wrong, known, Precision.Of(confirmed, confirmed + wrong)) { Model = definition?.Model };
    }

    private static string KindOf(RuleDefinition? rule) => rule?.Condition switch
    {
        ConditionKind.Detector or ConditionKind.State => "detector",
        ConditionKind.Model => "model",
        ConditionKind.Event => "event",
        _ => "rule",
    };

    /// <summary>By the version of the model that spoke, which the alarm's evidence names.</summary>
    private async Task<IReadOnlyList<RuleFigures>> ModelsAsync(IQueryable<AlarmRow> alarms, IReadOnlyDictionary<string, Label> standing, CancellationToken ct)
    {
        var asking = packs.All.SelectMany(pack => pack.Rules.Where(r => r.Model is not null).Select(r => r.Id)).Distinct().ToArray();
        if (asking.Length == 0) return [];
        var raised = await alarms.Where(a => asking.Contains(a.Rule)).Select(a => new { a.Id, a.Type, a.Rule, a.EvidenceJson }).ToListAsync(ct);
        var spoken = raised.Select(a => (a.Id, a.Type, a.Rule, Version: AlarmJson.Read<IReadOnlyList<Evidence>>(a.EvidenceJson).FirstOrDefault(e => e.Rule == a.Rule && e.Kind == "model")?.Version));
        return [.. spoken.Where(a => a.Version is not null).GroupBy(a => (a.Type, a.Rule, a.Version))
            .Select(g => FiguresOf(g.Key.Type, g.Key.Rule, g.Count(), g.Select(a => standing.GetValueOrDefault(a.Id)).OfType<Label>()) with { ModelVersion = g.Key.Version })
            .OrderBy(r => r.Model, StringComparer.Ordinal).ThenBy(r => r.ModelVersion, StringComparer.Ordinal).ThenBy(r => r.Type, StringComparer.Ordinal)];
    }

    public Task<IReadOnlyList<ThresholdProposal>> ProposalsAsync(string tenant, CancellationToken ct) => proposals.FindAsync(tenant, ct);

    public async Task<IReadOnlyList<ThresholdChange>> ChangesAsync(string tenant, CancellationToken ct)
    {
        await using var context = await contexts.CreateDbContextAsync(ct);
        return [.. (await context.ThresholdChanges.AsNoTracking().Where(c => c.Tenant == tenant).OrderByDescending(c => c.AppliedAt).ToListAsync(ct)).Select(row => row.ToChange())];
    }

    public async Task<Outcome<ThresholdChange>> ApplyAsync(string id, RuleStage stage, CanaryChoice? canary, RuleActor actor, CancellationToken ct)
    {
        if ((await proposals.FindAsync(actor.Tenant, ct)).FirstOrDefault(p => p.Id == id) is not { } proposal)
            return Refusal.Conflict($"nothing speaks for proposal {id} any more: the labels, or the rules, have changed since");
        var note = FormattableString.Invariant($"{proposal.Rule}: setpoint {SetpointText.Number(proposal.Before)} → {SetpointText.Number(proposal.After)}; silences {proposal.Silenced} of {proposal.False} labelled false, keeps {proposal.Confirmed} confirmed");
        var version = await WriteAsync(proposal.Type, proposal.File, proposal.Yaml, note, actor, ct);
        if (!version.Succeeded) return version.Refusal;
        var active = await versions.ActivateAsync(proposal.Type, proposal.File, version.Value, stage, canary, actor, ct);
        if (!active.Succeeded) return active.Refusal;
        return await KeepAsync(proposal, version.Value, actor, ct);
    }

    /// <summary>A text that is known already, because an earlier try was refused further on, is taken as it is.</summary>
    private async Task<Outcome<string>> WriteAsync(string type, string file, string yaml, string note, RuleActor actor, CancellationToken ct)
    {
        var draft = await versions.DraftAsync(type, file, yaml, note, actor, ct);
        if (draft.Succeeded) return draft.Value.Version;
        var version = RuleFile.VersionOf(yaml);
        return (await versions.FindAsync(type, file, version, ct)).Succeeded ? version : draft.Refusal;
    }

    private async Task<Outcome<ThresholdChange>> KeepAsync(ThresholdProposal proposal, string version, RuleActor actor, CancellationToken ct)
    {
        var row = new ThresholdChangeRow
        {
            Id = $"tc-{Guid.CreateVersion7():n}",
            Tenant = actor.Tenant,
            Type = proposal.Type,
            File = proposal.File,
            Rule = proposal.Rule,
            Before = proposal.Before,
            After = proposal.After,
            Version = version,
            LabelsJson = JsonSerializer.Serialize(proposal.Cases.Select(c => c.Label.Id)),
            AppliedBy = actor.Name,
            AppliedAt = time.GetUtcNow(),
        };
        await using var context = await contexts.CreateDbContextAsync(ct);
        context.ThresholdChanges.Add(row);
        await context.SaveChangesAsync(ct);
        return row.ToChange();
    }

    public async Task<Outcome<ThresholdChange>> UndoAsync(string id, RuleActor actor, CancellationToken ct)
    {
        await using var context = await contexts.CreateDbContextAsync(ct);
        if (await context.ThresholdChanges.SingleOrDefaultAsync(c => c.Tenant == actor.Tenant && c.Id == id, ct) is not { } row) return Refusal.NotFound($"there is no change {id}");
        if (row.UndoneAt is { } at) return Refusal.Because($"change {id} was undone by {row.UndoneBy} at {at:u} already");
        if (await TakeBackAsync(row, actor, ct) is { } refusal) return refusal;
        (row.UndoneBy, row.UndoneAt) = (actor.Name, time.GetUtcNow());
        await context.SaveChangesAsync(ct);
        return row.ToChange();
    }

    /// <summary>While the version is tried out it is returned. Otherwise the old setpoint is written into the text in force, so that what others have changed in it since stays.</summary>
    private async Task<Refusal?> TakeBackAsync(ThresholdChangeRow row, RuleActor actor, CancellationToken ct)
    {
        var words = FormattableString.Invariant($"{row.Rule}: setpoint {SetpointText.Number(row.After)} → {SetpointText.Number(row.Before)}, as before");
        var version = await versions.FindAsync(row.Type, row.File, row.Version, ct);
        if (version is { Succeeded: true, Value: var tried } && (tried.IsStaged || tried.State is RuleVersionState.Active)) return (await versions.ReturnAsync(row.Type, row.File, row.Version, words, actor, ct)).Refusal;
        if (packs.RuleFiles.FirstOrDefault(f => f.Type == row.Type && f.Name == row.File) is not { } file) return Refusal.NotFound($"there is no rule file {row.Type}/{row.File}");
        if (file.Rules.FirstOrDefault(r => r.Id == row.Rule) is not { } rule || rule.Setpoint == row.Before) return null;   // as before already
        if (rule.Setpoint != row.After) return Refusal.Conflict(FormattableString.Invariant($"the setpoint of {row.Rule} is {rule.Setpoint} now, not {row.After}: somebody has changed it since"));
        if (SetpointText.With(file, row.Rule, row.Before) is not { } yaml) return Refusal.Conflict($"the setpoint of {row.Rule} is no plain number in {row.Type}/{row.File} any more");
        var written = await WriteAsync(row.Type, row.File, yaml, words, actor, ct);
        return written.Succeeded ? (await versions.ActivateAsync(row.Type, row.File, written.Value, RuleStage.All, null, actor, ct)).Refusal : written.Refusal;
    }
}
