using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Seamless.Rules.Alarms;
using Seamless.Rules.Backtests;
using Seamless.Telemetry;

namespace Seamless.Rules.Versions;

/// <summary>Keeps the versions of rule files in tables and moves them through their life cycle, one step at a time.</summary>
/// <remarks>What is in force lies in the pack directory; the tables follow it. A crash between the two is mended by <see cref="RuleVersionFile"/> when the file is next looked at.</remarks>
internal sealed class RuleVersionBook(
    IDbContextFactory<RulesContext> contexts, RulesInForce inForce, RuleStages stages, StageReports reports, IReviewers reviewers,
    IOptions<RulesOptions> options, TimeProvider time) : IRuleVersions, IDisposable
{
    private const int MostNote = 2000;

    private readonly SemaphoreSlim _writing = new(1, 1);

    public Task<IReadOnlyList<RuleVersion>> ListAsync(string type, string name, CancellationToken ct) =>
        WriteAsync<IReadOnlyList<RuleVersion>>(type, name, file => Task.FromResult<IReadOnlyList<RuleVersion>>([.. file.NewestFirst().Select(v => v.ToVersion())]), ct);

    public Task<Outcome<RuleVersion>> FindAsync(string type, string name, string version, CancellationToken ct) =>
        WriteAsync(type, name, file => Task.FromResult(file.Find(version) is { } row ? row.ToVersion() : Unknown(type, name, version)), ct);

    public async Task<IReadOnlyList<RuleVersionEvent>> TraceAsync(string type, string name, string version, CancellationToken ct)
    {
        await using var context = await contexts.CreateDbContextAsync(ct);
        var events = await context.RuleVersionEvents.AsNoTracking()
            .Where(e => context.RuleVersions.Any(v => v.Number == e.VersionNumber && v.Type == type && v.Name == name && v.Version == version))
            .OrderBy(e => e.Number).ToListAsync(ct);
        return [.. events.Select(e => new RuleVersionEvent(e.Number, version, e.From, e.To, e.Actor, e.At, e.Words))];
    }

    public Task<Outcome<RuleVersion>> DraftAsync(string type, string name, string yaml, string? note, RuleActor actor, CancellationToken ct) => WriteAsync<Outcome<RuleVersion>>(type, name, file =>
    {
        if (TooLong(note) is { } tooLong) return Refused(tooLong);
        if (inForce.Problem(type, name, yaml) is { } problem) return Refused(problem);
        if (file.Find(RuleFile.VersionOf(yaml)) is { State: not (RuleVersionState.Rejected or RuleVersionState.Superseded or RuleVersionState.Returned) } known)
            return Refused(Refusal.Conflict($"this text is version {known.Version} already, which {Standing(known.State)}"));
        return Done(file.Write(yaml, inForce.RulesIn(type, name, yaml), RuleVersionState.Draft, actor.Name, note));
    }, ct);

    public Task<Outcome<RuleVersion>> ReviewAsync(string type, string name, string version, ReviewVerdict verdict, string? words, RuleActor actor, CancellationToken ct) => WriteAsync<Outcome<RuleVersion>>(type, name, async file =>
    {
        if (file.Find(version) is not { } row) return Unknown(type, name, version);
        var (next, because) = RuleLifeCycle.Step(row.State, verdict is ReviewVerdict.Approve ? RuleVersionAction.Approve : RuleVersionAction.Reject);
        if (next is not { } state) return Refusal.Because($"version {version} of {type}/{name} cannot be reviewed: {because}");
        if (TooLong(words) is { } tooLong) return tooLong;
        if (verdict is ReviewVerdict.Reject && string.IsNullOrWhiteSpace(words)) return Refusal.Invalid("say why it is rejected: the author will ask");
        if (verdict is ReviewVerdict.Approve && options.Value.Review is ReviewDemand.Other && row.Author == actor.Name && await reviewers.AnyButAsync(actor.Tenant, actor.Name, ct))
            return Refusal.Forbidden($"{row.Author} wrote version {version} and does not approve it; ask another engineer");
        (row.ReviewedBy, row.ReviewedAt, row.Review) = (actor.Name, time.GetUtcNow(), words);
        return file.Move(row, state, actor.Name, words).ToVersion();
    }, ct);

    public Task<Outcome<RuleVersion>> ActivateAsync(string type, string name, string version, RuleStage stage, CanaryChoice? canary, RuleActor actor, CancellationToken ct) => WriteAsync<Outcome<RuleVersion>>(type, name, async file =>
    {
        if (file.Find(version) is not { } row) return Unknown(type, name, version);
        if (ChoiceProblem(stage, canary) is { } wrongChoice) return wrongChoice;
        var (next, because) = RuleLifeCycle.Step(row.State, RuleLifeCycle.ActionOf(stage));
        if (next is null) return Refusal.Because($"version {version} of {type}/{name} cannot be activated: {because}");
        if (NeedsReview(row)) return Refusal.Because($"version {version} of {type}/{name} cannot be activated: it is to be approved first (rules.review is 'other')");
        if (inForce.Problem(type, name, row.Yaml) is { } problem) return problem;
        if (stage is RuleStage.All) return (await PutInForceAsync(file, row, actor.Name, null, ct)).ToVersion();
        if (stages.Of(type) is { } other && other.Number != row.Number)
            return Refusal.Conflict($"version {other.Version} of {type}/{other.Name} is being tried out; return it, or put it in force, before another version of the type's rules");
        return (await StageAsync(file, row, next.Value, canary, actor.Name, ct)).ToVersion();
    }, ct);

    public Task<Outcome<RuleVersion>> ReturnAsync(string type, string name, string version, string? words, RuleActor actor, CancellationToken ct) => WriteAsync<Outcome<RuleVersion>>(type, name, async file =>
    {
        if (file.Find(version) is not { } row) return Unknown(type, name, version);
        var (next, because) = RuleLifeCycle.Step(row.State, RuleVersionAction.Return);
        if (next is null) return Refusal.Because($"version {version} of {type}/{name} cannot be returned: {because}");
        if (TooLong(words) is { } tooLong) return tooLong;
        if (!row.IsStaged) return await ReturnFromForceAsync(file, row, actor.Name, words, ct);
        file.Move(row, RuleVersionState.Returned, actor.Name, words);
        await file.SaveAsync(ct);
        stages.End(type);
        return row.ToVersion();
    }, ct);

    public Task<Outcome<RuleDiff>> DiffAsync(string type, string name, string before, string after, CancellationToken ct) => WriteAsync<Outcome<RuleDiff>>(type, name, file =>
    {
        if ((file.Find(before) is null ? before : file.Find(after) is null ? after : null) is { } missing) return Task.FromResult<Outcome<RuleDiff>>(Unknown(type, name, missing).Refusal!);
        var lines = LineDiff.Of(file.Find(before)!.Yaml, file.Find(after)!.Yaml);
        return Task.FromResult<Outcome<RuleDiff>>(new RuleDiff(before, after, lines, LineDiff.Unified(lines, $"{name}.yaml {before}", $"{name}.yaml {after}")));
    }, ct);

    public async Task<Outcome<StageReport>> StageAsync(string tenant, string type, string name, string version, CancellationToken ct)
    {
        await using var context = await contexts.CreateDbContextAsync(ct);
        var row = await context.RuleVersions.AsNoTracking().SingleOrDefaultAsync(v => v.Type == type && v.Name == name && v.Version == version, ct);
        if (row is null) return Unknown(type, name, version).Refusal!;
        if (row.StagedAt is null) return Refusal.NotFound($"version {version} of {type}/{name} has not been tried out");
        var broken = row.IsStaged && stages.Of(type) is { Pack: null } ? inForce.Problem(type, name, row.Yaml)?.Reason : null;
        return await reports.ReadAsync(tenant, row, broken, ct);
    }

    /// <summary>As a put has always done: in force at once, whatever the text was before.</summary>
    public Task<Outcome<RuleFile>> PutAsync(string type, string name, string yaml, string actor, CancellationToken ct) => WriteAsync<Outcome<RuleFile>>(type, name, async file =>
    {
        if (inForce.Problem(type, name, yaml) is { } problem) return problem;
        var row = file.Find(RuleFile.VersionOf(yaml)) ?? file.Write(yaml, inForce.RulesIn(type, name, yaml), RuleVersionState.Draft, actor, null);
        await PutInForceAsync(file, row, actor, null, ct);
        return inForce.Find(type, name)!;
    }, ct);

    private static Refusal? ChoiceProblem(RuleStage stage, CanaryChoice? canary)
    {
        if (stage is RuleStage.Canary) return (canary ?? new CanaryChoice(null, null)).Problem();
        return canary is null ? null : Refusal.Invalid("devices are chosen for the stage 'canary' only");
    }

    private bool NeedsReview(RuleVersionRow row) =>
        options.Value.Review is ReviewDemand.Other && row.State is (RuleVersionState.Draft or RuleVersionState.Returned) && row.ReviewedBy is null;

    private async Task<RuleVersionRow> StageAsync(RuleVersionFile file, RuleVersionRow row, RuleVersionState stage, CanaryChoice? canary, string actor, CancellationToken ct)
    {
        var now = time.GetUtcNow();
        if (!row.IsStaged) (row.Run, row.StagedAt, row.StageEndedAt, row.RulesVersions) = (row.Run + 1, now, null, "");
        row.StageAt = now;
        if (canary is not null) row.Choose(canary);
        row.MadePack(inForce.RulesVersionWith(row.Type, row.Name, row.Yaml));
        file.Move(row, stage, actor, null);
        await file.SaveAsync(ct);
        stages.Put(StagedVersion.Of(row));
        return row;
    }

    /// <summary>The text first, then the tables, then the end of its stage: the engine goes over from the candidate to the same rules in force and nothing ends between.</summary>
    private async Task<RuleVersionRow> PutInForceAsync(RuleVersionFile file, RuleVersionRow row, string actor, string? words, CancellationToken ct)
    {
        var staged = row.IsStaged;
        await file.SaveAsync(ct);   // a new text is known before it is in force
        inForce.Put(row.Type, row.Name, row.Yaml);
        file.TakeForce(row, actor, words);
        await NoteCandidateAsync(file, row, ct);
        await file.SaveAsync(ct);
        if (staged) stages.End(row.Type);
        return row;
    }

    private async Task<Outcome<RuleVersion>> ReturnFromForceAsync(RuleVersionFile file, RuleVersionRow row, string actor, string? words, CancellationToken ct)
    {
        var shipped = inForce.Shipped(row.Type, row.Name);
        var before = row.Previous is { } previous ? file.Find(previous) : null;
        var text = before?.Yaml ?? shipped;
        if (text is not null && RuleFile.VersionOf(text) == row.Version) return Refusal.Because($"version {row.Version} of {row.Type}/{row.Name} cannot be returned: nothing else was in force before it");
        if (inForce.Problem(row.Type, row.Name, text) is { } problem) return problem;
        inForce.Put(row.Type, row.Name, text);
        file.Move(row, RuleVersionState.Returned, actor, words);
        if (text is not null) file.Reinstate(before ?? file.Find(RuleFile.VersionOf(text)) ?? file.Write(text, inForce.RulesIn(row.Type, row.Name, text), RuleVersionState.Draft, RuleVersion.Shipped, null), actor);
        await NoteCandidateAsync(file, row, ct);
        await file.SaveAsync(ct);
        return row.ToVersion();
    }

    /// <summary>Another file of the type changed under what is being tried out: its pack goes by another version now.</summary>
    private async Task NoteCandidateAsync(RuleVersionFile file, RuleVersionRow changed, CancellationToken ct)
    {
        if (stages.Of(changed.Type) is { Pack: { } pack } staged && staged.Number != changed.Number && await file.AnyAsync(staged.Number, ct) is { } row) row.MadePack(pack.RulesVersion);
    }

    private async Task<T> WriteAsync<T>(string type, string name, Func<RuleVersionFile, Task<T>> write, CancellationToken ct)
    {
        await _writing.WaitAsync(ct);
        try
        {
            await using var context = await contexts.CreateDbContextAsync(ct);
            var file = await RuleVersionFile.OpenAsync(context, type, name, inForce, time, ct);
            var result = await write(file);
            await file.SaveAsync(ct);
            return result;
        }
        finally
        {
            _writing.Release();
        }
    }

    private static Task<Outcome<RuleVersion>> Refused(Refusal refusal) => Task.FromResult<Outcome<RuleVersion>>(refusal);
    private static Task<Outcome<RuleVersion>> Done(RuleVersionRow row) => Task.FromResult<Outcome<RuleVersion>>(row.ToVersion());
    private static Outcome<RuleVersion> Unknown(string type, string name, string version) => Refusal.NotFound($"{type}/{name} has no version {version}");
    private static Refusal? TooLong(string? words) => words?.Length > MostNote ? Refusal.Invalid($"at most {MostNote} characters of words, these are {words.Length}") : null;

    private static string Standing(RuleVersionState state) => state switch
    {
        RuleVersionState.Draft => "is a draft",
        RuleVersionState.Approved => "is approved",
        RuleVersionState.Active => "is in force",
        _ => "is being tried out",
    };

    public void Dispose() => _writing.Dispose();
}
