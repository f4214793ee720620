using Seamless.Telemetry;

namespace Seamless.Rules.Versions;

/// <summary>Where a text of a rule file stands. At most one of a file is <see cref="Active"/>, and at most one of a type is in <see cref="Shadow"/> or <see cref="Canary"/>.</summary>
public enum RuleVersionState : byte { Draft, Approved, Rejected, Shadow, Canary, Active, Superseded, Returned }

/// <summary>How far a version is let in.</summary>
public enum RuleStage : byte
{
    /// <summary>Judges all devices beside the rules in force; what it would raise is counted and shown to nobody else.</summary>
    Shadow,

    /// <summary>Judges the devices chosen for it; the rules in force judge the rest.</summary>
    Canary,

    /// <summary>In force.</summary>
    All,
}

public enum ReviewVerdict : byte { Approve, Reject }

/// <summary>One text of a rule file, who wrote it and what became of it.</summary>
/// <param name="Version">A hash of the text: the same text is the same version.</param>
/// <param name="Author">Who wrote it, or <see cref="Shipped"/>.</param>
/// <param name="ReviewedBy">Null while nobody has.</param>
/// <param name="Canary">The devices chosen; null when it was never in that stage.</param>
/// <param name="StagedAt">When it entered its last run of stages before being in force; null when it never did.</param>
/// <param name="StageAt">When it entered the stage it is, or was last, in.</param>
/// <param name="StageEndedAt">When that run ended; null while it lasts.</param>
/// <param name="Previous">The version that was in force when this one came into force; null when there was none.</param>
/// <param name="Rules">How many rules it holds.</param>
public sealed record RuleVersion(
    string Type, string Name, string Version, string Yaml, string Author, DateTimeOffset At, string? Note, RuleVersionState State,
    string? ReviewedBy, DateTimeOffset? ReviewedAt, string? Review, CanaryChoice? Canary,
    DateTimeOffset? StagedAt, DateTimeOffset? StageAt, DateTimeOffset? StageEndedAt, string? Previous, int Rules)
{
    /// <summary>Stands for the author of a text that came with its pack.</summary>
    public const string Shipped = "pack";

    public bool IsStaged => State is RuleVersionState.Shadow or RuleVersionState.Canary;
}

/// <summary>Which devices a version judges in its canary stage: those named, or a share of all.</summary>
/// <param name="Devices">Null when a share is chosen.</param>
/// <param name="Percent">Above 0 and below 100; a larger share holds the devices of a smaller one.</param>
public sealed record CanaryChoice(IReadOnlyList<DeviceKey>? Devices, double? Percent)
{
    private const ulong Shares = 10_000;   // hundredths of a percent

    public bool Includes(in DeviceKey device) =>
        Devices is { } named ? named.Contains(device) : Percent is { } percent && ShareOf(device) < percent;

    /// <summary>What is wrong with the choice, or null.</summary>
    public Refusal? Problem()
    {
        if (Devices is null == Percent is null) return Telemetry.Refusal.Invalid("a canary needs either 'devices' or 'percent'");
        if (Devices is { Count: 0 }) return Telemetry.Refusal.Invalid("name at least one device for the canary");
        return Percent is { } percent && !(percent > 0 && percent < 100)
            ? Telemetry.Refusal.Invalid("'percent' lies above 0 and below 100; for all devices the stage is 'all'")
            : null;
    }

    /// <summary>0 to 100, the same for a device on every machine and in every version; another spread than that over the log's partitions.</summary>
    private static double ShareOf(in DeviceKey device)
    {
        var hash = StableHash.Of(device);
        hash = (hash ^ (hash >> 33)) * 0xFF51AFD7ED558CCD;   // the finisher of MurmurHash3: names that differ in their last digit only spread as others do
        return (hash ^ (hash >> 33)) % Shares / 100.0;
    }
}

/// <summary>A line of the trace of a rule file: who did what with which version.</summary>
public sealed record RuleVersionEvent(long Number, string Version, RuleVersionState From, RuleVersionState To, string Actor, DateTimeOffset At, string? Words);
