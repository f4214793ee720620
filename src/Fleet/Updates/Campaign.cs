using Seamless.Telemetry.Updates;

namespace Seamless.Fleet.Updates;

/// <summary>A release that was uploaded and found to be signed.</summary>
/// <param name="Id">Hash of its signed bytes.</param>
public sealed record Artefact(string Tenant, string Id, ReleaseManifest Manifest, DateTimeOffset UploadedAt, string UploadedBy);

/// <summary>Draft → Running ⇄ Paused → Completed, or Aborted for good.</summary>
public enum CampaignState : byte { Draft, Running, Paused, Completed, Aborted }

/// <summary>What became of one device. Offered is the only one in which a change is under way.</summary>
public enum DeviceUpdateState : byte { Pending, Offered, Succeeded, RolledBack, Failed, Missed, Stopped, Cancelled }

/// <summary>Whom it is for; what is null does not matter.</summary>
/// <param name="Tag"><c>name=value</c>.</param>
/// <param name="Version">The version that runs there now.</param>
public sealed record TargetFilter(string? Type = null, string? Site = null, string? Tag = null, string? Version = null);

/// <summary>When to go on and when to stop.</summary>
/// <param name="Canary">Least devices of the first wave.</param>
/// <param name="Shares">Part of the targets that each wave reaches, all earlier ones included; rising to 1.</param>
/// <param name="Soak">How long a wave runs before it is judged.</param>
/// <param name="MinSuccess">Part that must have succeeded; all of them in waves of fewer than a hundred.</param>
/// <param name="FailureLimit">What the upper 95 % Wilson bound of the failure rate must stay below, once anything has failed.</param>
/// <param name="AbortRate">Part of finished devices that failed at which it is aborted at once …</param>
/// <param name="AbortAfter">… once so many have finished.</param>
/// <param name="MaxMissed">Part of a wave that may stay silent.</param>
/// <param name="RegressionP">Chance at which a rate that is higher than the controls' counts as a regression.</param>
/// <param name="RegressionRatio">By how much it must be higher besides.</param>
/// <param name="MaxInFlight">Devices that may be changing at one time.</param>
/// <param name="OfferValid">How long a device has to come for it; machines are away half the day.</param>
public sealed record CampaignRules(
    int Canary, IReadOnlyList<double> Shares, TimeSpan Soak, double MinSuccess, double FailureLimit, double AbortRate, int AbortAfter, double MaxMissed,
    double RegressionP, double RegressionRatio, int MaxInFlight, TimeSpan OfferValid)
{
    public static readonly CampaignRules Default = new(
        Canary: 5, Shares: [0.005, 0.05, 0.25, 0.5, 1], Soak: TimeSpan.FromHours(24), MinSuccess: 0.99, FailureLimit: 0.05, AbortRate: 0.1, AbortAfter: 3, MaxMissed: 0.2,
        RegressionP: 0.01, RegressionRatio: 1.5, MaxInFlight: 50, OfferValid: TimeSpan.FromDays(7));

    public string? WhatIsWrong() => this switch
    {
        _ when Canary < 1 => "canary must be 1 or more",
        _ when Shares is not { Count: >= 1 and <= 20 } || Shares.Zip(Shares.Skip(1)).Any(pair => pair.First >= pair.Second) || Shares[0] <= 0 || Shares[^1] is not 1 =>
            "shares must rise from above 0 to 1, as in [0.005, 0.05, 0.25, 0.5, 1]",
        _ when Soak < TimeSpan.Zero || Soak > TimeSpan.FromDays(30) => "soak must be between 0 and 30 days",
        _ when MinSuccess is not (> 0 and <= 1) || FailureLimit is not (> 0 and <= 1) || AbortRate is not (> 0 and <= 1) || MaxMissed is not (>= 0 and <= 1) || RegressionP is not (> 0 and < 1) =>
            "minSuccess, failureLimit, abortRate, maxMissed and regressionP are parts between 0 and 1",
        _ when AbortAfter < 1 || RegressionRatio < 1 => "abortAfter and regressionRatio must be 1 or more",
        _ when MaxInFlight is < 1 or > 10_000 => "maxInFlight must be 1 to 10000",
        _ when OfferValid < TimeSpan.FromMinutes(1) || OfferValid > TimeSpan.FromDays(90) => "offerValid must be between 1 minute and 90 days",
        _ => null,
    };
}

/// <param name="Name">Its own within the tenant: asked for twice, there is one.</param>
/// <param name="Window">When devices may install, as minutes of the day at their site; null for any time.</param>
public sealed record CampaignDefinition(string Name, string Artefact, TargetFilter Target, CampaignRules Rules, DailyWindow? Window = null);

/// <summary>A wave as it stands.</summary>
/// <param name="Name"><c>lab</c>, <c>canary</c>, or the share it reaches.</param>
public sealed record Wave(int Index, string Name, int Devices, int Pending, int Offered, int Succeeded, int Failed, int Missed, int Other)
{
    public int Finished => Succeeded + Failed;
    public bool IsDone => Pending == 0 && Offered == 0;
}

/// <summary>Something that is counted in the field, of updated devices and of their like that were not updated.</summary>
/// <param name="P">Chance of such a difference, or a greater one, if the update made none.</param>
public sealed record FieldComparison(string Kind, int Count, double Hours, int ControlCount, double ControlHours, double P)
{
    public double Rate => Hours > 0 ? Count / Hours : 0;
    public double ControlRate => ControlHours > 0 ? ControlCount / ControlHours : 0;
}

/// <param name="Current">Index of the wave that runs.</param>
/// <param name="SoakUntil">When the wave that is done will be judged.</param>
/// <param name="Waiting">Why nothing moves; null while it does.</param>
/// <param name="Comparisons">Of the wave that was judged last, or soaks now.</param>
public sealed record Campaign(
    string Tenant, string Id, CampaignDefinition Definition, CampaignState State, int Current, DateTimeOffset? SoakUntil, string? Waiting,
    IReadOnlyList<Wave> Waves, IReadOnlyList<FieldComparison> Comparisons, DateTimeOffset CreatedAt, string CreatedBy, DateTimeOffset? EndedAt);

public sealed record DeviceUpdate(
    string Device, int Wave, DeviceUpdateState State, UpdatePhase? Phase, string? Detail, string? FromVersion, DateTimeOffset? OfferedAt, DateTimeOffset? EndedAt);

/// <summary>How many devices of a type run a version.</summary>
/// <param name="Version">As the device's agent says; null when it never did.</param>
public sealed record VersionCount(string Type, string? Version, int Devices);
