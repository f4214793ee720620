using Seamless.Rules.Alarms;
using Seamless.Rules.Backtests;
using Seamless.Rules.Evaluation;
using Seamless.Rules.Labels;
using Seamless.Rules.Packs;
using Seamless.Rules.Tests.Labels;
using Seamless.Rules.Versions;

namespace Seamless.Rules.Tests.Evaluation;

public sealed class EvaluationTests
{
    private const string Tenant = HotPumps.Tenant;
    private static readonly RuleActor Lee = new(Tenant, "lee");

    [Theory]
    [InlineData(8, 10, 0.8, 0.4902, 0.9433)]
    [InlineData(0, 5, 0, 0, 0.4345)]
    [InlineData(50, 50, 1, 0.9287, 1)]
    public void Precision_has_the_interval_of_wilson(int part, int whole, double share, double low, double high)
    {
        var precision = Precision.Of(part, whole)!.Value;
        Assert.Equal((share, low, high), (precision.Share, Math.Round(precision.Low, 4), Math.Round(precision.High, 4)));
        Assert.Null(Precision.Of(0, 0));
    }

    [Fact]
    public async Task Figures_count_alarms_and_verdicts_by_rule_and_only_what_people_said()
    {
        await using var room = await RulesRoom.OpenAsync();
        foreach (var (device, verdict) in ((string, string?)[])[("pump-1", "true"), ("pump-2", "false"), ("pump-3", "true"), ("pump-4", "known"), ("pump-5", null)])
        {
            var alarm = await HotPumps.AddAsync(room, device, 96);
            if (verdict is not null) await HotPumps.CloseAsync(room, alarm, verdict);
        }
        var report = await room.Get<IEvaluation>().MeasureAsync(Tenant, RulesRoom.Noon, RulesRoom.Noon.AddDays(1), default);
        var rule = Assert.Single(report.Rules);
        Assert.Equal(("pump", "bearing-temperature-high", "rule", 5, 2, 1, 1, 1), (rule.Type, rule.Rule, rule.Kind, rule.Alarms, rule.Confirmed, rule.False, rule.Known, rule.Unlabelled));
        Assert.Equal(2 / 3.0, rule.Precision!.Value.Share);
        Assert.Empty((await room.Get<IEvaluation>().MeasureAsync("acme", RulesRoom.Noon, RulesRoom.Noon.AddDays(1), default)).Rules);
        Assert.Empty((await room.Get<IEvaluation>().MeasureAsync(Tenant, RulesRoom.Noon.AddDays(1), RulesRoom.Noon.AddDays(2), default)).Rules);
    }

    [Fact]
    public void Causes_are_believed_as_far_as_closures_confirm_them()
    {
        Label Closure(string ticket, string? cause, params (string Code, double Said)[] said) => new($"lb-{ticket}", Tenant, "p", "pump", "r", $"al-{ticket}", RulesRoom.Noon, OutcomeVerdict.True, cause, LabelSource.Closure, "zhao", RulesRoom.Noon)
        {
            Ticket = ticket, Predicted = [.. said.Select(s => new PredictedCause(s.Code, s.Said))],
        };
        var first = Closure("T-1", "bearing-wear", ("bearing-wear", 0.9), ("misalignment", 0.1));
        var reliability = CauseCalibration.Of([first, first with { Id = "lb-other", Alarm = "al-other" }, Closure("T-2", "other", ("bearing-wear", 0.9)), Closure("T-3", null, ("misalignment", 0.12))]);
        Assert.Equal((3, 1), (reliability.Tickets, reliability.Right));
        Assert.Equal([(0.11, 0.0, 2), (0.9, 0.5, 2)], reliability.Points.Select(p => (Math.Round(p.Said, 3), p.Seen, p.Rows)));
        Assert.Equal((0.01 + 0.01 + 0.81 + 0.0144) / 4, reliability.Brier!.Value, 6);
    }

    [Fact]
    public async Task A_proposal_comes_from_labels_is_applied_by_a_person_and_undone_to_the_value_before()
    {
        await using var room = await RulesRoom.OpenAsync();
        var evaluation = room.Get<IEvaluation>();
        await LabelledAsync(room);

        var proposal = Assert.Single(await evaluation.ProposalsAsync(Tenant, default));
        Assert.Equal(("pump", "limits", "bearing-temperature-high", 90.0, 93.1, "°C"), (proposal.Type, proposal.File, proposal.Rule, proposal.Before, proposal.After, proposal.Unit));
        Assert.Equal((3, 5, 1), (proposal.Silenced, proposal.False, proposal.Confirmed));
        Assert.Contains("setpoint: 93.1 °C", proposal.Yaml, StringComparison.Ordinal);
        Assert.Equal([91, 92, 93, 94, 95, 104], proposal.Cases.Select(c => c.Peak));
        Assert.Equal(90, Setpoint(room));   // nothing by itself

        var applied = await evaluation.ApplyAsync(proposal.Id, RuleStage.All, null, Lee, default);
        Assert.True(applied.Succeeded, applied.Refusal?.Reason);
        Assert.Equal(93.1, Setpoint(room));
        Assert.Empty(await evaluation.ProposalsAsync(Tenant, default));   // what is silenced already is no reason to go on
        var version = (await room.Get<IRuleVersions>().FindAsync("pump", "limits", applied.Value!.Version, default)).Value!;
        Assert.Equal((RuleVersionState.Active, "lee"), (version.State, version.Author));
        Assert.Contains("silences 3 of 5", version.Note, StringComparison.Ordinal);

        var undone = await evaluation.UndoAsync(applied.Value.Id, Lee, default);
        Assert.Equal("lee", undone.Value!.UndoneBy);
        Assert.Equal(90, Setpoint(room));
        Assert.Contains("already", (await evaluation.UndoAsync(applied.Value.Id, Lee, default)).Refusal!.Reason, StringComparison.Ordinal);
        Assert.True(Assert.Single(await evaluation.ChangesAsync(Tenant, default)).IsUndone);
        Assert.Empty(await evaluation.ChangesAsync("acme", default));
    }

