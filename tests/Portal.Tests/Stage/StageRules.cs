using Seamless.Rules.Backtests;
using Seamless.Rules.Packs;
using Seamless.Rules.Packs.Testing;
using Seamless.Rules.Versions;
using Seamless.Rules.Workbench;
using Seamless.Storage.TimeSeries;
using Seamless.Telemetry;

namespace Seamless.Portal.Tests.Stage;

internal sealed class StageRuleBook(StagePacks packs, TimeProvider clock) : IRuleBook
{
    public const string Text = "rules:\n  - id: vibration-zone-d\n    metric: vibration\n    condition: high\n    setpoint: 7.1\n";

    public IReadOnlyList<RuleFile> All() => [.. packs.All.Select(p => new RuleFile(p.Type, "limits", StageRuleVersions.InForce, Text, p.Rules))];
    public IReadOnlyList<RuleProblem> Validate(string type, string yaml) => yaml.Contains("setpoint", StringComparison.Ordinal) ? [] : [new RuleProblem(2, 5, "a rule needs a setpoint", "setpoint: 7.1")];
    public Task<Outcome<RuleFile>> PutAsync(string type, string name, string yaml, string actor, CancellationToken ct) => Task.FromResult<Outcome<RuleFile>>(Refusal.Because("the stage keeps its rules"));

    public async Task<Outcome<BacktestReport>> BacktestAsync(BacktestRequest request, IProgress<BacktestProgress>? progress, CancellationToken ct)
    {
        if (Validate(request.Type, request.Yaml) is [var problem, ..]) return Refusal.Invalid($"line {problem.Line}: {problem.Message}");
        progress?.Report(new BacktestProgress(3, 60));
        await Task.Delay(request.Devices is ["slow"] ? Timeout.InfiniteTimeSpan : TimeSpan.FromSeconds(1), clock, ct);
        var now = clock.GetUtcNow();
        BacktestAlarm Alarm(string rule, double minutesAgo, bool old) => new("pump-004", rule, now.AddMinutes(-minutesAgo), now.AddMinutes(1 - minutesAgo), now.AddMinutes(20 - minutesAgo), 7.4, old);
        BacktestAlarm Preview(double hoursAgo, double? lastsHours, double value) => new("pump-001", "vibration-zone-d", request.To.AddHours(-hoursAgo), request.To.AddHours(-hoursAgo).AddSeconds(30),
            lastsHours is { } hours ? request.To.AddHours(hours - hoursAgo) : null, value, false);
        IReadOnlyList<BacktestAlarm> alarms = request.Devices is ["pump-001"] ? [Preview(9, 2, 7.9), Preview(2, null, 8.4)] : [Alarm("vibration-zone-c", 90, true), Alarm("vibration-zone-d", 60, false)];
        var points = Enumerable.Range(0, 100).Select(i => new SeriesPoint(now.AddMinutes(i - 120).ToUnixTimeMilliseconds(), 1.8 + i / 20.0)).ToList();
        var score = new OutcomeScore(3, 1, 0, 2, 0.75, 4, 3, 0.75, new LeadTime(3, 20, 95, 600), new LeadTime(3, 18, 90, 590));
        return new BacktestReport(
            12_960_000, 60, alarms, 2, request.From, request.To,
            new BacktestComparison("in-force", 1, 1, 1, [new("vibration-zone-c", 2, 1, 1, 0, 1), new("vibration-zone-d", null, 1, 0, 1, 0)], [Alarm("vibration-zone-c", 300, true)]),
            new BacktestLoad(request.Engineers, 6, new AlarmRate(2, 7.2, now.AddHours(-1), 2), new AlarmRate(2, 0.1, now.AddHours(-5), 1)),
            request.Devices is null ? null : new BacktestOutcomes(5, score, score with { Precision = null, LeadFromRaise = null }),
            [new BacktestPlot("pump-004", "vibration-zone-c", "vibration", "mm/s", 4.5, alarms[0].OnsetAt, alarms[0].RaisedAt, alarms[0].ClearedAt, points)]);
    }
}

/// <summary>A draft, one that is tried out on devices, the one in force and what came with the pack.</summary>
internal sealed class StageRuleVersions(TimeProvider clock) : IRuleVersions
{
    public const string InForce = "rf-3f9c21d07a5be814";
    private const string Tried = "rf-81c2aa90b15d03e7";

    private static readonly string Tighter = StageRuleBook.Text.Replace("7.1", "6.5", StringComparison.Ordinal) + "    deadband: 0.4\n";

    private RuleVersion Version(string type, string name, string version, string yaml, string author, int hoursAgo, string? note, RuleVersionState state) =>
        new(type, name, version, yaml, author, clock.GetUtcNow().AddHours(-hoursAgo), note, state, null, null, null, null, null, null, null, null, 5);

