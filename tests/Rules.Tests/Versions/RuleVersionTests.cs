using Seamless.Rules.Backtests;
using Seamless.Rules.Packs;
using Seamless.Rules.Versions;
using Seamless.Telemetry;
using static Seamless.Rules.Versions.RuleVersionState;

namespace Seamless.Rules.Tests.Versions;

public sealed class RuleVersionTests
{
    private static readonly RuleActor Lee = new("default", "lee");
    private static readonly RuleActor Wang = new("default", "wang");

    [Fact]
    public async Task A_version_goes_from_draft_through_its_stages_into_force_and_the_one_before_is_superseded()
    {
        await using var room = await RulesRoom.OpenAsync();
        var versions = room.Get<IRuleVersions>();
        var shipped = Assert.Single(await versions.ListAsync("pump", "limits", default));
        Assert.Equal((Active, RuleVersion.Shipped), (shipped.State, shipped.Author));

        var draft = Done(await versions.DraftAsync("pump", "limits", Text(95), "warmer bearings", Lee, default));
        Assert.Equal((Draft, "lee", "warmer bearings", shipped.Rules), (draft.State, draft.Author, draft.Note, draft.Rules));
        Assert.Equal(Approved, Done(await versions.ReviewAsync("pump", "limits", draft.Version, ReviewVerdict.Approve, "seen", Wang, default)).State);
        Assert.Equal(Shadow, Done(await versions.ActivateAsync("pump", "limits", draft.Version, RuleStage.Shadow, null, Lee, default)).State);
        Assert.Equal(90, Setpoint(room));
        Assert.Equal(Canary, Done(await versions.ActivateAsync("pump", "limits", draft.Version, RuleStage.Canary, new CanaryChoice(null, 10), Lee, default)).State);
        Assert.Equal(90, Setpoint(room));
        var active = Done(await versions.ActivateAsync("pump", "limits", draft.Version, RuleStage.All, null, Lee, default));
        Assert.Equal((Active, shipped.Version), (active.State, active.Previous));
        Assert.NotNull(active.StageEndedAt);
        Assert.Equal(95, Setpoint(room));

        Assert.Equal([Active, Superseded], (await versions.ListAsync("pump", "limits", default)).Select(v => v.State));
        Assert.Equal([Draft, Approved, Shadow, Canary, Active], (await versions.TraceAsync("pump", "limits", draft.Version, default)).Select(e => e.To));

        Assert.Equal(Returned, Done(await versions.ReturnAsync("pump", "limits", draft.Version, "too warm after all", Wang, default)).State);
        Assert.Equal(90, Setpoint(room));
        Assert.Equal(Active, Done(await versions.FindAsync("pump", "limits", shipped.Version, default)).State);
        Assert.False(File.Exists(Path.Combine(room.DirectoryPath, "rules", "packs", "pump", "limits.yaml")));   // what came with the pack needs no file of ours
    }

    [Fact]
    public async Task A_rejected_version_goes_nowhere_until_it_is_drafted_again()
    {
        await using var room = await RulesRoom.OpenAsync();
        var versions = room.Get<IRuleVersions>();
        var draft = Done(await versions.DraftAsync("pump", "limits", Text(95), null, Lee, default));
        Assert.Contains("say why", Words(await versions.ReviewAsync("pump", "limits", draft.Version, ReviewVerdict.Reject, " ", Wang, default)), StringComparison.Ordinal);
        Assert.Equal(Rejected, Done(await versions.ReviewAsync("pump", "limits", draft.Version, ReviewVerdict.Reject, "no source", Wang, default)).State);
        Assert.Contains("was rejected", Words(await versions.ActivateAsync("pump", "limits", draft.Version, RuleStage.All, null, Lee, default)), StringComparison.Ordinal);
        var again = Done(await versions.DraftAsync("pump", "limits", Text(95), "source added", Wang, default));
        Assert.Equal((Draft, "wang", draft.Version, (string?)null), (again.State, again.Author, again.Version, again.ReviewedBy));
    }

