using Seamless.Telemetry;

namespace Seamless.Rules.Versions;

/// <summary>Who asks for a change, and within which tenant others could look at it.</summary>
public sealed record RuleActor(string Tenant, string Name);

/// <param name="Unified">As <c>diff -u</c> writes it; empty when nothing differs.</param>
public sealed record RuleDiff(string Before, string After, IReadOnlyList<DiffLine> Lines, string Unified);

/// <summary>Every text of every rule file, and how far each is let in. A refused step says why and changes nothing.</summary>
public interface IRuleVersions
{
    /// <summary>Newest first; empty when there is no such file.</summary>
    Task<IReadOnlyList<RuleVersion>> ListAsync(string type, string name, CancellationToken ct);

    Task<Outcome<RuleVersion>> FindAsync(string type, string name, string version, CancellationToken ct);

    /// <summary>What was done with the version, oldest first.</summary>
    Task<IReadOnlyList<RuleVersionEvent>> TraceAsync(string type, string name, string version, CancellationToken ct);

    Task<Outcome<RuleVersion>> DraftAsync(string type, string name, string yaml, string? note, RuleActor actor, CancellationToken ct);

    Task<Outcome<RuleVersion>> ReviewAsync(string type, string name, string version, ReviewVerdict verdict, string? words, RuleActor actor, CancellationToken ct);

    /// <param name="canary">Needed for that stage, and refused for others.</param>
    Task<Outcome<RuleVersion>> ActivateAsync(string type, string name, string version, RuleStage stage, CanaryChoice? canary, RuleActor actor, CancellationToken ct);

    /// <summary>Back to the version that was in force before: out of a stage, or out of force.</summary>
    /// <returns>The version that is returned.</returns>
    Task<Outcome<RuleVersion>> ReturnAsync(string type, string name, string version, string? words, RuleActor actor, CancellationToken ct);

    Task<Outcome<RuleDiff>> DiffAsync(string type, string name, string before, string after, CancellationToken ct);

    /// <summary>What the version and the rules in force raised on the tenant's devices while it was tried out.</summary>
    Task<Outcome<StageReport>> StageAsync(string tenant, string type, string name, string version, CancellationToken ct);
}
