using Seamless.Telemetry;

namespace Seamless.Learning;

/// <summary>Models as versions: which is in force, since when and why, and whether another may take its place.</summary>
public interface IModelRegistry : IModels
{
    /// <summary>Where it lies; null when there is no such model.</summary>
    string? FolderOf(string id);

    /// <summary>A figure of the model beside that of the active version of its name. Empty when there is none, or when it is that.</summary>
    IReadOnlyList<GateFigure> Compare(string id);

    /// <summary>Makes it the active version of its name.</summary>
    /// <returns>Refused by the gate when its held-out figures are worse than the active version's, unless that is forced with a reason.</returns>
    Outcome<ModelInfo> Promote(string id, string by, string? reason = null, bool force = false);

    /// <summary>Puts it in the shadow as the challenger of the active version of its name: both judge the same rows, and nobody is told what it says. There is one at most; it takes the place of another.</summary>
    Outcome<ModelInfo> Shadow(string id, string by, string? reason = null);

    /// <summary>Takes back its promotion: the version that was active before is active again. The gate is not asked, that version was in force.</summary>
    Outcome<ModelInfo> Return(string id, string by, string? reason = null);

    /// <summary>Takes it out of use. When it is the active one, no version of its name is, until one is promoted.</summary>
    Outcome<ModelInfo> Retire(string id, string by, string? reason = null);

    /// <summary>This process wrote a version: whoever scores sees it before the writer goes on, not when the watcher of the folder gets to it.</summary>
    void Announce();

    /// <summary>What was promoted, put in the shadow and retired of that name, latest first.</summary>
    IReadOnlyList<ModelChange> History(string name);
}

/// <param name="What"><c>promoted</c>, <c>returned</c>, <c>shadowed</c> or <c>retired</c>.</param>
/// <param name="Previous">Id of the version that was active before.</param>
/// <param name="Forced">Against the gate.</param>
public sealed record ModelChange(string Name, string Id, string What, string? Previous, DateTimeOffset At, string By, string? Reason, bool Forced);

/// <summary>A figure by which the gate judges: lower is better.</summary>
/// <param name="Code"><c>falseAlarmRate</c>, <c>calibration</c>, or of a trial of rul models <c>mae</c>.</param>
/// <param name="Model">Null when its report has none.</param>
/// <param name="Allowed">The most that the gate lets pass; null when the active version's report has no such figure.</param>
public sealed record GateFigure(string Code, double? Model, double? Active, double? Allowed)
{
    /// <summary>Where it was measured: <c>held-out</c> rows of the training, or <c>trial</c> beside the active version.</summary>
    public string Source { get; init; } = "held-out";

    /// <summary>What was not measured of the active version stops nobody; what was not measured of the new one does.</summary>
    public bool Passes => Allowed is not { } most || Model <= most;
}