    [Fact]
    public async Task Where_another_must_review_the_author_may_not_unless_alone()
    {
        await using var room = await RulesRoom.OpenAsync(configure: options => options.Review = ReviewDemand.Other);
        var versions = room.Get<IRuleVersions>();
        var draft = Done(await versions.DraftAsync("pump", "limits", Text(95), null, Lee, default));
        Assert.Contains("approved first", Words(await versions.ActivateAsync("pump", "limits", draft.Version, RuleStage.Shadow, null, Wang, default)), StringComparison.Ordinal);
        var own = await versions.ReviewAsync("pump", "limits", draft.Version, ReviewVerdict.Approve, null, Lee, default);
        Assert.Equal("forbidden", own.Refusal!.Code);

        room.Engineers.Names.Remove("wang");
        Assert.Equal(Approved, Done(await versions.ReviewAsync("pump", "limits", draft.Version, ReviewVerdict.Approve, null, Lee, default)).State);
        Assert.Equal(Active, Done(await versions.ActivateAsync("pump", "limits", draft.Version, RuleStage.All, null, Lee, default)).State);
    }

    [Fact]
    public async Task What_cannot_be_is_refused_in_words_and_changes_nothing()
    {
        await using var room = await RulesRoom.OpenAsync();
        var versions = room.Get<IRuleVersions>();
        var (warm, hot) = (Done(await versions.DraftAsync("pump", "limits", Text(95), null, Lee, default)), Done(await versions.DraftAsync("pump", "limits", Text(97), null, Lee, default)));

        Assert.Contains("no version rf-1", Words(await versions.FindAsync("pump", "limits", "rf-1", default)), StringComparison.Ordinal);
        Assert.Contains("no pack 'kettle'", Words(await versions.DraftAsync("kettle", "limits", Text(95), null, Lee, default)), StringComparison.Ordinal);
        Assert.Contains("'setpoint' is missing", Words(await versions.DraftAsync("pump", "limits", Text(96).Replace("setpoint", "sepoint", StringComparison.Ordinal), null, Lee, default)), StringComparison.Ordinal);
        Assert.Contains("is a draft", Words(await versions.DraftAsync("pump", "limits", Text(95), null, Wang, default)), StringComparison.Ordinal);
        Assert.Contains("either 'devices' or 'percent'", Words(await versions.ActivateAsync("pump", "limits", warm.Version, RuleStage.Canary, null, Lee, default)), StringComparison.Ordinal);
        Assert.Contains("below 100", Words(await versions.ActivateAsync("pump", "limits", warm.Version, RuleStage.Canary, new CanaryChoice(null, 100), Lee, default)), StringComparison.Ordinal);
        Assert.Contains("'canary' only", Words(await versions.ActivateAsync("pump", "limits", warm.Version, RuleStage.Shadow, new CanaryChoice(null, 5), Lee, default)), StringComparison.Ordinal);
        Assert.Contains("no stage", Words(await versions.ReturnAsync("pump", "limits", warm.Version, null, Lee, default)), StringComparison.Ordinal);
        Assert.Contains("has not been tried out", (await versions.StageAsync("default", "pump", "limits", warm.Version, default)).Refusal!.Reason, StringComparison.Ordinal);
        var shipped = (await versions.ListAsync("pump", "limits", default)).Single(v => v.State is Active);
        Assert.Contains("nothing else was in force", Words(await versions.ReturnAsync("pump", "limits", shipped.Version, null, Lee, default)), StringComparison.Ordinal);

        Done(await versions.ActivateAsync("pump", "limits", warm.Version, RuleStage.Shadow, null, Lee, default));
        Assert.Contains($"version {warm.Version} of pump/limits is being tried out", Words(await versions.ActivateAsync("pump", "limits", hot.Version, RuleStage.Shadow, null, Lee, default)), StringComparison.Ordinal);
        Assert.Contains("in shadow already", Words(await versions.ActivateAsync("pump", "limits", warm.Version, RuleStage.Shadow, null, Lee, default)), StringComparison.Ordinal);
        Assert.Equal(Draft, Done(await versions.FindAsync("pump", "limits", hot.Version, default)).State);
    }