    public Task<IReadOnlyList<RuleVersion>> ListAsync(string type, string name, CancellationToken ct) => Task.FromResult<IReadOnlyList<RuleVersion>>(
    [
        Version(type, name, "rf-c05b11e3f27d6a48", Tighter.Replace("6.5", "6.8", StringComparison.Ordinal), "wang", 1, "Between the two, after the strainer was changed", RuleVersionState.Draft),
        Version(type, name, Tried, Tighter, "li", 30, "Zone D earlier: two bearings went before the alarm came", RuleVersionState.Canary) with
        {
            ReviewedBy = "wang", ReviewedAt = clock.GetUtcNow().AddHours(-29), Review = "Agreed, on a few first", Canary = new CanaryChoice(null, 5), StagedAt = clock.GetUtcNow().AddHours(-28), StageAt = clock.GetUtcNow().AddHours(-5),
        },
        Version(type, name, InForce, StageRuleBook.Text, "li", 700, "ISO 20816-3", RuleVersionState.Active) with { Previous = "rf-00aa11bb22cc33dd" },
        Version(type, name, "rf-00aa11bb22cc33dd", StageRuleBook.Text.Replace("7.1", "7.5", StringComparison.Ordinal), RuleVersion.Shipped, 2000, null, RuleVersionState.Superseded),
    ]);

    public async Task<Outcome<RuleVersion>> FindAsync(string type, string name, string version, CancellationToken ct) =>
        (await ListAsync(type, name, ct)).FirstOrDefault(v => v.Version == version) is { } found ? found : Refusal.NotFound("no such version");

    public Task<IReadOnlyList<RuleVersionEvent>> TraceAsync(string type, string name, string version, CancellationToken ct) => Task.FromResult<IReadOnlyList<RuleVersionEvent>>([]);

    public async Task<Outcome<RuleDiff>> DiffAsync(string type, string name, string before, string after, CancellationToken ct)
    {
        var (one, other) = (await FindAsync(type, name, before, ct), await FindAsync(type, name, after, ct));
        if (!one.Succeeded || !other.Succeeded) return Refusal.NotFound("no such version");
        var lines = LineDiff.Of(one.Value.Yaml, other.Value.Yaml);
        return new RuleDiff(before, after, lines, LineDiff.Unified(lines, before, after));
    }

    public Task<Outcome<StageReport>> StageAsync(string tenant, string type, string name, string version, CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        StageFault[] faults =
        [
            new("pump-004", "device:pump-004:VIB", "vibration-zone-d", Severity.High, RaisedBy.Both, now.AddHours(-2), null),
            new("pump-011", "device:pump-011:VIB", "vibration-zone-d", Severity.High, RaisedBy.New, now.AddHours(-9), now.AddHours(-8)),
            new("pump-002", "device:pump-002:PDE", "suction-low", Severity.Medium, RaisedBy.Old, now.AddHours(-20), now.AddHours(-19)),
        ];
        return Task.FromResult<Outcome<StageReport>>(new StageReport(Tried, RuleVersionState.Canary, new CanaryChoice(null, 5), now.AddHours(-28), null, null, StageCounts.Of(faults), [], faults));
    }

    public Task<Outcome<RuleVersion>> DraftAsync(string type, string name, string yaml, string? note, RuleActor actor, CancellationToken ct) => Kept();
    public Task<Outcome<RuleVersion>> ReviewAsync(string type, string name, string version, ReviewVerdict verdict, string? words, RuleActor actor, CancellationToken ct) => Kept();
    public Task<Outcome<RuleVersion>> ActivateAsync(string type, string name, string version, RuleStage stage, CanaryChoice? canary, RuleActor actor, CancellationToken ct) => Kept();
    public Task<Outcome<RuleVersion>> ReturnAsync(string type, string name, string version, string? words, RuleActor actor, CancellationToken ct) => Kept();

    private static Task<Outcome<RuleVersion>> Kept() => Task.FromResult<Outcome<RuleVersion>>(Refusal.Because("the stage keeps its rules"));
}

internal sealed class StageWorkbench(StagePacks packs) : IRuleWorkbench
{
    public Outcome<RuleLanguage> Language(string type) => packs.Find(type) is { } pack ? RuleLanguage.Of(pack) : Refusal.NotFound("no such pack");

    public Outcome<RuleTrial> Try(string type, string name, string yaml, CancellationToken ct) => new RuleTrial([], packs.Find(type)!.Rules,
    [
        new PackTestResult("A healthy pump raises nothing", "tests/faults.yaml", 2, [], []),
        new PackTestResult("A bearing wears out; vibration first, heat later, one alarm", "tests/faults.yaml", 13, ["bearing-wear"], ["expected alarm vibration-zone-c, cause bearing-wear; alarm vibration-zone-c at 00:27:10, cause bearing-wear does not match: it came at 00:27:10, too late"]),
    ]);
}
