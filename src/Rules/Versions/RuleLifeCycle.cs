using static Seamless.Rules.Versions.RuleVersionState;

namespace Seamless.Rules.Versions;

public enum RuleVersionAction : byte { Approve, Reject, Shadow, Canary, All, Return }

/// <summary>What may be done with a version in each state, and what it becomes. Pure; who may do it is asked elsewhere.</summary>
public static class RuleLifeCycle
{
    private static readonly Dictionary<(RuleVersionState, RuleVersionAction), RuleVersionState> Table = new()
    {
        [(Draft, RuleVersionAction.Approve)] = Approved,
        [(Draft, RuleVersionAction.Reject)] = Rejected,
        [(Approved, RuleVersionAction.Reject)] = Rejected,
        [(Shadow, RuleVersionAction.Canary)] = Canary,
        [(Canary, RuleVersionAction.Canary)] = Canary,   // other devices, or more of them
        [(Canary, RuleVersionAction.Shadow)] = Shadow,
        [(Shadow, RuleVersionAction.All)] = Active,
        [(Canary, RuleVersionAction.All)] = Active,
        [(Shadow, RuleVersionAction.Return)] = Returned,
        [(Canary, RuleVersionAction.Return)] = Returned,
        [(Active, RuleVersionAction.Return)] = Returned,
    };

    /// <summary>What is at rest and may go to any stage. Of those, a draft needs a review where one is asked for.</summary>
    private static readonly RuleVersionState[] MayBegin = [Draft, Approved, Superseded, Returned];

    /// <returns>The next state, or why there is none.</returns>
    public static (RuleVersionState? Next, string? Because) Step(RuleVersionState from, RuleVersionAction action)
    {
        if (Table.TryGetValue((from, action), out var next)) return (next, null);
        if (MayBegin.Contains(from) && Entered(action) is { } entered) return (entered, null);
        return (null, Because(from, action));
    }

    public static RuleVersionAction ActionOf(RuleStage stage) => stage switch
    {
        RuleStage.Shadow => RuleVersionAction.Shadow,
        RuleStage.Canary => RuleVersionAction.Canary,
        _ => RuleVersionAction.All,
    };

    private static RuleVersionState? Entered(RuleVersionAction action) => action switch
    {
        RuleVersionAction.Shadow => Shadow,
        RuleVersionAction.Canary => Canary,
        RuleVersionAction.All => Active,
        _ => null,
    };

    private static string Because(RuleVersionState from, RuleVersionAction action) => (from, action) switch
    {
        (Rejected, _) => "it was rejected; save the text as a draft again to have it looked at once more",
        (Approved, RuleVersionAction.Approve) => "it is approved already",
        (Shadow, RuleVersionAction.Shadow) => "it is in shadow already",
        (Active, RuleVersionAction.Shadow or RuleVersionAction.Canary or RuleVersionAction.All) => "it is in force already",
        (Shadow or Canary, RuleVersionAction.Approve or RuleVersionAction.Reject) => "it is being tried out; return it first",
        (_, RuleVersionAction.Approve or RuleVersionAction.Reject) => "only a draft is reviewed",
        _ => "it is in no stage that it could return from",
    };
}