    [Fact]
    public async Task Undone_is_the_one_setpoint_and_what_others_have_changed_in_the_file_since_stays()
    {
        await using var room = await RulesRoom.OpenAsync();
        var evaluation = room.Get<IEvaluation>();
        await LabelledAsync(room);
        var change = (await evaluation.ApplyAsync(Assert.Single(await evaluation.ProposalsAsync(Tenant, default)).Id, RuleStage.All, null, Lee, default)).Value!;
        var file = room.Get<PackDirectory>().RuleFiles.Single(f => f is { Type: "pump", Name: "limits" });
        Assert.True((await room.Get<RuleVersionBook>().PutAsync("pump", "limits", file.Yaml.Replace("setpoint: 34 A", "setpoint: 35 A", StringComparison.Ordinal), "wang", default)).Succeeded);

        Assert.True((await evaluation.UndoAsync(change.Id, Lee, default)).Succeeded);
        Assert.Equal((90, 35), (Setpoint(room), Setpoint(room, "motor-current-high")));
    }

    [Fact]
    public async Task A_label_struck_out_takes_the_proposal_away_and_a_shadow_is_no_setpoint_in_force()
    {
        await using var room = await RulesRoom.OpenAsync();
        var (evaluation, labels) = (room.Get<IEvaluation>(), room.Get<ILabels>());
        await LabelledAsync(room);
        var proposal = Assert.Single(await evaluation.ProposalsAsync(Tenant, default));
        var change = (await evaluation.ApplyAsync(proposal.Id, RuleStage.Shadow, null, Lee, default)).Value!;
        Assert.Equal(90, Setpoint(room));
        Assert.True((await evaluation.UndoAsync(change.Id, Lee, default)).Succeeded);
        Assert.Equal(RuleVersionState.Returned, (await room.Get<IRuleVersions>().FindAsync("pump", "limits", change.Version, default)).Value!.State);

        await labels.StrikeAsync(Tenant, proposal.Cases[0].Label.Id, "wang", null, default);
        Assert.Empty(await evaluation.ProposalsAsync(Tenant, default));
        Assert.Equal("conflict", (await evaluation.ApplyAsync(proposal.Id, RuleStage.All, null, Lee, default)).Refusal!.Code);
    }

    [Fact]
    public async Task Where_another_must_approve_the_version_waits_as_a_draft_and_is_let_in_afterwards()
    {
        await using var room = await RulesRoom.OpenAsync(configure: options => options.Review = ReviewDemand.Other);
        var (evaluation, versions) = (room.Get<IEvaluation>(), room.Get<IRuleVersions>());
        await LabelledAsync(room);
        var proposal = Assert.Single(await evaluation.ProposalsAsync(Tenant, default));
        Assert.Contains("approved first", (await evaluation.ApplyAsync(proposal.Id, RuleStage.All, null, Lee, default)).Refusal!.Reason, StringComparison.Ordinal);
        Assert.Equal((90, 0), (Setpoint(room), (await evaluation.ChangesAsync(Tenant, default)).Count));
        await versions.ReviewAsync("pump", "limits", RuleFile.VersionOf(proposal.Yaml), ReviewVerdict.Approve, null, new RuleActor(Tenant, "wang"), default);
        Assert.True((await evaluation.ApplyAsync(proposal.Id, RuleStage.All, null, Lee, default)).Succeeded);
        Assert.Equal(93.1, Setpoint(room));
    }

    [Fact]
    public void Only_the_number_of_the_rules_own_setpoint_is_written_anew()
    {
        const string yaml = "rules:\n  - id: a   # setpoint: 1\n    setpoint: 1 °C  # why\n  - { id: b, setpoint: 1.5, title: x }\n  - id: c\n    setpoint: { by: mode, eco: 1, otherwise: 2 }\n";
        RuleDefinition Rule(string id, int line, double setpoint) => new(id, new("", ""), "m", ConditionKind.High, setpoint, 0, default, default, Severity.Low, "s", "OTH", null, null, null, new("", ""), null) { Line = line };
        var file = new RuleFile("pump", "f", "v", yaml, [Rule("a", 2, 1), Rule("b", 4, 1.5), Rule("c", 5, 2)]);
        Assert.Equal(yaml.Replace("setpoint: 1 °C", "setpoint: 1.25 °C", StringComparison.Ordinal), SetpointText.With(file, "a", 1.25));
        Assert.Equal(yaml.Replace("setpoint: 1.5,", "setpoint: 0.0000012,", StringComparison.Ordinal), SetpointText.With(file, "b", 0.0000012));
        Assert.Null(SetpointText.With(file, "c", 3));
        Assert.Null(SetpointText.With(file, "d", 3));
    }

    /// <summary>Five alarms labelled false, one confirmed.</summary>
    private static async Task LabelledAsync(RulesRoom room)
    {
        foreach (var peak in (double[])[91, 92, 93, 94, 95]) await HotPumps.CloseAsync(room, await HotPumps.AddAsync(room, $"pump-{peak}", peak), "false");
        await HotPumps.CloseAsync(room, await HotPumps.AddAsync(room, "pump-worn", 104), "true");
    }

    private static double Setpoint(RulesRoom room, string rule = "bearing-temperature-high") => room.Get<IPacks>().Find("pump")!.Rules.Single(r => r.Id == rule).Setpoint;
}