    [Fact]
    public async Task A_put_is_in_force_at_once_and_becomes_a_version()
    {
        await using var room = await RulesRoom.OpenAsync();
        var (book, versions) = (room.Get<RuleVersionBook>(), room.Get<IRuleVersions>());
        var first = await book.PutAsync("pump", "limits", Text(95), "lee", default);
        var second = await book.PutAsync("pump", "limits", Text(97), "wang", default);
        Assert.Equal(97, Setpoint(room));
        var all = await versions.ListAsync("pump", "limits", default);
        Assert.Equal([(second.Value!.Version, Active, "wang"), (first.Value!.Version, Superseded, "lee")], all.Take(2).Select(v => (v.Version, v.State, v.Author)));
        Assert.Equal((Superseded, RuleVersion.Shipped), (all[2].State, all[2].Author));

        // One step back each time, to what came with the pack.
        Done(await versions.ReturnAsync("pump", "limits", second.Value.Version, null, Lee, default));
        Assert.Equal(95, Setpoint(room));
        Done(await versions.ReturnAsync("pump", "limits", first.Value.Version, null, Lee, default));
        Assert.Equal(90, Setpoint(room));
    }

    [Fact]
    public async Task A_file_that_was_not_there_before_goes_when_it_is_returned()
    {
        await using var room = await RulesRoom.OpenAsync();
        var (book, versions) = (room.Get<RuleVersionBook>(), room.Get<IRuleVersions>());
        var own = Text(95).Replace("id: ", "id: own-", StringComparison.Ordinal);
        var put = await book.PutAsync("pump", "own", own, "lee", default);
        Done(await versions.ReturnAsync("pump", "own", put.Value!.Version, null, Lee, default));
        Assert.DoesNotContain(room.Get<PackDirectory>().RuleFiles, f => f.Name == "own");
        Assert.Equal(Returned, Assert.Single(await versions.ListAsync("pump", "own", default)).State);
    }

    [Fact]
    public async Task Versions_outlast_a_restart_and_follow_what_was_changed_by_hand()
    {
        var directory = Directory.CreateTempSubdirectory("seamless-rules-").FullName;
        string put;
        await using (var room = await RulesRoom.OpenAsync(directory)) put = (await room.Get<RuleVersionBook>().PutAsync("pump", "limits", Text(95), "lee", default)).Value!.Version;
        await File.WriteAllTextAsync(Path.Combine(directory, "rules", "packs", "pump", "limits.yaml"), Text(99));
        await using (var room = await RulesRoom.OpenAsync(directory))
        {
            var all = await room.Get<IRuleVersions>().ListAsync("pump", "limits", default);
            Assert.Equal([Active, Superseded, Superseded], all.OrderBy(v => v.State).Select(v => v.State));
            Assert.Equal((RuleFile.VersionOf(Text(99)), put), (all.Single(v => v.State is Active).Version, all.Single(v => v.State is Active).Previous));
        }
        Directory.Delete(directory, recursive: true);
    }

    [Fact]
    public async Task Two_versions_are_told_apart_line_by_line()
    {
        await using var room = await RulesRoom.OpenAsync();
        var versions = room.Get<IRuleVersions>();
        var shipped = Assert.Single(await versions.ListAsync("pump", "limits", default));
        var draft = Done(await versions.DraftAsync("pump", "limits", Text(95), null, Lee, default));
        var diff = await versions.DiffAsync("pump", "limits", shipped.Version, draft.Version, default);
        Assert.Equal(["    setpoint: 90 °C", "    setpoint: 95 °C"], diff.Value!.Lines.Where(l => l.Kind is not DiffKind.Same).Select(l => l.Text));
        Assert.Contains("+    setpoint: 95 °C\n", diff.Value.Unified, StringComparison.Ordinal);
        Assert.Equal("not-found", (await versions.DiffAsync("pump", "limits", shipped.Version, "rf-0", default)).Refusal!.Code);
    }

    /// <summary>The shipped limits of a pump with another one for its bearing.</summary>
    internal static string Text(int bearing) =>
        File.ReadAllText(Path.Combine(Repository.Packs, "pump", "rules", "limits.yaml")).Replace("setpoint: 90 °C", $"setpoint: {bearing} °C", StringComparison.Ordinal);

    private static double Setpoint(RulesRoom room) => room.Get<IPacks>().Find("pump")!.Rules.Single(r => r.Id == "bearing-temperature-high").Setpoint;

    private static RuleVersion Done(Outcome<RuleVersion> outcome) => outcome.Succeeded ? outcome.Value : throw new InvalidOperationException(outcome.Refusal.Reason);

    private static string Words(Outcome<RuleVersion> outcome) => outcome.Refusal?.Reason ?? "it was done";
}
