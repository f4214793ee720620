using Seamless.Learning.Reports;
using Seamless.Rules.Backtests;
using Seamless.Rules.Evaluation;
using Seamless.Rules.Labels;
using Seamless.Rules.Packs;
using Seamless.Rules.Versions;
using Seamless.Telemetry;

namespace Seamless.Portal.Tests.Stage;

/// <summary>Verdicts on a vibration rule that speaks too early, and a ticket that confirmed a bearing.</summary>
internal sealed class StageLabels : ILabels
{
    private readonly List<Label> _labels = [];
    private readonly TimeProvider _clock;

    public StageLabels(TimeProvider clock)
    {
        _clock = clock;
        var now = clock.GetUtcNow();
        for (var i = 0; i < 6; i++)
            _labels.Add(new Label($"lb-false-{i}", DeviceKey.DefaultTenant, $"pump-0{i + 10}", "pump", "vibration-zone-c", $"alm-false-{i}", now.AddDays(-20 + i), OutcomeVerdict.False, null, LabelSource.Engineer, "li", now.AddDays(-19 + i)) { Note = i == 0 ? "Filling, every Monday" : null });
        _labels.Add(new Label("lb-known", DeviceKey.DefaultTenant, "pump-022", "pump", "vibration-zone-c", "alm-known", now.AddDays(-2), OutcomeVerdict.Known, null, LabelSource.Engineer, "wang", now.AddDays(-1)));
        _labels.Add(new Label("lb-true", DeviceKey.DefaultTenant, "pump-016", "pump", "vibration-zone-c", "alm-old", now.AddDays(-3), OutcomeVerdict.True, "bearing-wear", LabelSource.Closure, "zhao", now.AddHours(-66))
        {
            Ticket = "T-1037", Codes = new ClosureCodes("VIB", "2.4 Wear", "Expected wear and tear"), Predicted = [new PredictedCause("bearing-wear", 0.93)],
        });
    }

    public Task<IReadOnlyList<Label>> ListAsync(LabelFilter filter, CancellationToken ct) => Task.FromResult<IReadOnlyList<Label>>(
        [.. _labels.Where(l => l.Tenant == filter.Tenant).OrderByDescending(l => l.At).SkipWhile(l => filter.After is not null && l.Id != filter.After).Skip(filter.After is null ? 0 : 1).Take(filter.Limit)]);

    public Task<Label?> FindAsync(string tenant, string id, CancellationToken ct) => Task.FromResult(_labels.Find(l => l.Id == id));
    public Task<Outcome<Label>> AddAsync(NewLabel label, string actor, CancellationToken ct) => Task.FromResult<Outcome<Label>>(Refusal.Because("the stage keeps its labels"));

    public Task<Outcome<Label>> StrikeAsync(string tenant, string id, string actor, string? why, CancellationToken ct)
    {
        var at = _labels.FindIndex(l => l.Id == id);
        if (at < 0 || _labels[at].IsStruck) return Task.FromResult<Outcome<Label>>(Refusal.Because($"label {id} was struck out already"));
        return Task.FromResult<Outcome<Label>>(_labels[at] = _labels[at] with { StruckBy = actor, StruckAt = _clock.GetUtcNow(), StruckWhy = why });
    }

    public async Task<IReadOnlyDictionary<string, Label>> StandingAsync(string tenant, DateTimeOffset since, CancellationToken ct) =>
        (await ListAsync(new LabelFilter(tenant), ct)).Where(l => !l.IsStruck && l.Onset >= since).ToDictionary(l => l.Alarm);
}

internal sealed class StageEvaluation(ILabels labels, TimeProvider clock) : IEvaluation
{
    private const string File = "limits";
    private readonly List<ThresholdChange> _changes = [];

    public Task<EvaluationReport> MeasureAsync(string tenant, DateTimeOffset from, DateTimeOffset to, CancellationToken ct)
    {
        if (tenant != DeviceKey.DefaultTenant) return Task.FromResult(new EvaluationReport(from, to, [], [], new CauseReliability(0, 0, null, [])));
        RuleFigures Rule(string rule, string en, string zh, string kind, int alarms, int confirmed, int wrong, int known) =>
            new("pump", rule, new(en, zh), kind, alarms, confirmed, wrong, known, Precision.Of(confirmed, confirmed + wrong));
        return Task.FromResult(new EvaluationReport(from, to,
        [
            Rule("bearing-temperature-high", "Bearing temperature high", "轴承温度高", "rule", 12, 9, 1, 0), Rule("flow-low", "Flow low", "流量低", "rule", 3, 0, 0, 0),
            Rule("vibration-zone-c", "Vibration in zone C", "振动进入 C 区", "rule", 14, 1, 6, 1),
        ],
        [Rule("likely-to-fail", "Likely to fail", "可能发生故障", "model", 5, 3, 1, 0) with { Model = "pump-failure", ModelVersion = "m-2026-11-02" }],
        new CauseReliability(31, 26, 0.083, [new(0.06, 0.04, 44), new(0.34, 0.5, 6), new(0.72, 0.7, 10), new(0.94, 0.96, 25)])));
    }

    public async Task<IReadOnlyList<ThresholdProposal>> ProposalsAsync(string tenant, CancellationToken ct)
    {
        if (tenant != DeviceKey.DefaultTenant || _changes.Any(c => !c.IsUndone)) return [];
        var known = await labels.StandingAsync(tenant, DateTimeOffset.UnixEpoch, ct);
        var peaks = new[] { 4.6, 4.7, 4.7, 4.9, 5.0, 5.4 };
        var cases = known.Values.Where(l => l.Verdict is OutcomeVerdict.False).OrderBy(l => l.Id).Select((label, i) => new ThresholdCase(label, peaks[i], peaks[i] < 4.71)).ToList();
        if (cases.Count < 6) return [];
        cases.Add(new ThresholdCase(known["alm-old"], 7.9, false));
        return [new ThresholdProposal("tp-zone-c", "pump", File, "vibration-zone-c", new("Vibration in zone C", "振动进入 C 区"), false, "mm/s", 4.5, 4.71, StageRuleBook.Text, cases)];
    }

    public Task<IReadOnlyList<ThresholdChange>> ChangesAsync(string tenant, CancellationToken ct) => Task.FromResult<IReadOnlyList<ThresholdChange>>([.. _changes.AsEnumerable().Reverse()]);

    public async Task<Outcome<ThresholdChange>> ApplyAsync(string id, RuleStage stage, CanaryChoice? canary, RuleActor actor, CancellationToken ct)
    {
        if ((await ProposalsAsync(actor.Tenant, ct)).FirstOrDefault(p => p.Id == id) is not { } proposal) return Refusal.Conflict($"nothing speaks for proposal {id} any more");
        var change = new ThresholdChange($"tc-{_changes.Count + 1}", proposal.Type, File, proposal.Rule, proposal.Before, proposal.After, StageRuleVersions.InForce, [], actor.Name, clock.GetUtcNow(), null, null);
        _changes.Add(change);
        return change;
    }

    public Task<Outcome<ThresholdChange>> UndoAsync(string id, RuleActor actor, CancellationToken ct)
    {
        var at = _changes.FindIndex(c => c.Id == id);
        return Task.FromResult<Outcome<ThresholdChange>>(_changes[at] = _changes[at] with { UndoneBy = actor.Name, UndoneAt = clock.GetUtcNow() });
    }
}
