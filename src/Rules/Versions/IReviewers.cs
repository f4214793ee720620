namespace Seamless.Rules.Versions;

/// <summary>Whether a version must be looked at before it goes anywhere.</summary>
public enum ReviewDemand
{
    /// <summary>Whoever may change rules may activate them.</summary>
    None,

    /// <summary>Somebody other than the author approves; the only engineer of a tenant approves their own.</summary>
    Other,
}

/// <summary>Who could look at a text. The rules room knows no people; whoever does says so.</summary>
public interface IReviewers
{
    /// <summary>Whether the tenant has somebody else who may change rules.</summary>
    Task<bool> AnyButAsync(string tenant, string actor, CancellationToken ct);
}
